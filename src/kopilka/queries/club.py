"""What the club's services were used for, and the purchases its economics are counted from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Sum

from kopilka.data.models.club import ClubUse
from kopilka.data.models.members import Member
from kopilka.data.models.purchases import Purchase
from kopilka.data.scope import ProgramScoped
from kopilka.queries.member_conditions.moment import Moment
from kopilka.queries.member_conditions.tree import in_segments
from kopilka.queries.scope import reading

PORTION = 2_000

SaleRow = tuple[UUID, UUID, int, int, str, str, str | None]
"""Id, member, paid and returned minor units, receipt, decision, what returns have undone."""


def latest_uses(
    program_id: UUID, service: str, *, limit: int, member_id: UUID | None = None, branch: str | None = None
) -> list[datetime]:
    """When a service was used last, the latest first: by this member, in this branch, or by anybody."""
    rows = ClubUse.objects.of(program_id).filter(service=service)
    if member_id is not None:
        rows = rows.filter(member_id=member_id)
    if branch is not None:
        rows = rows.filter(branch=branch)
    return list(rows.order_by("-at").values_list("at", flat=True)[:limit])


def uses_in(program_id: UUID, since: datetime | None, until: datetime | None) -> dict[str, tuple[int, int]]:
    """By service: how often it was used in [since, until), and what that cost, minor units."""
    with reading(program_id):
        rows = between(ClubUse.objects.of(program_id), since, until)
        counted = rows.order_by().values("service").annotate(uses=Count("pk"), cost=Sum("cost_minor"))
        return {service: (uses, cost) for service, uses, cost in counted.values_list("service", "uses", "cost")}


def members_of(moment: Moment, segment: str) -> set[UUID]:
    """Everybody who is in the segment now."""
    with reading(moment.program_id):
        found = Member.objects.of(moment.program_id).filter(in_segments(frozenset({segment}), moment))
        return set(found.values_list("id", flat=True))


def count_all_members(program_id: UUID) -> int:
    with reading(program_id):
        return Member.objects.of(program_id).filter(role="").count()


def sales_of_members(program_id: UUID, since: datetime | None, until: datetime | None) -> Iterator[SaleRow]:
    """Confirmed purchases of members in [since, until), read in portions in the order of their ids."""
    names = ("id", "member_id", "paid_minor", "returned_minor", "receipt", "decision", "returned")
    after: UUID | None = None
    while True:
        with reading(program_id):
            rows = between(Purchase.objects.of(program_id), since, until)
            rows = rows.filter(state="confirmed", member_id__isnull=False).order_by("id")
            portion = list((rows if after is None else rows.filter(id__gt=after)).values_list(*names)[:PORTION])
        yield from portion
        if len(portion) < PORTION:
            return
        after = portion[-1][0]


def between(rows: ProgramScoped, since: datetime | None, until: datetime | None) -> ProgramScoped:
    if since is not None:
        rows = rows.filter(at__gte=since)
    return rows if until is None else rows.filter(at__lt=until)
