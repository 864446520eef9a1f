"""Browsers in which a member has opened his card, and one-time links that open a card just enrolled.

Whoever holds the token of a session is the member at his card; it is stored as a SHA-256 only.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.locking import lock_members
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.sharing.inviting import note_device
from kopilka.data.ids import new_id
from kopilka.data.models.card import CardLink, MemberSession
from kopilka.data.models.members import Identifier, Member
from kopilka.data.prepared import Hole, Prepared
from kopilka.engine.actor import MEMBER, Actor, ActorKind, Capability
from kopilka.engine.consents import Given, Witness
from kopilka.engine.contacts import clean_text
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading
from kopilka.services.consents import add_consents

LIFE = timedelta(days=180)
SEEN_EVERY = timedelta(hours=1)
"""A session is prolonged when it was last seen longer ago than this, so that looking costs no writing."""
SESSIONS_MAX = 20
LINK_LIFE = timedelta(minutes=10)
LINK_AFTER_ENROLMENT = timedelta(minutes=30)
"""A link is made only for a member enrolled within this time: nobody at a counter opens an older card."""
LIVE_NUMBER_BITS = 63
LABEL_LENGTH_MAX = 200
KNOWN, IN_FAMILY = frozenset({"active", "blocked"}), "in_family"
"""Statuses of members who may look at their own card, and of those who look at the head's of their family."""

_BY_TOKEN = Prepared(
    lambda: (
        MemberSession.objects.of(Hole("program_id"))
        .filter(token_hash=Hole("token_hash"), ended_at=None, expires_at__gt=Hole("at"))
        .values_list("id", "live_number", "seen_at", "member_id", "member__status")[:1]
    )
)


@dataclass(frozen=True, slots=True)
class Session:
    """`token` is told to the browser once and stored nowhere."""

    id: UUID
    member_id: UUID
    token: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class MemberAtCard:
    """A member looking at his card in one browser; `live_number` names the browser in its rotating codes."""

    member_id: UUID
    session_id: UUID
    live_number: int
    actor: Actor


@dataclass(frozen=True, slots=True)
class SessionView:
    """A browser as its owner is shown it. `came_by`: code, link, enrol."""

    id: UUID
    label: str
    came_by: str
    created_at: datetime
    seen_at: datetime


@transaction.atomic(durable=True)
def start_session(
    *, program_id: UUID, member_id: UUID, label: str, came_by: str, device: str = "", at: datetime
) -> Session:
    """Let a browser in as this member, who has just proved himself; the eldest of too many browsers goes.

    `device`: the id of his telephone or browser, by which he is known when somebody enrols as his own friend.
    """
    enter_program(program_id)
    made = _start(program_id, member_id, label, came_by, at)
    if device:
        note_device(program_id, member_id, device, at=at)
    return made


def member_by_token(*, program_id: UUID, token: str, at: datetime) -> MemberAtCard | None:
    """Who looks at his card with this token; None when nobody may. Prolongs the session now and then."""
    if not token:
        return None
    with reading(program_id):
        row = _BY_TOKEN.first(program_id=program_id, token_hash=_hash(token), at=at)
        if row is None:
            return None
        session_id, live_number, seen_at, owner, status = row
        member_id = _living(program_id, owner, status)
    if member_id is None:
        return None
    if at - seen_at >= SEEN_EVERY:
        _prolong(program_id, session_id, at)
    actor = Actor(ActorKind.MEMBER, member_id, "member", MEMBER)
    return MemberAtCard(member_id, session_id, live_number, actor)


@transaction.atomic(durable=True)
def end_session(*, program_id: UUID, member_id: UUID, session_id: UUID, at: datetime) -> None:
    """The browser is out: its token opens nothing and its rotating codes are no longer good. `not_found`."""
    enter_program(program_id)
    mine = MemberSession.objects.of(program_id).filter(id=session_id, member_id__in=_of_account(program_id, member_id))
    if not mine.filter(ended_at=None).update(ended_at=at) and not mine.exists():
        raise Refusal(Code.NOT_FOUND, what="session")


@transaction.atomic(durable=True)
def end_other_sessions(*, program_id: UUID, member_id: UUID, but: UUID | None, at: datetime) -> int:
    """All browsers of the member but this one are out; how many were."""
    enter_program(program_id)
    mine = MemberSession.objects.of(program_id).filter(member_id__in=_of_account(program_id, member_id), ended_at=None)
    return mine.exclude(id=but).update(ended_at=at)


def list_sessions(*, program_id: UUID, member_id: UUID, at: datetime) -> list[SessionView]:
    """Browsers in which the card is open, the last seen first."""
    with reading(program_id):
        rows = MemberSession.objects.of(program_id).filter(
            member_id__in=_of_account(program_id, member_id), ended_at=None, expires_at__gt=at
        )
        return [
            SessionView(row.id, row.label, row.came_by, row.created_at, row.seen_at)
            for row in rows.order_by("-seen_at", "-id")[:SESSIONS_MAX]
        ]


@transaction.atomic(durable=True)
def make_card_link(*, program_id: UUID, member_id: UUID, by: Actor, at: datetime) -> str:
    """The token of a link that opens the card of a member just enrolled, once; earlier links of his end.

    `code_expired` for anybody who enrolled longer ago: he proves himself by a code sent to him.
    """
    by.must(Capability.ENROL)
    enter_program(program_id)
    enrolled = Member.objects.of(program_id).filter(id=member_id).values_list("enrolled_at", flat=True).first()
    if enrolled is None:
        raise Refusal(Code.NOT_FOUND, what="member")
    if at - enrolled > LINK_AFTER_ENROLMENT:
        raise Refusal(Code.CODE_EXPIRED)
    token = secrets.token_urlsafe(32)
    CardLink.objects.of(program_id).filter(member_id=member_id, used_at=None).update(used_at=at)
    CardLink.objects.create(
        id=new_id(), program_id=program_id, member_id=member_id, token_hash=_hash(token), created_at=at,
        expires_at=at + LINK_LIFE,
    )  # fmt: skip
    return token


def member_of_link(*, program_id: UUID, token: str, at: datetime) -> UUID:
    """Whose card a link opens; looking uses nothing up. `code_expired` as `open_card_link` says it."""
    with reading(program_id):
        return _link_of(program_id, token, at).member_id


@transaction.atomic(durable=True)
def open_card_link(
    *, program_id: UUID, token: str, label: str, consents: Sequence[Given] = (), evidence: str = "", at: datetime
) -> Session:
    """A session of the member the link was made for, and what he agreed to before it opened, both or neither.

    `code_expired` when the link is used, too old or none of ours; `invalid` (consents).
    """
    enter_program(program_id)
    link = _link_of(program_id, token, at)
    lock_members(program_id, [link.member_id])
    if not CardLink.objects.of(program_id).filter(id=link.id, used_at=None).update(used_at=at):
        raise Refusal(Code.CODE_EXPIRED)
    add_consents(program_id, link.member_id, consents, witness=Witness("card", evidence), at=at)
    return _start(program_id, link.member_id, label, "link", at)


def _link_of(program_id: UUID, token: str, at: datetime) -> CardLink:
    links = CardLink.objects.of(program_id).filter(token_hash=_hash(token), used_at=None, expires_at__gt=at)
    link: CardLink | None = links.first()
    if link is None:
        raise Refusal(Code.CODE_EXPIRED)
    return link


def _start(program_id: UUID, member_id: UUID, label: str, came_by: str, at: datetime) -> Session:
    status = Member.objects.of(program_id).filter(id=member_id).values_list("status", flat=True).first()
    if _living(program_id, member_id, status) is None:
        raise Refusal(Code.NOT_FOUND, what="member")
    _make_room(program_id, member_id, at)
    token = secrets.token_urlsafe(32)
    made = MemberSession.objects.create(
        id=new_id(), program_id=program_id, member_id=member_id, token_hash=_hash(token),
        live_number=secrets.randbits(LIVE_NUMBER_BITS), label=_label(label), came_by=came_by, created_at=at, seen_at=at,
        expires_at=at + LIFE,
    )  # fmt: skip
    return Session(made.id, member_id, token, made.expires_at)


def _make_room(program_id: UUID, member_id: UUID, at: datetime) -> None:
    mine = MemberSession.objects.of(program_id).filter(member_id=member_id, ended_at=None)
    too_many = list(mine.order_by("-seen_at", "-id").values_list("id", flat=True)[SESSIONS_MAX - 1 :])
    MemberSession.objects.of(program_id).filter(id__in=too_many).update(ended_at=at)


@transaction.atomic(durable=True)
def _prolong(program_id: UUID, session_id: UUID, at: datetime) -> None:
    enter_program(program_id)
    rows = MemberSession.objects.of(program_id).filter(id=session_id, ended_at=None)
    rows.update(seen_at=at, expires_at=at + LIFE)


def _living(program_id: UUID, member_id: UUID, status: str | None) -> UUID | None:
    """Whose card he sees: his own, or that of the head of his family; None for one who may not look."""
    if status == IN_FAMILY:
        head: UUID | None = (
            Identifier.objects.of(program_id).filter(owner_id=member_id).values_list("member_id", flat=True).first()
        )
        return head
    return member_id if status in KNOWN else None


def _of_account(program_id: UUID, member_id: UUID) -> list[UUID]:
    """Everybody who sees this card: the member, and those who joined his family."""
    owned = Identifier.objects.of(program_id).filter(member_id=member_id, owner__isnull=False)
    return [member_id, *owned.values_list("owner_id", flat=True)]


def _label(text: str) -> str:
    """What the browser said of itself, as far as it can be shown."""
    shown = "".join(letter for letter in text if letter.isprintable())[: LABEL_LENGTH_MAX * 2]
    return clean_text(shown[:LABEL_LENGTH_MAX], field="label", length_max=LABEL_LENGTH_MAX)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
