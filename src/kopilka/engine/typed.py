"""Figures as a cashier types them: with a comma or a point, with spaces between thousands, ASCII digits only."""

from __future__ import annotations

import re

from kopilka.engine.money import MAX_MINOR, QUANTITY_SCALE

QUANTITY_MAX = 9_999_999_999
"""Thousandths."""
POINTS_MAX = 10**12

_SPACES = re.compile(r"(?<=[0-9])[ \u00a0\u202f\u2009](?=[0-9]{3}(?![0-9]))")
_FIGURE = re.compile(r"([0-9]{1,13})(?:[.,]([0-9]*))?")
_TIMES = re.compile(r"(?P<figure>[0-9]{1,7}(?:[.,][0-9]{1,3})?) ?[*xXхХ×] ?(?P<rest>.+)")


def minor_of(text: str, digits: int) -> int | None:
    """Minor units of "1 234,5" in a currency of so many digits; None for what is no amount, or a finer one."""
    found = _scaled(text, digits)
    return found if found is not None and found <= MAX_MINOR else None


def quantity_of(text: str) -> int | None:
    """Thousandths of "1,5"; None for what is no quantity, and for nothing."""
    found = _scaled(text, 3)
    return found if found and found <= QUANTITY_MAX else None


def units_of(text: str, decimals: int) -> int | None:
    """Smallest units of a points currency of "37,50"; None for what is no figure."""
    found = _scaled(text, decimals)
    return found if found is not None and found <= POINTS_MAX else None


def times_of(text: str) -> tuple[int, str]:
    """ "2*4600000000017" is two of it: thousandths, and what stands behind; one of anything else."""
    found = _TIMES.fullmatch(text)
    quantity = quantity_of(found["figure"]) if found else None
    return (QUANTITY_SCALE, text) if found is None or quantity is None else (quantity, found["rest"])


def _scaled(text: str, digits: int) -> int | None:
    found = _FIGURE.fullmatch(_SPACES.sub("", text.strip()))
    if found is None:
        return None
    part = found[2] or ""
    if len(part) > digits:
        return None
    scale: int = 10**digits
    return int(found[1]) * scale + int(part.ljust(digits, "0") or 0)
