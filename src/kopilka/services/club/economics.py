"""What the club is worth: its members against the others, and what its services cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.documents import decision_from_text, from_text, receipt_from_text
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.money import PRICE_SCALE, QUANTITY_SCALE
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.returned import Returned
from kopilka.queries.club import SaleRow, count_all_members, members_of, sales_of_members, uses_in
from kopilka.services.segments.asking import moment_of

FULL = 10_000


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """Members of the club, or the others, in a period. Money in minor units; None: there is nothing to divide by.

    `receipts` that were not wholly brought back, by `buyers`; `frequency` in hundredths: receipts per buyer. `margin`
    of lines whose cost the till has said, which took `margin_of_minor` of the revenue; `margin_per_buyer_minor`.
    """

    members: int
    buyers: int
    receipts: int
    revenue_minor: int
    average_minor: int | None
    frequency: int | None
    margin_of_minor: int
    margin_minor: int
    margin_per_buyer_minor: int | None


@dataclass(frozen=True, slots=True)
class ServiceCost:
    service: str
    uses: int
    cost_minor: int


@dataclass(frozen=True, slots=True)
class ClubEconomics:
    """The club against the others. `more_*` in hundredths of a percent above the others: average receipt, receipts per
    buyer, margin per buyer. `margin_after_services_minor`: the club's margin less what its services cost."""

    segment: str
    club: GroupFigures
    others: GroupFigures
    more_average: int | None
    more_frequency: int | None
    more_margin: int | None
    services: tuple[ServiceCost, ...]
    services_minor: int
    margin_after_services_minor: int


def club_economics(
    *,
    program_id: UUID,
    segment: str,
    by: Actor,
    at: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
) -> ClubEconomics:
    """Members of a segment now against all others, by what they bought in [since, until). `not_found` (segment)."""
    by.must(Capability.READ)
    moment = moment_of(program_id, at)
    if segment not in moment.rulebook.mechanics.segments:
        raise Refusal(Code.NOT_FOUND, what="segment")
    inside = members_of(moment, segment)
    club, others = _Counted(), _Counted()
    per_minor = PRICE_SCALE * QUANTITY_SCALE // 10**moment.rulebook.digits
    for row in sales_of_members(program_id, since, until):
        (club if row[1] in inside else others).add(row, per_minor)
    services = [
        ServiceCost(code, uses, cost) for code, (uses, cost) in sorted(uses_in(program_id, since, until).items())
    ]
    return _told(
        segment, club.figures(len(inside)), others.figures(count_all_members(program_id) - len(inside)), services
    )


@dataclass(slots=True)
class _Counted:
    buyers: set[UUID] = field(default_factory=set)
    receipts: int = 0
    revenue: int = 0
    margin_of: int = 0
    margin: int = 0

    def add(self, row: SaleRow, per_minor: int) -> None:
        _, member_id, paid, back, receipt, decision, undone = row
        if paid and back == paid:
            return
        self.buyers.add(member_id)
        self.receipts += 1
        self.revenue += paid - back
        sold, cost = _sold_and_cost(receipt, decision, undone, per_minor)
        self.margin_of += sold
        self.margin += sold - cost

    def figures(self, members: int) -> GroupFigures:
        buyers = len(self.buyers)
        return GroupFigures(
            members=members,
            buyers=buyers,
            receipts=self.receipts,
            revenue_minor=self.revenue,
            average_minor=_per(self.revenue, self.receipts),
            frequency=_per(self.receipts * 100, buyers),
            margin_of_minor=self.margin_of,
            margin_minor=self.margin,
            margin_per_buyer_minor=_per(self.margin, buyers),
        )


def _sold_and_cost(receipt: str, decision: str, undone: str | None, per_minor: int) -> tuple[int, int]:
    """Minor units paid for the lines whose cost is known, and that cost; less what was brought back, in proportion."""
    costs = {line.number: line.cost for line in receipt_from_text(receipt).lines if line.cost is not None}
    if not costs:
        return 0, 0
    back = from_text(undone, Returned).lines if undone else {}
    sold = cost = 0
    for line in decision_from_text(decision).lines:
        if line.number in costs and line.quantity > 0:
            kept = line.quantity - back.get(line.number, 0)
            sold += _rounded(line.paid * kept, line.quantity)
            cost += _rounded(costs[line.number] * kept, per_minor)
    return sold, cost


def _told(segment: str, club: GroupFigures, others: GroupFigures, services: Iterable[ServiceCost]) -> ClubEconomics:
    services = tuple(services)
    spent = sum(one.cost_minor for one in services)
    return ClubEconomics(
        segment=segment,
        club=club,
        others=others,
        more_average=_above(club.average_minor, others.average_minor),
        more_frequency=_above(club.frequency, others.frequency),
        more_margin=_above(club.margin_per_buyer_minor, others.margin_per_buyer_minor),
        services=services,
        services_minor=spent,
        margin_after_services_minor=club.margin_minor - spent,
    )


def _above(one: int | None, other: int | None) -> int | None:
    """By how much `one` is more than `other`, hundredths of a percent."""
    return None if one is None or other is None or other <= 0 else _rounded((one - other) * FULL, other)


def _per(total: int, count: int) -> int | None:
    return _rounded(total, count) if count else None


def _rounded(total: int, count: int) -> int:
    """Half up."""
    return (2 * total + count) // (2 * count)
