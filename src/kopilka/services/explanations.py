"""Why an entry moved so many points: the stored decision behind it, as values for `wording` to tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.deeds import DeedKind
from kopilka.bookkeeping.documents import decision_from_text, from_text
from kopilka.bookkeeping.returning.requests import ReturnDocument, UnmatchedLine
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.decision import Decision
from kopilka.engine.ledger import Kind
from kopilka.engine.returned import LotMove, ReturnDecision
from kopilka.queries.entries import EntryView, LotView, background_of_entry, lots_of_program
from kopilka.queries.rules import deed_by_id
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
    from or gave back to, or that began or ended. `deed` of a rule that gave points for an event.
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


def explain_entry(*, program_id: UUID, entry_id: UUID, by: Actor) -> Explanation:
    """The background of an entry in a member's wallet; `not_found`."""
    by.must(Capability.READ)
    found = background_of_entry(program_id, entry_id)
    document = from_text(found.returned, ReturnDocument) if found.returned else ReturnDocument([])
    lots = found.lots
    if found.entry.kind in OF_TIME and found.answer:
        moved = {move.lot: move.units for move in from_text(found.answer, list[LotMove])}
        lots = lots_of_program(program_id, moved)
    deed, version = _deed_behind(program_id, found.entry) if found.entry.kind == Kind.GRANT else (None, None)
    return Explanation(
        found.entry, found.member_id, found.purchase_id, version or found.version,
        decision_from_text(found.decision) if found.decision else None,
        document.decisions, document.unmatched, lots, deed,
    )  # fmt: skip


def _deed_behind(program_id: UUID, entry: EntryView) -> tuple[DeedTold | None, int | None]:
    """The deed of an automation, and the version of the rules by which it was done."""
    found = deed_by_id(program_id, entry.subject_id)
    if found is None:
        return None, None
    plan = from_text(found.payload, Plan) if found.payload else None
    if plan is None:
        return DeedTold(found.kind, found.rule, "", "", found.planned_at), None
    return DeedTold(found.kind, found.rule, plan.on, plan.name, plan.at), plan.version
