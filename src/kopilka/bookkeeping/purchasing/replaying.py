"""What was booked before is answered again from what is stored; nothing is calculated anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from kopilka.bookkeeping.documents import PurchaseAnswer, decision_from_text, from_text
from kopilka.bookkeeping.idempotency import same_content
from kopilka.bookkeeping.kernel import queries, store
from kopilka.bookkeeping.purchasing.books import Books, KnownReceipt, receipt_of
from kopilka.bookkeeping.purchasing.requests import PurchaseRequest, PurchaseResult, PurchaseState, RefKind
from kopilka.engine.ledger import Kind
from kopilka.engine.receipt import Receipt
from kopilka.engine.refusal import Code, Refusal

REPEAT_WITHIN = timedelta(hours=24)
"""A till that sends no time gets the server's, so a repeated receipt may differ by so much and be the same."""


class Replays:
    """Answers given before, read when the first is needed."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._fresh: list[PurchaseResult] = []

    def remember(self, result: PurchaseResult) -> None:
        """A purchase this very batch has booked."""
        self._fresh.append(result)

    def by_key(self, request: PurchaseRequest) -> PurchaseResult | None:
        """The answer this key got, or None; `idempotency_key_reused` when it was for something else."""
        if request.request.key is None:
            return None
        known = self._books.keys.get((request.request.owner, request.request.key))
        if known is None:
            return None
        same_content(known.fingerprint, request.request)
        if known.kind != Kind.PURCHASE or known.subject_id is None:
            raise Refusal(Code.KEY_REUSED, key=request.request.key)
        return self.of_purchase(known.subject_id)

    def by_receipt(self, request: PurchaseRequest, member_id: UUID | None) -> PurchaseResult | None:
        """The answer this receipt got, or None; `receipt_exists` when its number stands for another one."""
        known = self._books.receipts.get((request.source, request.external_id))
        if known is None:
            return None
        receipt = receipt_of(request, self._books.quotes)
        if receipt is None or not _is_same(known, request, receipt, member_id):
            raise Refusal(Code.RECEIPT_EXISTS, purchase_id=str(known.purchase_id))
        return self.of_purchase(known.purchase_id)

    def of_purchase(self, purchase_id: UUID) -> PurchaseResult:
        for fresh in self._fresh:
            if fresh.purchase_id == purchase_id:
                return replace(fresh, replayed=True)
        return stored_results(self._books.program_id, [purchase_id])[purchase_id]


def stored_results(program_id: UUID, purchase_ids: Iterable[UUID]) -> dict[UUID, PurchaseResult]:
    """What these purchases were answered when they were booked, by id; unknown ones are absent."""
    rows = store.ask(queries.PURCHASES, program_id, list(purchase_ids)).fetchall()
    found: dict[UUID, PurchaseResult] = {}
    for row in rows:
        purchase_id, member_id, _, source, external_id, at, recorded_at, _, decision, language, status, text = row
        answer = from_text(text, PurchaseAnswer)
        found[purchase_id] = PurchaseResult(
            purchase_id, PurchaseState(answer.state), source, external_id, at, recorded_at,
            decision_from_text(decision), language, status, True, member_id, answer.balances,
        )  # fmt: skip
    return found


def _is_same(known: KnownReceipt, request: PurchaseRequest, receipt: Receipt, member_id: UUID | None) -> bool:
    if request.member is not None and request.member.kind is RefKind.CODE:
        member_id = known.member_id  # the code that named him is used up by now
    given = request.written(receipt).fingerprint(member_id, final=request.final)
    return given == known.fingerprint and abs(receipt.at - known.at) <= REPEAT_WITHIN
