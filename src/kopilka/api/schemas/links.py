"""Invite links, their QR codes and figures, as bodies and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from kopilka.api.schemas.fields import In, Label, Minor, Moment, Out, Title

Labels = Annotated[list[Label], Meta(max_length=20)]


class LinkIn(In):
    """A link to make. Absent times are open, `limit` 0 means any number of enrolments."""

    code: Annotated[str, Meta(min_length=1, max_length=64, description="Small Latin letters, digits, hyphens.")]
    name: Title = ""
    labels: Labels = []
    partner: Label = ""
    segment: Label = ""
    tags_on: Labels = []
    tags_off: Labels = []
    starts_at: Moment | None = None
    expires_at: Moment | None = None
    limit: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0
    cost_minor: Minor = 0


class LinkOut(Out):
    """An invite link; `slug` ends its address. `in_rulebook`: its rules stand in the program's document."""

    id: UUID
    code: str
    slug: str
    name: str
    labels: list[str]
    partner: str
    segment: str
    tags_on: list[str]
    tags_off: list[str]
    starts_at: datetime | None
    expires_at: datetime | None
    limit: int
    cost_minor: int
    in_rulebook: bool
    created_at: datetime
    created_by: str


class LinksOut(Out):
    items: list[LinkOut]
    next: str | None


class LinkQrOut(Out):
    """The address and its QR code: an SVG document, and a PNG picture in base64."""

    address: str
    svg: str
    png: str


class ViewIn(In):
    """`visitor` is what tells one browser from another, such as a random cookie; only its hash is kept."""

    visitor: Annotated[str, Meta(min_length=1, max_length=200)]


class ViewOut(Out):
    code: str
    is_new: bool


class LinkFiguresOut(Out):
    """Money in minor units, `conversion` in hundredths of a percent; null: there is nothing to divide by."""

    code: str
    labels: list[str]
    partner: str
    views: int
    enrolled: int
    buyers: int
    receipts: int
    revenue_minor: int
    average_minor: int | None
    cost_minor: int
    conversion: int | None
    cost_per_buyer_minor: int | None


class AllLinkFiguresOut(Out):
    items: list[LinkFiguresOut]
