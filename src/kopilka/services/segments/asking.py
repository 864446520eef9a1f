"""Counting and listing the members of whom a condition holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.rulebooks import as_params, load_rulebook_version
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.conditions import Condition
from kopilka.engine.document.asking import read_member_condition
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.member_conditions.moment import Moment
from kopilka.queries.programs import program_by_id
from kopilka.queries.scope import reading
from kopilka.queries.segments import (
    MemberPage,
    MemberRow,
    count_members,
    count_segment,
    every_member,
    list_members,
    list_segment,
)


def count_where(*, program_id: UUID, when: object, by: Actor, at: datetime) -> int:
    """How many members fulfil a condition (as in the document; None: everybody). `rulebook_invalid` (problems)."""
    by.must(Capability.READ)
    moment = moment_of(program_id, at)
    return count_members(moment, read_condition(moment, when))


def list_where(
    *, program_id: UUID, when: object, by: Actor, at: datetime, after: UUID | None = None, limit: int = 50
) -> MemberPage:
    """Those members, a page at a time."""
    by.must(Capability.READ)
    moment = moment_of(program_id, at)
    return list_members(moment, read_condition(moment, when), after=after, limit=limit)


def export_where(*, program_id: UUID, when: object, by: Actor, at: datetime) -> Iterator[MemberRow]:
    """All of them, one after another; read in portions."""
    by.must(Capability.READ)
    moment = moment_of(program_id, at)
    return every_member(moment, read_condition(moment, when))


def read_segment(
    *, program_id: UUID, segment: str, by: Actor, at: datetime, after: UUID | None = None, limit: int = 50
) -> MemberPage:
    """The members of a segment now, a page at a time; `not_found`."""
    by.must(Capability.READ)
    moment = moment_of(program_id, at)
    _must_exist(moment, segment)
    return list_segment(moment, segment, after=after, limit=limit)


def size_of_segments(*, program_id: UUID, by: Actor, at: datetime) -> dict[str, int]:
    """How many members each segment of the rulebook has now."""
    by.must(Capability.READ)
    moment = moment_of(program_id, at)
    return {code: count_segment(moment, code) for code in moment.rulebook.mechanics.segments}


def moment_of(program_id: UUID, at: datetime) -> Moment:
    """The program's current rules; `rulebook_missing`."""
    number = program_by_id(program_id).rulebook_number
    if not number:
        raise Refusal(Code.RULEBOOK_MISSING)
    with reading(program_id):
        return Moment(program_id, load_rulebook_version(program_id, number), at)


def read_condition(moment: Moment, when: object) -> Condition | None:
    """A condition as a document says it, read; None for None. `rulebook_invalid` (problems)."""
    if when is None:
        return None
    condition, problems = read_member_condition(when, moment.rulebook)
    if condition is None:
        raise Refusal(Code.RULEBOOK_INVALID, problems=[as_params(problem) for problem in problems])
    return condition


def _must_exist(moment: Moment, segment: str) -> None:
    if segment not in moment.rulebook.mechanics.segments:
        raise Refusal(Code.NOT_FOUND, what="segment")
