"""Rotating codes of the card: whose a code is, and the proof a till gets for one it was shown.

The till that shows a code first has it alone: for ten minutes it may spend with it, once. What the kernel takes is a
one-time code like any other.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from kopilka.bookkeeping.codes import LIVE, PROOF_LIFE, keep_proof, proof_text
from kopilka.bookkeeping.locking import lock_members, reading_before_writing
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.card import LiveCodeUse, MemberSession
from kopilka.data.models.members import Identifier, Member
from kopilka.engine.actor import Actor, ActorKind
from kopilka.engine.live_codes import LiveCode, looks_live, parse
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading

__all__ = ["LiveProof", "accept_live_code", "looks_live", "member_by_live_code", "secret_of"]

IN_FAMILY = "in_family"


@dataclass(frozen=True, slots=True)
class LiveProof:
    """`code` proves `member_id` once, as a one-time code told by himself would."""

    member_id: UUID
    code: str
    expires_at: datetime


def secret_of(session_id: UUID) -> bytes:
    """What a browser of a card writes its codes with: 32 bytes, derived anew each time and stored nowhere here."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"live code" + session_id.bytes, "sha256")


def member_by_live_code(*, program_id: UUID, text: str, at: datetime) -> UUID:
    """Whose code this is; it stays good. `not_found` for what no card has shown, `code_expired` when it is too old."""
    with reading(program_id):
        shown, session = _read(program_id, text)
        _must_be_shown(shown, session, at)
        return _account_of(program_id, session.member_id)


@transaction.atomic(durable=True)
def accept_live_code(*, program_id: UUID, text: str, by: Actor, at: datetime) -> LiveProof:
    """The proof for a code shown to `by`, who alone may come again with it; then the proof is the same.

    `not_found`, `member_blocked`, `code_expired`: too old, the card was closed, or another till was faster.
    """
    enter_program(program_id)
    with reading_before_writing():
        shown, session = _read(program_id, text)
        member_id = _account_of(program_id, session.member_id)
        member = lock_members(program_id, [member_id])[member_id]
        use = LiveCodeUse.objects.of(program_id).filter(session_id=session.id, slot=shown.slot).first()
    code = proof_text(secret_of(session.id), str(shown.slot))
    if use is not None:
        if use.taker != _taker(by):
            raise Refusal(Code.CODE_EXPIRED)
        return LiveProof(member_id, code, use.at + PROOF_LIFE)
    if member.status != "active":
        raise Refusal(Code.MEMBER_BLOCKED)
    _must_be_shown(shown, session, at)
    LiveCodeUse.objects.create(
        id=new_id(), program_id=program_id, session_id=session.id, slot=shown.slot, taker=_taker(by), at=at
    )
    made = keep_proof(program_id, member_id, code, way=LIVE, at=at)
    return LiveProof(member_id, code, made.expires_at)


def _read(program_id: UUID, text: str) -> tuple[LiveCode, MemberSession]:
    shown = parse(text)
    if shown is not None:
        session = MemberSession.objects.of(program_id).filter(live_number=shown.number).first()
        if session is not None and shown.is_marked_by(secret_of(session.id)):
            return shown, session
    raise Refusal(Code.NOT_FOUND, what="member")


def _must_be_shown(shown: LiveCode, session: MemberSession, at: datetime) -> None:
    if session.ended_at is not None or session.expires_at <= at or not shown.is_shown(at):
        raise Refusal(Code.CODE_EXPIRED)


def _account_of(program_id: UUID, member_id: UUID) -> UUID:
    """The member himself, or the head of the family he has joined."""
    status = Member.objects.of(program_id).filter(id=member_id).values_list("status", flat=True).first()
    if status != IN_FAMILY:
        return member_id
    owned = Identifier.objects.of(program_id).filter(owner_id=member_id).values_list("member_id", flat=True)
    head: UUID | None = owned.first()
    return head or member_id


def _taker(by: Actor) -> str:
    """Who may come again: the key, or whoever works at the same till."""
    if by.kind is ActorKind.STAFF and by.till:
        return f"{by.kind}:{by.till}"
    return f"{by.kind}:{by.id}"
