"""Privileges of a member, and what they bring: how many were opened, how many were used, with what revenue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Sum

from kopilka.data.models.members import Member
from kopilka.data.models.privileges import Privilege, PrivilegeUse
from kopilka.data.prepared import Hole, Prepared
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading

FULL = 10_000


@dataclass(frozen=True, slots=True)
class PrivilegeView:
    """A locked promotion opened for a member; `left` purchases (None: any). `state`: open, used_up, over, withdrawn."""

    id: UUID
    promotion: str
    rule: str
    opened_at: datetime
    until: datetime | None
    left: int | None
    used: int
    state: str
    purchase_id: UUID | None


@dataclass(frozen=True, slots=True)
class PrivilegeFigures:
    """What one promotion brings: `opened` privileges, of which `used` at least once, for `members`.

    `revenue_minor` is what was paid with money for the `purchases` that used it, less returns. `conversion` hundredths
    of a percent of the members who used it.
    """

    promotion: str
    opened: int
    used: int
    members: int
    members_used: int
    purchases: int
    revenue_minor: int
    conversion: int


_OF_MEMBER = Prepared(
    lambda: Privilege.objects.of(Hole("program_id")).filter(member_id=Hole("member_id")).order_by("-id")
)


def privileges_of_member(program_id: UUID, member_id: UUID, *, at: datetime) -> tuple[PrivilegeView, ...]:
    """All of them, the newest first; `not_found`."""
    with reading(program_id):
        found = _OF_MEMBER.all(program_id=program_id, member_id=member_id)
        if not found and not Member.objects.of(program_id).filter(id=member_id).exists():
            raise Refusal(Code.NOT_FOUND, what="member")
    return tuple(_view(row, at) for row in found)


def open_privileges(program_id: UUID, member_id: UUID, *, at: datetime) -> tuple[PrivilegeView, ...]:
    """Those that hold now, the newest first; of an unknown member none."""
    with reading(program_id):
        found = _OF_MEMBER.all(program_id=program_id, member_id=member_id)
    return tuple(view for row in found if (view := _view(row, at)).state == "open")


def privilege_figures(
    program_id: UUID, *, since: datetime | None = None, until: datetime | None = None
) -> tuple[PrivilegeFigures, ...]:
    """By promotion, over privileges opened within [since, until)."""
    with reading(program_id):
        rows = Privilege.objects.of(program_id)
        if since is not None:
            rows = rows.filter(opened_at__gte=since)
        if until is not None:
            rows = rows.filter(opened_at__lt=until)
        opened = rows.order_by("promotion").values("promotion")
        counted = list(opened.annotate(count=Count("id"), members=Count("member_id", distinct=True)))
        uses = PrivilegeUse.objects.of(program_id).filter(privilege__in=rows, state="used")
        used = {
            row["privilege__promotion"]: row
            for row in uses.order_by("privilege__promotion").values("privilege__promotion").annotate(
                privileges=Count("privilege_id", distinct=True),
                members=Count("privilege__member_id", distinct=True),
                purchases=Count("purchase_id", distinct=True),
                revenue=Sum(F("purchase__paid_minor") - F("purchase__returned_minor")),
            )
        }  # fmt: skip
    return tuple(_figures(row, used.get(row["promotion"], {})) for row in counted)


def _figures(row: dict[str, Any], used: dict[str, Any]) -> PrivilegeFigures:
    members, members_used = row["members"], used.get("members", 0)
    return PrivilegeFigures(
        row["promotion"], row["count"], used.get("privileges", 0), members, members_used, used.get("purchases", 0),
        used.get("revenue", 0), members_used * FULL // members if members else 0,
    )  # fmt: skip


def _view(row: Privilege, at: datetime) -> PrivilegeView:
    left = max(0, row.times - row.used) if row.times else None
    state = row.state
    if state == "open" and left == 0:
        state = "used_up"
    elif state == "open" and row.until is not None and row.until <= at:
        state = "over"
    return PrivilegeView(
        row.id, row.promotion, row.rule, row.opened_at, row.until, left, row.used, state, row.purchase_id
    )
