"""Requests for absent goods that an arrival answers and a purchase closes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from kopilka.bookkeeping.documents import receipt_from_text
from kopilka.bookkeeping.events import EventKind, Happened, record_all
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.data.models.club import GoodsRequest
from kopilka.data.models.purchases import Purchase

CLOSING = (EventKind.PURCHASE_CONFIRMED,)
WAITING = ("open", "arrived")


def mark_arrived(program_id: UUID, sku: str, *, message: str, at: datetime, branch: str, limit: int) -> int:
    """Mark open requests for an article as arrived and tell so, at most `limit`; how many there were.

    For each an event `goods_arrived`, and with `message` the wish to send that message to this member alone.
    """
    rows = GoodsRequest.objects.of(program_id).filter(sku=sku, state="open")
    if branch:
        rows = rows.filter(branch__in=("", branch))
    if locks_are_on() and connection.vendor == "postgresql":
        rows = rows.select_for_update(skip_locked=True)
    found = list(rows.order_by("id")[:limit])
    GoodsRequest.objects.of(program_id).filter(id__in=[row.id for row in found]).update(state="arrived", arrived_at=at)
    record_all(program_id, [event for row in found for event in _told(row, message, at)])
    return len(found)


def anybody_waits(program_id: UUID) -> bool:
    """Is there a request that a purchase could close?"""
    return GoodsRequest.objects.of(program_id).filter(state__in=WAITING).exists()


def close_bought(program_id: UUID, happened: Sequence[Happened]) -> None:
    """Handler: whoever bought what he had asked for waits for it no longer."""
    buyers = {one.member_id for one in happened if one.member_id and one.subject_id}
    waiting = GoodsRequest.objects.of(program_id).filter(member_id__in=buyers, state__in=WAITING)
    who = set(waiting.values_list("member_id", flat=True))
    for one in happened:
        if one.member_id in who:
            _close_bought(program_id, one)


def _close_bought(program_id: UUID, happened: Happened) -> None:
    waiting = GoodsRequest.objects.of(program_id).filter(member_id=happened.member_id, state__in=WAITING)
    asked = dict(waiting.values_list("id", "sku"))
    if not asked:
        return
    text = Purchase.objects.of(program_id).filter(id=happened.subject_id).values_list("receipt", flat=True).first()
    bought = {line.sku for line in receipt_from_text(text).lines if line.quantity > 0} if text else set()
    closed = [request_id for request_id, sku in asked.items() if sku in bought]
    waiting.filter(id__in=closed).update(state="bought", closed_at=happened.at, purchase_id=happened.subject_id)


def _told(row: GoodsRequest, message: str, at: datetime) -> Sequence[Happened]:
    facts = {"request": str(row.id), "sku": row.sku, "name": row.name}
    arrived = Happened(EventKind.GOODS_ARRIVED, row.member_id, row.id, at, _text(facts))
    if not message:
        return [arrived]
    asked = {"message": message, "rule": "", "cause": str(arrived.id), **facts}
    return [arrived, Happened(EventKind.MESSAGE_REQUESTED, row.member_id, row.id, at, _text(asked))]


def _text(facts: dict[str, str]) -> str:
    return json.dumps(facts, ensure_ascii=False)
