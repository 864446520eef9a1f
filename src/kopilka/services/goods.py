"""Goods that were not there: who asked for them, and telling just those when they arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.goods import WAITING, mark_arrived
from kopilka.bookkeeping.locking import lock_members
from kopilka.bookkeeping.notes import Asking, keep_answer, told_before
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.club import GoodsRequest
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.goods import NAMES, STATES, GoodsPage, GoodsRow, list_goods

AT_ONCE = 500
SKUS_MAX = 1_000
QUANTITY_MAX = 10**9


@dataclass(frozen=True, slots=True)
class Asked:
    """What a member asked for: `quantity` in thousandths; where he asked, and whom."""

    sku: str
    name: str = ""
    quantity: int = 1_000
    branch: str = ""
    staff: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class GoodsAnswer:
    request: GoodsRow
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """How many members were waiting for each article, and are now told."""

    told: dict[str, int]
    replayed: bool = False


@transaction.atomic(durable=True)
def request_goods(*, program_id: UUID, member_id: UUID, asked: Asked, asking: Asking) -> GoodsAnswer:
    """A seller writes down what a member asked for in vain. `invalid` (sku) when he waits for it already."""
    asking.by.must(Capability.ENROL)
    if not asked.sku.strip():
        raise Refusal(Code.MISSING, field="sku")
    if not 1 <= asked.quantity <= QUANTITY_MAX:
        raise Refusal(Code.OUT_OF_RANGE, field="quantity", minimum=1, maximum=QUANTITY_MAX)
    enter_program(program_id)
    lock_members(program_id, [member_id])
    done = told_before(program_id, asking, "goods_request", GoodsAnswer)
    if done is not None:
        return replace(done, replayed=True)
    waiting = GoodsRequest.objects.of(program_id).filter(member_id=member_id, sku=asked.sku, state__in=WAITING)
    if waiting.exists():
        raise Refusal(Code.INVALID, field="sku", reason="asked_already")
    row = GoodsRequest.objects.create(
        id=new_id(), program_id=program_id, member_id=member_id, sku=asked.sku, name=asked.name,
        quantity=asked.quantity, branch=asked.branch, staff=asked.staff, note=asked.note, created_at=asking.at,
    )  # fmt: skip
    answer = GoodsAnswer(_row(row))
    keep_answer(program_id, asking, "goods_request", answer, member_id=member_id, subject_id=row.id)
    return answer


@transaction.atomic(durable=True)
def withdraw_request(*, program_id: UUID, request_id: UUID, asking: Asking) -> GoodsAnswer:
    """He no longer wants it; a request that is closed already stays as it is. `not_found`."""
    asking.by.must(Capability.ENROL)
    enter_program(program_id)
    found = GoodsRequest.objects.of(program_id).filter(id=request_id)
    if not found.exists():
        raise Refusal(Code.NOT_FOUND, what="request")
    done = told_before(program_id, asking, "goods_withdrawn", str)
    changed = 0 if done else found.filter(state__in=WAITING).update(state="withdrawn", closed_at=asking.at)
    if done is None:
        keep_answer(program_id, asking, "goods_withdrawn", str(request_id), member_id=None, subject_id=request_id)
    return GoodsAnswer(_row(found.get()), replayed=not changed)


def goods_arrived(*, program_id: UUID, skus: Sequence[str], branch: str, message: str, asking: Asking) -> Arrival:
    """Articles are there again: those who asked for them, and nobody else, are told.

    `branch`: only what was asked for there (empty: everywhere). `message`: code of the message to ask for; empty when
    an automation on `goods_arrived` sends it. Portion by portion: repeated, it goes on where it was.
    """
    asking.by.must(Capability.ENROL)
    if not 1 <= len(skus) <= SKUS_MAX:
        raise Refusal(Code.OUT_OF_RANGE, field="skus", minimum=1, maximum=SKUS_MAX)
    done = _told_of_arrival(program_id, asking)
    if done is not None:
        return replace(done, replayed=True)
    told = {sku: _arrive(program_id, sku, branch, message, asking.at) for sku in dict.fromkeys(skus)}
    return _keep_arrival(program_id, asking, Arrival(told))


def goods_requests(
    *,
    program_id: UUID,
    by: Actor,
    state: str | None = None,
    sku: str | None = None,
    member_id: UUID | None = None,
    branch: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> GoodsPage:
    """What members asked for, everywhere or in one branch, a page at a time."""
    by.must(Capability.READ)
    if state is not None and state not in STATES:
        raise Refusal(Code.INVALID, field="state", reason="unknown_value")
    return list_goods(program_id, state=state, sku=sku, member_id=member_id, branch=branch, after=after, limit=limit)


def _arrive(program_id: UUID, sku: str, branch: str, message: str, at: datetime) -> int:
    told = 0
    while now := _arrive_some(program_id, sku, branch, message, at):
        told += now
    return told


@transaction.atomic(durable=True)
def _arrive_some(program_id: UUID, sku: str, branch: str, message: str, at: datetime) -> int:
    enter_program(program_id)
    return mark_arrived(program_id, sku, message=message, at=at, branch=branch, limit=AT_ONCE)


@transaction.atomic(durable=True)
def _told_of_arrival(program_id: UUID, asking: Asking) -> Arrival | None:
    enter_program(program_id)
    return told_before(program_id, asking, "goods_arrived", Arrival)


@transaction.atomic(durable=True)
def _keep_arrival(program_id: UUID, asking: Asking, arrival: Arrival) -> Arrival:
    enter_program(program_id)
    keep_answer(program_id, asking, "goods_arrived", arrival, member_id=None, subject_id=None)
    return arrival


def _row(row: GoodsRequest) -> GoodsRow:
    return GoodsRow(*(getattr(row, name) for name in NAMES))
