"""Members as rows: written with their personal data and what recognises them, locked, recorded as operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kopilka.bookkeeping.erasing import note_returned
from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.data.ids import new_id
from kopilka.data.models.members import Identifier, Member, Profile
from kopilka.engine.contacts import fold_name
from kopilka.engine.refusal import Code, Refusal

ROWS_AT_ONCE = 500

BESIDE = ("referral", "device")
"""Kinds of identifiers by which nobody is recognised at a till: the code for friends, the own telephone or browser."""


@dataclass(frozen=True, slots=True)
class NewMember:
    """A member to be written; `known_by` maps a kind of identifier to its normalised value. `role`: see Member."""

    id: UUID
    enrolled_at: datetime
    known_by: Mapping[str, str]
    name: str = ""
    birth_date: date | None = None
    gender: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    inviter: UUID | None = None
    agent: str = ""
    role: str = ""


def insert_members(program_id: UUID, members: Sequence[NewMember], *, at: datetime) -> None:
    """Write them whole. An identifier that exists breaks a unique constraint: ask `must_be_free` before.

    Of whoever was erased earlier and comes back, that is remembered.
    """
    with store.together():
        store.insert(_MEMBERS, program_id, [_member_row(new) for new in members])
        store.insert(_PROFILES, program_id, [_profile_row(new, at) for new in members])
        store.insert(
            _IDENTIFIERS,
            program_id,
            [(new_id(), new.id, kind, value, at) for new in members for kind, value in new.known_by.items()],
        )
    for new in members:
        if new.birth_date:
            told = {"birth_date": new.birth_date, "birth_told_at": at}
            Profile.objects.of(program_id).filter(member_id=new.id).update(**told)
    note_returned(program_id, {new.id: new.known_by for new in members})


_MEMBERS = Rows(
    Member,
    "id", "status", "enrolled_at", "tier", "tags", "segments", "purchases", "spent_minor", "referrals", "link",
    "inviter_id", "agent", "role",
)  # fmt: skip
_PROFILES = Rows(Profile, "member_id", "name", "search", "gender", "language", "changed_at")
_IDENTIFIERS = Rows(Identifier, "id", "member_id", "kind", "value", "created_at")


def set_referrals(program_id: UUID, counts: Mapping[UUID, int]) -> None:
    """How many each of these members has brought, for members written all at once."""
    with store.together():
        store.update(_REFERRALS, program_id, sorted(counts.items()))


_REFERRALS = Rows(Member, "id", "referrals")


def _member_row(new: NewMember) -> tuple[object, ...]:
    tags = " ".join(new.tags)
    return new.id, "active", new.enrolled_at, "", tags, "", 0, 0, 0, "", new.inviter, new.agent, new.role


def _profile_row(new: NewMember, at: datetime) -> tuple[object, ...]:
    return new.id, new.name, fold_name(new.name), new.gender, new.language, at


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
    """One of each kind: the old one goes, the new one (if any) comes. Those of his family stay."""
    Identifier.objects.of(program_id).filter(member_id=member_id, kind=kind, owner__isnull=True).delete()
    if value:
        Identifier.objects.create(program_id=program_id, member_id=member_id, kind=kind, value=value, created_at=at)


def update_profile(program_id: UUID, member_id: UUID, changed: Mapping[str, object], *, at: datetime) -> None:
    """Write the given columns of the personal data; the searched form follows the name."""
    values = dict(changed)
    if "birth_date" in values:
        mine = Profile.objects.of(program_id).filter(member_id=member_id)
        mine.exclude(birth_date=values["birth_date"]).update(birth_told_at=at)
    if "name" in values:
        values["search"] = fold_name(str(values["name"]))
    if values:
        Profile.objects.of(program_id).filter(member_id=member_id).update(**values, changed_at=at)


def must_stay_known(program_id: UUID, member_id: UUID) -> None:
    """A member nobody can recognise any more would be lost: `missing` (field)."""
    if not Identifier.objects.of(program_id).filter(member_id=member_id).exclude(kind__in=BESIDE).exists():
        raise Refusal(Code.MISSING, field="phone")
