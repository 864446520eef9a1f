"""Everything that is known of a member, for himself to take along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.answers import Answer, answers_of
from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.scope import enter_program
from kopilka.engine.actor import Actor, ActorKind, Capability
from kopilka.queries.chats import MessageView, messages_of
from kopilka.queries.coupons import codes_for_office
from kopilka.queries.entries import statement_of_member
from kopilka.queries.friends import friends_of
from kopilka.queries.gifts import claims_of_member
from kopilka.queries.members import member_for_door
from kopilka.queries.purchases import list_purchases
from kopilka.queries.scope import reading
from kopilka.queries.wallets import wallets_of_member
from kopilka.services.consents import ConsentView, consent_history
from kopilka.services.member_sessions import list_sessions

PAGE = 200
ROWS_MAX = 50_000


@dataclass(frozen=True, slots=True)
class Who:
    """Personal data and where he came from; empty texts are unknown."""

    name: str
    phone: str
    email: str
    card: str
    external: str
    birth_date: date | None
    gender: str
    language: str
    enrolled_at: datetime
    tier: str
    tags: tuple[str, ...]
    segments: tuple[str, ...]
    purchases: int
    spent_minor: int
    friends: int


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase; money in minor units, `returned_minor` paid back."""

    at: datetime
    receipt: str
    branch: str
    state: str
    paid_minor: int
    returned_minor: int


@dataclass(frozen=True, slots=True)
class Moved:
    """One movement of points, in the smallest unit of its currency."""

    at: datetime
    kind: str
    account: str
    currency: str
    units: int


@dataclass(frozen=True, slots=True)
class Had:
    """A gift or a coupon of his."""

    name: str
    state: str
    at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Balance:
    currency: str
    available: int
    pending: int
    held: int
    debt: int


@dataclass(frozen=True, slots=True)
class MemberFile:
    """Sections in the order a person would read them. Lists are cut at ROWS_MAX."""

    program: str
    made_at: datetime
    who: Who
    answers: dict[str, list[Answer]]
    balances: list[Balance]
    purchases: list[Bought]
    points: list[Moved]
    gifts: list[Had]
    coupons: list[Had]
    consents: list[ConsentView]
    messages: list[MessageView]
    devices: list[str]


def export_member(*, program_id: UUID, program: str, member_id: UUID, by: Actor, at: datetime) -> MemberFile:
    """For himself, or by whoever may adjust; that it was made is written down. `not_allowed`, `not_found`."""
    if not (by.kind is ActorKind.MEMBER and by.id == member_id):
        by.must(Capability.ADJUST)
    member = member_for_door(program_id, member_id)
    who = Who(
        member.name, member.phone, member.email, member.card, member.external, member.birth_date, member.gender,
        member.language, member.enrolled_at, member.tier, member.tags, member.segments, member.purchases,
        member.spent_minor, friends_of(program_id, member_id, limit=1).came,
    )  # fmt: skip
    with reading(program_id):
        answers = answers_of(program_id, member_id)
    wallets = wallets_of_member(program_id, member_id, at=at)
    codes = codes_for_office(program_id, at=at, member_id=member_id)
    made = MemberFile(
        program, at, who, answers,
        [Balance(one.currency, one.available, one.pending, one.held, one.debt) for one in wallets],
        _purchases(program_id, member_id), _points(program_id, member_id), _gifts(program_id, member_id),
        [Had(one.coupon, one.state, one.issued_at, one.valid_until) for one in codes],
        consent_history(program_id, member_id), _messages(program_id, member_id),
        [one.label for one in list_sessions(program_id=program_id, member_id=member_id, at=at)],
    )  # fmt: skip
    _note(program_id, member_id, by, at)
    return made


@transaction.atomic(durable=True)
def _note(program_id: UUID, member_id: UUID, by: Actor, at: datetime) -> None:
    enter_program(program_id)
    record_audit(program_id, "member_exported", member_id, by=by, at=at)


def _purchases(program_id: UUID, member_id: UUID) -> list[Bought]:
    found: list[Bought] = []
    before: UUID | None = None
    while len(found) < ROWS_MAX:
        page = list_purchases(program_id, member_id=member_id, before=before, limit=PAGE)
        found += [
            Bought(row.at, row.external_id, row.branch, row.state, row.paid_minor, row.returned_minor)
            for row in page.rows
        ]
        before = page.before
        if before is None:
            break
    return found


def _points(program_id: UUID, member_id: UUID) -> list[Moved]:
    found: list[Moved] = []
    before: UUID | None = None
    while len(found) < ROWS_MAX:
        page = statement_of_member(program_id, member_id, before=before, limit=PAGE)
        found += [Moved(row.at, row.kind, row.account, row.currency, row.units) for row in page.entries]
        before = page.next_cursor
        if before is None:
            break
    return found


def _gifts(program_id: UUID, member_id: UUID) -> list[Had]:
    found: list[Had] = []
    before: UUID | None = None
    while len(found) < ROWS_MAX:
        page, before = claims_of_member(program_id, member_id, before=before, limit=PAGE)
        found += [Had(one.name or one.gift, one.state, one.chosen_at, one.until) for one in page]
        if before is None:
            break
    return found


def _messages(program_id: UUID, member_id: UUID) -> list[MessageView]:
    found: list[MessageView] = []
    before: UUID | None = None
    while len(found) < ROWS_MAX:
        page = messages_of(program_id, member_id, before=before, limit=PAGE)
        found = [*page.messages, *found]
        before = page.before
        if before is None:
            break
    return found
