"""Who invited whom: codes for friends, one inviter for ever, no circles, nobody invites himself."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.bookkeeping.locking import lock_members
from kopilka.data.ids import new_id
from kopilka.data.models.members import Identifier, Member
from kopilka.engine.mechanics_things import Referral
from kopilka.engine.refusal import Code, Refusal

REFERRAL, DEVICE = "referral", "device"
DIGITS_MIN = 6
ROOM = 2
"""A code has so many digits more than the number of codes: a guessed one is nobody's 99 times of 100."""

DIGITS, LETTERS = "0123456789", "ABCDEFGHJKMNPQRSTUVWXYZ"
"""Letters without those that look like a digit or like each other."""

LETTERS_LENGTH = 7
TRIES = 20
AT_ONCE = 6
"""Levels that one query climbs."""


def normal_code(typed: str) -> str:
    """As it is stored, however it was typed: spaces and hyphens do not count, letters are large."""
    return "".join(one for one in typed.upper() if one.isalnum())


def member_by_referral(program_id: UUID, typed: str) -> UUID:
    """Whose code for friends it is; `not_found` (referral_code). Also somebody who is blocked has none."""
    rows = Identifier.objects.of(program_id).filter(kind=REFERRAL, value=normal_code(typed), member__status="active")
    found: UUID | None = rows.values_list("member_id", flat=True).first()
    if found is None:
        raise Refusal(Code.NOT_FOUND, what="referral_code")
    return found


def referral_code(program_id: UUID, member_id: UUID, referral: Referral, *, at: datetime) -> str:
    """The member's code for friends, made when it is first asked for; he is locked."""
    mine = Identifier.objects.of(program_id).filter(member_id=member_id, kind=REFERRAL)
    known = mine.values_list("value", flat=True).first()
    if known is not None:
        return str(known)
    taken = Identifier.objects.of(program_id).filter(kind=REFERRAL).count()
    for code in _new_codes(referral, taken):
        try:
            with transaction.atomic():
                Identifier.objects.create(
                    id=new_id(), program_id=program_id, member_id=member_id, kind=REFERRAL, value=code, created_at=at
                )
        except IntegrityError:
            continue
        return code
    raise Refusal(Code.BUSY)


def note_device(program_id: UUID, member_id: UUID, device: str, *, at: datetime) -> None:
    """Remember whose device it is: the first who enrolled on it. Only its hash is kept."""
    row = Identifier(
        id=new_id(), program_id=program_id, member_id=member_id, kind=DEVICE, value=_device_hash(device), created_at=at
    )
    Identifier.objects.bulk_create([row], ignore_conflicts=True)


def must_be_another(program_id: UUID, inviter: UUID, member_id: UUID | None, device: str) -> None:
    """`inviter_refused` (himself) when the inviter is the member, or the device is the inviter's own."""
    if inviter == member_id or (device and _owner_of_device(program_id, device) == inviter):
        raise Refusal(Code.INVITER_REFUSED, reason="himself")


def lock_for_inviting(program_id: UUID, member_id: UUID, inviter: UUID) -> Member:
    """Lock a member who is to get an inviter: with the inviter and the one above all of his, so no two close a circle.

    Every new link gives an inviter to somebody who had none, the top of his own tree. Whoever would close a circle
    must therefore hold the same tops: one after the other. `inviter_refused` (circle, invited_before).
    """
    top = top_of(program_id, inviter)
    found = lock_members(program_id, {member_id, inviter, top})
    if found[member_id].inviter_id is not None:
        raise Refusal(Code.INVITER_REFUSED, reason="invited_before")
    if top == member_id:
        raise Refusal(Code.INVITER_REFUSED, reason="circle")
    if found[top].inviter_id is not None or any(one.merged_into_id for one in found.values()):
        raise Refusal(Code.BUSY)  # the tree has grown or was joined with another meanwhile: to be tried again
    return found[member_id]


def note_invited(program_id: UUID, inviter: UUID, member_id: UUID, *, at: datetime) -> Happened:
    """Count it with the inviter, who is locked; what is to be told."""
    Member.objects.of(program_id).filter(id=inviter).update(referrals=F("referrals") + 1)
    return Happened(EventKind.MEMBER_INVITED, inviter, member_id, at)


def top_of(program_id: UUID, member_id: UUID) -> UUID:
    """Who stands above all inviters of a member: himself when nobody invited him."""
    path = tuple(f"{'inviter__' * depth}inviter_id" for depth in range(AT_ONCE))
    top = member_id
    while True:
        above = Member.objects.of(program_id).filter(id=top).values_list(*path).first() or ()
        known = [one for one in above if one is not None]
        if not known:
            return top
        top = known[-1]


def _new_codes(referral: Referral, taken: int) -> Iterator[str]:
    length = LETTERS_LENGTH if referral.letters else max(DIGITS_MIN, len(str(taken)) + ROOM)
    signs = LETTERS if referral.letters else DIGITS
    for _ in range(TRIES):
        yield "".join(secrets.choice(signs) for _ in range(length))


def _owner_of_device(program_id: UUID, device: str) -> UUID | None:
    rows = Identifier.objects.of(program_id).filter(kind=DEVICE, value=_device_hash(device))
    found: UUID | None = rows.values_list("member_id", flat=True).first()
    return found


def _device_hash(device: str) -> str:
    return sha256(device.encode()).hexdigest()
