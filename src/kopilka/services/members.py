"""Enrolling, changing and finding members."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from enum import Enum
from typing import cast
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from kopilka.bookkeeping.answers import clean_answers, write_answers
from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.birthdays import must_be_changeable
from kopilka.bookkeeping.codes import hash_code
from kopilka.bookkeeping.consents import write_consents
from kopilka.bookkeeping.events import EventKind, Happened, record
from kopilka.bookkeeping.idempotency import CREATED, DONE, Request, find_answered
from kopilka.bookkeeping.links import LinkTerms, find_link, mark_by_link, must_have_room
from kopilka.bookkeeping.locking import lock_members, reading_before_writing
from kopilka.bookkeeping.members import (
    NewMember,
    insert_members,
    must_be_free,
    must_stay_known,
    replace_identifier,
    update_profile,
)
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.segments import record_happened
from kopilka.bookkeeping.sharing.inviting import member_by_referral, must_be_another, note_device, note_invited
from kopilka.bookkeeping.sharing.people import must_be_agent, note_enrolled_by
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.data.ids import new_id
from kopilka.engine.actor import Actor, ActorKind, Capability
from kopilka.engine.consents import Witness
from kopilka.engine.ledger import Kind
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.members import MemberView, member_for_door, member_id_by, member_id_by_code
from kopilka.queries.programs import ProgramView, program_by_id
from kopilka.services.profiles import (
    IDENTIFIERS,
    MemberFacts,
    clean_fields,
    clean_identifier,
    clean_identifiers,
)

STATUSES = ("active", "blocked")
PEOPLE = (ActorKind.MEMBER, ActorKind.STAFF)
"""Who may change a birthday only now and then; another system, or whoever may adjust, corrects it at any time."""

PERSONAL = ("name", "birth_date", "gender", "language", "tags")


class Keep(Enum):
    """Says that a field of a change stays as it is."""

    KEEP = "keep"


KEEP = Keep.KEEP


@dataclass(frozen=True, slots=True)
class MemberChange:
    """What shall be different; an empty text (None for the birth date) takes a value away."""

    phone: str | Keep = KEEP
    card: str | Keep = KEEP
    email: str | Keep = KEEP
    external: str | Keep = KEEP
    name: str | Keep = KEEP
    birth_date: date | Keep | None = KEEP
    gender: str | Keep = KEEP
    language: str | Keep = KEEP
    tags: tuple[str, ...] | Keep = KEEP
    status: str | Keep = KEEP

    def given(self) -> dict[str, object]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not KEEP}


@dataclass(frozen=True, slots=True)
class MemberAnswer:
    """`replayed`: this very request was done before, and this is what it answered then."""

    member: MemberView
    replayed: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who asks, when, and the request that may be repeated."""

    program_id: UUID
    request: Request
    by: Actor
    at: datetime
    request_id: str


def enrol_member(
    *, program_id: UUID, facts: MemberFacts, request: Request, by: Actor, at: datetime, request_id: str = ""
) -> MemberAnswer:
    """A new member. `identifier_taken` when somebody is already recognised by one of the identifiers.

    By an invite link: `not_found` (link), `link_unusable`. With a friend's code: `not_found` (referral_code),
    `inviter_refused` (himself, by the device); with an agent: `not_found` (agent). `invalid` (consents).
    """
    by.must(Capability.ENROL)
    program = program_by_id(program_id)
    typed = asdict(facts)
    known_by = clean_identifiers(program, {kind: typed[kind] for kind in IDENTIFIERS if typed[kind]})
    if not known_by:
        raise Refusal(Code.MISSING, field="phone")
    personal = clean_fields(program, {name: typed[name] for name in PERSONAL}, at=at)
    new = NewMember(new_id(), at, known_by, **personal)  # type: ignore[arg-type]
    asked = _Asked(program_id, request, by, at, request_id)
    return _again_after_a_race(lambda: _enrol(asked, new, facts))


def change_member(
    *,
    program_id: UUID,
    member_id: UUID,
    change: MemberChange,
    request: Request,
    by: Actor,
    at: datetime,
    request_id: str = "",
) -> MemberAnswer:
    """Change personal data, identifiers and tags; blocking and unblocking needs the right to adjust.

    `not_found`, `identifier_taken`, `missing` (phone: nothing would be left to know him by), `birthday_fixed`.
    """
    by.must(Capability.ENROL)
    given = change.given()
    if "status" in given:
        by.must(Capability.ADJUST)
        if given["status"] not in STATUSES:
            raise Refusal(Code.INVALID, field="status", reason="unknown_value")
    program = program_by_id(program_id)
    typed = {kind: cast("str", given[kind]) for kind in IDENTIFIERS if kind in given}
    known_by = clean_identifiers(program, typed)
    personal = clean_fields(program, {name: given[name] for name in PERSONAL if name in given}, at=at)
    status = cast("str | None", given.get("status"))
    asked = _Asked(program_id, request, by, at, request_id)
    return _again_after_a_race(lambda: _change(asked, member_id, known_by, personal, status))


def find_member(*, program: ProgramView, kind: str, value: str, by: Actor, at: datetime) -> MemberView:
    """By id, phone in any usual spelling, card, email, external id or live one-time code; else `not_found`."""
    by.must(Capability.READ)
    return member_for_door(program.id, find_member_id(program, kind, value, at=at))


def find_member_id(program: ProgramView, kind: str, value: str, *, at: datetime) -> UUID:
    if kind == "code":
        return member_id_by_code(program.id, hash_code(program.id, value), at=at)
    if kind != "id":
        return member_id_by(program.id, kind, clean_identifier(program, kind, value))
    try:
        return UUID(value)
    except ValueError:
        raise Refusal(Code.NOT_FOUND, what="member") from None


def read_member(*, program_id: UUID, member_id: UUID, by: Actor) -> MemberView:
    by.must(Capability.READ)
    return member_for_door(program_id, member_id)


@transaction.atomic(durable=True)
def _enrol(asked: _Asked, new: NewMember, facts: MemberFacts) -> MemberAnswer:
    enter_program(asked.program_id)
    with reading_before_writing():
        if done := _done_before(asked):
            return done
        inviter = _lock_inviter(asked, facts) if facts.invited_by else None
        link = _open_link(asked, facts.link) if facts.link else None
        must_be_free(asked.program_id, new.known_by)
        if facts.agent:
            must_be_agent(asked.program_id, facts.agent, member_id=None)
    insert_members(asked.program_id, [replace(new, inviter=inviter, agent=facts.agent)], at=asked.at)
    if facts.device:
        note_device(asked.program_id, new.id, facts.device, at=asked.at)
    is_filled = bool(facts.answers) and _keep_answers(asked, new.id, facts)
    if facts.consents:
        witness = Witness(facts.door, facts.evidence)
        write_consents(asked.program_id, new.id, facts.consents, given=True, witness=witness, at=asked.at)
    if facts.staff:
        note_enrolled_by(asked.program_id, new.id, facts.staff, at=asked.at)
    happened = mark_by_link(asked.program_id, new.id, new.tags, link, at=asked.at) if link else []
    answer = _write_down(asked, Kind.ENROL, EventKind.MEMBER_ENROLLED, new.id, _how_he_came(facts, link, inviter))
    if inviter is not None:
        happened = [*happened, note_invited(asked.program_id, inviter, new.id, at=asked.at)]
    if is_filled:
        happened = [*happened, Happened(EventKind.PROFILE_FILLED, new.id, new.id, asked.at)]
    record_happened(asked.program_id, happened)
    return answer


def _keep_answers(asked: _Asked, member_id: UUID, facts: MemberFacts) -> bool:
    """Has his profile been filled by them?"""
    rulebook = load_rulebook(asked.program_id)[1]
    return write_answers(asked.program_id, rulebook, member_id, clean_answers(rulebook, facts.answers))


def _lock_inviter(asked: _Asked, facts: MemberFacts) -> UUID:
    """Whose code was named; who enrols has brought nobody, so no circle can close."""
    inviter = member_by_referral(asked.program_id, facts.invited_by)
    must_be_another(asked.program_id, inviter, None, facts.device)
    lock_members(asked.program_id, [inviter])
    return inviter


def _open_link(asked: _Asked, named: str) -> LinkTerms:
    """The link by its code or slug, its row locked, with room for one more."""
    terms = find_link(asked.program_id, load_rulebook(asked.program_id)[1], named, at=asked.at, lock=True)
    terms.must_be_usable(asked.at)
    must_have_room(asked.program_id, terms)
    return terms


def _how_he_came(facts: MemberFacts, link: LinkTerms | None, inviter: UUID | None) -> str:
    told = {
        "door": facts.door, "link": link.said.code if link else "", "staff": facts.staff,
        "inviter": str(inviter) if inviter else "",
    }  # fmt: skip
    named = {name: value for name, value in told.items() if value}
    return msgspec.json.encode(named).decode() if named else ""


@transaction.atomic(durable=True)
def _change(
    asked: _Asked,
    member_id: UUID,
    known_by: dict[str, str],
    personal: dict[str, object],
    status: str | None,
) -> MemberAnswer:
    enter_program(asked.program_id)
    member = lock_members(asked.program_id, [member_id])[member_id]
    if done := _done_before(asked):
        return done
    if member.status not in STATUSES:
        reason = member.status if member.status in {"in_family", "erased"} else "merged_already"
        raise Refusal(Code.INVALID, field="member", reason=reason)
    must_be_free(asked.program_id, known_by, but_for=member_id)
    if "birth_date" in personal and asked.by.kind in PEOPLE and not asked.by.may(Capability.ADJUST):
        zone = program_by_id(asked.program_id).timezone
        birth_date = cast("date | None", personal["birth_date"])
        must_be_changeable(asked.program_id, member_id, birth_date, zone=zone, at=asked.at)
    for kind, value in known_by.items():
        replace_identifier(asked.program_id, member_id, kind, value, at=asked.at)
    must_stay_known(asked.program_id, member_id)
    before = {"status": member.status, "tags": member.tags}
    member.status = status or member.status
    member.tags = " ".join(cast("tuple[str, ...]", personal.pop("tags", member.tags.split())))
    member.save(update_fields=["status", "tags"])
    update_profile(asked.program_id, member_id, personal, at=asked.at)
    after = {"status": member.status, "tags": member.tags, "fields": sorted({*known_by, *personal})}
    record_audit(
        asked.program_id, "member_changed", member_id, by=asked.by, at=asked.at,
        before=before, after=after, request_id=asked.request_id,
    )  # fmt: skip
    return _write_down(asked, Kind.CHANGE, EventKind.MEMBER_CHANGED, member_id)


def _done_before(asked: _Asked) -> MemberAnswer | None:
    """A member's request repeated with its key is answered with the member as he was then."""
    done = find_answered(asked.program_id, asked.request)
    if done is None:
        return None
    if done.answer is None or done.kind not in {Kind.ENROL, Kind.CHANGE}:
        raise Refusal(Code.KEY_REUSED, key=asked.request.key)
    return MemberAnswer(msgspec.json.decode(done.answer, type=MemberView), replayed=True)


def _write_down(asked: _Asked, kind: Kind, event: EventKind, member_id: UUID, payload: str = "") -> MemberAnswer:
    """The kept answer is personal data: whoever erases a member clears it."""
    member = member_for_door(asked.program_id, member_id)
    answer = msgspec.json.encode(member).decode() if asked.request.key else None
    status = CREATED if kind is Kind.ENROL else DONE
    written = Written(
        kind, member_id, member_id, asked.at, asked.at, asked.by,
        request=asked.request, request_id=asked.request_id, status=status, answer=answer,
    )  # fmt: skip
    write_acts(asked.program_id, [written])
    record(asked.program_id, event, member_id=member_id, subject_id=member_id, at=asked.at, payload=payload)
    return MemberAnswer(member, replayed=False)


def _again_after_a_race(act: Callable[[], MemberAnswer]) -> MemberAnswer:
    """Two at once took one key or one phone: the loser looks again and finds the answer, or the taken phone."""
    try:
        return act()
    except IntegrityError:
        return act()
