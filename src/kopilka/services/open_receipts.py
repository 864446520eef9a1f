"""The receipt a till is at: begun, filled, given its member, done or dropped.

A till, a kiosk beside it and a page just reloaded see the same one. Its id is the key under which it is booked, so
however often somebody confirms it, it is booked once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import transaction

from kopilka.bookkeeping.look_ups import count_sale
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.kept_secrets import hide
from kopilka.data.models.doors import Device, OpenReceipt
from kopilka.data.models.members import Member
from kopilka.data.prepared import Hole, Prepared
from kopilka.engine.actor import Actor
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.open_receipts import (
    DraftLine,
    How,
    Kept,
    OpenReceiptView,
    ReceiptDraft,
    Spend,
    receipt_view,
)

__all__ = [
    "DraftLine",
    "How",
    "OpenReceiptView",
    "ReceiptDraft",
    "Spend",
    "change_receipt",
    "current_receipt",
    "drop_receipt",
    "finish_receipt",
    "forget_proof",
    "name_member",
]

NUMBER_DIGITS = 6
A_BIT = timedelta(microseconds=1)

_MEMBER = Prepared(
    lambda: Member.objects.of(Hole("program_id")).filter(id=Hole("member_id")).values_list("id", flat=True)[:1]
)
_OPEN = Prepared(
    lambda: (
        OpenReceipt.objects.of(Hole("program_id"))
        .filter(device_id=Hole("device_id"), state="open")
        .select_for_update()[:1]
    )
)
_OF_DEVICE = Prepared(
    lambda: (
        OpenReceipt.objects.of(Hole("program_id"))
        .filter(device_id=Hole("device_id"), id=Hole("receipt_id"))
        .select_for_update()[:1]
    )
)
_TILL_OF = Prepared(
    lambda: Device.objects.of(Hole("program_id")).filter(id=Hole("device_id")).values_list("till", flat=True)[:1]
)
_BESIDE = Prepared(
    lambda: (
        Device.objects.of(Hole("program_id"))
        .filter(till=Hole("till"))
        .order_by("id")
        .select_for_update()
        .values_list("receipts", flat=True)
    )
)


@transaction.atomic(durable=True)
def current_receipt(*, program_id: UUID, device_id: UUID, training: bool, at: datetime) -> OpenReceiptView:
    """The receipt this device is at; a new one where it has none. One of training and one that counts never mix."""
    enter_program(program_id)
    row = _open_row(program_id, device_id)
    if row is not None and row.training == training:
        return receipt_view(row)
    return receipt_view(_begin(program_id, device_id, training=training, at=at))


@transaction.atomic(durable=True)
def change_receipt(*, program_id: UUID, device_id: UUID, draft: ReceiptDraft, at: datetime) -> OpenReceiptView:
    """What was typed now stands so; whom it is for stays. `not_found` where no receipt is open."""
    enter_program(program_id)
    row = _must_be_open(program_id, device_id)
    return _keep(row, replace(_kept(row), draft=draft), at)


@transaction.atomic(durable=True)
def name_member(
    *,
    program_id: UUID,
    device_id: UUID,
    member_id: UUID | None,
    how: How = How.UNKNOWN,
    proof: str = "",
    training: bool = False,
    at: datetime,
) -> OpenReceiptView:
    """The receipt is for this member (None: nobody, or How.NOBODY: sold without a card); begun where none is open.

    Another member than before takes away his proof and what he wanted to spend. A second fact about the same one is
    added: a `proof` stays until another comes, and How.TAIL gives way to whatever says more. `not_found`.
    """
    enter_program(program_id)
    if member_id is not None and not _MEMBER.first(program_id=program_id, member_id=member_id):
        raise Refusal(Code.NOT_FOUND, what="member")
    row = _open_row(program_id, device_id) or _begin(program_id, device_id, training=training, at=at)
    kept = _kept(row)
    if member_id is None or member_id != row.member_id:
        kept = Kept(replace(kept.draft, spend=Spend.NONE, units=0), how)
    elif how not in {How.UNKNOWN, How.TAIL}:
        kept = replace(kept, how=how)
    row.member_id = member_id
    return _keep(row, replace(kept, proof=hide(proof)) if proof else kept, at)


@transaction.atomic(durable=True)
def forget_proof(*, program_id: UUID, device_id: UUID, at: datetime) -> OpenReceiptView:
    """What the member had shown did not fit: it is asked for anew. `not_found` where no receipt is open."""
    enter_program(program_id)
    row = _must_be_open(program_id, device_id)
    return _keep(row, replace(_kept(row), proof=""), at)


@transaction.atomic(durable=True)
def drop_receipt(*, program_id: UUID, device_id: UUID, at: datetime) -> None:
    """What was typed is put away; nothing was booked."""
    enter_program(program_id)
    row = _open_row(program_id, device_id)
    if row is not None:
        _close(row, "dropped", at)


@transaction.atomic(durable=True)
def finish_receipt(
    *, program_id: UUID, device_id: UUID, receipt_id: UUID, purchase_id: UUID | None, by: Actor, at: datetime
) -> OpenReceiptView:
    """It is booked as this purchase (None: in training). Again: nothing more happens."""
    enter_program(program_id)
    row: OpenReceipt | None = _OF_DEVICE.first(program_id=program_id, device_id=device_id, receipt_id=receipt_id)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="receipt")
    if row.state != "done":
        row.purchase_id = purchase_id
        _close(row, "done", at)
        count_sale(program_id, by=by, at=at)
    return receipt_view(row)


def _open_row(program_id: UUID, device_id: UUID) -> OpenReceipt | None:
    found: OpenReceipt | None = _OPEN.first(program_id=program_id, device_id=device_id)
    return found


def _must_be_open(program_id: UUID, device_id: UUID) -> OpenReceipt:
    row = _open_row(program_id, device_id)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="receipt")
    return row


def _begin(program_id: UUID, device_id: UUID, *, training: bool, at: datetime) -> OpenReceipt:
    """A new receipt with the next number of its till: a browser let in anew goes on counting where the last stopped."""
    till = _TILL_OF.first(program_id=program_id, device_id=device_id)
    if till is None:
        raise Refusal(Code.NOT_FOUND, what="device")
    beside = _BESIDE.all(program_id=program_id, till=till)
    known = _open_row(program_id, device_id)  # whoever held the lock before may have begun it
    if known is not None and known.training == training:
        return known
    if known is not None:
        _close(known, "dropped", at)
    number = max(beside) + 1
    Device.objects.of(program_id).filter(id=device_id).update(receipts=number)
    row = OpenReceipt(
        id=new_id(), program_id=program_id, device_id=device_id, number=f"{till}-{number:0{NUMBER_DIGITS}}",
        training=training, started_at=at, changed_at=at,
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def _kept(row: OpenReceipt) -> Kept:
    return msgspec.json.decode(row.document, type=Kept) if row.document else Kept()


def _keep(row: OpenReceipt, kept: Kept, at: datetime) -> OpenReceiptView:
    row.document = msgspec.json.encode(kept).decode()
    row.changed_at = max(at, row.changed_at + A_BIT)  # a page that waits notices every change
    row.save(update_fields=["member", "document", "changed_at"])
    return receipt_view(row)


def _close(row: OpenReceipt, state: str, at: datetime) -> None:
    """Whatever proved the member is forgotten."""
    row.state = state
    row.changed_at = max(at, row.changed_at)
    row.document = msgspec.json.encode(replace(_kept(row), proof="")).decode()
    row.save(update_fields=["state", "document", "changed_at", "purchase_id"])
