"""Tills and kiosks: let in by a manager's one-time code, known by a token, taken away."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, Min, Sum

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.coupons import WordMiss
from kopilka.data.models.doors import Device, DeviceCode, StaffSession
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.contacts import clean_name, clean_text
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.devices import KIOSK, TILL, DeviceView, device_by_token, device_view, hash_token

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which look like each other."""
LENGTH = 8
LIFE = timedelta(minutes=15)
CODE_MAX, NAME_MAX = 64, 100
WRONG_MAX = 10
WITHIN = timedelta(minutes=10)
"""So many wrong codes from one network within so long, then it waits."""
SEEN_STEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MadeCode:
    """`code` is told once and stored nowhere; `till` is the code its receipts will carry."""

    code: str
    till: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Enrolled:
    """`token` is told to the browser once and stored nowhere."""

    device: DeviceView
    token: str


@transaction.atomic(durable=True)
def make_device_code(
    *, program_id: UUID, kind: str, name: str, branch: str, till: str, beside_id: UUID | None = None,
    by: Actor, at: datetime,
) -> MadeCode:  # fmt: skip
    """A code that lets one browser in as a till or a kiosk within `LIFE`.

    An empty `till` takes the next free number; a kiosk has branch and till of the till beside it. `invalid` (kind,
    till: it has a device already), `not_found` (device beside).
    """
    by.must(Capability.DEVICES)
    if kind not in (TILL, KIOSK):
        raise Refusal(Code.INVALID, field="kind", reason="unknown_value")
    called = clean_name(name)
    place = clean_text(branch, field="branch", length_max=CODE_MAX)
    number = clean_text(till, field="till", length_max=CODE_MAX)
    if number.split() not in ([], [number]):
        raise Refusal(Code.INVALID, field="till", reason="not_a_code")
    enter_program(program_id)
    beside = _beside(program_id, beside_id) if kind == KIOSK else None
    if beside is not None:
        place, number = beside.branch, beside.till
    elif kind == TILL:
        number = number or _next_till(program_id)
        _must_be_free(program_id, number)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    made = DeviceCode.objects.create(
        id=new_id(), program_id=program_id, kind=kind, name=called[:NAME_MAX], branch=place, till=number, beside=beside,
        code_hash=_hash_code(program_id, code), created_at=at, created_by=by.name, expires_at=at + LIFE,
    )  # fmt: skip
    after = {"kind": kind, "name": made.name, "branch": place, "till": number}
    record_audit(program_id, "device_code_made", made.id, by=by, at=at, after=after)
    return MadeCode(code, number, made.expires_at)


def enrol_device(*, program_id: UUID, code: str, network: str, at: datetime) -> Enrolled:
    """The browser that types a manager's code becomes the device.

    `device_code_wrong` for an unknown, used or old one alike; `too_many_tries` (retry_after_seconds) after `WRONG_MAX`
    from one network; `invalid` (till) when another browser has become this till meanwhile.
    """
    try:
        enrolled = _enrol(program_id, tidy_code(code), _asker(network), at)
    except IntegrityError:
        raise Refusal(Code.INVALID, field="till", reason="taken") from None
    if enrolled is None:
        raise Refusal(Code.DEVICE_CODE_WRONG)
    return enrolled


def device_at_work(*, program_id: UUID, token: str, at: datetime) -> DeviceView | None:
    """The device with this token, whose last sign of life is noted, at most once a minute. None: let it in anew."""
    device = device_by_token(program_id, token)
    if device is not None and (device.seen_at is None or at - device.seen_at >= SEEN_STEP):
        _note_seen(program_id, device.id, at)
    return device


@transaction.atomic(durable=True)
def revoke_device(*, program_id: UUID, device_id: UUID, by: Actor, at: datetime) -> DeviceView:
    """From now on its browser opens nothing, and whoever is signed in at it is out. `not_found`."""
    by.must(Capability.DEVICES)
    enter_program(program_id)
    row = Device.objects.of(program_id).select_for_update().filter(id=device_id).first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="device")
    if row.revoked_at is None:
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
        StaffSession.objects.of(program_id).filter(device_id=row.id, ended_at=None).update(ended_at=at)
        after = {"kind": row.kind, "name": row.name, "till": row.till}
        record_audit(program_id, "device_revoked", row.id, by=by, at=at, after=after)
    return device_view(row)


def tidy_code(typed: str) -> str:
    """As it was made: capital letters, without the spaces and dashes a person puts between them."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


@transaction.atomic(durable=True)
def _enrol(program_id: UUID, code: str, asker: str, at: datetime) -> Enrolled | None:
    """None for a wrong code, whose miss is kept."""
    enter_program(program_id)
    _must_not_guess(program_id, asker, at)
    codes = DeviceCode.objects.of(program_id).select_for_update().filter(used_at=None, expires_at__gt=at)
    asked = codes.filter(code_hash=_hash_code(program_id, code)).first()
    if asked is None:
        WordMiss.objects.create(id=new_id(), program_id=program_id, asker=asker, at=at, misses=1)
        return None
    before = Device.objects.of(program_id).filter(till=asked.till, kind=asked.kind)
    token = secrets.token_urlsafe(32)
    device = Device.objects.create(
        id=new_id(), program_id=program_id, kind=asked.kind, name=asked.name, branch=asked.branch, till=asked.till,
        beside_id=asked.beside_id, token_hash=hash_token(token), created_at=at, created_by=asked.created_by, seen_at=at,
        receipts=before.aggregate(most=Max("receipts"))["most"] or 0,
    )  # fmt: skip
    asked.used_at, asked.device = at, device
    asked.save(update_fields=["used_at", "device"])
    return Enrolled(device_view(device), token)


@transaction.atomic(durable=True)
def _note_seen(program_id: UUID, device_id: UUID, at: datetime) -> None:
    enter_program(program_id)
    Device.objects.of(program_id).filter(id=device_id).update(seen_at=at)


def _must_not_guess(program_id: UUID, asker: str, at: datetime) -> None:
    lately = WordMiss.objects.of(program_id).filter(asker=asker, at__gt=at - WITHIN)
    found = lately.aggregate(misses=Sum("misses"), first=Min("at"))
    if (found["misses"] or 0) >= WRONG_MAX:
        wait = found["first"] + WITHIN - at
        raise Refusal(Code.TOO_MANY_TRIES, retry_after_seconds=max(1, int(wait.total_seconds()) + 1))


def _beside(program_id: UUID, device_id: UUID | None) -> Device | None:
    if device_id is None:
        return None
    row: Device | None = Device.objects.of(program_id).filter(id=device_id, kind=TILL, revoked_at=None).first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="device")
    return row


def _next_till(program_id: UUID) -> str:
    taken = set(Device.objects.of(program_id).filter(kind=TILL, revoked_at=None).values_list("till", flat=True))
    number = 1
    while str(number) in taken:
        number += 1
    return str(number)


def _must_be_free(program_id: UUID, till: str) -> None:
    if Device.objects.of(program_id).filter(kind=TILL, till=till, revoked_at=None).exists():
        raise Refusal(Code.INVALID, field="till", reason="taken")


def _hash_code(program_id: UUID, code: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), b"device code" + program_id.bytes + code.encode(), "sha256")


def _asker(network: str) -> str:
    """Whoever asks from a network, without the network being readable in the table."""
    return "device:" + hmac.new(settings.SECRET_KEY.encode(), b"network" + network.encode(), "sha256").hexdigest()[:32]
