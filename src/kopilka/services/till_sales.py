"""A sale at a till without integration: priced while it is typed, booked once, told again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from kopilka.bookkeeping.documents import Balance
from kopilka.bookkeeping.idempotency import Request
from kopilka.bookkeeping.purchasing.batch import confirm_batch
from kopilka.bookkeeping.purchasing.quoting import quote_all
from kopilka.bookkeeping.purchasing.requests import (
    NO_PROOF,
    MemberRef,
    Proof,
    PurchaseRequest,
    QuoteRequest,
    RefKind,
)
from kopilka.engine.actor import Actor
from kopilka.engine.coupons import normal_word
from kopilka.engine.decision import Decision, SpendPlan
from kopilka.engine.money import CURRENCY_DIGITS, PRICE_SCALE, QUANTITY_SCALE, line_amount
from kopilka.engine.receipt import ArticleKind, Line, Receipt, SpendMode, SpendWish
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Proof as ProofBy
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.members import member_for_door
from kopilka.queries.open_receipts import DraftLine, How, OpenReceiptView, ReceiptDraft, Spend
from kopilka.queries.programs import ProgramView
from kopilka.services.rules_in_force import rulebook_now

AMOUNT_SKU = "AMOUNT"
"""The article of a sale of which only the amount is known."""
SLEEPING = timedelta(days=180)
"""Whoever has not bought for so long proves himself whatever the program asks."""

_AMOUNT_NAMES = {"ru": "Покупка", "en": "Purchase"}
_TOO_MUCH = frozenset({Code.SPEND_LIMIT, Code.INSUFFICIENT_POINTS})


class Needed(StrEnum):
    """What is missing before points may pay: nothing, the full phone or card of a member found by its end, a proof."""

    NOTHING = ""
    SECOND_FACT = "second_fact"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Seen:
    """The figures the cashier has read out: what is to pay (minor units), and the points that pay (smallest units)."""

    paid_minor: int
    units: int


@dataclass(frozen=True, slots=True)
class Priced:
    """What a receipt comes to now. `pays`: plans of currencies that can pay, in the program's order.

    `refusal`: the wish to spend could not be granted, and this is with as many points as possible.
    """

    decision: Decision
    balances: dict[str, Balance]
    pays: tuple[SpendPlan, ...]
    needed: Needed
    refusal: Refusal | None = None

    @property
    def seen(self) -> Seen:
        return Seen(self.decision.totals.paid, sum(plan.units for plan in self.pays))

    @property
    def units_max(self) -> int:
        return sum(plan.units_max for plan in self.pays)


@dataclass(frozen=True, slots=True)
class Booked:
    """`purchase_id` None: in training, where nothing was booked."""

    purchase_id: UUID | None
    decision: Decision
    balances: dict[str, Balance]
    replayed: bool = False


def price_receipt(
    *, program: ProgramView, receipt: OpenReceiptView, staff: str, by: Actor, at: datetime
) -> Priced | None:
    """None while nothing is on it. Raises `rulebook_missing`, `not_found` (member), `too_many_codes`."""
    draft = receipt.document
    if draft.is_empty:
        return None
    refusal: Refusal | None = None
    try:
        decision, balances = _quote(program, receipt, draft, staff, by, at)
    except Refusal as refused:
        if refused.code not in _TOO_MUCH:
            raise
        refusal = refused
        decision, balances = _quote(program, receipt, replace(draft, spend=Spend.ALL), staff, by, at)
    rulebook = rulebook_now(program.id)
    pays = tuple(plan for plan in decision.spend if plan.currency in rulebook.spending)
    needed = _needed(program.id, rulebook, receipt, sum(plan.minor for plan in pays), at)
    return Priced(decision, balances, pays, needed, refusal)


def book_receipt(
    *, program: ProgramView, receipt: OpenReceiptView, seen: Seen, staff: str, by: Actor, language: str, at: datetime
) -> Booked:
    """Book it for the figures the cashier has read out; again: the same answer.

    `quote_outdated` (differences) when it comes to something else by now, `confirmation_required`, `code_wrong`,
    `insufficient_points`, `spend_limit`, `receipt_exists`, `missing` (amount) while nothing is on it.
    """
    wished = Spend.SOME if seen.units else Spend.NONE
    exact = replace(receipt, document=replace(receipt.document, spend=wished, units=seen.units))
    if receipt.state == "open":
        priced = price_receipt(program=program, receipt=exact, staff=staff, by=by, at=at)
        if priced is None:
            raise Refusal(Code.MISSING, field="amount")
        if priced.refusal is not None:
            raise priced.refusal
        if priced.needed is not Needed.NOTHING:
            raise Refusal(Code.CONFIRMATION_REQUIRED)
        if priced.decision.totals.paid != seen.paid_minor:
            raise Refusal(Code.QUOTE_OUTDATED, differences={"pay": [seen.paid_minor, priced.decision.totals.paid]})
        if receipt.training:
            return Booked(None, priced.decision, priced.balances)
    request = PurchaseRequest(
        source=f"till:{by.till}",
        external_id=receipt.document.paper or receipt.number,
        by=by,
        at=at,
        receipt=receipt_of(program, exact.document, staff=staff, by=by, at=at),
        member=_member(receipt),
        proof=_proof(receipt),
        request=Request(receipt.device_id, str(receipt.id), receipt.id.bytes),
        language=language,
    )
    done = confirm_batch(program.id, [request])[0]
    if isinstance(done, Refusal):
        raise done
    return Booked(done.purchase_id, done.decision, done.balances, done.replayed)


def receipt_of(program: ProgramView, draft: ReceiptDraft, *, staff: str, by: Actor, at: datetime) -> Receipt:
    """What was typed as the engine reads it: an amount is one line more, of one article without a category."""
    digits = CURRENCY_DIGITS[program.currency]
    sold: Sequence[DraftLine] = draft.lines
    if draft.amount_minor is not None:
        name = _AMOUNT_NAMES.get(program.language, _AMOUNT_NAMES["en"])
        sold = (*sold, DraftLine(AMOUNT_SKU, name, draft.amount_minor * PRICE_SCALE // 10**digits, QUANTITY_SCALE))
    lines = tuple(
        Line(
            number, one.sku, one.quantity, one.price, line_amount(one.price, one.quantity, digits), name=one.name,
            category=one.category, brand=one.brand, kind=ArticleKind(one.kind), vat=one.vat,
        )
        for number, one in enumerate(sold, 1)
    )  # fmt: skip
    codes = tuple(dict.fromkeys(map(normal_word, draft.codes)))
    return Receipt(lines, at, by.branch, by.till, staff, codes=codes, spend=_wish(draft))


def _wish(draft: ReceiptDraft) -> SpendWish:
    match draft.spend:
        case Spend.NONE:
            return SpendWish()
        case Spend.ALL:
            return SpendWish(SpendMode.MAX)
        case Spend.SOME:
            return SpendWish(SpendMode.AMOUNT, draft.units)


def _quote(
    program: ProgramView, receipt: OpenReceiptView, draft: ReceiptDraft, staff: str, by: Actor, at: datetime
) -> tuple[Decision, dict[str, Balance]]:
    typed = receipt_of(program, draft, staff=staff, by=by, at=at)
    (answer,) = quote_all(program.id, [QuoteRequest(typed, by, at, _member(receipt), keep=False)])
    if isinstance(answer, Refusal):
        raise answer
    return answer.decision, answer.balances


def _needed(program_id: UUID, rulebook: Rulebook, receipt: OpenReceiptView, minor: int, at: datetime) -> Needed:
    if not minor or receipt.member_id is None or receipt.proof:
        return Needed.NOTHING
    if rulebook.proof.by is not ProofBy.NONE and minor > rulebook.proof.free_up_to:
        return Needed.PROOF
    seen_last = member_for_door(program_id, receipt.member_id).last_purchase_at
    if seen_last is not None and at - seen_last > SLEEPING:
        return Needed.PROOF
    return Needed.SECOND_FACT if receipt.how is How.TAIL else Needed.NOTHING


def _member(receipt: OpenReceiptView) -> MemberRef | None:
    return None if receipt.member_id is None else MemberRef(RefKind.ID, str(receipt.member_id))


def _proof(receipt: OpenReceiptView) -> Proof:
    return Proof(code=receipt.proof) if receipt.proof else NO_PROOF
