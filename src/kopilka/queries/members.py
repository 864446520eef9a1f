"""Members as a till, a shop or the office sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kopilka.data.models.members import Identifier, Member, MemberCode, Profile
from kopilka.data.models.segments import SegmentMember
from kopilka.data.prepared import Hole, Prepared
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.stays import stays_of
from kopilka.queries.scope import reading

KINDS = ("phone", "card", "email", "external")
"""What a member is recognised by; one of each kind."""


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member with personal data. Money in minor units of the program's currency; empty texts are unknown."""

    id: UUID
    status: str
    enrolled_at: datetime
    name: str
    phone: str
    card: str
    email: str
    external: str
    birth_date: date | None
    gender: str
    language: str
    tags: tuple[str, ...]
    segments: tuple[str, ...]
    tier: str
    tier_since: datetime | None
    purchases: int
    spent_minor: int
    last_purchase_at: datetime | None
    inviter_id: UUID | None = None
    agent: str = ""
    referrals: int = 0


_MEMBER = Prepared(lambda: Member.objects.of(Hole("program_id")).filter(id=Hole("member_id"))[:1])
_PROFILE = Prepared(lambda: Profile.objects.of(Hole("program_id")).filter(member_id=Hole("member_id"))[:1])
_KNOWN_BY = Prepared(
    lambda: Identifier.objects.of(Hole("program_id")).filter(member_id=Hole("member_id")).values_list("kind", "value")
)
_NOTED = Prepared(
    lambda: (
        SegmentMember.objects.of(Hole("program_id"))
        .filter(member_id=Hole("member_id"), ended_at__isnull=True, source="live")
        .values_list("segment", flat=True)
    )
)
_BY_IDENTIFIER = Prepared(
    lambda: (
        Identifier.objects.of(Hole("program_id"))
        .filter(kind=Hole("kind"), value=Hole("value"))
        .values_list("member_id", flat=True)[:1]
    )
)


def member_for_door(program_id: UUID, member_id: UUID) -> MemberView:
    """`not_found` for an unknown id and for one of another program alike."""
    with reading(program_id):
        asked = {"program_id": program_id, "member_id": member_id}
        member = _MEMBER.first(**asked)
        if member is None:
            raise Refusal(Code.NOT_FOUND, what="member")
        return member_view(
            member,
            _PROFILE.first(**asked),
            dict(_KNOWN_BY.all(**asked)),
            noted_segments(program_id, member_id),
        )


def noted_segments(program_id: UUID, member_id: UUID) -> list[str]:
    """The live segments he was found in when they were last looked at."""
    return _NOTED.all(program_id=program_id, member_id=member_id)


def member_id_by(program_id: UUID, kind: str, value: str) -> UUID:
    """The member recognised by a normalised phone, card, email or external id; else `not_found`."""
    with reading(program_id):
        found: UUID | None = _BY_IDENTIFIER.first(program_id=program_id, kind=kind, value=value)
    if found is None:
        raise Refusal(Code.NOT_FOUND, what="member")
    return found


def member_id_by_code(program_id: UUID, code_hash: bytes, *, at: datetime) -> UUID:
    """The member whose live one-time code this is; `not_found` also when it is (by chance) the code of two."""
    with reading(program_id):
        live = MemberCode.objects.of(program_id).filter(
            code_hash=code_hash, used_at=None, tries_left__gt=0, expires_at__gt=at
        )
        found = set(live.values_list("member_id", flat=True))
    if len(found) != 1:
        raise Refusal(Code.NOT_FOUND, what="member")
    return found.pop()


def member_view(
    member: Member, profile: Profile | None, known_by: dict[str, str], noted: Iterable[str] = ()
) -> MemberView:
    """`noted`: live segments as last looked at."""
    return MemberView(
        id=member.id,
        status=member.status,
        enrolled_at=member.enrolled_at,
        name=profile.name if profile else "",
        phone=known_by.get("phone", ""),
        card=known_by.get("card", ""),
        email=known_by.get("email", ""),
        external=known_by.get("external", ""),
        birth_date=profile.birth_date if profile else None,
        gender=profile.gender if profile else "",
        language=profile.language if profile else "",
        tags=tuple(member.tags.split()),
        segments=tuple(sorted({*noted, *(stay.segment for stay in stays_of(member.segments))})),
        tier=member.tier,
        tier_since=member.tier_since,
        purchases=member.purchases,
        spent_minor=member.spent_minor,
        last_purchase_at=member.last_purchase_at,
        inviter_id=member.inviter_id,
        agent=member.agent,
        referrals=member.referrals,
    )
