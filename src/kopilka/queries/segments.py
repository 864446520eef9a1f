"""Members counted and listed by any condition over what is known of them, and who stays in which segment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from kopilka.data.models.members import Identifier, Member, Profile
from kopilka.data.models.segments import SegmentDue, SegmentLook, SegmentMember
from kopilka.data.scope import ProgramScoped
from kopilka.engine.conditions import Condition
from kopilka.engine.stays import stays_of
from kopilka.queries.member_conditions.facts import LIVE
from kopilka.queries.member_conditions.moment import Moment
from kopilka.queries.member_conditions.tree import in_segments, members_where
from kopilka.queries.scope import reading

PAGE_MAX = 200
EXPORT_PAGE = 5_000
COLUMNS = (
    "id", "status", "enrolled_at", "tier", "tags", "segments", "purchases", "spent_minor", "last_purchase_at",
    "referrals", "link",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member in a list. Money in minor units; `segments` are those he was put into."""

    id: UUID
    status: str
    enrolled_at: datetime
    tier: str
    tags: tuple[str, ...]
    segments: tuple[str, ...]
    purchases: int
    spent_minor: int
    last_purchase_at: datetime | None
    referrals: int
    link: str
    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class MemberPage:
    """`after`: the id behind which the next page begins; None: this is the last one."""

    rows: list[MemberRow]
    after: UUID | None


@dataclass(frozen=True, slots=True)
class StayRow:
    """One stay in a segment that is not over."""

    segment: str
    since: datetime
    until: datetime | None
    next_sale: bool
    source: str
    by: str


def count_members(moment: Moment, condition: Condition | None) -> int:
    """How many members there are of whom the condition holds (None: all), blocked ones too."""
    with reading(moment.program_id):
        return _members(moment, condition).count()


def list_members(moment: Moment, condition: Condition | None, *, after: UUID | None, limit: int) -> MemberPage:
    """Those members in the order of their ids, at most `limit` (1 to PAGE_MAX)."""
    limit = max(1, min(limit, PAGE_MAX))
    with reading(moment.program_id):
        rows = _page(moment, condition, after, limit + 1)
    return MemberPage(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)


def every_member(moment: Moment, condition: Condition | None) -> Iterator[MemberRow]:
    """All of them in the order of their ids, read in portions, for exports."""
    after: UUID | None = None
    while True:
        with reading(moment.program_id):
            rows = _page(moment, condition, after, EXPORT_PAGE)
        yield from rows
        if len(rows) < EXPORT_PAGE:
            return
        after = rows[-1].id


def every_id(moment: Moment, condition: Condition | None) -> Iterator[UUID]:
    """Active buyers of whom the condition holds (None: all), in the order of their ids; accounts of others left out."""
    with reading(moment.program_id):
        found = _members(moment, condition).filter(status="active", role="")
        yield from found.order_by("id").values_list("id", flat=True).iterator(EXPORT_PAGE)


def list_segment(moment: Moment, segment: str, *, after: UUID | None, limit: int) -> MemberPage:
    """The members of one segment now: put into it, or of whom its condition holds."""
    limit = max(1, min(limit, PAGE_MAX))
    with reading(moment.program_id):
        found = Member.objects.of(moment.program_id).filter(in_segments(frozenset({segment}), moment))
        rows = _rows(moment.program_id, found, after, limit + 1)
    return MemberPage(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)


def count_segment(moment: Moment, segment: str) -> int:
    with reading(moment.program_id):
        return Member.objects.of(moment.program_id).filter(in_segments(frozenset({segment}), moment)).count()


def stays_of_member(program_id: UUID, member_id: UUID, *, at: datetime) -> list[StayRow]:
    """The segments a member is in at a moment; live ones as last looked at."""
    with reading(program_id):
        rows = SegmentMember.objects.of(program_id).filter(member_id=member_id, ended_at__isnull=True)
        names = ("segment", "since", "until", "next_sale", "source", "by")
        return [
            StayRow(*row)
            for row in rows.order_by("segment").values_list(*names)
            if row[2] is None or row[2] > at
        ]  # fmt: skip


def looks(program_id: UUID) -> dict[str, tuple[str, datetime]]:
    """By live segment: the fingerprint of the condition all members were last looked at with, and when."""
    with reading(program_id):
        rows = SegmentLook.objects.of(program_id).values_list("segment", "fingerprint", "at")
        return {segment: (fingerprint, at) for segment, fingerprint, at in rows}


def live_of_members(moment: Moment, segments: Iterable[str], member_ids: Sequence[UUID]) -> dict[str, set[UUID]]:
    """By live segment, those of these members of whom its condition holds now."""
    said = moment.rulebook.mechanics.segments
    asked = Member.objects.of(moment.program_id).filter(id__in=list(member_ids))
    return {
        code: set(asked.filter(members_where(when, moment)).values_list("id", flat=True))
        for code in segments
        if (when := said[code].when) is not None
    }


def coming_and_leaving(moment: Moment, segment: str, *, after: UUID | None, limit: int) -> list[UUID]:
    """Members whose noted membership of a live segment is not what its condition says now, by their ids."""
    when = moment.rulebook.mechanics.segments[segment].when
    assert when is not None, "only live segments are looked at"
    holds = members_where(when, moment)
    noted = Q(Exists(_noted(moment.program_id, segment)))
    with reading(moment.program_id):
        found = Member.objects.of(moment.program_id).filter((holds & ~noted) | (~holds & noted))
        if after is not None:
            found = found.filter(id__gt=after)
        return list(found.order_by("id").values_list("id", flat=True)[:limit])


def next_members(program_id: UUID, *, after: UUID | None, limit: int) -> list[UUID]:
    """All members, a portion at a time, in the order of their ids."""
    with reading(program_id):
        found = Member.objects.of(program_id)
        if after is not None:
            found = found.filter(id__gt=after)
        return list(found.order_by("id").values_list("id", flat=True)[:limit])


def due_members(program_id: UUID, limit: int) -> list[UUID]:
    with reading(program_id):
        rows = SegmentDue.objects.of(program_id).order_by("member_id")
        return list(rows.values_list("member_id", flat=True)[:limit])


def members_with_ended_stays(program_id: UUID, *, at: datetime, limit: int) -> list[UUID]:
    """Members with a stay whose known end has passed and is not written down yet."""
    with reading(program_id):
        rows = SegmentMember.objects.of(program_id).filter(ended_at__isnull=True, until__lte=at).order_by("until")
        return sorted(set(rows.values_list("member_id", flat=True)[:limit]))


def _noted(program_id: UUID, segment: str) -> ProgramScoped:
    rows = SegmentMember.objects.of(program_id).filter(member_id=OuterRef("pk"), segment=segment)
    return rows.filter(ended_at__isnull=True, source=LIVE)


def _members(moment: Moment, condition: Condition | None) -> ProgramScoped:
    found = Member.objects.of(moment.program_id)
    return found if condition is None else found.filter(members_where(condition, moment))


def _page(moment: Moment, condition: Condition | None, after: UUID | None, limit: int) -> list[MemberRow]:
    return _rows(moment.program_id, _members(moment, condition), after, limit)


def _rows(program_id: UUID, found: ProgramScoped, after: UUID | None, limit: int) -> list[MemberRow]:
    if after is not None:
        found = found.filter(id__gt=after)
    rows = list(found.order_by("id").values(*COLUMNS)[:limit])
    ids = [row["id"] for row in rows]
    names = dict(Profile.objects.of(program_id).filter(member_id__in=ids).values_list("member_id", "name"))
    known_by = {
        (member_id, kind): value
        for member_id, kind, value in Identifier.objects.of(program_id)
        .filter(member_id__in=ids, kind__in=("phone", "email"))
        .values_list("member_id", "kind", "value")
    }
    return [
        MemberRow(
            **row
            | {
                "tags": tuple(row["tags"].split()),
                "segments": tuple(stay.segment for stay in stays_of(row["segments"])),
                "name": names.get(row["id"], ""),
                "phone": known_by.get((row["id"], "phone"), ""),
                "email": known_by.get((row["id"], "email"), ""),
            }
        )
        for row in rows
    ]
