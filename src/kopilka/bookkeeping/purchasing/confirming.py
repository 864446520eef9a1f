"""A batch of purchases: the engine decides one after another in memory, then everything is written at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from kopilka.bookkeeping.belongings.belonging import Sold
from kopilka.bookkeeping.coupon_guard import asker_of
from kopilka.bookkeeping.documents import PurchaseAnswer, to_bytes, to_text
from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.bookkeeping.loading import Known, balances_of
from kopilka.bookkeeping.purchasing.books import (
    Books,
    KnownKey,
    KnownReceipt,
    StoredQuote,
    limited_coupons,
    receipt_of,
)
from kopilka.bookkeeping.purchasing.comparing import must_equal
from kopilka.bookkeeping.purchasing.due import settle_due
from kopilka.bookkeeping.purchasing.outcome import HeldPoints, Outcome
from kopilka.bookkeeping.purchasing.replaying import Replays
from kopilka.bookkeeping.purchasing.requests import PurchaseRequest, PurchaseResult, PurchaseState, RefKind
from kopilka.bookkeeping.purchasing.spending import only_held, open_hold, prove, spend_held
from kopilka.bookkeeping.purchasing.tier_counting import count_purchase
from kopilka.bookkeeping.writing import Written
from kopilka.data.ids import new_id
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.club import must_be_for_buyer
from kopilka.engine.decision import Decision
from kopilka.engine.ledger import Act, Kind
from kopilka.engine.quote import decide
from kopilka.engine.receipt import Receipt
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Standing

PAST_DAYS = 14
FUTURE_MINUTES = 5
_PAST = timedelta(days=PAST_DAYS)
_FUTURE = timedelta(minutes=FUTURE_MINUTES)
_CONFIRMED: str = PurchaseState.CONFIRMED.value
_OPEN: str = PurchaseState.OPEN.value


class Spoiled(Exception):
    """A request failed after it had begun to change what the batch knows: nothing of the batch may be written."""


class Confirming:
    """One batch being booked. `answers` runs parallel to its requests."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._replays = Replays(books)
        self.outcome = Outcome(belongings=books.belongings)
        self._may_sell: Actor | None = None  # asked once for those who follow each other: most are one till

    def confirm_all(self, requests: Sequence[PurchaseRequest]) -> list[PurchaseResult | Refusal]:
        answers: list[PurchaseResult | Refusal] = []
        for number, request in enumerate(requests):
            try:
                answers.append(self._confirm(request, self._books.who.get(number)))
            except Refusal as refusal:
                answers.append(refusal)
        return answers

    def _confirm(self, request: PurchaseRequest, member_id: UUID | None) -> PurchaseResult:
        """Look, decide, prove: until here nothing is changed. Then book."""
        known = self._replays.by_key(request)
        known = known or self._replays.by_receipt(request, member_id)
        if known is not None:
            return known
        if request.by is not self._may_sell:
            request.by.must(Capability.EARN)
            self._may_sell = request.by
        quote = self._quote_of(request, member_id)
        receipt = self._receipt_of(request)
        buyer = self._must_be_known(request, member_id)
        version, rulebook = self._books.rulebook_of(request)
        hold = open_hold(self._books, request, member_id)
        has_words = self._books.has_belongings  # only they have words to guess
        asker = asker_of(request.by, request.at) if has_words else None
        standing = self._books.standing_for(buyer, rulebook, receipt, asker)
        self.outcome.written.extend(settle_due(standing, at=receipt.at, recorded_at=request.at))
        decision = self._decide(standing, receipt, rulebook, version, hold, quote)
        must_be_for_buyer(decision, receipt)
        code = prove(self._books, self.outcome, request, member_id, decision, rulebook)
        try:
            result = self._book(request, receipt, buyer, standing, decision, rulebook, hold)
            if code is not None:
                code.used_at = request.at
                self.outcome.codes[code.id] = code
        except Exception as error:
            raise Spoiled from error
        return result

    def _receipt_of(self, request: PurchaseRequest) -> Receipt:
        receipt = receipt_of(request, self._books.quotes)
        if receipt is None:
            raise Refusal(Code.MISSING, field="receipt")
        if not request.by.may(Capability.BACKDATE):
            if receipt.at < request.at - _PAST:
                raise Refusal(Code.TOO_OLD, limit_days=PAST_DAYS)
            if receipt.at > request.at + _FUTURE:
                raise Refusal(Code.IN_FUTURE, limit_minutes=FUTURE_MINUTES)
        return receipt

    def _must_be_known(self, request: PurchaseRequest, member_id: UUID | None) -> Known | None:
        buyer = self._books.known[member_id] if member_id is not None else None
        if buyer is not None:
            buyer.must_be_active()
        elif request.member is not None and request.member.kind is RefKind.CODE:
            raise Refusal(Code.CODE_WRONG, tries_left=0)
        elif request.member is not None:
            raise Refusal(Code.NOT_FOUND, what="member")
        if request.hold_id is not None and not request.final:
            raise Refusal(Code.INVALID, field="hold_id", reason="open_purchase")
        return buyer

    def _quote_of(self, request: PurchaseRequest, member_id: UUID | None) -> StoredQuote | None:
        if request.quote_id is None:
            return None
        quote = self._books.quotes.get(request.quote_id)
        if quote is None:
            raise Refusal(Code.NOT_FOUND, what="quote")
        if quote.member_id != member_id:
            raise Refusal(Code.INVALID, field="member", reason="other_than_quoted")
        if quote.expires_at <= request.at:
            raise Refusal(Code.QUOTE_EXPIRED)
        return quote

    def _decide(
        self,
        standing: Standing,
        receipt: Receipt,
        rulebook: Rulebook,
        version: int,
        hold: HeldPoints | None,
        quote: StoredQuote | None,
    ) -> Decision:
        if hold is not None:
            standing, receipt = only_held(standing, hold, self._books.drawn[hold.id], receipt, rulebook)
        if quote is None:
            return decide(rulebook, standing, receipt, version=version)
        try:
            decision = decide(rulebook, standing, receipt, version=version)
        except Refusal as refusal:
            differences = {"refusal": ["", refusal.code.value]}
            raise Refusal(Code.QUOTE_OUTDATED, differences=differences) from refusal
        must_equal(quote.decision, decision)
        return decision

    def _book(
        self,
        request: PurchaseRequest,
        receipt: Receipt,
        buyer: Known | None,
        standing: Standing,
        decision: Decision,
        rulebook: Rulebook,
        hold: HeldPoints | None,
    ) -> PurchaseResult:
        purchase_id = new_id()
        if request.final:
            act = self._act_of_final(purchase_id, receipt, buyer, standing, decision, hold, request)
            state = PurchaseState.CONFIRMED
        else:
            act = self._act_of_open(purchase_id, receipt, standing, decision, request)
            state = PurchaseState.OPEN
        self._count_coupons(standing.member_id, rulebook, receipt, decision)
        if self._books.has_belongings:
            self._books.belongings.use(
                Sold(purchase_id, standing.member_id, rulebook, decision, receipt.at, act, final=request.final)
            )
        result = PurchaseResult(
            purchase_id, state, request.source, request.external_id, receipt.at, request.at, decision,
            request.language, request.status, False, standing.member_id, balances_of(standing),
        )  # fmt: skip
        self._write_down(request, receipt, result, act)
        self._remember(request, receipt, result)
        return result

    def _act_of_final(
        self,
        purchase_id: UUID,
        receipt: Receipt,
        buyer: Known | None,
        standing: Standing,
        decision: Decision,
        hold: HeldPoints | None,
        request: PurchaseRequest,
    ) -> Act:
        act = Act(standing, receipt.at, new_id)
        if hold is not None:
            spend_held(act, hold, self._books.drawn[hold.id], decision, request.at)
            self.outcome.holds[hold.id] = hold
        else:
            pay(act, decision)
        earn(act, decision, purchase_id)
        if buyer is not None and standing.member_id is not None:
            count_purchase(self.outcome, buyer, decision, purchase_id=purchase_id, recorded_at=request.at)
            self.outcome.members[standing.member_id] = buyer
        return act

    def _act_of_open(
        self,
        purchase_id: UUID,
        receipt: Receipt,
        standing: Standing,
        decision: Decision,
        request: PurchaseRequest,
    ) -> Act:
        act = Act(standing, receipt.at, new_id)
        for plan in decision.spend:
            if plan.units and standing.member_id is not None:
                act.hold(plan.currency, plan.units)
                wallet_id = act.wallets[plan.currency].id
                assert wallet_id is not None, "a wallet with points is stored"
                hold = HeldPoints(
                    new_id(), standing.member_id, wallet_id, purchase_id, purchase_id, plan.units, 0, "open",
                    request.at + timedelta(minutes=request.life_minutes), created_at=request.at, is_new=True,
                )  # fmt: skip
                self.outcome.holds[hold.id] = hold
        must_match(act, decision)
        return act

    def _count_coupons(self, member_id: UUID | None, rulebook: Rulebook, receipt: Receipt, decision: Decision) -> None:
        for coupon in limited_coupons(rulebook, receipt):
            if coupon.code in decision.coupons:
                for key in {(coupon.code, None), (coupon.code, member_id)}:
                    counter = self._books.counters.get(key)
                    if counter is not None:
                        counter.used += 1
                        self.outcome.counters[counter.id] = counter

    def _write_down(self, request: PurchaseRequest, receipt: Receipt, result: PurchaseResult, act: Act) -> None:
        is_final = result.state is PurchaseState.CONFIRMED
        answer = to_text(PurchaseAnswer(_CONFIRMED if is_final else _OPEN, result.balances))
        self.outcome.written.append(
            Written(
                Kind.PURCHASE, result.member_id, result.purchase_id, result.at, request.at, request.by,
                act=act if act.postings or act.wallets else None, request=request.request,
                request_id=request.request_id, language=request.language, status=request.status, answer=answer,
                id=result.purchase_id,
            )
        )  # fmt: skip
        written, decision = request.written(receipt), result.decision
        fingerprint = written.fingerprint(result.member_id, final=request.final)
        self.outcome.purchases.append(
            (
                result.purchase_id, result.member_id, result.state, result.source, result.external_id, fingerprint,
                receipt.branch, receipt.till, receipt.staff, receipt.agent, receipt.origin, receipt.at, request.at,
                decision.version, decision.totals.net, decision.totals.paid, written.text, to_bytes(decision), 0,
            )
        )  # fmt: skip
        kind = EventKind.PURCHASE_CONFIRMED if is_final else EventKind.PURCHASE_OPENED
        self.outcome.events.append(Happened(kind, result.member_id, result.purchase_id, receipt.at))

    def _remember(self, request: PurchaseRequest, receipt: Receipt, result: PurchaseResult) -> None:
        """Later requests of this batch may repeat this one."""
        self._replays.remember(result)
        if request.request.key is not None:
            self._books.keys[request.request.owner, request.request.key] = KnownKey(
                request.request.fingerprint, Kind.PURCHASE, result.purchase_id
            )
        self._books.receipts[request.source, request.external_id] = KnownReceipt(
            self.outcome.purchases[-1][5], result.purchase_id, result.member_id, receipt.at
        )


def pay(act: Act, decision: Decision) -> None:
    """Spend what was decided, from the lots it was decided for."""
    for plan in decision.spend:
        if plan.units:
            act.spend(plan.currency, plan.units)
    must_match(act, decision)


def earn(act: Act, decision: Decision, purchase_id: UUID) -> None:
    """Grant the decided lots, in their order: a purchase's lots sorted by id are the decision's lots."""
    for lot in decision.lots:
        act.grant(lot.currency, lot.units, starts_at=lot.starts_at, expires_at=lot.expires_at, purchase_id=purchase_id)
    for carry in decision.carry:
        act.keep_fraction(carry.currency, carry.num, carry.den)


def must_match(act: Act, decision: Decision) -> None:
    """What an act drew is what was decided; anything else would make returns give points back to the wrong lots."""
    drawn = {(drawn.lot.id, drawn.units) for drawn in act.drawn}
    if drawn != {(plan.lot, plan.units) for plan in decision.draws}:
        raise Refusal(Code.LEDGER_INTEGRITY, what="an act draws other lots than were decided")
