"""Days that come round, ages that are reached, and stretches of time looked at from their end."""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from kopilka.engine.period import Edge, Life

DAY = timedelta(days=1)
FEBRUARY, LEAP_DAY = 2, 29


def local_moment(day: date, minute: int, zone: tzinfo) -> datetime:
    """That minute of a local day, in UTC.

    One that the clocks skip happens an hour later; of one that comes twice the first is meant.
    """
    local = datetime.combine(day, time(*divmod(minute, 60)), tzinfo=zone)
    return local.astimezone(UTC)


def days_due(after: datetime, until: datetime, minute: int, zone: tzinfo) -> Iterator[date]:
    """Local days of which that minute lies in (`after`, `until`], in their order."""
    day = after.astimezone(zone).date() - DAY
    last = until.astimezone(zone).date()
    while day <= last:
        if after < local_moment(day, minute, zone) <= until:
            yield day
        day += DAY


def celebrated_on(day: date) -> list[str]:
    """Days of a year, as MM-DD, that are celebrated on this one: 29 February on the 28th where there is none."""
    days = [f"{day:%m-%d}"]
    if (day.month, day.day) == (FEBRUARY, LEAP_DAY - 1) and not isleap(day.year):
        days.append(f"{FEBRUARY:02}-{LEAP_DAY}")
    return days


def born_so_many_months_before(day: date, months: int) -> list[date]:
    """Who was born on one of these days is exactly so many months old on `day`; the 31st ends short months too."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < 1:
        return []
    last, last_then = monthrange(day.year, day.month)[1], monthrange(year, month + 1)[1]
    days = range(day.day, last_then + 1) if day.day == last else range(day.day, min(day.day, last_then) + 1)
    return [date(year, month + 1, one) for one in days]


def window_start(life: Life, at: datetime, zone: tzinfo) -> datetime:
    """When the stretch of time began that `life` asks to look back on at `at`.

    Days and months are whole local days, today the last of them; `to_end_of` alone is the calendar period of today;
    hours alone are exact.
    """
    local = at.astimezone(zone)
    if not (life.months or life.days):
        if life.to_end_of is Edge.NONE:
            return at - timedelta(hours=life.hours)
        return local_moment(_period_start(local.date(), life.to_end_of), 0, zone)
    return local_moment(_months_before(local.date(), life.months) - (life.days - 1) * DAY, 0, zone)


def _period_start(day: date, edge: Edge) -> date:
    match edge:
        case Edge.WEEK:
            return day - day.weekday() * DAY
        case Edge.MONTH:
            return day.replace(day=1)
        case Edge.YEAR:
            return day.replace(month=1, day=1)
    return day


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
