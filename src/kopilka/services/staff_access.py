"""People at the tills: their PINs, signing in, and sessions that end by themselves."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.locking import locks_are_on, reading_before_writing
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.sharing.people import beneficiary_of
from kopilka.data.ids import new_id
from kopilka.data.models.deeds import Beneficiary
from kopilka.data.models.doors import StaffAccess, StaffSession
from kopilka.data.models.members import Identifier, Member
from kopilka.data.prepared import Hole, Prepared
from kopilka.engine.actor import MANAGER as MAY_MANAGE
from kopilka.engine.actor import TILL as MAY_SELL
from kopilka.engine.actor import Actor, ActorKind, Capability
from kopilka.engine.pins import must_be_good_pin
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.devices import (
    CASHIER,
    MANAGER,
    TOKEN_LENGTH_MAX,
    DeviceView,
    PersonAtTill,
    StaffMember,
    hash_token,
)
from kopilka.queries.programs import program_by_id
from kopilka.queries.scope import reading
from kopilka.services.pin_tries import NONE_WRONG, Tried, hash_pin, must_fit, take_a_try

LOCKS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
"""How long the first, the second and every further lock in a row lasts."""
SEEN_STEP = timedelta(seconds=20)
_AT_WORK = Prepared(
    lambda: StaffSession.objects.of(Hole("program_id"))
    .filter(
        token_hash=Hole("token_hash"), device_id=Hole("device_id"), ended_at=None, seen_at__gt=Hole("awake_since"),
        employee__active=True,
    )
    .values_list(
        "id", "role", "training", "seen_at", "employee_id", "employee__code", "employee__name", "employee__person_id"
    )[:1]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StaffAtTill:
    """An employee who works at a till now. `own` are the memberships he earns with himself: they are not his to serve.

    In `training` nothing is booked.
    """

    session_id: UUID
    employee_id: UUID
    code: str
    name: str
    role: str
    training: bool
    person_member_id: UUID | None
    own: frozenset[UUID]
    actor: Actor


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`token` is told to the browser once and stored nowhere."""

    token: str
    person: PersonAtTill
    training: bool


@dataclass(frozen=True, slots=True)
class _Try:
    """Whose PIN is tried."""

    access_id: UUID
    employee_id: UUID
    person: PersonAtTill
    tried: Tried


@transaction.atomic(durable=True)
def give_access(*, program_id: UUID, employee_code: str, role: str, pin: str, by: Actor, at: datetime) -> None:
    """The employee may work at the tills with this PIN; an earlier one stops working and he is signed out.

    `not_found` (employee), `invalid` (role; pin: not_digits, pin_length, pin_too_simple), `not_allowed`.
    A manager's PIN is given by the manager himself or by whoever may adjust.
    """
    by.must(Capability.DEVICES)
    if role not in (CASHIER, MANAGER):
        raise Refusal(Code.INVALID, field="role", reason="unknown_value")
    must_be_good_pin(pin, simple=program_by_id(program_id).is_demo)
    hashed = hash_pin(pin)
    enter_program(program_id)
    employee = beneficiary_of(program_id, "employee", employee_code)
    _must_outrank(program_id, employee, role, by)
    StaffAccess.objects.of(program_id).update_or_create(
        employee_id=employee.id,
        defaults={"role": role, "pin_hash": hashed, "changed_at": at, **NONE_WRONG},
        create_defaults={"program_id": program_id, "role": role, "pin_hash": hashed, "changed_at": at},
    )  # fmt: skip
    _end_sessions(program_id, employee.id, at, but=by)
    record_audit(program_id, "pin_given", employee.id, by=by, at=at, after={"role": role})


@transaction.atomic(durable=True)
def take_access(*, program_id: UUID, employee_code: str, by: Actor, at: datetime) -> None:
    """The employee may no longer work at the tills, and is signed out. `not_found` (employee)."""
    by.must(Capability.DEVICES)
    enter_program(program_id)
    employee = beneficiary_of(program_id, "employee", employee_code)
    _must_outrank(program_id, employee, CASHIER, by)
    if StaffAccess.objects.of(program_id).filter(employee_id=employee.id).delete()[0]:
        _end_sessions(program_id, employee.id, at)
        record_audit(program_id, "pin_taken", employee.id, by=by, at=at)


def staff_of_tills(*, program_id: UUID, by: Actor) -> list[StaffMember]:
    """All employees who work, those without a PIN too; by name."""
    by.must(Capability.DEVICES)
    with reading(program_id):
        given = {row.employee_id: row for row in StaffAccess.objects.of(program_id)}
        rows = list(Beneficiary.objects.of(program_id).filter(kind="employee", active=True))
    people = [
        StaffMember(
            row.code, row.name or row.code, row.branch, given[row.id].role if row.id in given else "",
            given[row.id].locked_until if row.id in given else None,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(people, key=lambda person: (person.name.casefold(), person.code))


def sign_in(
    *, program_id: UUID, device: DeviceView, employee_code: str, pin: str, training: bool, at: datetime
) -> SignedIn:
    """Whoever knows the PIN works at this device from now on; nobody else does any more.

    `not_found` (employee), `code_wrong` (tries_left), and after `TRIES` wrong ones `too_many_tries`
    (retry_after_seconds) for longer each time, whatever is typed meanwhile.
    """
    attempt = _count_try(program_id, device, employee_code, at)
    must_fit(attempt.tried, pin)
    return SignedIn(_start(program_id, device, attempt, training=training, at=at), attempt.person, training)


@transaction.atomic(durable=True)
def sign_out(*, program_id: UUID, session_id: UUID, at: datetime) -> None:
    enter_program(program_id)
    StaffSession.objects.of(program_id).filter(id=session_id, ended_at=None).update(ended_at=at)


def person_by_token(
    *, program_id: UUID, device: DeviceView, token: str, idle_minutes: int, at: datetime, touches: bool = True
) -> StaffAtTill | None:
    """Who works at this device with this token; None when nobody does, or when he has been idle for too long.

    `touches`: this counts as work and lets the session live on; a page that asks by itself says no.
    """
    if not token or len(token) > TOKEN_LENGTH_MAX or not token.isascii():
        return None
    with reading(program_id):
        row = _AT_WORK.first(
            program_id=program_id, token_hash=hash_token(token), device_id=device.id,
            awake_since=at - timedelta(minutes=idle_minutes),
        )  # fmt: skip
        if row is None:
            return None
        session_id, role, training, seen_at, employee_id, code, name, person_id = row
        own = own_members(program_id, person_id)
    if touches and at - seen_at >= SEEN_STEP:
        _note_seen(program_id, session_id, at)
    may = MAY_MANAGE if role == MANAGER else MAY_SELL
    actor = Actor(ActorKind.STAFF, employee_id, name or code, may, till=device.till, branch=device.branch)
    return StaffAtTill(session_id, employee_id, code, name or code, role, training, person_id, own, actor)


def must_not_be_own(staff: StaffAtTill, member_id: UUID) -> None:
    """`own_card` when this member is the employee himself: a colleague serves him."""
    if member_id in staff.own:
        raise Refusal(Code.OWN_CARD)


@transaction.atomic(durable=True)
def _count_try(program_id: UUID, device: DeviceView, code: str, at: datetime) -> _Try:
    """One of the employee's tries, under the lock of his row."""
    enter_program(program_id)
    with reading_before_writing():
        rows = StaffAccess.objects.of(program_id).filter(employee__code=code, employee__kind="employee")
        rows = rows.filter(employee__active=True).select_related("employee")
        if device.branch:
            rows = rows.filter(employee__branch__in=("", device.branch))
        if locks_are_on():
            rows = rows.select_for_update(of=("self",))
        row = rows.first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="employee")
    tried = take_a_try(row, locks=LOCKS, at=at)
    person = PersonAtTill(row.employee.code, row.employee.name or row.employee.code, row.role, None)
    return _Try(row.id, row.employee_id, person, tried)


@transaction.atomic(durable=True)
def _start(program_id: UUID, device: DeviceView, attempt: _Try, *, training: bool, at: datetime) -> str:
    enter_program(program_id)
    StaffAccess.objects.of(program_id).filter(id=attempt.access_id).update(**NONE_WRONG)
    StaffSession.objects.of(program_id).filter(device_id=device.id, ended_at=None).update(ended_at=at)
    token = secrets.token_urlsafe(32)
    StaffSession.objects.create(
        id=new_id(), program_id=program_id, device_id=device.id, employee_id=attempt.employee_id,
        role=attempt.person.role, token_hash=hash_token(token), training=training, started_at=at, seen_at=at,
    )  # fmt: skip
    return token


@transaction.atomic(durable=True)
def _note_seen(program_id: UUID, session_id: UUID, at: datetime) -> None:
    enter_program(program_id)
    StaffSession.objects.of(program_id).filter(id=session_id).update(seen_at=at)


def _must_outrank(program_id: UUID, employee: Beneficiary, role: str, by: Actor) -> None:
    """A manager makes no managers and opens no manager's door but his own."""
    if by.may(Capability.ADJUST) or employee.id == by.id:
        return
    is_manager = StaffAccess.objects.of(program_id).filter(employee_id=employee.id, role=MANAGER).exists()
    if is_manager or role == MANAGER:
        raise Refusal(Code.NOT_ALLOWED, capability=Capability.ADJUST.value)


def _end_sessions(program_id: UUID, employee_id: UUID, at: datetime, *, but: Actor | None = None) -> None:
    """Everywhere; whoever changed his own PIN goes on working where he is."""
    if but is None or but.id != employee_id:
        StaffSession.objects.of(program_id).filter(employee_id=employee_id, ended_at=None).update(ended_at=at)


def own_members(program_id: UUID, person_id: UUID | None) -> frozenset[UUID]:
    """Memberships an employee earns with: his own, what it was merged into, and the family he earns for."""
    if person_id is None:
        return frozenset()
    merged = Member.objects.of(program_id).filter(id=person_id).values_list("merged_into_id", flat=True)
    heads = Identifier.objects.of(program_id).filter(owner_id=person_id).values_list("member_id", flat=True)
    return frozenset({person_id, *filter(None, merged), *heads})
