"""A member's own PIN: with it he proves himself at a till when his phone is not at hand.

Whoever types it right gets a one-time code, which the kernel takes like any other. Where the rules say `pin: no`, a
PIN proves nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

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
from kopilka.services.pin_tries import NONE_WRONG, Tried, hash_pin, must_fit, take_a_try

LOCKS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(days=1))
"""How long the first, the second and every further lock in a row lasts."""


@dataclass(frozen=True, slots=True)
class PinProof:
    """`code` proves the member once, as a one-time code told by himself would."""

    code: str
    expires_at: datetime


def set_pin(*, program_id: UUID, member_id: UUID, pin: str, by: Actor, at: datetime) -> None:
    """The member's PIN from now on; an earlier one and its locks are forgotten.

    Only he himself at his card may, or whoever may adjust: `not_allowed`. `not_offered` (pin), `member_blocked`,
    `invalid` (pin: not_digits, pin_length, pin_too_simple), `not_found` (member).
    """
    _must_be_his(by, member_id)
    must_be_good_pin(pin)
    hashed = hash_pin(pin)
    with transaction.atomic(durable=True):
        enter_program(program_id)
        member = lock_members(program_id, [member_id])[member_id]
        _must_be_offered(program_id)
        if member.status != "active":
            raise Refusal(Code.MEMBER_BLOCKED)
        fields = {"pin_hash": hashed, "changed_at": at, **NONE_WRONG}
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
    must_fit(_count_try(program_id, member_id, at), pin)
    return _prove(program_id, member_id, at)


@transaction.atomic(durable=True)
def _count_try(program_id: UUID, member_id: UUID, at: datetime) -> Tried:
    """One of the member's tries, under his lock."""
    enter_program(program_id)
    with reading_before_writing():
        member = lock_members(program_id, [member_id])[member_id]
        _must_be_offered(program_id)
        row = MemberPin.objects.of(program_id).filter(member_id=member_id).first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="pin")
    if member.status != "active":
        raise Refusal(Code.MEMBER_BLOCKED)
    return take_a_try(row, locks=LOCKS, at=at)


@transaction.atomic(durable=True)
def _prove(program_id: UUID, member_id: UUID, at: datetime) -> PinProof:
    enter_program(program_id)
    lock_members(program_id, [member_id])
    MemberPin.objects.of(program_id).filter(member_id=member_id).update(**NONE_WRONG)
    code = proof_text(secrets.token_bytes(32), "pin")
    made = keep_proof(program_id, member_id, code, way=PIN, at=at)
    return PinProof(code, made.expires_at)


def _must_be_his(by: Actor, member_id: UUID) -> None:
    if not (by.kind is ActorKind.MEMBER and by.id == member_id) and not by.may(Capability.ADJUST):
        raise Refusal(Code.NOT_ALLOWED, capability=Capability.ADJUST.value)


def _must_be_offered(program_id: UUID) -> None:
    if not load_rulebook(program_id)[1].proof.pin:
        raise Refusal(Code.NOT_OFFERED, what="pin")
