"""Putting members into segments by hand, and taking them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.locking import lock_members
from kopilka.bookkeeping.members import find_members
from kopilka.bookkeeping.notes import Asking, keep_answer, told_before
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.segments import (
    IMPORT,
    Putting,
    end_of_stay,
    must_be_put_together,
    put_into,
    record_happened,
    take_out_of,
)
from kopilka.data.models.members import Member
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.stays import stays_of
from kopilka.queries.programs import program_by_id
from kopilka.queries.segments import StayRow, stays_of_member
from kopilka.services.profiles import clean_identifier

AT_ONCE = 200
KINDS = ("id", "phone", "card", "email", "external")


@dataclass(frozen=True, slots=True)
class StayAnswer:
    """A member's stay in a segment after the act. `is_in` False: he is not in it."""

    member_id: UUID
    segment: str
    is_in: bool
    until: datetime | None = None
    next_sale: bool = False
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class ImportAnswer:
    """`put`: now in the segment and not before; `were_in`: before too; `unknown`: what named nobody, as written."""

    put: int
    were_in: int
    unknown: tuple[str, ...]


@transaction.atomic(durable=True)
def put_member(*, program_id: UUID, member_id: UUID, putting: Putting, asking: Asking) -> StayAnswer:
    """Put a member into a segment; again: with the end and kind said now.

    `not_found` (segment, member), `invalid` for a segment that has a condition, `out_of_range` for an end gone by.
    """
    asking.by.must(Capability.ENROL)
    enter_program(program_id)
    member = lock_members(program_id, [member_id])[member_id]
    done = told_before(program_id, asking, "segment", StayAnswer)
    if done is not None:
        return replace(done, replayed=True)
    putting = _checked(program_id, replace(putting, by=asking.by.name), asking.at)
    _, happened = put_into(program_id, member_id, stays_of(member.segments), putting, at=asking.at)
    record_happened(program_id, happened)
    answer = StayAnswer(member_id, putting.segment, is_in=True, until=putting.until, next_sale=putting.next_sale)
    after = {"segment": putting.segment, "until": putting.until, "next_sale": putting.next_sale}
    record_audit(
        program_id, "segment_put_into", member_id, by=asking.by, at=asking.at, after=after, request_id=asking.request_id
    )
    keep_answer(program_id, asking, "segment", answer, member_id=member_id, subject_id=member_id)
    return answer


@transaction.atomic(durable=True)
def take_member_out(*, program_id: UUID, member_id: UUID, segment: str, asking: Asking) -> StayAnswer:
    """Take a member out of a segment; nothing happens where he is not in it."""
    asking.by.must(Capability.ENROL)
    enter_program(program_id)
    member = lock_members(program_id, [member_id])[member_id]
    done = told_before(program_id, asking, "segment", StayAnswer)
    if done is not None:
        return replace(done, replayed=True)
    must_be_put_together(load_rulebook(program_id)[1], segment)
    _, happened = take_out_of(program_id, member_id, stays_of(member.segments), [segment], at=asking.at)
    record_happened(program_id, happened)
    answer = StayAnswer(member_id, segment, is_in=False)
    if happened:
        record_audit(
            program_id, "segment_taken_out_of", member_id, by=asking.by, at=asking.at,
            before={"segment": segment}, request_id=asking.request_id,
        )  # fmt: skip
    keep_answer(program_id, asking, "segment", answer, member_id=member_id, subject_id=member_id)
    return answer


def import_members(
    *, program_id: UUID, putting: Putting, named: Iterable[str], kind: str, by: Actor, at: datetime
) -> ImportAnswer:
    """Put those whom a file names (by id, phone, card, email or external id) into a segment, portion by portion.

    May be killed and repeated: who is in it stays so.
    """
    by.must(Capability.ENROL)
    if kind not in KINDS:
        raise Refusal(Code.INVALID, field="kind", reason="unknown_value")
    putting = replace(putting, source=IMPORT, by=by.name)
    put = were_in = 0
    unknown: list[str] = []
    texts = iter(named)
    while portion := list(islice(texts, AT_ONCE)):
        found, missing = _named_members(program_id, kind, portion)
        entered = _put_portion(program_id, sorted(set(found)), putting, at)
        put += entered
        were_in += len(set(found)) - entered
        unknown += missing
    return ImportAnswer(put, were_in, tuple(unknown))


def segments_of_member(*, program_id: UUID, member_id: UUID, by: Actor, at: datetime) -> list[StayRow]:
    """The segments a member is in; live ones as last looked at."""
    by.must(Capability.READ)
    return stays_of_member(program_id, member_id, at=at)


def _checked(program_id: UUID, putting: Putting, at: datetime) -> Putting:
    rulebook = load_rulebook(program_id)[1]
    must_be_put_together(rulebook, putting.segment)
    if putting.until is not None and putting.until <= at:
        raise Refusal(Code.OUT_OF_RANGE, field="until", minimum=at.isoformat(), maximum="")
    return replace(putting, until=end_of_stay(rulebook, putting, at))


@transaction.atomic(durable=True)
def _put_portion(program_id: UUID, member_ids: Sequence[UUID], putting: Putting, at: datetime) -> int:
    enter_program(program_id)
    members = lock_members(program_id, member_ids)
    putting = _checked(program_id, putting, at)
    entered = 0
    for member_id, member in members.items():
        _, happened = put_into(program_id, member_id, stays_of(member.segments), putting, at=at)
        record_happened(program_id, happened)
        entered += bool(happened)
    return entered


@transaction.atomic(durable=True)
def _named_members(program_id: UUID, kind: str, texts: Sequence[str]) -> tuple[list[UUID], list[str]]:
    """Who is named, and the texts that name nobody."""
    program = program_by_id(program_id)
    enter_program(program_id)
    normal: dict[str, str] = {}
    for text in texts:
        try:
            normal[text] = str(UUID(text)) if kind == "id" else clean_identifier(program, kind, text)
        except (Refusal, ValueError):
            continue
    if kind == "id":
        known = {str(one): one for one in _existing(program_id, [UUID(value) for value in normal.values()])}
    else:
        known = find_members(program_id, kind, normal.values())
    found = [known[value] for value in normal.values() if value in known]
    return found, [text for text in texts if normal.get(text) not in known]


def _existing(program_id: UUID, ids: Sequence[UUID]) -> list[UUID]:
    return list(Member.objects.of(program_id).filter(id__in=ids).values_list("id", flat=True))
