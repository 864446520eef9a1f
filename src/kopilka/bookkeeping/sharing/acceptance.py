"""Points of one partner paid at a branch of another: noted with the sale, and again, reversed, with its return."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

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

LOTS_AT_ONCE = 1_000


def note_acceptance(program_id: UUID, events: Sequence[Happened]) -> None:
    """Handler of sales and returns; nothing in a program without partners."""
    try:
        rulebook = load_rulebook(program_id)[1]
    except Refusal:  # imports may run before any rules are published
        return
    if not rulebook.mechanics.partners:
        return
    found = list(_of_sales(program_id, rulebook, [one for one in events if one.kind == EventKind.PURCHASE_CONFIRMED]))
    for event in events:
        if event.kind != EventKind.PURCHASE_CONFIRMED and event.subject_id is not None:
            found += _of_return(program_id, rulebook, event.subject_id)
    if found:
        Acceptance.objects.bulk_create(found, ignore_conflicts=True)


def issuers_of(program_id: UUID, rulebook: Rulebook, lots: Iterable[UUID]) -> dict[UUID, str]:
    """Who answers for each lot: whoever was noted with it, else the partner at whose branch it was earned."""
    ids = list(dict.fromkeys(lots))
    found = dict.fromkeys(ids, "")
    for first in range(0, len(ids), LOTS_AT_ONCE):
        some = ids[first : first + LOTS_AT_ONCE]
        earned = Lot.objects.of(program_id).filter(id__in=some, purchase__isnull=False)
        for lot, branch in earned.values_list("id", "purchase__branch"):
            if (partner := partner_at(rulebook, branch)) is not None:
                found[lot] = partner.code
        found |= dict(LotIssuer.objects.of(program_id).filter(lot_id__in=some).values_list("lot_id", "issuer"))
    return found


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


def _of_sales(program_id: UUID, rulebook: Rulebook, events: Sequence[Happened]) -> Iterator[Acceptance]:
    """Of those that were paid with points, read at once: of the others no decision is read."""
    moments = {one.subject_id: one.at for one in events}
    rows = Purchase.objects.of(program_id).filter(id__in=[key for key in moments if key], net_minor__gt=F("paid_minor"))
    sales = [
        _Sale(key, branch, decision_from_text(text), at)
        for key, branch, text, at in rows.order_by("id").values_list("id", "branch", "decision", "at")
    ]
    issuers = issuers_of(program_id, rulebook, (draw.lot for sale in sales for draw in sale.decision.draws))
    for sale in sales:
        for paid in _paid(rulebook, sale, issuers):
            yield _row(program_id, rulebook, sale, sale.id, paid, moments[sale.id])


def _of_return(program_id: UUID, rulebook: Rulebook, return_id: UUID) -> Iterator[Acceptance]:
    document, at = Return.objects.of(program_id).filter(id=return_id).values_list("document", "at").get()
    for one in from_text(document, ReturnDocument).decisions:
        now = {move.lot: move.units for move in one.gives}
        if not now:
            continue
        sale = _sale(program_id, one.purchase)
        issuers = issuers_of(program_id, rulebook, (draw.lot for draw in sale.decision.draws))
        before = {lot: units - now.get(lot, 0) for lot, units in one.returned.given.items()}
        for paid in _paid(rulebook, sale, issuers):
            back = given_back(paid, before, one.returned.given)
            if back.units or back.minor or back.fee_minor:
                yield _row(program_id, rulebook, sale, return_id, back, at)


def _paid(rulebook: Rulebook, sale: _Sale, issuers: dict[UUID, str]) -> list[Paid]:
    """By other issuers than the partner at whose branch it was paid."""
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
