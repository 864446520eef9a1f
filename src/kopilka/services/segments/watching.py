"""Noticing who came into a segment and who left it: after something happened to a member, and once a day for all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.locking import lock_members
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.segment_looks import forget_due, forget_segment, note_members, write_look
from kopilka.bookkeeping.segments import record_happened, take_out_of
from kopilka.engine.segments import live_fingerprints
from kopilka.engine.stays import stays_of
from kopilka.queries.member_conditions.moment import Moment
from kopilka.queries.programs import program_by_id
from kopilka.queries.segments import (
    coming_and_leaving,
    due_members,
    live_of_members,
    looks,
    members_with_ended_stays,
    next_members,
)
from kopilka.services.segments.asking import moment_of

AT_ONCE = 200
AT_ONCE_SILENTLY = 2_000

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Watched:
    """`ended`: members whose stays were over; `moved`: how many came into live segments or left them."""

    ended: int
    moved: int


def watch_segments(*, program_id: UUID, at: datetime, progress: Progress | None = None) -> Watched:
    """End the stays that are over, look at the members of whom something changed, and once a day at all."""
    if not program_by_id(program_id).rulebook_number:
        return Watched(0, 0)
    ended = moved = 0
    while members := members_with_ended_stays(program_id, at=at, limit=AT_ONCE):
        _end_stays(program_id, members, at)
        ended += len(members)
        _say(progress, len(members))
    moment = moment_of(program_id, at)
    while members := due_members(program_id, AT_ONCE):
        moved += _look_at(moment, members)
        _say(progress, len(members))
    return Watched(ended, moved + _look_at_all(moment, progress))


@transaction.atomic(durable=True)
def _end_stays(program_id: UUID, member_ids: Sequence[UUID], at: datetime) -> None:
    enter_program(program_id)
    for member_id, member in lock_members(program_id, member_ids).items():
        stays = stays_of(member.segments)
        over = [stay.segment for stay in stays if not stay.holds(at)]
        _, happened = take_out_of(program_id, member_id, stays, over, at=at)
        record_happened(program_id, happened)


@transaction.atomic(durable=True)
def _look_at(moment: Moment, member_ids: Sequence[UUID]) -> int:
    """All live segments of some members, under their locks; segments not yet looked at for all are noted silently."""
    enter_program(moment.program_id)
    lock_members(moment.program_id, member_ids)
    prints, known = live_fingerprints(moment.rulebook), looks(moment.program_id)
    told = frozenset(code for code, fingerprint in prints.items() if known.get(code, ("",))[0] == fingerprint)
    now = live_of_members(moment, prints, member_ids)
    moved = note_members(moment.program_id, now, member_ids, told=told, at=moment.at)
    forget_due(moment.program_id, member_ids)
    return moved


def _look_at_all(moment: Moment, progress: Progress | None) -> int:
    """Segments that nobody has looked at today by the program's calendar, or since their condition changed."""
    moved = 0
    prints, known = live_fingerprints(moment.rulebook), looks(moment.program_id)
    for segment in known.keys() - prints.keys():
        _forget(moment, segment)
    for segment, fingerprint in prints.items():
        before, last = known.get(segment, ("", None))
        is_first = before != fingerprint
        if is_first or last is None or last.astimezone(moment.rulebook.zone).date() < moment.today:
            moved += _look_at_segment(moment, segment, is_first=is_first, progress=progress)
            _write_look(moment, segment, fingerprint)
    return moved


def _look_at_segment(moment: Moment, segment: str, *, is_first: bool, progress: Progress | None) -> int:
    """The first look goes through all members in portions: to ask again and again who is left would take far longer."""
    told = frozenset() if is_first else frozenset({segment})
    moved, after = 0, None

    def following() -> Sequence[UUID]:
        if is_first:
            return next_members(moment.program_id, after=after, limit=AT_ONCE_SILENTLY)
        return coming_and_leaving(moment, segment, after=after, limit=AT_ONCE)

    while members := following():
        moved += _look_at_one(moment, segment, members, told)
        after = members[-1]
        _say(progress, len(members))
    return moved


@transaction.atomic(durable=True)
def _look_at_one(moment: Moment, segment: str, member_ids: Sequence[UUID], told: frozenset[str]) -> int:
    enter_program(moment.program_id)
    lock_members(moment.program_id, member_ids)
    now = live_of_members(moment, [segment], member_ids)
    return note_members(moment.program_id, now, member_ids, told=told, at=moment.at)


@transaction.atomic(durable=True)
def _write_look(moment: Moment, segment: str, fingerprint: str) -> None:
    enter_program(moment.program_id)
    write_look(moment.program_id, segment, fingerprint, at=moment.at)


@transaction.atomic(durable=True)
def _forget(moment: Moment, segment: str) -> None:
    enter_program(moment.program_id)
    forget_segment(moment.program_id, segment, at=moment.at)


def _say(progress: Progress | None, count: int) -> None:
    if progress:
        progress(count)
