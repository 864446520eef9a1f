"""A sale that was sent online and whose answer was lost, noted again without a network: one sale under one key (F20).

The note carries the id of the till's receipt as its key, which is the key the receipt is booked under. So whichever
comes first books, and the other one finds it booked, whatever a network did in between.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.idempotency import Request
from kopilka.bookkeeping.purchasing.requests import PurchaseRequest, PurchaseResult
from kopilka.engine.actor import Actor
from kopilka.engine.money import CURRENCY_DIGITS, line_amount
from kopilka.engine.refusal import Refusal
from kopilka.queries.open_receipts import OpenReceiptView, ReceiptDraft, Spend, receipt_of_device
from kopilka.queries.programs import ProgramView
from kopilka.queries.queued_sales import Sale
from kopilka.services.open_receipts import finish_receipt


def receipt_behind(program_id: UUID, device_id: UUID, sale: Sale) -> OpenReceiptView | None:
    """The receipt of this device that the sale was first sent as; None for one noted without a network only."""
    try:
        named = UUID(sale.key)
        found = receipt_of_device(program_id, device_id, named)
    except (Refusal, ValueError):
        return None
    return None if found.training or str(named) != sale.key else found


def draft_of(program: ProgramView, sale: Sale, receipt: OpenReceiptView | None) -> ReceiptDraft:
    """What was sold: the receipt as it stood, where its sum was noted, but without points; else an amount."""
    if receipt is not None and _gross(program, receipt.document) == sale.amount_minor:
        return replace(receipt.document, spend=Spend.NONE, units=0)
    return ReceiptDraft(amount_minor=sale.amount_minor)


def request_of_receipt(receipt: OpenReceiptView) -> tuple[str, Request]:
    """The number and the key under which this receipt is booked, by whomever."""
    number = receipt.document.paper or receipt.number
    return number, Request(receipt.device_id, str(receipt.id), receipt.id.bytes)


def close_receipt(program_id: UUID, device_id: UUID, sale: Sale, purchase_id: UUID, *, by: Actor, at: datetime) -> None:
    """The till is done with the receipt this sale was first sent as, whoever booked it; nothing for another sale."""
    receipt = receipt_behind(program_id, device_id, sale)
    if receipt is not None:
        finish_receipt(
            program_id=program_id, device_id=device_id, receipt_id=receipt.id, purchase_id=purchase_id, by=by, at=at
        )


def is_other(sale: Sale, asked: PurchaseRequest, done: PurchaseResult) -> bool:
    """Had it been booked otherwise: for somebody else, for another sum, or partly with points, which nobody could see
    without a network? Then a person looks at it."""
    totals = done.decision.totals
    is_his = asked.member is not None and asked.member.value == str(done.member_id)
    return done.replayed and (totals.amount != sale.amount_minor or totals.points > 0 or not is_his)


def _gross(program: ProgramView, draft: ReceiptDraft) -> int:
    """Minor units before any discount."""
    digits = CURRENCY_DIGITS[program.currency]
    return sum(line_amount(one.price, one.quantity, digits) for one in draft.lines) + (draft.amount_minor or 0)
