"""Handing gifts over at a till by themselves: a receipt of nothing but the gift, which closes it once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.documents import decision_from_text
from kopilka.bookkeeping.idempotency import NO_KEY, Request, find_answered
from kopilka.bookkeeping.purchasing.batch import confirm_batch
from kopilka.bookkeeping.purchasing.quoting import quote_all
from kopilka.bookkeeping.purchasing.requests import MemberRef, PurchaseRequest, QuoteRequest, RefKind
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.decision import Decision, Limit
from kopilka.engine.money import CURRENCY_DIGITS, MAX_MINOR, PRICE_SCALE, QUANTITY_SCALE, line_amount
from kopilka.engine.receipt import Line, Receipt
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.articles import articles_by_sku
from kopilka.queries.gifts import ClaimView, claim_for_till
from kopilka.queries.programs import ProgramView
from kopilka.queries.purchases import purchase_for_door
from kopilka.queries.scope import reading

PIECES_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Handing:
    """What is handed over, to whom, under which number of which till: a gift by its claim, or `pieces` of `sku` that
    stand as points (`currency`) of the member's."""

    member_id: UUID
    number: str
    by: Actor
    at: datetime
    staff: str
    claim_id: UUID | None = None
    currency: str = ""
    sku: str = ""
    pieces: int = 0
    request: Request = NO_KEY
    language: str = "ru"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """`purchase_id` None: it was tried only. `decision` says what to ring and what is paid beside."""

    purchase_id: UUID | None
    decision: Decision
    replayed: bool = False


def hand_over(*, program: ProgramView, handing: Handing, dry_run: bool = False) -> HandedOver:
    """Close the gift with a receipt of its own. `not_found`, `gift_closed` (state) for one that is gone already.

    `gift_unavailable` (not_due): the points do not stand for so many pieces. Two tills at once: one of them is refused.
    """
    handing.by.must(Capability.EARN)
    program_id = program.id
    known = None if dry_run else handed_before(program_id, handing.request)
    if known is not None:
        return known
    receipt = _receipt(program, handing)
    member = MemberRef(RefKind.ID, str(handing.member_id))
    asked = QuoteRequest(receipt, handing.by, handing.at, member, keep=not dry_run)
    quoted = quote_all(program_id, [asked])[0]
    if isinstance(quoted, Refusal):
        raise quoted
    _must_be_given(program_id, handing, quoted.decision)
    if dry_run:
        return HandedOver(None, quoted.decision)
    request = PurchaseRequest(
        f"till:{handing.by.till}", handing.number, handing.by, handing.at, member=member, quote_id=quoted.quote_id,
        request=handing.request, language=handing.language,
    )  # fmt: skip
    done = confirm_batch(program_id, [request])[0]
    if isinstance(done, Refusal):
        if done.code is Code.QUOTE_OUTDATED and handing.claim_id is not None:
            _claim(program_id, handing.claim_id)
        raise done
    return HandedOver(done.purchase_id, done.decision, done.replayed)


def handed_before(program_id: UUID, request: Request) -> HandedOver | None:
    """What this very request has handed over already."""
    with reading(program_id):
        found = find_answered(program_id, request)
    if found is None or found.subject_id is None:
        return None
    purchase = purchase_for_door(program_id, found.subject_id)
    return HandedOver(purchase.row.id, decision_from_text(purchase.decision), replayed=True)


def _receipt(program: ProgramView, handing: Handing) -> Receipt:
    made = Receipt((), handing.at, branch=handing.by.branch, till=handing.by.till, staff=handing.staff)
    if handing.claim_id is None:
        return replace(made, lines=(_line(program, handing.sku, handing.pieces, handing.sku),))
    claim = _claim(program.id, handing.claim_id)
    if claim.member_id != handing.member_id:
        raise Refusal(Code.NOT_FOUND, what="gift")
    if claim.code:
        return replace(made, codes=(claim.code,))
    return replace(made, lines=(_line(program, claim.sku, claim.pieces, claim.name, claim.cash_minor),))


def _claim(program_id: UUID, claim_id: UUID) -> ClaimView:
    claim = claim_for_till(program_id, str(claim_id))
    if claim.state != "open":
        raise Refusal(Code.GIFT_CLOSED, state=claim.state)
    return claim


def _line(program: ProgramView, sku: str, pieces: int, name: str, cash_minor: int = 0) -> Line:
    """The article at the price of the catalogue, one minor unit where it has none, and at no less than is paid beside:
    what is a gift of it comes off again."""
    if not 1 <= pieces <= PIECES_MAX:
        raise Refusal(Code.OUT_OF_RANGE, field="pieces", minimum=1, maximum=PIECES_MAX)
    digits = CURRENCY_DIGITS[program.currency]
    minor = PRICE_SCALE // 10**digits
    article = articles_by_sku(program.id, [sku]).get(sku)
    price = max(article.price if article else 0, -(-cash_minor * minor // pieces), minor)
    quantity = pieces * QUANTITY_SCALE
    amount = min(line_amount(price, quantity, digits), MAX_MINOR)
    return Line(1, sku, quantity, price, amount, name=article.name if article else name or sku)


def _must_be_given(program_id: UUID, handing: Handing, decision: Decision) -> None:
    if handing.claim_id is not None:
        given = decision.beyond.claims if decision.beyond else []
        if handing.claim_id not in given:
            claim = _claim(program_id, handing.claim_id)
            raise Refusal(Code.GIFT_UNAVAILABLE, gift=claim.gift, reason="not_now")
        return
    pieces = sum(
        plan.units for plan in decision.spend if plan.currency == handing.currency and plan.limited_by is Limit.NOTHING
    )
    if not pieces or any(line.paid for line in decision.lines):
        raise Refusal(Code.GIFT_UNAVAILABLE, gift=handing.currency, reason="not_due")
