"""A finished receipt as the cashier sees it: what was paid, what it brought, the slip, and whether it can be undone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kopilka.engine.decision import Decision
from kopilka.engine.refusal import Refusal
from kopilka.services.member_desk import MemberAtDesk, member_at_desk
from kopilka.services.open_receipts import OpenReceiptView
from kopilka.services.receipts import ReceiptTold, read_receipt
from kopilka.services.till_sales import price_receipt
from kopilka.services.undoing import must_be_undoable
from kopilka.till.access import TillRequest
from kopilka.web.requests import pages_of, words_of
from kopilka.wording.slip import Expiring, slip_text

EXPIRING_SHOWN = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """`purchase_id` None: it was training. `refund_minor` None: nothing was undone."""

    receipt: OpenReceiptView
    purchase_id: UUID | None
    number: str
    decision: Decision
    member: MemberAtDesk | None
    slip: str
    may_undo: bool
    refund_minor: int | None


def outcome_of(request: TillRequest, receipt: OpenReceiptView) -> Outcome:
    """Told from what is booked, in the figures of its day. `not_found`."""
    member = None
    by, program_id = request.staff.actor, request.program.id
    if receipt.member_id is not None:
        member = member_at_desk(program=request.program, member_id=receipt.member_id, by=by, at=request.at)
    number = receipt.document.paper or receipt.number
    if receipt.purchase_id is None:
        priced = price_receipt(program=request.program, receipt=receipt, staff=request.staff.code, by=by, at=request.at)
        assert priced is not None, "nothing empty is ever finished"
        return Outcome(receipt, None, number, priced.decision, member, "", may_undo=False, refund_minor=None)
    told = read_receipt(program_id=program_id, purchase_id=receipt.purchase_id, by=by)
    refund = sum(one.refund_minor for one in told.returns) if told.returns else None
    return Outcome(
        receipt, receipt.purchase_id, number, told.decision, member, _slip(request, member, told.decision),
        may_undo=may_undo(request, told), refund_minor=refund,
    )  # fmt: skip


def may_undo(request: TillRequest, told: ReceiptTold) -> bool:
    """Is it booked, is nothing of it back, and may this person at this till undo it still?"""
    if told.row.state != "confirmed" or told.returns:
        return False
    try:
        must_be_undoable(told.row, minutes=pages_of(request).undo_minutes, by=request.staff.actor, at=request.at)
    except Refusal:
        return False
    return True


def _slip(request: TillRequest, member: MemberAtDesk | None, decision: Decision) -> str:
    """With what he has now and what of it burns next."""
    if member is None:
        return ""
    wallets = member.wallets
    balances = {wallet.currency: wallet.available for wallet in wallets}
    burning = [
        Expiring(wallet.currency, one.units, one.at) for wallet in wallets for one in wallet.expiring[:EXPIRING_SHOWN]
    ]
    return slip_text(decision, words_of(request), balances=balances or None, expiring=burning)
