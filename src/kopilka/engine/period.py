"""Time as values: half-open windows, lives of points, hours of the day. The zone is always explicit."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache

_days: Callable[[int], timedelta] = lru_cache(maxsize=256)(timedelta)
"""So many days. Making a timedelta takes longer than adding one, and a program's lives are few."""


class Edge(StrEnum):
    """The end of which calendar period a life is stretched to."""

    NONE = "none"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Life:
    """A length of time as people say it: months, days, hours, perhaps to the end of a calendar period.

    An empty Life means "for ever" as a life of points and "at once" as a delay.
    """

    months: int = 0
    days: int = 0
    hours: int = 0
    to_end_of: Edge = Edge.NONE

    @property
    def is_empty(self) -> bool:
        return not (self.months or self.days or self.hours) and self.to_end_of is Edge.NONE

    def after(self, start: datetime, zone: tzinfo) -> datetime:
        """The moment this life ends when it begins at `start` (aware); days and months are local to `zone`."""
        local = start if start.tzinfo is zone else start.astimezone(zone)
        if self.months:
            local = _add_months(local, self.months)
        if self.days:
            local += _days(self.days)  # within one zone Python moves the wall clock, as people do
        if self.to_end_of is not Edge.NONE:
            local = _end_of(local, self.to_end_of, zone)
        moved = local if local.tzinfo is start.tzinfo else local.astimezone(start.tzinfo)
        return moved + timedelta(hours=self.hours) if self.hours else moved


def _add_months(local: datetime, months: int) -> datetime:
    """31 January plus one month is 28 (29) February."""
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    return local.replace(year=year, month=month + 1, day=min(local.day, monthrange(year, month + 1)[1]))


def _end_of(local: datetime, edge: Edge, zone: tzinfo) -> datetime:
    """The first moment after the local day, week (from Monday), month or year that holds `local`."""
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    match edge:
        case Edge.DAY:
            end = midnight + timedelta(days=1)
        case Edge.WEEK:
            end = midnight + timedelta(days=7 - midnight.weekday())
        case Edge.MONTH:
            end = (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)
        case _:
            end = midnight.replace(year=midnight.year + 1, month=1, day=1)
    return end.replace(tzinfo=zone)


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open window [start, end) of aware moments; None is open on that side."""

    start: datetime | None = None
    end: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes of the local day, half-open; `start` after `end` crosses midnight, equal means the whole day."""

    start: int
    end: int

    def holds(self, minute: int) -> bool:
        if self.start == self.end:
            return True
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end
