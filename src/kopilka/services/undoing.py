"""Undoing a sale just made: all of it comes back at once, with a reason that stays in the trail."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.idempotency import Request
from kopilka.bookkeeping.locking import reading_before_writing
from kopilka.bookkeeping.purchasing.transactions import try_again
from kopilka.bookkeeping.returning.desk import open_desk
from kopilka.bookkeeping.returning.requests import ALL, ReturnRequest, ReturnResult
from kopilka.bookkeeping.scope import enter_program
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.contacts import clean_text
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.purchases import PurchaseRow, purchase_for_door

REASON_MAX = 200
_KEY = "undo"


def must_be_undoable(row: PurchaseRow, *, minutes: int, by: Actor, at: datetime) -> None:
    """A cashier undoes what this very till has sold within so many minutes; a manager, what any till sold within them.

    `not_undoable` (reason: other_till, too_late; limit_minutes).
    """
    by.must(Capability.RETURN)
    if row.till != by.till and not by.may(Capability.DEVICES):
        raise Refusal(Code.NOT_UNDOABLE, reason="other_till", limit_minutes=minutes)
    if at - row.recorded_at > timedelta(minutes=minutes):
        raise Refusal(Code.NOT_UNDOABLE, reason="too_late", limit_minutes=minutes)


def undo_sale(
    *, program_id: UUID, purchase_id: UUID, reason: str, minutes: int, by: Actor, at: datetime, language: str = "ru"
) -> ReturnResult:
    """Bring the whole purchase back; again: the same answer.

    `missing` (reason), `not_undoable` (reason, limit_minutes), `return_exceeds` where some of it has come back before.
    """
    told = clean_text(reason, field="reason", length_max=REASON_MAX)
    if not told:
        raise Refusal(Code.MISSING, field="reason")
    row = purchase_for_door(program_id, purchase_id).row
    must_be_undoable(row, minutes=minutes, by=by, at=at)
    asked = ReturnRequest(
        row.source, f"{row.external_id}-{_KEY}", by, at, purchase_id=purchase_id, lines=ALL, reason=told,
        request=Request(purchase_id, _KEY, purchase_id.bytes), language=language,
    )  # fmt: skip
    return try_again(lambda: _undo(program_id, asked))


@transaction.atomic(durable=True)
def _undo(program_id: UUID, asked: ReturnRequest) -> ReturnResult:
    enter_program(program_id)
    with reading_before_writing():
        desk = open_desk(program_id, [asked], lock=True)
        done = desk.serve(asked, dry_run=False)
    if isinstance(done, Refusal):
        raise done
    desk.write()
    if not done.replayed:
        after = {"return": str(done.return_id), "refund_minor": done.refund_minor}
        record_audit(
            program_id, "sale_undone", asked.purchase_id, by=asked.by, at=asked.at, after=after, reason=asked.reason
        )
    return done
