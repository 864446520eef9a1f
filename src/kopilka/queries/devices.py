"""The browsers at the counters, and who may work at them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from kopilka.data.models.doors import Device, StaffAccess, StaffSession
from kopilka.data.prepared import Hole, Prepared
from kopilka.queries.scope import reading

TOKEN_LENGTH_MAX = 100
TILL, KIOSK = "till", "kiosk"
CASHIER, MANAGER = "cashier", "manager"

_BY_TOKEN = Prepared(
    lambda: Device.objects.of(Hole("program_id")).filter(token_hash=Hole("token_hash"), revoked_at=None)[:1]
)


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A till or a kiosk. `till` is the code receipts carry; a kiosk has that of the till it stands beside."""

    id: UUID
    kind: str
    name: str
    branch: str
    till: str
    beside_id: UUID | None
    created_at: datetime
    created_by: str
    seen_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonAtTill:
    """Somebody with a PIN; `locked_until` while too many wrong ones keep him out."""

    code: str
    name: str
    role: str
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class StaffMember:
    """An employee as a manager sees him: `role` is empty while he has no PIN."""

    code: str
    name: str
    branch: str
    role: str
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class SignedInView:
    """Somebody who works at a device now."""

    device: str
    code: str
    name: str
    training: bool
    started_at: datetime
    seen_at: datetime


def list_devices(program_id: UUID) -> tuple[DeviceView, ...]:
    """All that were ever let in, the working ones first, the newest of each first."""
    with reading(program_id):
        found = [device_view(row) for row in Device.objects.of(program_id).order_by("-created_at")]
    return tuple(sorted(found, key=lambda device: device.revoked_at is not None))


def device_by_token(program_id: UUID, token: str) -> DeviceView | None:
    """The device whose browser holds this token; None for an unknown or a revoked one."""
    if not token or len(token) > TOKEN_LENGTH_MAX or not token.isascii():
        return None
    with reading(program_id):
        row = _BY_TOKEN.first(program_id=program_id, token_hash=hash_token(token))
    return device_view(row) if row else None


def till_beside(program_id: UUID, kiosk: DeviceView) -> DeviceView | None:
    """The till a kiosk stands beside: the very one, or the one that has taken its place. None when it has none."""
    with reading(program_id):
        tills = Device.objects.of(program_id).filter(kind=TILL, revoked_at=None)
        row = tills.filter(id=kiosk.beside_id).first() if kiosk.beside_id else None
        if row is None and kiosk.till:
            row = tills.filter(till=kiosk.till).first()
    return device_view(row) if row else None


def people_at(program_id: UUID, branch: str) -> list[PersonAtTill]:
    """Who may sign in at the tills of a branch: its people and those of no branch; cashiers first, by name."""
    with reading(program_id):
        rows = StaffAccess.objects.of(program_id).filter(employee__active=True).select_related("employee")
        if branch:
            rows = rows.filter(employee__branch__in=("", branch))
        found = [
            PersonAtTill(row.employee.code, row.employee.name or row.employee.code, row.role, row.locked_until)
            for row in rows
        ]
    return sorted(found, key=lambda person: (person.role == MANAGER, person.name.casefold(), person.code))


def last_person_at(program_id: UUID, device_id: UUID) -> str:
    """The code of whoever signed in at this device last; empty when nobody did."""
    with reading(program_id):
        last = StaffSession.objects.of(program_id).filter(device_id=device_id).order_by("-started_at")
        code: str | None = last.values_list("employee__code", flat=True).first()
    return code or ""


def signed_in_now(program_id: UUID, *, idle_minutes: int, at: datetime) -> list[SignedInView]:
    """Who works at which device; whoever has been idle for so long does not."""
    with reading(program_id):
        rows = StaffSession.objects.of(program_id).filter(
            ended_at=None, device__revoked_at=None, seen_at__gt=at - timedelta(minutes=idle_minutes)
        )
        return [
            SignedInView(
                row.device.name, row.employee.code, row.employee.name or row.employee.code, row.training,
                row.started_at, row.seen_at,
            )
            for row in rows.select_related("device", "employee").order_by("device__name")
        ]  # fmt: skip


def device_view(row: Device) -> DeviceView:
    return DeviceView(
        row.id, row.kind, row.name, row.branch, row.till, row.beside_id, row.created_at, row.created_by, row.seen_at,
        row.revoked_at,
    )  # fmt: skip


def hash_token(token: str) -> bytes:
    """A plain SHA-256 suffices: a token has 256 random bits, there is nothing to guess."""
    return hashlib.sha256(token.encode()).digest()
