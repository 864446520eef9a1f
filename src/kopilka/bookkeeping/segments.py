"""Members put into segments and taken out: the stays, the text of their row that repeats them, and what is told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.events import EventKind, Happened, record_all
from kopilka.data.ids import new_id
from kopilka.data.models.members import Member
from kopilka.data.models.segments import SegmentMember
from kopilka.data.scope import ProgramScoped
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.stays import Stay, text_of

HAND, LINK, IMPORT, RULE, LIVE = "hand", "link", "import", "rule", "live"
"""How a member came into a segment; LIVE: by its condition, as last looked at."""


@dataclass(frozen=True, slots=True)
class Putting:
    """Into which segment, until when (None: no end), for the next sale only or not; how, and by whom."""

    segment: str
    until: datetime | None = None
    next_sale: bool = False
    source: str = HAND
    by: str = ""


def must_be_put_together(rulebook: Rulebook, segment: str) -> None:
    """`not_found` for a segment the rules do not have, `invalid` for one that has a condition."""
    said = rulebook.mechanics.segments.get(segment)
    if said is None:
        raise Refusal(Code.NOT_FOUND, what="segment")
    if said.when is not None:
        raise Refusal(Code.INVALID, field="segment", reason="has_a_condition")


def end_of_stay(rulebook: Rulebook, putting: Putting, at: datetime) -> datetime | None:
    """The end that was said, else by the life that the segment gives its stays."""
    if putting.until is not None:
        return putting.until
    life = rulebook.mechanics.segments[putting.segment].life
    return None if life.is_empty else life.after(at, rulebook.zone)


def put_into(
    program_id: UUID, member_id: UUID, stays: Iterable[Stay], putting: Putting, *, at: datetime
) -> tuple[tuple[Stay, ...], list[Happened]]:
    """Put a locked member into a segment; his stays afterwards, and the event when he was not in it before.

    Who is in it already stays so, with the end and the kind of stay said now.
    """
    held = {stay.segment: stay for stay in stays}
    stay = Stay(putting.segment, putting.until, putting.next_sale)
    before = held.get(putting.segment)
    happened: list[Happened] = []
    if before is not None and before.holds(at):
        _open_stays(program_id, member_id, [putting.segment]).update(until=stay.until, next_sale=stay.next_sale)
    else:
        if before is not None:
            happened += _close(program_id, member_id, [before], at)
        happened.append(_enter(program_id, member_id, putting, at))
    held[putting.segment] = stay
    return _write(program_id, member_id, held.values()), happened


def take_out_of(
    program_id: UUID, member_id: UUID, stays: Iterable[Stay], segments: Iterable[str], *, at: datetime,
    purchase_id: UUID | None = None,
) -> tuple[tuple[Stay, ...], list[Happened]]:  # fmt: skip
    """End a locked member's stays in these segments; his stays afterwards, and the events of those that were not over.

    `purchase_id`: the sale that used them up.
    """
    named, stays = frozenset(segments), tuple(stays)
    ended = [stay for stay in stays if stay.segment in named]
    if not ended:
        return stays, []
    happened = _close(program_id, member_id, ended, at, purchase_id)
    return _write(program_id, member_id, (stay for stay in stays if stay.segment not in named)), happened


def bring_back(program_id: UUID, member_id: UUID, stays: Iterable[Stay], purchase_id: UUID, *, at: datetime) -> tuple[
    tuple[Stay, ...], list[Happened]
]:  # fmt: skip
    """A sale that used stays up was called off: they are as before, but where he was put into the segment again."""
    held = {stay.segment: stay for stay in stays}
    happened: list[Happened] = []
    for row in SegmentMember.objects.of(program_id).filter(member_id=member_id, purchase_id=purchase_id):
        if row.segment not in held:
            held[row.segment] = Stay(row.segment, row.until, row.next_sale)
            SegmentMember.objects.of(program_id).filter(id=row.id).update(ended_at=None, purchase_id=None)
            happened.append(_told(EventKind.SEGMENT_ENTERED, member_id, row.id, row.segment, at))
    return (_write(program_id, member_id, held.values()) if happened else tuple(held.values())), happened


def record_happened(program_id: UUID, happened: list[Happened]) -> None:
    if happened:
        record_all(program_id, happened)


def _open_stays(program_id: UUID, member_id: UUID, segments: Iterable[str]) -> ProgramScoped:
    rows = SegmentMember.objects.of(program_id).filter(member_id=member_id, ended_at__isnull=True)
    return rows.filter(segment__in=list(segments)).exclude(source=LIVE)


def _enter(program_id: UUID, member_id: UUID, putting: Putting, at: datetime) -> Happened:
    row = SegmentMember.objects.create(
        id=new_id(), program_id=program_id, member_id=member_id, segment=putting.segment, since=at,
        until=putting.until, next_sale=putting.next_sale, source=putting.source, by=putting.by,
    )  # fmt: skip
    return _told(EventKind.SEGMENT_ENTERED, member_id, row.id, putting.segment, at)


def _close(
    program_id: UUID, member_id: UUID, ended: list[Stay], at: datetime, purchase_id: UUID | None = None
) -> list[Happened]:
    """Write the end of these stays: the one known beforehand where it has passed."""
    by_segment = {stay.segment: stay for stay in ended}
    rows = list(_open_stays(program_id, member_id, by_segment).values_list("id", "segment"))
    happened: list[Happened] = []
    for row_id, segment in rows:
        until = by_segment[segment].until
        end = until if until is not None and until <= at else at
        SegmentMember.objects.of(program_id).filter(id=row_id).update(ended_at=end, purchase_id=purchase_id)
        happened.append(_told(EventKind.SEGMENT_LEFT, member_id, row_id, segment, at))
    return happened


def _write(program_id: UUID, member_id: UUID, stays: Iterable[Stay]) -> tuple[Stay, ...]:
    kept = tuple(stays)
    Member.objects.of(program_id).filter(id=member_id).update(segments=text_of(kept))
    return kept


def _told(kind: EventKind, member_id: UUID, row_id: UUID, segment: str, at: datetime) -> Happened:
    return Happened(kind, member_id, row_id, at, json.dumps({"segment": segment}))
