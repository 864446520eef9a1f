"""Points of one partner paid at a branch of another: noted with the sale, and again, reversed, with its return."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.documents import decision_from_text, from_text
from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.bookkeeping.returning.requests import ReturnDocument
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.data.ids import new_id
from kopilka.data.models.ledger import Lot
from kopilka.data.models.purchases import Purchase, Return
from kopilka.data.models.shares import Acceptance, LotIssuer
from kopilka.engine.clearing import Paid, given_back, paid_by_issuer
from kopilka.engine.coalition import partner_at
from kopilka.engine.decision import Decision
from kopilka.engine.refusal import Refusal
from kopilka.engine.rulebook import Rulebook


def note_acceptance(program_id: UUID, event: Happened) -> None:
    """Handler of sales and returns; nothing in a program without partners."""
    try:
        rulebook = load_rulebook(program_id)[1]
    except Refusal:  # imports may run before any rules are published
        return
    if not rulebook.mechanics.partners or event.subject_id is None:
        return
    is_sale = event.kind == EventKind.PURCHASE_CONFIRMED
    found = _of_sale(program_id, rulebook, event) if is_sale else _of_return(program_id, rulebook, event.subject_id)
    Acceptance.objects.bulk_create(list(found), ignore_conflicts=True)


def issuers_of(program_id: UUID, rulebook: Rulebook, lots: Iterable[UUID]) -> dict[UUID, str]:
    """Who answers for each lot: whoever was noted with it, else the partner at whose branch it was earned."""
    ids = list(lots)
    rows = Lot.objects.of(program_id).filter(id__in=ids, purchase__isnull=False).values_list("id", "purchase__branch")
    found = {lot: partner.code for lot, branch in rows if (partner := partner_at(rulebook, branch)) is not None}
    noted = LotIssuer.objects.of(program_id).filter(lot_id__in=ids)
    return dict.fromkeys(ids, "") | found | dict(noted.values_list("lot_id", "issuer"))


@dataclass(frozen=True, slots=True)
class _Sale:
    id: UUID
    branch: str
    decision: Decision
    at: datetime


def _sale(program_id: UUID, purchase_id: UUID) -> _Sale:
    rows = Purchase.objects.of(program_id).filter(id=purchase_id)
    branch, decision, at = rows.values_list("branch", "decision", "at").get()
    return _Sale(purchase_id, branch, decision_from_text(decision), at)


def _of_sale(program_id: UUID, rulebook: Rulebook, event: Happened) -> Iterator[Acceptance]:
    assert event.subject_id is not None, "a sale is a purchase"
    sale = _sale(program_id, event.subject_id)
    if sale.decision.draws:
        for paid in _paid(program_id, rulebook, sale):
            yield _row(program_id, rulebook, sale, sale.id, paid, event.at)


def _of_return(program_id: UUID, rulebook: Rulebook, return_id: UUID) -> Iterator[Acceptance]:
    document, at = Return.objects.of(program_id).filter(id=return_id).values_list("document", "at").get()
    for one in from_text(document, ReturnDocument).decisions:
        now = {move.lot: move.units for move in one.gives}
        if not now:
            continue
        sale = _sale(program_id, one.purchase)
        before = {lot: units - now.get(lot, 0) for lot, units in one.returned.given.items()}
        for paid in _paid(program_id, rulebook, sale):
            back = given_back(paid, before, one.returned.given)
            if back.units or back.minor or back.fee_minor:
                yield _row(program_id, rulebook, sale, return_id, back, at)


def _paid(program_id: UUID, rulebook: Rulebook, sale: _Sale) -> list[Paid]:
    """By other issuers than the partner at whose branch it was paid."""
    issuers = issuers_of(program_id, rulebook, (draw.lot for draw in sale.decision.draws))
    acceptor = partner_at(rulebook, sale.branch)
    own, fee = (acceptor.code, acceptor.fee) if acceptor else ("", 0)
    return [paid for paid in paid_by_issuer(sale.decision, issuers, fee) if paid.issuer != own]


def _row(program_id: UUID, rulebook: Rulebook, sale: _Sale, subject_id: UUID, paid: Paid, at: datetime) -> Acceptance:
    acceptor = partner_at(rulebook, sale.branch)
    return Acceptance(
        id=new_id(), program_id=program_id, subject_id=subject_id, purchase_id=sale.id, issuer=paid.issuer,
        acceptor=acceptor.code if acceptor else "", currency=paid.currency, units=paid.units, minor=paid.minor,
        fee_minor=paid.fee_minor, at=at,
    )  # fmt: skip
