"""Programs as doors see them, and the versions of their rulebooks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.data.models.access import ApiKey
from kopilka.data.models.programs import Program
from kopilka.data.models.rulebooks import RulebookVersion
from kopilka.data.prepared import Hole, Prepared
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading

VERSIONS_MAX = 200

_BY_SLUG = Prepared(lambda: Program.objects.filter(slug=Hole("slug"))[:1])


@dataclass(frozen=True, slots=True)
class ProgramView:
    """`rulebook_number` is 0 until a rulebook was published, `switches_number` until something was switched.

    `country` reads phone numbers written without +. `is_demo`: for trying out; what would be sent to members is shown
    on a page of the demo instead.
    """

    id: UUID
    slug: str
    name: str
    currency: str
    timezone: str
    language: str
    country: str
    rulebook_number: int
    is_demo: bool = False
    switches_number: int = 0


@dataclass(frozen=True, slots=True)
class VersionView:
    number: int
    fingerprint: str
    note: str
    published_at: datetime
    published_by: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class KeyView:
    """An API key as it may be shown: the key itself is stored nowhere."""

    id: UUID
    name: str
    prefix: str
    capabilities: tuple[str, ...]
    till: str
    branch: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


def program_by_slug(slug: str) -> ProgramView:
    """`not_found` when there is no such program."""
    return _view(_BY_SLUG.first(slug=slug))


def program_by_id(program_id: UUID) -> ProgramView:
    return _view(Program.objects.filter(id=program_id).first())


def list_programs() -> list[ProgramView]:
    """For the operator's command alone: doors of programs know only their own."""
    return [program_view(program) for program in Program.objects.order_by("slug")]


def list_versions(program_id: UUID) -> list[VersionView]:
    """The newest first, at most VERSIONS_MAX."""
    current = program_by_id(program_id).rulebook_number
    with reading(program_id):
        rows = RulebookVersion.objects.of(program_id).order_by("-number").defer("source")[:VERSIONS_MAX]
        return [
            VersionView(
                row.number, row.fingerprint, row.note, row.published_at, row.published_by, row.number == current
            )
            for row in rows
        ]


def rulebook_source(program_id: UUID, number: int | None = None) -> tuple[int, str]:
    """Number and text, as it was sent, of one version (None: the current one); `not_found` otherwise."""
    wanted = program_by_id(program_id).rulebook_number if number is None else number
    with reading(program_id):
        source = RulebookVersion.objects.of(program_id).filter(number=wanted).values_list("source", flat=True).first()
    if source is None:
        raise Refusal(Code.NOT_FOUND, what="rulebook")
    return wanted, source


@dataclass(frozen=True, slots=True)
class PublishedSource:
    number: int
    published_at: datetime
    source: str


def published_sources(program_id: UUID) -> list[PublishedSource]:
    """The texts of the last versions, the elder first, at most VERSIONS_MAX."""
    with reading(program_id):
        rows = RulebookVersion.objects.of(program_id).order_by("-number")
        found = [PublishedSource(*row) for row in rows.values_list("number", "published_at", "source")[:VERSIONS_MAX]]
    return found[::-1]


def list_keys(program_id: UUID) -> list[KeyView]:
    rows = ApiKey.objects.filter(program_id=program_id).order_by("created_at")
    return [
        KeyView(
            row.id,
            row.name,
            row.prefix,
            tuple(row.capabilities.split()),
            row.till,
            row.branch,
            row.created_at,
            row.last_used_at,
            row.revoked_at,
        )
        for row in rows
    ]


def program_view(program: Program) -> ProgramView:
    return ProgramView(
        program.id, program.slug, program.name, program.currency, program.timezone, program.language,
        program.country, program.rulebook_number, program.is_demo, program.switches_number,
    )  # fmt: skip


def _view(program: Program | None) -> ProgramView:
    if program is None:
        raise Refusal(Code.NOT_FOUND, what="program")
    return program_view(program)
