"""Why an entry moved so many points: the stored decision behind it, as values for `wording` to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.deeds import DeedKind
from kopilka.bookkeeping.documents import decision_from_text, from_text
from kopilka.bookkeeping.returning.requests import ReturnDocument, UnmatchedLine
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.decision import Decision
from kopilka.engine.ledger import Kind
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.returned import LotMove, ReturnDecision
from kopilka.queries.entries import Background, EntryView, LotView, backgrounds_of_entries, lots_of_program
from kopilka.queries.rules import DeedView
from kopilka.queries.scope import reading
from kopilka.services.automations.plans import Plan

AUTOMATION: str = DeedKind.AUTOMATION
OF_TIME = frozenset({Kind.ACTIVATE, Kind.EXPIRE})


@dataclass(frozen=True, slots=True)
class DeedTold:
    """Which rule gave (or with goods took back) the points, and for which event; `name` of a segment or of its own."""

    kind: str
    rule: str
    event: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything an entry came from. Names of rules stand in the rulebook of `version` (None: today's).

    `decision` of the purchase behind it, `returned` and `unmatched` of a return; `lots` that the operation made, drew
    from or gave back to, or that began or ended. `deed` of a rule that gave points for an event,
    `held_until` of an entry of a hold; `branch` (its code) and `paid_minor` of the purchase.
    """

    entry: EntryView
    member_id: UUID
    purchase_id: UUID | None
    version: int | None
    decision: Decision | None
    returned: list[ReturnDecision] = field(default_factory=list)
    unmatched: list[UnmatchedLine] = field(default_factory=list)
    lots: tuple[LotView, ...] = ()
    deed: DeedTold | None = None
    held_until: datetime | None = None
    branch: str = ""
    paid_minor: int = 0


def explain_entry(*, program_id: UUID, entry_id: UUID, by: Actor) -> Explanation:
    """The background of an entry in a member's wallet; `not_found`."""
    found = explain_entries(program_id=program_id, entry_ids=[entry_id], by=by)
    if not found:
        raise Refusal(Code.NOT_FOUND, what="entry")
    return found[0]


def explain_entries(*, program_id: UUID, entry_ids: Sequence[UUID], by: Actor) -> list[Explanation]:
    """The backgrounds of several entries, in their order; unknown ones are left out."""
    by.must(Capability.READ)
    with reading(program_id):
        found = backgrounds_of_entries(program_id, entry_ids)
        moved = {one.entry.operation_id: _moved(one) for one in found if one.entry.kind in OF_TIME and one.answer}
        every = {lot for lots in moved.values() for lot in lots}
        lots = {one.id: one for one in lots_of_program(program_id, dict.fromkeys(every, 0))}
    return [_explanation(one, _began_or_ended(one, moved, lots)) for one in found]


def _moved(found: Background) -> dict[UUID, int]:
    return {move.lot: move.units for move in from_text(found.answer or "", list[LotMove])}


def _began_or_ended(
    found: Background, moved: Mapping[UUID, Mapping[UUID, int]], lots: Mapping[UUID, LotView]
) -> tuple[LotView, ...]:
    """The lots that time has moved, each with its units; of any other entry its own lots."""
    mine = moved.get(found.entry.operation_id)
    if mine is None:
        return found.lots
    return tuple(replace(lots[lot], units=mine[lot]) for lot in sorted(mine) if lot in lots)


def _explanation(found: Background, lots: tuple[LotView, ...]) -> Explanation:
    document = from_text(found.returned, ReturnDocument) if found.returned else ReturnDocument([])
    deed, version = _deed_behind(found.deed)
    return Explanation(
        found.entry, found.member_id, found.purchase_id, version or found.version,
        decision_from_text(found.decision) if found.decision else None,
        document.decisions, document.unmatched, lots, deed, found.held_until, found.branch,
        found.paid_minor,
    )  # fmt: skip


def _deed_behind(found: DeedView | None) -> tuple[DeedTold | None, int | None]:
    """The deed of an automation, and the version of the rules by which it was done."""
    if found is None:
        return None, None
    plan = from_text(found.payload, Plan) if found.payload else None
    if plan is None:
        return DeedTold(found.kind, found.rule, "", "", found.planned_at), None
    return DeedTold(found.kind, found.rule, plan.on, plan.name, plan.at), plan.version
