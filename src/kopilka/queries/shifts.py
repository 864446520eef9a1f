"""What happened at one till in a stretch of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from kopilka.data.models.deeds import Beneficiary
from kopilka.data.models.doors import StaffSession
from kopilka.data.models.ledger import Operation
from kopilka.data.models.purchases import Purchase, Return
from kopilka.data.models.shares import EnrolledBy
from kopilka.queries.scope import reading

LATE = timedelta(hours=12)
"""Nobody stays signed in for longer than a shift."""
UNDO = "undo"
"""The key under which a sale is undone (`services/undoing.py`)."""


@dataclass(frozen=True, slots=True)
class ShiftSale:
    """A receipt of the till, money in minor units; `decision` as the text `bookkeeping.documents` reads."""

    at: datetime
    staff: str
    is_named: bool
    net_minor: int
    paid_minor: int
    decision: str


@dataclass(frozen=True, slots=True)
class ShiftReturn:
    """Goods that came back at the till; `actor_id` whoever took them, `is_undone`: a sale was undone."""

    id: UUID
    at: datetime
    refund_minor: int
    actor_id: UUID | None
    is_undone: bool


def sales_of_till(program_id: UUID, till: str, *, since: datetime, until: datetime) -> list[ShiftSale]:
    """Sales that employees rang at a till within [since, until), in their order. Those of no employee are not here."""
    columns = ("at", "staff", "member_id", "net_minor", "paid_minor", "decision")
    with reading(program_id):
        codes = list(Beneficiary.objects.of(program_id).filter(kind="employee").values_list("code", flat=True))
        rows = Purchase.objects.of(program_id).filter(
            staff__in=codes, at__gte=since, at__lt=until, till=till, state="confirmed"
        )
        found = rows.order_by("at", "id").values_list(*columns)
        return [
            ShiftSale(at, staff, member is not None, net, paid, text) for at, staff, member, net, paid, text in found
        ]


def returns_of_till(program_id: UUID, till: str, *, since: datetime, until: datetime) -> list[ShiftReturn]:
    """Returns taken at a till within [since, until), in their order."""
    with reading(program_id):
        rows = Return.objects.of(program_id).filter(source=f"till:{till}", at__gte=since, at__lt=until)
        found = list(rows.order_by("at", "id").values_list("id", "at", "refund_minor"))
        acts = Operation.objects.of(program_id).filter(id__in=[row[0] for row in found])
        by = {key: (actor, word == UNDO) for key, actor, word in acts.values_list("id", "actor_id", "key")}
    return [ShiftReturn(key, at, refund, *by.get(key, (None, False))) for key, at, refund in found]


def enrolled_by(program_id: UUID, codes: list[str], *, since: datetime, until: datetime) -> dict[str, int]:
    """How many members each employee enrolled within [since, until), at whichever till."""
    with reading(program_id):
        rows = EnrolledBy.objects.of(program_id).filter(staff__in=codes, at__gte=since, at__lt=until)
        found: dict[str, int] = {}
        for code in rows.values_list("staff", flat=True):
            found[code] = found.get(code, 0) + 1
    return found


def staff_at_till(program_id: UUID, till: str, *, since: datetime, until: datetime) -> dict[str, str]:
    """Names by code of those who were signed in at a till within [since, until), training aside."""
    with reading(program_id):
        rows = StaffSession.objects.of(program_id).filter(
            device__till=till, training=False, started_at__gte=since - LATE, started_at__lt=until
        )
        rows = rows.exclude(ended_at__lt=since).exclude(ended_at=None, seen_at__lt=since)
        return dict(rows.order_by("employee__code").values_list("employee__code", "employee__name").distinct())


def staff_names(program_id: UUID, codes: list[str]) -> dict[str, str]:
    with reading(program_id):
        rows = Beneficiary.objects.of(program_id).filter(kind="employee", code__in=codes)
        return dict(rows.values_list("code", "name"))
