"""Texts of cells as exact values. Nothing is guessed: what cannot be read exactly is a `BadCell` with its reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from kopilka.engine.contacts import clean_text
from kopilka.engine.money import half_up
from kopilka.engine.refusal import Refusal

CODE_LENGTH_MAX = 64
NAME_LENGTH_MAX = 200
NUMBER_LENGTH_MAX = 30
YEAR_MIN, YEAR_MAX = 1970, 2100

_NUMBER = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]*))?")
_FLOAT = re.compile(r"[+-]?[0-9]+\.(?:[0-9]{10,}|[0-9]+e-[0-9]{2})")
_DUST = Decimal("1e-9")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-")
_COMPACT = re.compile(r"[0-9]{8}")
_DOTTED = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}")
_WHOLE_FLOAT = re.compile(r"([0-9]+)\.0+")
_KEPT = 1 << 16


class BadCell(Exception):
    """`field` is the mapped field whose cell is wrong, `reason` a stable word for the report."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason


@lru_cache(_KEPT)
def read_number(text: str, digits: int, field: str, *, comma: bool = False) -> int:
    """A plain decimal as an integer of 10^-digits, exact: `too_fine` when it has more digits that are not zero.

    What a computer's binary arithmetic leaves behind is no digit: 0.30000000000000004 is 0.3 and 2.220446e-16 is 0.
    """
    written = text.strip(" \u00a0")
    if comma:
        written = written.replace(",", ".")
    if _FLOAT.fullmatch(written):
        written = f"{Decimal(written).quantize(_DUST, ROUND_HALF_UP):f}"
    found = _NUMBER.fullmatch(written)
    if found is None or len(written) > NUMBER_LENGTH_MAX:
        raise BadCell(field, "not_a_number")
    sign, whole, part = found[1], found[2], found[3] or ""
    if part[digits:].strip("0"):
        raise BadCell(field, "too_fine")
    value = int(whole + part[:digits].ljust(digits, "0"))
    return -value if sign == "-" else value


def read_money(text: str, digits: int, field: str, *, comma: bool = False) -> int:
    """Minor units; up to four digits after the point are rounded half up to them."""
    return half_up(read_number(text, 4, field, comma=comma), 10 ** (4 - digits))


def moment_reader(zone: ZoneInfo, time_format: str) -> Callable[[str], datetime]:
    """Reads local times of `zone` (or with their own offset) as UTC; equal texts are read once.

    An hour that a clock change repeats is its first pass; one that it skips moves forward.
    """

    @lru_cache(4096)
    def read_moment(text: str) -> datetime:
        moment = _read_local(text.strip(), time_format)
        if not YEAR_MIN <= moment.year <= YEAR_MAX:
            raise BadCell("at", "not_a_time")
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)

    return read_moment


def read_day(text: str, field: str) -> date | None:
    """A date as 2026-01-31, 20260131 or 31.01.2026; an empty cell is none."""
    if not text.strip():
        return None
    try:
        return _read_local(text.strip(), "").date()
    except BadCell as bad:
        raise BadCell(field, bad.reason) from None


@lru_cache(_KEPT)
def read_code(text: str, field: str) -> str:
    """A code as the till has it: visible, bounded, compared letter by letter."""
    try:
        return clean_text(text, field=field, length_max=CODE_LENGTH_MAX)
    except Refusal as refusal:
        raise BadCell(field, str(refusal.params["reason"])) from None


@lru_cache(_KEPT)
def read_name(text: str) -> str:
    """An article's name. It decides nothing, so what cannot be shown in it becomes a space, and it is cut to length."""
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", "".join(letter if letter.isprintable() else " " for letter in text))
    return text.strip()[:NAME_LENGTH_MAX]


@lru_cache(_KEPT)
def read_member(text: str) -> str:
    """A member's id; the spreadsheet's `17850.0` is 17850. Empty and `nan` are nobody."""
    written = text.strip()
    whole = _WHOLE_FLOAT.fullmatch(written)
    if whole:
        return whole[1]
    return "" if written.lower() == "nan" else written


def _read_local(text: str, time_format: str) -> datetime:
    try:
        if not time_format and _ISO.match(text):  # nearly every file has its times so
            return datetime.fromisoformat(text)
        if time_format:
            return datetime.strptime(text, time_format)  # noqa: DTZ007 - the zone is the file's
        if _COMPACT.fullmatch(text):
            return datetime.strptime(text, "%Y%m%d")  # noqa: DTZ007
        day, _, time = text.partition(" ")
        if _DOTTED.fullmatch(day):
            clock = "%H:%M:%S" if time.count(":") > 1 else "%H:%M"
            return datetime.strptime(f"{day} {time or '00:00'}", f"%d.%m.%Y {clock}")  # noqa: DTZ007
        return datetime.fromisoformat(text)
    except ValueError:
        slashes = "/" in text and not time_format
        raise BadCell("at", "needs_time_format" if slashes else "not_a_time") from None
