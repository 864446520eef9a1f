"""One-time codes: six digits with which a member proves that it is he who spends."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.codes import SENT, hash_code
from kopilka.bookkeeping.events import EventKind, record
from kopilka.bookkeeping.locking import lock_members
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.members import MemberCode
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.refusal import Code, Refusal

DIGITS = 6
LIFE = timedelta(minutes=5)
LIMITS = ((timedelta(hours=1), 3), (timedelta(days=1), 10))
"""At most so many codes of one member within so long."""
DRAWS_MAX = 50


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """`code` is told to the member and stored nowhere; only its keyed hash is."""

    code: str
    expires_at: datetime


@transaction.atomic(durable=True)
def issue_code(*, program_id: UUID, member_id: UUID, by: Actor, at: datetime) -> IssuedCode:
    """A new code of the member; earlier ones stop working. `too_many_codes` (retry_after_seconds) past the limits."""
    by.must(Capability.ISSUE_CODES)
    enter_program(program_id)
    member = lock_members(program_id, [member_id])[member_id]
    if member.status != "active":
        raise Refusal(Code.MEMBER_BLOCKED)
    _must_not_be_too_many(program_id, member_id, at)
    codes = MemberCode.objects.of(program_id)
    codes.filter(member_id=member_id, way=SENT, used_at=None).update(used_at=at)
    code = _draw(program_id, at)
    made = MemberCode(
        id=new_id(), program_id=program_id, member_id=member_id, code_hash=hash_code(program_id, code),
        created_at=at, expires_at=at + LIFE,
    )  # fmt: skip
    made.save(force_insert=True)
    record(program_id, EventKind.CODE_ISSUED, member_id=member_id, subject_id=made.id, at=at)
    return IssuedCode(code, made.expires_at)


def _must_not_be_too_many(program_id: UUID, member_id: UUID, at: datetime) -> None:
    for window, limit in LIMITS:
        issued = (
            MemberCode.objects.of(program_id)
            .filter(member_id=member_id, way=SENT, created_at__gt=at - window)
            .order_by("-created_at")
            .values_list("created_at", flat=True)[:limit]
        )
        times = list(issued)
        if len(times) >= limit:
            wait = times[-1] + window - at
            raise Refusal(Code.TOO_MANY_CODES, retry_after_seconds=max(1, int(wait.total_seconds()) + 1))


def _draw(program_id: UUID, at: datetime) -> str:
    """A code no other live code of the program equals: a till may find the member by the code alone."""
    live = MemberCode.objects.of(program_id).filter(used_at=None, expires_at__gt=at)
    for _ in range(DRAWS_MAX):
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if not live.filter(code_hash=hash_code(program_id, code)).exists():
            return code
    raise Refusal(Code.BUSY)
