"""A day as people type it."""

from __future__ import annotations

import re
from datetime import date

_DAY_FIRST = re.compile(r"(\d{1,2})[ ./-](\d{1,2})[ ./-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_TOGETHER = re.compile(r"(\d{2})(\d{2})(\d{4})")


def read_day(text: str) -> date | None:
    """1.2.1990, 01/02/1990, 01021990, 1990-02-01: the first of February; None for what is no day."""
    plain = text.strip()
    if found := _YEAR_FIRST.fullmatch(plain):
        year, month, day = found.groups()
    elif found := _DAY_FIRST.fullmatch(plain) or _TOGETHER.fullmatch(plain):
        day, month, year = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
