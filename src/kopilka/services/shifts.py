"""The figures of one till's day: receipts, sums, points, enrolments, returns, hour by hour and by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from kopilka.bookkeeping.documents import decision_from_text
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.shifts import (
    ShiftSale,
    enrolled_by,
    returns_of_till,
    sales_of_till,
    staff_at_till,
    staff_names,
)


@dataclass(frozen=True, slots=True)
class HourFigures:
    """Receipts of one local hour (0 to 23); `net_minor` is what they cost."""

    hour: int
    receipts: int
    net_minor: int


@dataclass(frozen=True, slots=True)
class PersonFigures:
    """What one employee rang at the till; `enrolments` at whichever till he was."""

    code: str
    name: str
    receipts: int
    named: int
    net_minor: int
    enrolments: int


@dataclass(frozen=True, slots=True)
class ShiftFigures:
    """A till over [since, until). Money in minor units: `net` what sales cost, `paid` what was paid with money.

    `named` receipts have a member on them. `given` and `taken`: units of points by currency that sales earned and that
    were spent on them. `refund_minor` went back for `returns`. Sales that were `undone` (`undone_minor` went back) are
    among the receipts, not among the returns.
    """

    day: date
    since: datetime
    until: datetime
    receipts: int
    named: int
    net_minor: int
    paid_minor: int
    given: dict[str, int]
    taken: dict[str, int]
    enrolments: int
    returns: int
    refund_minor: int
    undone: int
    undone_minor: int
    hours: tuple[HourFigures, ...]
    people: tuple[PersonFigures, ...]

    @property
    def in_till_minor(self) -> int:
        """What must be in the drawer and on the card reader: paid, less what went back."""
        return self.paid_minor - self.refund_minor - self.undone_minor

    @property
    def hour_max(self) -> int:
        """The best hour's sum, to draw the others against."""
        return max((one.net_minor for one in self.hours), default=0)


def shift_figures(
    *, program_id: UUID, day: date, zone: ZoneInfo, staff: str = "", employee_id: UUID | None = None, by: Actor
) -> ShiftFigures:
    """A local day at the actor's till; with `staff` (and his `employee_id`) what this employee did there alone."""
    by.must(Capability.READ)
    if not by.till:
        raise Refusal(Code.NOT_FOUND, what="till")
    since = datetime.combine(day, time(), zone)
    until = datetime.combine(day + timedelta(days=1), time(), zone)
    sales = sales_of_till(program_id, by.till, since=since, until=until)
    back = returns_of_till(program_id, by.till, since=since, until=until)
    if staff:
        sales = [one for one in sales if one.staff == staff]
        back = [one for one in back if one.actor_id == employee_id]
    people = _people(program_id, by.till, sales, since, until, staff)
    given, taken = _points(sales)
    undone = [one for one in back if one.is_undone]
    returned = [one for one in back if not one.is_undone]
    return ShiftFigures(
        day, since, until, len(sales), sum(one.is_named for one in sales), sum(one.net_minor for one in sales),
        sum(one.paid_minor for one in sales), given, taken, sum(one.enrolments for one in people), len(returned),
        sum(one.refund_minor for one in returned), len(undone), sum(one.refund_minor for one in undone),
        _hours(sales, zone), people,
    )  # fmt: skip


def _points(sales: Iterable[ShiftSale]) -> tuple[dict[str, int], dict[str, int]]:
    given: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    for sale in sales:
        if sale.is_named:
            decision = decision_from_text(sale.decision)
            given.update({lot.currency: 0 for lot in decision.lots})
            for lot in decision.lots:
                given[lot.currency] += lot.units
            for plan in decision.spend:
                taken[plan.currency] += plan.units
    return dict(sorted(given.items())), {code: units for code, units in sorted(taken.items()) if units}


def _hours(sales: list[ShiftSale], zone: ZoneInfo) -> tuple[HourFigures, ...]:
    """From the first hour with a sale to the last, the empty ones between them too."""
    receipts: Counter[int] = Counter()
    sums: Counter[int] = Counter()
    for sale in sales:
        hour = sale.at.astimezone(zone).hour
        receipts[hour] += 1
        sums[hour] += sale.net_minor
    if not receipts:
        return ()
    return tuple(HourFigures(hour, receipts[hour], sums[hour]) for hour in range(min(receipts), max(receipts) + 1))


def _people(
    program_id: UUID, till: str, sales: list[ShiftSale], since: datetime, until: datetime, staff: str
) -> tuple[PersonFigures, ...]:
    signed_in = staff_at_till(program_id, till, since=since, until=until)
    codes = sorted({staff} if staff else {*signed_in, *(sale.staff for sale in sales)})
    names = {**staff_names(program_id, codes), **signed_in}
    enrolments = enrolled_by(program_id, codes, since=since, until=until)
    found = []
    for code in codes:
        own = [sale for sale in sales if sale.staff == code]
        found.append(
            PersonFigures(
                code, names.get(code) or code, len(own), sum(one.is_named for one in own),
                sum(one.net_minor for one in own), enrolments.get(code, 0),
            )
        )  # fmt: skip
    return tuple(found)
