"""What a person does with a sale made without a network that could not be booked: mend it, let it through, drop it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.purchasing.batch import confirm_batch
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.doors import QueuedSale
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.contacts import clean_text
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.programs import ProgramView
from kopilka.queries.queued_sales import DROPPED, OPEN, read_sale
from kopilka.queries.scope import reading
from kopilka.services.lost_answers import close_receipt
from kopilka.services.queued_sales import cashier_of, request_of, session_of, settle_row

REASON_MAX = 500


def book_waiting(*, program: ProgramView, sale_id: UUID, member: str, by: Actor, language: str, at: datetime) -> UUID:
    """Book it for this member, as the cashier's sale that it is; the id of the purchase. Again: the same one.

    A sale held for review is let through by a manager only: `not_allowed`. `not_found` (sale; member), and whatever a
    purchase is refused for: then it goes on waiting.
    """
    by.must(Capability.EARN)
    row = _open_row(program.id, sale_id)
    if row.purchase_id is not None:
        return row.purchase_id
    if row.refused == Code.HELD_FOR_REVIEW:
        by.must(Capability.DEVICES)
    sale = msgspec.structs.replace(read_sale(row.document), member=clean_text(member, field="member", length_max=200))
    session = session_of(program.id, sale.session, row.device_id)
    if session is None:
        raise Refusal(Code.NOT_FOUND, what="sale")
    cashier = cashier_of(session, session.device.till, session.device.branch)
    request = request_of(program, row.device_id, sale, row.document, cashier, language, at)
    done = confirm_batch(program.id, [request])[0]
    if isinstance(done, Refusal):
        raise done
    close_receipt(program.id, row.device_id, sale, done.purchase_id, by=request.by, at=at)
    settle_row(program.id, row.id, purchase_id=done.purchase_id)
    _settled(program.id, row.id, "queued_sale_booked", by=by, at=at)
    return done.purchase_id


@transaction.atomic(durable=True)
def drop_waiting(*, program_id: UUID, sale_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """It is never booked; the reason is kept. `not_found` (sale), `missing` (reason)."""
    by.must(Capability.EARN)
    why = clean_text(reason, field="reason", length_max=REASON_MAX)
    if not why:
        raise Refusal(Code.MISSING, field="reason")
    enter_program(program_id)
    rows = QueuedSale.objects.of(program_id).filter(id=sale_id)
    if not rows.filter(state__in=OPEN).update(state=DROPPED, reason=why, settled_by=by.name, settled_at=at):
        if not rows.filter(state=DROPPED).exists():
            raise Refusal(Code.NOT_FOUND, what="sale")
        return
    record_audit(program_id, "queued_sale_dropped", sale_id, by=by, at=at, reason=why)


@transaction.atomic(durable=True)
def _settled(program_id: UUID, sale_id: UUID, act: str, *, by: Actor, at: datetime) -> None:
    enter_program(program_id)
    QueuedSale.objects.of(program_id).filter(id=sale_id, settled_at=None).update(settled_by=by.name, settled_at=at)
    record_audit(program_id, act, sale_id, by=by, at=at)


def _open_row(program_id: UUID, sale_id: UUID) -> QueuedSale:
    with reading(program_id):
        row: QueuedSale | None = QueuedSale.objects.of(program_id).filter(id=sale_id).exclude(state=DROPPED).first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="sale")
    return row
