"""Tiers that time changes: who is due, looked at under his lock, raised or lowered, planned again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from kopilka.bookkeeping.loading import Known, load_several
from kopilka.bookkeeping.locking import lock_members
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.tier_histories import read_since
from kopilka.bookkeeping.tier_rows import TierChanged, TierTerm, TierWhy, write_tier_changes, write_tiers
from kopilka.data.ids import new_id
from kopilka.data.models.members import Member
from kopilka.data.models.tiers import TierLook
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.segments import segments_at
from kopilka.engine.standing import Standing
from kopilka.engine.tiering.ready import Ready, ready_of
from kopilka.engine.tiering.reviewing import after_change, review
from kopilka.engine.tiers import tier_now

NOBODY = UUID(int=0)


def due_members(program_id: UUID, *, at: datetime, limit: int) -> list[UUID]:
    """Whose tier is to be looked at by now, the longest due first. Nothing is locked."""
    rows = Member.objects.of(program_id).filter(tier_review_at__lte=at).order_by("tier_review_at", "id")
    return list(rows.values_list("id", flat=True)[:limit])


def review_members(program_id: UUID, member_ids: Sequence[UUID], *, at: datetime) -> list[TierChanged]:
    """Look at these members at the moments that were planned, however late it is; what changed, to be told.

    Inside a transaction that entered the program; the members are locked first, and who is not due any more is left.
    """
    known = load_several(program_id, member_ids)
    due = _still_due(program_id, list(known), at)
    rulebook = load_rulebook(program_id)[1]
    ready = ready_of(rulebook)
    standings = {member_id: known[member_id].standing for member_id in due}
    since = {member_id: ready.looks_back_to(moment) for member_id, moment in due.items()}
    read_since(program_id, ready, standings, since)
    changes: list[TierChanged] = []
    terms: list[TierTerm] = []
    moved: list[Standing] = []
    for member_id, moment in sorted(due.items()):
        change, term = _look(rulebook, ready, known[member_id], moment, at)
        terms.append(term)
        if change is not None:
            changes.append(change)
            moved.append(known[member_id].standing)
    write_tiers(program_id, moved)
    write_tier_changes(program_id, changes, terms)
    return changes


def _look(
    rulebook: Rulebook, ready: Ready, known: Known, moment: datetime, at: datetime
) -> tuple[TierChanged | None, TierTerm]:
    standing = known.standing
    assert standing.member_id is not None, "only members have tiers"
    standing.segments = segments_at(rulebook, standing, moment)
    before, since = tier_now(rulebook, standing), standing.tier_since
    verdict = review(rulebook, standing, before, moment)
    then = after_change(standing, ready, before, verdict.tier, moment)
    standing.tier, standing.tier_since = then.tier, then.tier_since
    until = None if verdict.hold_over else standing.tier_until
    term = TierTerm(standing.member_id, until, then.tier_lowered_at, verdict.next_at)
    if verdict.tier == before:
        return None, term
    change = TierChanged(standing.member_id, before, verdict.tier, moment, at, TierWhy.REVIEW, since)
    return change, term


def _still_due(program_id: UUID, member_ids: list[UUID], at: datetime) -> dict[UUID, datetime]:
    rows = Member.objects.of(program_id).filter(id__in=member_ids, tier_review_at__lte=at)
    return dict(rows.values_list("id", "tier_review_at"))


def plan_after_new_rules(program_id: UUID, *, at: datetime, limit: int) -> int:
    """Once the conditions of tiers have changed, members on tiers that can be lost are to be looked at: some of them.

    How many were planned; 0 when nothing is left to plan. Inside a transaction that entered the program.
    """
    ready = ready_of(load_rulebook(program_id)[1])
    look = TierLook.objects.of(program_id).first()
    kept = [rung.code for rung in ready.rungs if rung.said.keep is not None and rung.rank]
    if look is None and not kept:
        return 0
    if look is None:
        look = TierLook(id=new_id(), program_id=program_id, fingerprint="", at=at)
    if look.fingerprint == ready.fingerprint and look.position is None:
        return 0
    start = NOBODY if look.fingerprint != ready.fingerprint or look.position is None else look.position
    rows = Member.objects.of(program_id).filter(id__gt=start, tier__in=kept).order_by("id")
    ids = list(rows.values_list("id", flat=True)[:limit]) if kept else []
    if ids:
        lock_members(program_id, ids)
        unplanned = Q(tier_review_at__isnull=True) | Q(tier_review_at__gt=at)
        Member.objects.of(program_id).filter(unplanned, id__in=ids).update(tier_review_at=at)
    look.fingerprint, look.position, look.at = ready.fingerprint, ids[-1] if ids else None, at
    look.save()
    return len(ids)
