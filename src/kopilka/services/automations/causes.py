"""What stands behind an event: the purchase with its money, the member as he stood then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Count, Max, Q, Sum

from kopilka.bookkeeping.documents import decision_from_text, from_text, receipt_from_text
from kopilka.data.models.purchases import Purchase, Return
from kopilka.data.scope import ProgramScoped
from kopilka.engine.automations import Bought, Cause
from kopilka.engine.checks import tests_of
from kopilka.engine.decision import Decision
from kopilka.engine.mechanics import Automation, On
from kopilka.engine.returned import Returned
from kopilka.engine.standing import Standing
from kopilka.services.automations.plans import Plan

CONFIRMED = "confirmed"
IMPORTED = "import"
WITH_A_PURCHASE = frozenset({On.PURCHASE, On.FIRST_PURCHASE, On.COUPON_USED, On.GIFT_COLLECTED})
"""Events whose subject is a purchase, or may be one."""

OF_HISTORY = frozenset({"purchases", "spent", "last_purchase", "last_purchase_days"})
"""Facts that the purchase itself has changed; a rule asks how they stood before it, as promotions do."""

AMOUNT = "amount_minor"
"""A fact of a custom event: money a percent is counted on."""


@dataclass(frozen=True, slots=True)
class Sale:
    """A stored purchase behind an event, with what its returns have brought back by now (thousandths by line)."""

    row: Purchase
    decision: Decision
    bought: Bought
    back: dict[int, int]

    @property
    def is_history(self) -> bool:
        return bool(self.row.origin == IMPORTED)


def sale_of(program_id: UUID, purchase_id: UUID | None) -> Sale | None:
    """The purchase of this id; None when there is none."""
    return None if purchase_id is None else sales_of(program_id, [purchase_id]).get(purchase_id)


def sales_of(program_id: UUID, purchase_ids: Iterable[UUID]) -> dict[UUID, Sale]:
    """Those purchases of these ids that there are."""
    rows = Purchase.objects.of(program_id).filter(id__in=list(purchase_ids))
    return {row.id: _sale(row) for row in rows}


def _sale(row: Purchase) -> Sale:
    decision = decision_from_text(row.decision)
    bought = Bought(
        receipt_from_text(row.receipt),
        {line.number: line.paid for line in decision.lines},
        {line.number: line.quantity for line in decision.lines},
        decision.tier,
        frozenset(decision.coupons),
    )
    back = from_text(row.returned, Returned).lines if row.returned else {}
    return Sale(row, decision, bought, back)


def cause_of(program_id: UUID, plan: Plan, subject: UUID | None, sale: Sale | None = None) -> tuple[Cause, Sale | None]:
    """The event as automations see it; `sale` where it has been read before."""
    if plan.on in WITH_A_PURCHASE:
        sale = sale or sale_of(program_id, subject)
        if sale is not None:
            return Cause(plan.on, sale.row.at, plan.name, sale.bought), sale
    minor = 0
    if plan.on is On.RETURN and subject is not None:
        rows = Return.objects.of(program_id).filter(id=subject).values_list("refund_minor", flat=True)
        minor = rows.first() or 0
    elif plan.on is On.CUSTOM and isinstance(plan.facts.get(AMOUNT), int):
        minor = max(0, plan.facts[AMOUNT])
    return Cause(plan.on, plan.at, plan.name, minor=minor), None


def standing_before(program_id: UUID, automation: Automation, standing: Standing, sale: Sale) -> Standing:
    """The member as he stood before this purchase, as far as the automation asks for what it has changed."""
    if standing.member_id != sale.row.member_id:
        return standing
    if not OF_HISTORY & {test.fact for test in tests_of(automation.when)}:
        return standing
    earlier = earlier_purchases(program_id, sale.row)
    sums = earlier.aggregate(count=Count("id"), paid=Sum("paid_minor"), back=Sum("returned_minor"), last=Max("at"))
    last = earlier.filter(at=sums["last"]).order_by("-id").values_list("net_minor", flat=True).first()
    return replace(
        standing,
        purchases=sums["count"],
        spent=(sums["paid"] or 0) - (sums["back"] or 0),
        last_purchase_minor=last,
        last_purchase_at=sums["last"],
    )


def earlier_purchases(program_id: UUID, row: Purchase) -> ProgramScoped:
    """The confirmed purchases of the same member that were recorded before this one."""
    rows = Purchase.objects.of(program_id).filter(member_id=row.member_id, state=CONFIRMED).exclude(id=row.id)
    return rows.filter(Q(recorded_at__lt=row.recorded_at) | Q(recorded_at=row.recorded_at, id__lt=row.id))
