"""Posting a share: what the purchase gave and its returns took is worked out whole, the difference is posted.

So a share and its take-back may come in either order, or twice: the books end the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from uuid import UUID

from kopilka.bookkeeping.deeds import DeedState, Doing, Due
from kopilka.bookkeeping.documents import decision_from_text, from_text, to_text
from kopilka.bookkeeping.loading import lot_of
from kopilka.bookkeeping.returning.held import note_held
from kopilka.bookkeeping.rulebooks import load_rulebook_version
from kopilka.data.ids import new_id
from kopilka.data.models.ledger import Lot as LotRow
from kopilka.data.models.purchases import Purchase
from kopilka.data.models.shares import ShareState
from kopilka.engine.coalition import partner_at
from kopilka.engine.decision import Decision, LotPlan, SharePlan
from kopilka.engine.ledger import Act
from kopilka.engine.returned import PointsBack, Returned, Reversed, Sold, earned_by
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.settling import Settling

_LOT = ("id", "amount", "remaining", "starts_at", "expires_at", "active", "expired", "purchase_id", "grace")


@dataclass(slots=True)
class Sales:
    """The sales that some deeds are about, read at once, with what was posted of them; `new` is yet to be written."""

    purchases: dict[UUID, tuple[Purchase, Decision]] = field(default_factory=dict)
    states: dict[tuple[UUID, str, UUID, str], ShareState] = field(default_factory=dict)
    new: list[ShareState] = field(default_factory=list)

    def is_unusual(self, deed: Due) -> bool:
        """Something of the sale came back: its deed needs the member's lots."""
        found = self.purchases.get(deed.subject) if deed.subject else None
        return found is None or found[0].returned is not None

    def write(self, program_id: UUID) -> None:
        del program_id
        ShareState.objects.bulk_create(self.new)
        self.new = []


def read_sales(program_id: UUID, deeds: Sequence[Due]) -> Sales:
    """Read everything these deeds of shares are about; their members are locked."""
    ids = {one.subject for one in deeds if one.subject}
    sales = Sales()
    for row in Purchase.objects.of(program_id).filter(id__in=ids):
        sales.purchases[row.id] = (row, decision_from_text(row.decision))
    for state in ShareState.objects.of(program_id).filter(purchase_id__in=ids):
        sales.states[state.purchase_id, state.rule, state.member_id, state.currency] = state
    return sales


def post_share(doing: Doing) -> None:
    """Bring the member's part of the purchase to where it should stand by now, in each of its currencies."""
    deed = doing.deed
    sales = doing.shared if isinstance(doing.shared, Sales) else read_sales(doing.program_id, [deed])
    assert deed.subject is not None, "a share is of a purchase"
    purchase, decision = sales.purchases[deed.subject]
    named = json.loads(deed.payload)
    plans = [
        plan
        for plan in (decision.beyond.shares if decision.beyond else ())
        if plan.rule == deed.rule and plan.to == named["to"] and plan.who == named["who"]
    ]
    lines = from_text(purchase.returned, Returned).lines if purchase.returned else {}
    rulebook = load_rulebook_version(doing.program_id, purchase.version)
    moved = {
        currency: _post(
            doing, sales, purchase, decision, [plan for plan in plans if plan.currency == currency], lines, rulebook
        )
        for currency in sorted({plan.currency for plan in plans})
    }
    if not any(moved.values()):
        deed.state = DeedState.NOTHING
    if len(moved) == 1:
        ((deed.currency, deed.units),) = moved.items()
    if doing.shared is not sales:
        sales.write(doing.program_id)


def _post(
    doing: Doing,
    sales: Sales,
    purchase: Purchase,
    decision: Decision,
    plans: Sequence[SharePlan],
    lines: dict[int, int],
    rulebook: Rulebook,
) -> int:
    """Units given now, less those taken back."""
    key = (purchase.id, plans[0].rule, doing.deed.member_id, plans[0].currency)
    state = sales.states.get(key)
    is_new = state is None
    if state is None:
        state = sales.states[key] = _given(doing, purchase, plans, rulebook)
        sales.new.append(state)
    before = Returned() if is_new else from_text(state.returned, Returned)
    moved = state.units if is_new else 0
    if lines != before.lines:
        doing.must_have_lots()
        sold = Sold(state.id, as_sold(decision, plans), before, rulebook.returns)
        moved -= settle_share(doing.program_id, doing.act, doing.rulebook.zone, state, sold, lines).earned
        state.taken = earned_by(sold.decision, lines, state.currency)
    if not is_new:
        states = ShareState.objects.of(doing.program_id)
        states.filter(id=state.id).update(taken=state.taken, returned=state.returned)
    return moved


def _given(doing: Doing, purchase: Purchase, plans: Sequence[SharePlan], rulebook: Rulebook) -> ShareState:
    """Give it all: what belongs to goods that are back already is taken again at once."""
    lots = [
        doing.act.grant(plan.currency, plan.units, starts_at=plan.starts_at, expires_at=plan.expires_at)
        for plan in plans
    ]
    first = plans[0]
    at_branch = partner_at(rulebook, purchase.branch)
    issuer = first.funded_by or (at_branch.code if at_branch else "")
    if issuer:
        doing.outcome.issuers += [(new_id(), lot.id, issuer) for lot in lots]
    return ShareState(
        id=new_id(), program_id=doing.program_id, purchase_id=purchase.id, rule=first.rule,
        member_id=doing.deed.member_id, currency=first.currency, to=first.to, level=first.level, split=first.split,
        funded_by=first.funded_by, units=sum(plan.units for plan in plans), at=purchase.at,
        lots=json.dumps([str(lot.id) for lot in lots]), returned=to_text(Returned()),
    )  # fmt: skip


def settle_share(
    program_id: UUID,
    act: Act,
    zone: tzinfo,
    state: ShareState,
    sold: Sold,
    lines: dict[int, int],
    reversed_: Reversed | None = None,
) -> PointsBack:
    """Settle it as the return of a purchase that had earned these points is settled, by the same rules on debts."""
    own = {UUID(one) for one in json.loads(state.lots)}
    standing, currency = act.standing, state.currency
    lots = standing.lots.setdefault(currency, [])
    known = {lot.id for lot in lots}
    missing = (own | sold.returned.taken.keys()) - known
    rows = LotRow.objects.of(program_id).filter(id__in=missing).order_by("id").values_list(*_LOT)
    lots += [lot_of(currency, row) for row in rows]
    for lot in lots:
        if lot.id in own:
            lot.purchase_id = sold.id
    note_held(program_id, standing, [sold])
    settling = Settling(sold, dict(lines), act, zone, reversed=reversed_)
    settling.forgive(currency)
    settling.take(currency)
    for lot in lots:
        if lot.id in own:
            lot.purchase_id = None  # of the member's purchases it is none: it must not be settled with them
    state.returned = to_text(settling.after)
    return settling.back[currency]


def as_sold(decision: Decision, plans: Sequence[SharePlan]) -> Decision:
    """The purchase as if these shares were all that it had earned."""
    lines = [
        replace(
            line,
            spent={},
            earned={at: plan.by_line[line.number] for at, plan in enumerate(plans) if line.number in plan.by_line},
        )
        for line in decision.lines
    ]
    lots = [
        LotPlan(plan.currency, plan.units, plan.starts_at, plan.expires_at, False, plan.num, plan.den) for plan in plans
    ]
    return replace(decision, lines=lines, lots=lots, draws=[], spend=[], carry=[], reasons=[])
