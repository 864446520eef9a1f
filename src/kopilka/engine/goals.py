"""Goals of employees: the period a moment lies in, and whether what was done in it is enough."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from kopilka.engine.mechanics import Each, Goal
from kopilka.engine.money import PERCENT_SCALE

QUARTER = 3
YEAR = 12


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of the calendar in the program's zone: [start, end), named by its first local day."""

    day: date
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class StaffFigures:
    """What an employee did in a stretch of time: points earned (smallest units), members enrolled, receipts.

    `named` receipts have a member on them; `net_minor` is what they cost, `returned_minor` what came back of it.
    """

    units: int = 0
    enrolments: int = 0
    receipts: int = 0
    named: int = 0
    net_minor: int = 0
    returned_minor: int = 0

    @property
    def named_share(self) -> int:
        """Hundredths of a percent of the receipts that name a member, rounded down."""
        return self.named * PERCENT_SCALE // self.receipts if self.receipts else 0


def period_of(each: Each, at: datetime, zone: tzinfo) -> Period:
    """The week (from Monday), month, quarter or year that holds the moment."""
    first = _first_day(each, at.astimezone(zone).date())
    following = _next_day(each, first)
    return Period(first, _midnight(first, zone), _midnight(following, zone))


def period_before(each: Each, period: Period, zone: tzinfo) -> Period:
    return period_of(each, period.start - timedelta(days=1), zone)


def is_reached(goal: Goal, figures: StaffFigures, *, is_over: bool) -> bool:
    """Everything the goal asks for is there. A share of receipts is judged when its period is over, not before."""
    if goal.named_share is not None and not (is_over and figures.receipts and figures.named_share >= goal.named_share):
        return False
    if goal.units is not None and figures.units < goal.units:
        return False
    return goal.enrolments is None or figures.enrolments >= goal.enrolments


def _first_day(each: Each, day: date) -> date:
    match each:
        case Each.WEEK:
            return day - timedelta(days=day.weekday())
        case Each.MONTH:
            return day.replace(day=1)
        case Each.QUARTER:
            return day.replace(month=(day.month - 1) // QUARTER * QUARTER + 1, day=1)
    return day.replace(month=1, day=1)


def _next_day(each: Each, first: date) -> date:
    if each is Each.WEEK:
        return first + timedelta(days=7)
    months = {Each.MONTH: 1, Each.QUARTER: QUARTER, Each.YEAR: YEAR}[each]
    year, month = divmod(first.year * YEAR + first.month - 1 + months, YEAR)
    return date(year, month + 1, 1)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
