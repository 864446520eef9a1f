"""Members as rows: written with their personal data and what recognises them, locked, recorded as operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kopilka.data.models.members import Identifier, Member, Profile
from kopilka.engine.contacts import fold_name
from kopilka.engine.refusal import Code, Refusal

ROWS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class NewMember:
    """A member to be written; `known_by` maps a kind of identifier to its normalised value."""

    id: UUID
    enrolled_at: datetime
    known_by: Mapping[str, str]
    name: str = ""
    birth_date: date | None = None
    gender: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()


def insert_members(program_id: UUID, members: Sequence[NewMember], *, at: datetime) -> None:
    """Write them whole. An identifier that exists breaks a unique constraint: ask `must_be_free` before."""
    Member.objects.bulk_create(
        [
            Member(id=new.id, program_id=program_id, enrolled_at=new.enrolled_at, tags=" ".join(new.tags))
            for new in members
        ],
        batch_size=ROWS_AT_ONCE,
    )
    Profile.objects.bulk_create(
        [
            Profile(
                member_id=new.id,
                program_id=program_id,
                name=new.name,
                search=fold_name(new.name),
                birth_date=new.birth_date,
                gender=new.gender,
                language=new.language,
                changed_at=at,
            )
            for new in members
        ],
        batch_size=ROWS_AT_ONCE,
    )
    Identifier.objects.bulk_create(
        [
            Identifier(program_id=program_id, member_id=new.id, kind=kind, value=value, created_at=at)
            for new in members
            for kind, value in new.known_by.items()
        ],
        batch_size=ROWS_AT_ONCE,
    )


def must_be_free(program_id: UUID, known_by: Mapping[str, str], *, but_for: UUID | None = None) -> None:
    """`identifier_taken` (kind) when another member is already recognised by one of these."""
    for kind, value in known_by.items():
        holders = Identifier.objects.of(program_id).filter(kind=kind, value=value)
        if value and (holders.exclude(member_id=but_for) if but_for else holders).exists():
            raise Refusal(Code.IDENTIFIER_TAKEN, kind=kind)


def find_members(program_id: UUID, kind: str, values: Iterable[str]) -> dict[str, UUID]:
    """Members by identifiers of one kind; unknown values are absent."""
    wanted = list(values)
    found: dict[str, UUID] = {}
    for start in range(0, len(wanted), ROWS_AT_ONCE):
        rows = Identifier.objects.of(program_id).filter(kind=kind, value__in=wanted[start : start + ROWS_AT_ONCE])
        found.update(rows.values_list("value", "member_id"))
    return found


def replace_identifier(program_id: UUID, member_id: UUID, kind: str, value: str, *, at: datetime) -> None:
    """One of each kind: the old one goes, the new one (if any) comes."""
    Identifier.objects.of(program_id).filter(member_id=member_id, kind=kind).delete()
    if value:
        Identifier.objects.create(program_id=program_id, member_id=member_id, kind=kind, value=value, created_at=at)


def update_profile(program_id: UUID, member_id: UUID, changed: Mapping[str, object], *, at: datetime) -> None:
    """Write the given columns of the personal data; the searched form follows the name."""
    values = dict(changed)
    if "name" in values:
        values["search"] = fold_name(str(values["name"]))
    if values:
        Profile.objects.of(program_id).filter(member_id=member_id).update(**values, changed_at=at)


def must_stay_known(program_id: UUID, member_id: UUID) -> None:
    """A member nobody can recognise any more would be lost: `missing` (field)."""
    if not Identifier.objects.of(program_id).filter(member_id=member_id).exists():
        raise Refusal(Code.MISSING, field="phone")
