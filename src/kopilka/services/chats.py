"""Letters between a member and the shop: he writes on his card, the shop answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.locking import lock_members
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.card import ChatMessage
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.contacts import clean_lines
from kopilka.engine.refusal import Code, Refusal

TEXT_MAX = 2000
LIMITS = ((timedelta(minutes=1), 10), (timedelta(days=1), 200))
"""So many messages of one member within so long; nobody types more."""

SAME_LETTER = timedelta(seconds=30)

MEMBER, SHOP = "member", "shop"
ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as it was stored."""

    id: UUID
    text: str
    at: datetime


@transaction.atomic(durable=True)
def write_to_shop(*, program_id: UUID, member_id: UUID, text: str, by: Actor, at: datetime) -> Sent:
    """From the member; the same words again at once are the same letter, sent twice.

    `missing` and `invalid` (text), `too_many_tries` when he writes faster than people do.
    """
    by.must(Capability.READ)
    told = _clean(text)
    enter_program(program_id)
    _must_live(program_id, member_id)
    mine = ChatMessage.objects.of(program_id).filter(member_id=member_id, author=MEMBER)
    last = mine.filter(at__gt=at - SAME_LETTER).order_by("-at", "-id").first()
    if last is not None and last.text == told:
        return Sent(last.id, told, last.at)
    for window, most in LIMITS:
        times = list(mine.filter(at__gt=at - window).order_by("-at").values_list("at", flat=True)[:most])
        if len(times) >= most:
            wait = times[-1] + window - at
            raise Refusal(Code.TOO_MANY_TRIES, retry_after_seconds=max(1, int(wait.total_seconds()) + 1))
    return _write(program_id, member_id, MEMBER, "", told, at)


@transaction.atomic(durable=True)
def write_to_member(*, program_id: UUID, member_id: UUID, text: str, staff: str = "", by: Actor, at: datetime) -> Sent:
    """From the shop; what the member wrote before counts as read. `not_found`, `missing` and `invalid` (text)."""
    by.must(Capability.ENROL)
    told = _clean(text)
    enter_program(program_id)
    _must_live(program_id, member_id)
    _read(program_id, member_id, MEMBER, at)
    return _write(program_id, member_id, SHOP, staff or by.name, told, at)


@transaction.atomic(durable=True)
def note_read(*, program_id: UUID, member_id: UUID, at: datetime) -> int:
    """The member has seen the shop's messages; how many were new to him."""
    enter_program(program_id)
    return _read(program_id, member_id, SHOP, at)


def _must_live(program_id: UUID, member_id: UUID) -> None:
    if lock_members(program_id, [member_id])[member_id].status == ERASED:
        raise Refusal(Code.NOT_FOUND, what="member")


def _clean(text: str) -> str:
    told = clean_lines(text, field="text", length_max=TEXT_MAX)
    if not told:
        raise Refusal(Code.MISSING, field="text")
    return told


def _read(program_id: UUID, member_id: UUID, author: str, at: datetime) -> int:
    rows = ChatMessage.objects.of(program_id).filter(member_id=member_id, author=author, read_at=None)
    return rows.update(read_at=at)


def _write(program_id: UUID, member_id: UUID, author: str, staff: str, text: str, at: datetime) -> Sent:
    made = ChatMessage.objects.create(
        id=new_id(), program_id=program_id, member_id=member_id, author=author, staff=staff[:64], text=text, at=at
    )
    return Sent(made.id, text, at)
