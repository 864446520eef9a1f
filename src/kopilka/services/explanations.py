"""Why an entry moved so many points: the stored decision behind it, as values for `wording` to tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from kopilka.bookkeeping.documents import decision_from_text, from_text
from kopilka.bookkeeping.returning.requests import ReturnDocument, UnmatchedLine
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.decision import Decision
from kopilka.engine.ledger import Kind
from kopilka.engine.returned import LotMove, ReturnDecision
from kopilka.queries.entries import EntryView, LotView, background_of_entry, lots_of_program

OF_TIME = frozenset({Kind.ACTIVATE, Kind.EXPIRE})


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything an entry came from. Names of rules stand in the rulebook of `version` (None: today's).

    `decision` of the purchase behind it, `returned` and `unmatched` of a return; `lots` that the operation made, drew
    from or gave back to, or that began or ended.
    """

    entry: EntryView
    member_id: UUID
    purchase_id: UUID | None
    version: int | None
    decision: Decision | None
    returned: list[ReturnDecision] = field(default_factory=list)
    unmatched: list[UnmatchedLine] = field(default_factory=list)
    lots: tuple[LotView, ...] = ()


def explain_entry(*, program_id: UUID, entry_id: UUID, by: Actor) -> Explanation:
    """The background of an entry in a member's wallet; `not_found`."""
    by.must(Capability.READ)
    found = background_of_entry(program_id, entry_id)
    document = from_text(found.returned, ReturnDocument) if found.returned else ReturnDocument([])
    lots = found.lots
    if found.entry.kind in OF_TIME and found.answer:
        moved = {move.lot: move.units for move in from_text(found.answer, list[LotMove])}
        lots = lots_of_program(program_id, moved)
    return Explanation(
        found.entry, found.member_id, found.purchase_id, found.version,
        decision_from_text(found.decision) if found.decision else None,
        document.decisions, document.unmatched, lots,
    )  # fmt: skip
