"""What is known of live segments: who was in when they were last looked at, and telling who came and who left."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.events import EventKind, Happened, record_all
from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.segments import LIVE
from kopilka.data.ids import new_id
from kopilka.data.models.segments import SegmentDue, SegmentLook, SegmentMember
from kopilka.engine.refusal import Refusal
from kopilka.engine.rulebook import Rulebook

ROWS_AT_ONCE = 500

_STAYS = Rows(SegmentMember, "id", "member_id", "segment", "since", "next_sale", "source", "by")

MOVING = (
    EventKind.MEMBER_ENROLLED, EventKind.MEMBER_CHANGED, EventKind.MEMBER_INVITED, EventKind.PURCHASE_CONFIRMED,
    EventKind.PURCHASE_RETURNED, EventKind.TIER_CHANGED, EventKind.SEGMENT_ENTERED, EventKind.SEGMENT_LEFT,
)  # fmt: skip
"""After these a member may belong to other live segments."""


def has_live_segments(rulebook: Rulebook) -> bool:
    return any(segment.when is not None for segment in rulebook.mechanics.segments.values())


def plan_look_after(program_id: UUID, happened: Sequence[Happened]) -> None:
    """Handler of these events: their members are looked at soon, if the program has live segments."""
    try:
        rulebook = load_rulebook(program_id)[1]
    except Refusal:  # members may be enrolled before any rules are published
        return
    if has_live_segments(rulebook):
        plan_look(program_id, sorted({one.member_id for one in happened if one.member_id is not None}))


def note_members(
    program_id: UUID, now: Mapping[str, set[UUID]], member_ids: Sequence[UUID], *, told: frozenset[str], at: datetime
) -> int:
    """Write down which of these locked members are in each segment now; events for those segments that are `told`.

    How many came or left.
    """
    noted = _noted(program_id, now, member_ids)
    happened: list[Happened] = []
    fresh: list[tuple[object, ...]] = []
    over: list[UUID] = []
    for segment, inside in now.items():
        rows = noted.get(segment, {})
        for member_id in sorted(inside - rows.keys()):
            row_id = new_id()
            fresh.append((row_id, member_id, segment, at, False, LIVE, ""))
            happened.append(_told(EventKind.SEGMENT_ENTERED, member_id, row_id, segment, at))
        for member_id in sorted(rows.keys() - inside):
            over.append(rows[member_id])
            happened.append(_told(EventKind.SEGMENT_LEFT, member_id, rows[member_id], segment, at))
    with store.together():
        store.insert(_STAYS, program_id, fresh)
    if over:
        SegmentMember.objects.of(program_id).filter(id__in=over).update(ended_at=at)
    tellable = [one for one, segment in zip(happened, _segments(happened), strict=True) if segment in told]
    if tellable:
        record_all(program_id, tellable)
    return len(happened)


def write_look(program_id: UUID, segment: str, fingerprint: str, *, at: datetime) -> None:
    """All members have been looked at with this condition."""
    SegmentLook.objects.of(program_id).filter(segment=segment).delete()
    SegmentLook.objects.create(program_id=program_id, segment=segment, fingerprint=fingerprint, at=at)


def forget_segment(program_id: UUID, segment: str, *, at: datetime) -> None:
    """A segment the rules no longer have, or that has no condition any more: nobody is told."""
    rows = SegmentMember.objects.of(program_id).filter(segment=segment, source=LIVE, ended_at__isnull=True)
    rows.update(ended_at=at)
    SegmentLook.objects.of(program_id).filter(segment=segment).delete()


def plan_look(program_id: UUID, member_ids: Iterable[UUID]) -> None:
    """Something changed of these members: they are to be looked at."""
    rows = [SegmentDue(program_id=program_id, member_id=member_id) for member_id in member_ids]
    SegmentDue.objects.bulk_create(rows, ignore_conflicts=True, batch_size=ROWS_AT_ONCE)


def forget_due(program_id: UUID, member_ids: Sequence[UUID]) -> None:
    """They have been looked at, under their locks."""
    SegmentDue.objects.of(program_id).filter(member_id__in=list(member_ids)).delete()


def _noted(program_id: UUID, segments: Iterable[str], member_ids: Sequence[UUID]) -> dict[str, dict[UUID, UUID]]:
    """By segment and member, the id of the open row."""
    rows = SegmentMember.objects.of(program_id).filter(
        segment__in=list(segments), member_id__in=list(member_ids), ended_at__isnull=True, source=LIVE
    )
    found: dict[str, dict[UUID, UUID]] = {}
    for row_id, segment, member_id in rows.values_list("id", "segment", "member_id"):
        found.setdefault(segment, {})[member_id] = row_id
    return found


def _segments(happened: Iterable[Happened]) -> list[str]:
    return [json.loads(one.payload)["segment"] for one in happened]


def _told(kind: EventKind, member_id: UUID, row_id: UUID, segment: str, at: datetime) -> Happened:
    return Happened(kind, member_id, row_id, at, json.dumps({"segment": segment}))
