"""A member's own PIN: with it he proves himself at a till when his phone is not at hand.

Whoever types it right gets a one-time code, which the kernel takes like any other. Where the rules say `pin: no`, a
PIN proves nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from django.db import transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.codes import PIN, keep_proof, proof_text
from kopilka.bookkeeping.locking import lock_members, reading_before_writing
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.card import MemberPin
from kopilka.engine.actor import Actor, ActorKind, Capability
from kopilka.engine.pins import must_be_good_pin
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading

TRIES = 5
LOCKS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(days=1))
"""How long the first, the second and every further lock in a row lasts."""
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@dataclass(frozen=True, slots=True)
class PinProof:
    """`code` proves the member once, as a one-time code told by himself would."""

    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class _Try:
    """One try that was counted before anybody looks whether it is right."""

    pin_hash: str
    left: int
    lock: timedelta | None


def set_pin(*, program_id: UUID, member_id: UUID, pin: str, by: Actor, at: datetime) -> None:
    """The member's PIN from now on; an earlier one and its locks are forgotten.

    Only he himself at his card may, or whoever may adjust: `not_allowed`. `not_offered` (pin), `member_blocked`,
    `invalid` (pin: not_digits, pin_length, pin_too_simple), `not_found` (member).
    """
    _must_be_his(by, member_id)
    must_be_good_pin(pin)
    hashed = _HASHER.hash(pin)
    with transaction.atomic(durable=True):
        enter_program(program_id)
        member = lock_members(program_id, [member_id])[member_id]
        _must_be_offered(program_id)
        if member.status != "active":
            raise Refusal(Code.MEMBER_BLOCKED)
        fields = {"pin_hash": hashed, "wrong_tries": 0, "locks": 0, "locked_until": None, "changed_at": at}
        MemberPin.objects.of(program_id).update_or_create(
            member_id=member_id, defaults=fields, create_defaults={**fields, "program_id": program_id}
        )
        record_audit(program_id, "member_pin_set", member_id, by=by, at=at)


@transaction.atomic(durable=True)
def take_pin(*, program_id: UUID, member_id: UUID, by: Actor, at: datetime) -> None:
    """The member has no PIN any more; it is all the same when he had none."""
    _must_be_his(by, member_id)
    enter_program(program_id)
    lock_members(program_id, [member_id])
    if MemberPin.objects.of(program_id).filter(member_id=member_id).delete()[0]:
        record_audit(program_id, "member_pin_taken", member_id, by=by, at=at)


def has_pin(program_id: UUID, member_id: UUID) -> bool:
    """Has he a PIN that the rules let prove him?"""
    with reading(program_id):
        return (
            load_rulebook(program_id)[1].proof.pin
            and MemberPin.objects.of(program_id).filter(member_id=member_id).exists()
        )


def check_pin(*, program_id: UUID, member_id: UUID, pin: str, by: Actor, at: datetime) -> PinProof:
    """The proof for a PIN typed right.

    `not_found` (pin) when he has none, `not_offered` (pin), `member_blocked`, `code_wrong` (tries_left), and after
    `TRIES` wrong ones `too_many_tries` (retry_after_seconds) for longer each time, whatever is typed meanwhile.
    """
    by.must(Capability.SPEND)
    attempt = _count_try(program_id, member_id, at)
    if _fits(attempt.pin_hash, pin):
        return _prove(program_id, member_id, at)
    if attempt.lock is not None:
        raise Refusal(Code.TOO_MANY_TRIES, retry_after_seconds=int(attempt.lock.total_seconds()))
    raise Refusal(Code.CODE_WRONG, tries_left=attempt.left)


@transaction.atomic(durable=True)
def _count_try(program_id: UUID, member_id: UUID, at: datetime) -> _Try:
    """Take one of the tries, and with the last of them the lock, so that no two tries at once count as one."""
    enter_program(program_id)
    with reading_before_writing():
        member = lock_members(program_id, [member_id])[member_id]
        _must_be_offered(program_id)
        row = MemberPin.objects.of(program_id).filter(member_id=member_id).first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="pin")
    if member.status != "active":
        raise Refusal(Code.MEMBER_BLOCKED)
    if row.locked_until is not None and at < row.locked_until:
        wait = row.locked_until - at
        raise Refusal(Code.TOO_MANY_TRIES, retry_after_seconds=max(1, int(wait.total_seconds()) + 1))
    tries = 1 if row.wrong_tries >= TRIES else row.wrong_tries + 1
    lock = LOCKS[min(row.locks, len(LOCKS) - 1)] if tries == TRIES else None
    row.wrong_tries, row.locks = tries, row.locks + (lock is not None)
    row.locked_until = at + lock if lock else None
    row.save(update_fields=["wrong_tries", "locks", "locked_until"])
    return _Try(row.pin_hash, TRIES - tries, lock)


@transaction.atomic(durable=True)
def _prove(program_id: UUID, member_id: UUID, at: datetime) -> PinProof:
    enter_program(program_id)
    lock_members(program_id, [member_id])
    MemberPin.objects.of(program_id).filter(member_id=member_id).update(wrong_tries=0, locks=0, locked_until=None)
    code = proof_text(secrets.token_bytes(32), "pin")
    made = keep_proof(program_id, member_id, code, way=PIN, at=at)
    return PinProof(code, made.expires_at)


def _fits(pin_hash: str, pin: str) -> bool:
    try:
        return _HASHER.verify(pin_hash, pin)
    except (VerificationError, InvalidHashError):
        return False


def _must_be_his(by: Actor, member_id: UUID) -> None:
    if not (by.kind is ActorKind.MEMBER and by.id == member_id) and not by.may(Capability.ADJUST):
        raise Refusal(Code.NOT_ALLOWED, capability=Capability.ADJUST.value)


def _must_be_offered(program_id: UUID) -> None:
    if not load_rulebook(program_id)[1].proof.pin:
        raise Refusal(Code.NOT_OFFERED, what="pin")
