"""Stretches of time that purchases are counted over: the last so many months or days, or this calendar period."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from kopilka.engine.period import Life

MONTHS_OF_YEAR = 12


class Period(StrEnum):
    """A period of the calendar, by the program's zone."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def months(self) -> int:
        return {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: MONTHS_OF_YEAR}[self]

    def start(self, at: datetime, zone: tzinfo) -> datetime:
        """The first moment of the period that holds `at`."""
        local = at.astimezone(zone)
        month = (local.month - 1) // self.months * self.months + 1
        return datetime(local.year, month, 1, tzinfo=zone)

    def end(self, at: datetime, zone: tzinfo) -> datetime:
        """The first moment after the period that holds `at`."""
        start = self.start(at, zone)
        year, month = divmod(start.year * MONTHS_OF_YEAR + start.month - 1 + self.months, MONTHS_OF_YEAR)
        return datetime(year, month + 1, 1, tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Span:
    """The last `life` (months and days), or `this` calendar period; empty: all time."""

    life: Life = Life()
    this: Period | None = None

    @property
    def is_empty(self) -> bool:
        return self.this is None and self.life.is_empty

    def start(self, at: datetime, zone: tzinfo) -> datetime | None:
        """Since when purchases count at this moment; None: from the beginning."""
        if self.this is not None:
            return self.this.start(at, zone)
        return None if self.life.is_empty else before(self.life, at, zone)


def before(life: Life, at: datetime, zone: tzinfo) -> datetime:
    """The moment so long before `at`; a day that its month does not have is the month's last one."""
    local = at.astimezone(zone)
    if life.months:
        year, month = divmod(local.year * MONTHS_OF_YEAR + local.month - 1 - life.months, MONTHS_OF_YEAR)
        if year < 1:
            return datetime(1, 1, 2, tzinfo=zone)
        local = local.replace(year=year, month=month + 1, day=min(local.day, monthrange(year, month + 1)[1]))
    try:
        return local - timedelta(days=life.days, hours=life.hours)
    except OverflowError:
        return datetime(1, 1, 2, tzinfo=zone)


def times(life: Life, count: int) -> Life:
    """So many of these lives, one after another."""
    return Life(life.months * count, life.days * count, life.hours * count)


def midnight_after(at: datetime, zone: tzinfo) -> datetime:
    """The first local midnight after a moment."""
    return midnight_of(at.astimezone(zone).date() + timedelta(days=1), zone)


def midnight_of(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
