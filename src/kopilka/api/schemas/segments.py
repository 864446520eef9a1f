"""Segments, conditions over members, and lists of them, as bodies and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta

from kopilka.api.paging import LIMIT_DEFAULT, Cursor, Limit
from kopilka.api.schemas.fields import In, Moment, Out

When = Annotated[
    dict[str, Any],
    Meta(description="A condition over facts of members, as `when` of a segment in the rulebook; amounts are texts."),
]


class CountIn(In):
    """Whom to count; everybody when `when` is absent."""

    when: When | None = None


class CountOut(Out):
    members: int


class ListIn(In):
    """Whom to list; everybody when `when` is absent."""

    when: When | None = None
    limit: Limit = LIMIT_DEFAULT
    cursor: Cursor | None = None


class MemberRowOut(Out):
    """A member in a list; `segments` are those he was put into."""

    id: UUID
    status: str
    enrolled_at: datetime
    tier: str
    tags: list[str]
    segments: list[str]
    purchases: int
    spent_minor: int
    last_purchase_at: datetime | None
    referrals: int
    link: str
    name: str
    phone: str
    email: str


class MemberRowsOut(Out):
    items: list[MemberRowOut]
    next: str | None


class SegmentOut(Out):
    """A segment of the rulebook and how many members it has now; `by` is condition, hand or link."""

    code: str
    name: str
    by: str
    members: int


class SegmentsOut(Out):
    items: list[SegmentOut]


class StayIn(In):
    """Until when (absent: as long as the segment says), and whether for the next sale only."""

    until: Moment | None = None
    next_sale: bool = False


class StayOut(Out):
    """A member's stay in a segment after the act."""

    member_id: UUID
    segment: str
    is_in: bool
    until: datetime | None
    next_sale: bool


class StayRowOut(Out):
    """`source`: hand, link, import, rule, or live (by its condition, as last looked at)."""

    segment: str
    since: datetime
    until: datetime | None
    next_sale: bool
    source: str
    by: str


class StaysOut(Out):
    items: list[StayRowOut]
