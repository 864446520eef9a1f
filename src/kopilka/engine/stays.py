"""Being put into a segment: until a moment, or for the next sale only; and how a member's row writes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """A member was put into a segment: until a moment (None: no end), perhaps for the next sale only."""

    segment: str
    until: datetime | None = None
    next_sale: bool = False

    def holds(self, at: datetime) -> bool:
        return self.until is None or at < self.until


def stays_of(text: str) -> tuple[Stay, ...]:
    """Read what `text_of` has written."""
    return tuple(map(_stay, text.split()))


def text_of(stays: Iterable[Stay]) -> str:
    """`code`, `code@` and the end in microseconds since 1970, `!` behind those for the next sale; by code."""
    return " ".join(map(_word, sorted(stays, key=lambda stay: stay.segment)))


def _stay(word: str) -> Stay:
    next_sale = word.endswith("!")
    code, _, end = word.rstrip("!").partition("@")
    return Stay(code, _EPOCH + int(end) * _MICROSECOND if end else None, next_sale)


def _word(stay: Stay) -> str:
    end = f"@{(stay.until - _EPOCH) // _MICROSECOND}" if stay.until else ""
    return f"{stay.segment}{end}{'!' if stay.next_sale else ''}"
