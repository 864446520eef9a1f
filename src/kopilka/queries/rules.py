"""What rules have done: their deeds, counted and listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Sum

from kopilka.data.models.deeds import Deed
from kopilka.data.models.members import Member
from kopilka.data.prepared import Each, Hole, Prepared
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading

PAGE_MAX = 200


@dataclass(frozen=True, slots=True)
class DeedView:
    """What a rule owed a member and what became of it. `units` (negative: taken back) of `currency`."""

    id: UUID
    kind: str
    rule: str
    cause: str
    state: str
    told: str
    currency: str
    units: int
    about: UUID | None
    subject: UUID | None
    planned_at: datetime
    due_at: datetime
    done_at: datetime | None
    payload: str


@dataclass(frozen=True, slots=True)
class DeedsPage:
    """The newest first; `next_cursor` asks for the older ones, None when there are none."""

    deeds: tuple[DeedView, ...]
    next_cursor: UUID | None


@dataclass(frozen=True, slots=True)
class DoneByRule:
    """How many deeds of a rule stand in which state, the members it has done something for, units by currency.

    Units of points given less those taken back with goods.
    """

    states: dict[str, int]
    members: int
    units: dict[str, int]


def done_by_rule(program_id: UUID, code: str) -> DoneByRule:
    """Deeds for the members of its events are counted; what was passed on or taken back adds to the units only."""
    with reading(program_id):
        deeds = Deed.objects.of(program_id).filter(rule=code)
        own = deeds.exclude(kind__in=("pass_on", "take_back"))
        states = dict(own.values_list("state").annotate(count=Count("id")).order_by("state"))
        members = deeds.filter(state="done", units__gt=0).aggregate(count=Count("member_id", distinct=True))["count"]
        sums = deeds.exclude(currency="").values_list("currency").annotate(sum=Sum("units")).order_by("currency")
        return DoneByRule(states, members, dict(sums))


def deeds_of_member(
    program_id: UUID, member_id: UUID, *, rule: str = "", before: UUID | None = None, limit: int = 50
) -> DeedsPage:
    """A page of what rules owed the member; `not_found` for an unknown one."""
    limit = max(1, min(limit, PAGE_MAX))
    with reading(program_id):
        if not Member.objects.of(program_id).filter(id=member_id).exists():
            raise Refusal(Code.NOT_FOUND, what="member")
        rows = Deed.objects.of(program_id).filter(member_id=member_id)
        if rule:
            rows = rows.filter(rule=rule)
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
    page = tuple(_view(row) for row in found[:limit])
    return DeedsPage(page, page[-1].id if len(found) > limit else None)


def deeds_by_id(program_id: UUID, ids: Sequence[UUID]) -> list[DeedView]:
    """In no order; unknown ones are left out."""
    with reading(program_id):
        return [_view(row) for row in _BY_ID.all(program_id=program_id, ids=ids)]


_BY_ID = Prepared(lambda: Deed.objects.of(Hole("program_id")).filter(id__in=Each("ids")))


def _view(row: Deed) -> DeedView:
    return DeedView(
        row.id, row.kind, row.rule, row.cause, row.state, row.told, row.currency, row.units, row.about, row.subject,
        row.at, row.due_at, row.done_at, row.payload,
    )  # fmt: skip
