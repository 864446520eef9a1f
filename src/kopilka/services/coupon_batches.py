"""Codes of a series made in the hundreds of thousands, and withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.coupon_guard import forget_misses
from kopilka.bookkeeping.coupon_stock import insert_codes, lock_issue, must_be_rare, new_words
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.bookkeeping.notes import Asking, keep_answer, told_before
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.coupons import CouponBatch, CouponCode
from kopilka.data.models.rulebooks import RuleUse
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.mechanics_things import Series
from kopilka.engine.refusal import Code, Refusal

AT_ONCE = 10_000
"""Codes made in one transaction: a killed issue loses none and goes on where it was."""

LIVING = ("new", "bound")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Issued:
    """A batch: `made` of `wanted` codes of a coupon stand in the books."""

    batch_id: UUID
    coupon: str
    wanted: int
    made: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """How many codes can be used no more."""

    count: int


def issue_codes(
    *,
    program_id: UUID,
    coupon: str,
    count: int | None = None,
    note: str = "",
    asking: Asking,
    progress: Progress | None = None,
) -> Issued:
    """Make `count` codes (None: all that are left of the series) as a new batch, or finish one that was begun.

    A batch of the same coupon and size that was cut off is finished before another one is begun.
    Raises `not_found` (coupon), `out_of_range` (count) past the series or when guessing would be too easy.
    """
    asking.by.must(Capability.PUBLISH)
    batch = _begin(program_id, coupon, count, note, asking)
    while batch.made < batch.wanted:
        batch = _made_some(program_id, batch.batch_id, asking.at)
        if progress:
            progress(batch.made, batch.wanted)
    return batch


@transaction.atomic(durable=True)
def _begin(program_id: UUID, coupon: str, count: int | None, note: str, asking: Asking) -> Issued:
    enter_program(program_id)
    series = _series(program_id, coupon)
    must_be_rare(series)
    issued = lock_issue(program_id, coupon)
    if told := told_before(program_id, asking, "coupons_issued", Issued):
        return _finished(program_id, told)
    left = series.count - issued.used
    wanted = left if count is None else count
    unfinished = CouponBatch.objects.of(program_id).filter(
        coupon=coupon, withdrawn_at=None, note=note, made__lt=F("wanted")
    )
    begun = unfinished.filter(wanted=count).first() if count else unfinished.first()
    if begun is None:
        if not 1 <= wanted <= left:
            raise Refusal(Code.OUT_OF_RANGE, field="count", minimum=1, maximum=left)
        RuleUse.objects.of(program_id).filter(id=issued.id).update(used=issued.used + wanted)
        begun = CouponBatch(
            id=new_id(), program_id=program_id, coupon=coupon, wanted=wanted, note=note, created_at=asking.at,
            created_by=asking.by.name,
        )  # fmt: skip
        begun.save(force_insert=True)
        record_audit(
            program_id, "coupons_issued", begun.id, by=asking.by, at=asking.at,
            after={"coupon": coupon, "count": wanted}, reason=note, request_id=asking.request_id,
        )  # fmt: skip
    told = Issued(begun.id, coupon, begun.wanted, begun.made)
    keep_answer(program_id, asking, "coupons_issued", told, member_id=None, subject_id=begun.id)
    return told


def _made_some(program_id: UUID, batch_id: UUID, at: datetime) -> Issued:
    try:
        return _make_some(program_id, batch_id, at)
    except IntegrityError:  # another series drew one of these words at this moment
        return _make_some(program_id, batch_id, at)


@transaction.atomic(durable=True)
def _make_some(program_id: UUID, batch_id: UUID, at: datetime) -> Issued:
    enter_program(program_id)
    batch = _lock_batch(program_id, batch_id)
    if batch.withdrawn_at is not None:
        raise Refusal(Code.COUPON_UNUSABLE, coupon=batch.coupon)
    words = new_words(_series(program_id, batch.coupon), min(AT_ONCE, batch.wanted - batch.made))
    batch.made += insert_codes(program_id, batch.coupon, words, at=at, batch=batch) if words else 0
    batch.save(update_fields=["made"])
    return Issued(batch.id, batch.coupon, batch.wanted, batch.made)


def withdraw_batch(*, program_id: UUID, batch_id: UUID, reason: str, asking: Asking) -> Withdrawn:
    """No code of the batch can be used any more; those used or reserved stay so. Repeated: what is left to do."""
    asking.by.must(Capability.ADJUST)
    if not reason.strip():
        raise Refusal(Code.MISSING, field="reason")
    told = _close(program_id, batch_id, reason, asking)
    if told is not None:
        return told
    count = 0
    while some := _withdraw_some(program_id, batch_id, reason, asking.at):
        count += some
    return Withdrawn(count)


@transaction.atomic(durable=True)
def _close(program_id: UUID, batch_id: UUID, reason: str, asking: Asking) -> Withdrawn | None:
    enter_program(program_id)
    batch = _lock_batch(program_id, batch_id)
    if told := told_before(program_id, asking, "coupons_withdrawn", Withdrawn):
        return told
    living = CouponCode.objects.of(program_id).filter(batch_id=batch_id, state__in=LIVING).count()
    if batch.withdrawn_at is None:
        batch.withdrawn_at, batch.reason = asking.at, reason
        batch.save(update_fields=["withdrawn_at", "reason"])
        record_audit(
            program_id, "coupons_withdrawn", batch_id, by=asking.by, at=asking.at,
            after={"coupon": batch.coupon, "count": living}, reason=reason, request_id=asking.request_id,
        )  # fmt: skip
    keep_answer(program_id, asking, "coupons_withdrawn", Withdrawn(living), member_id=None, subject_id=batch_id)
    return None


@transaction.atomic(durable=True)
def _withdraw_some(program_id: UUID, batch_id: UUID, reason: str, at: datetime) -> int:
    """Locked in the order of the words, as purchases lock them."""
    enter_program(program_id)
    rows = CouponCode.objects.of(program_id).filter(batch_id=batch_id, state__in=LIVING).order_by("word")
    if locks_are_on():
        rows = rows.select_for_update()
    ids = list(rows.values_list("id", flat=True)[:AT_ONCE])
    CouponCode.objects.of(program_id).filter(id__in=ids).update(state="withdrawn", reason=reason, changed_at=at)
    return len(ids)


@transaction.atomic(durable=True)
def expire_codes(*, program_id: UUID, at: datetime) -> int:
    """Bound codes whose time is over are told so in their rows, and misses that count no more are forgotten."""
    enter_program(program_id)
    forget_misses(program_id, at=at)
    rows = CouponCode.objects.of(program_id).filter(state="bound", valid_until__lte=at).order_by("word")
    if locks_are_on():
        rows = rows.select_for_update()
    ids = list(rows.values_list("id", flat=True)[:AT_ONCE])
    return CouponCode.objects.of(program_id).filter(id__in=ids).update(state="expired", changed_at=at)


def read_series(*, program_id: UUID, coupon: str, by: Actor) -> Series:
    by.must(Capability.READ)
    return _series(program_id, coupon)


def _series(program_id: UUID, coupon: str) -> Series:
    found = load_rulebook(program_id)[1].coupons.get(coupon)
    if found is None or found.series is None:
        raise Refusal(Code.NOT_FOUND, what="coupon")
    return found.series


def _finished(program_id: UUID, told: Issued) -> Issued:
    made = CouponBatch.objects.of(program_id).filter(id=told.batch_id).values_list("made", flat=True)[0]
    return Issued(told.batch_id, told.coupon, told.wanted, made)


def _lock_batch(program_id: UUID, batch_id: UUID) -> CouponBatch:
    rows = CouponBatch.objects.of(program_id).filter(id=batch_id)
    if locks_are_on():
        rows = rows.select_for_update()
    found: CouponBatch | None = rows.first()
    if found is None:
        raise Refusal(Code.NOT_FOUND, what="coupon_batch")
    return found
