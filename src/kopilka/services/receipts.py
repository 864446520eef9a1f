"""A purchase as a person looks at it again: its lines, why each point, what has come back of it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kopilka.bookkeeping.documents import decision_from_text, from_text
from kopilka.bookkeeping.returning.requests import ReturnDocument
from kopilka.bookkeeping.rulebooks import load_rulebook, load_rulebook_version
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.decision import Decision, PricedLine
from kopilka.engine.refusal import Refusal
from kopilka.engine.returned import Returned, returnable
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.purchases import PurchaseRow, purchase_for_door
from kopilka.queries.receipts import receipts_by_number
from kopilka.queries.returns import ReturnView, returns_of_purchase
from kopilka.queries.scope import reading


@dataclass(frozen=True, slots=True)
class ReceiptTold:
    """`left`: thousandths of each line that can still be brought back (lines with nothing left are absent).

    `returns` the latest first. `rulebook` of the day of the sale: it knows the names of its rules.
    """

    row: PurchaseRow
    decision: Decision
    left: dict[int, int]
    returns: tuple[ReturnView, ...]
    rulebook: Rulebook

    @property
    def is_back(self) -> bool:
        """Was all of it brought back?"""
        return not self.left

    @property
    def documents(self) -> tuple[ReturnDocument, ...]:
        """What was decided about each of the returns."""
        return tuple(return_document(one) for one in self.returns)

    @property
    def lines_left(self) -> tuple[PricedLine, ...]:
        return tuple(line for line in self.decision.lines if line.number in self.left)

    @property
    def currencies(self) -> tuple[str, ...]:
        """Points that moved, in the order in which the decision names them."""
        moved = [
            *(plan.currency for plan in self.decision.spend if plan.units),
            *(lot.currency for lot in self.decision.lots),
        ]
        return tuple(dict.fromkeys(moved))


def read_receipt(*, program_id: UUID, purchase_id: UUID, by: Actor) -> ReceiptTold:
    """`not_found` for an unknown purchase and for one of another program alike."""
    by.must(Capability.READ)
    with reading(program_id):
        found = purchase_for_door(program_id, purchase_id)
        returns = returns_of_purchase(program_id, purchase_id)
        rules = _rules(program_id, found.version)
    decision = decision_from_text(found.decision)
    undone = from_text(found.returned, Returned) if found.returned else Returned()
    return ReceiptTold(found.row, decision, returnable(decision, undone), returns, rules)


def find_receipts(*, program_id: UUID, number: str, by: Actor) -> list[PurchaseRow]:
    """Receipts with this number, those of the actor's own till first."""
    by.must(Capability.RETURN)
    return receipts_by_number(program_id, number, till=by.till)


def return_document(view: ReturnView) -> ReturnDocument:
    """What was decided about a return, as a value."""
    return from_text(view.document, ReturnDocument)


def _rules(program_id: UUID, version: int) -> Rulebook:
    """Those of the sale; today's where they are not kept (a purchase brought in from elsewhere)."""
    with reading(program_id):
        try:
            return load_rulebook_version(program_id, version)
        except Refusal:
            return load_rulebook(program_id)[1]
