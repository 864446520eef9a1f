"""The lives of points changed by hand: longer, with a reason, for one member or lot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.documents import from_text, to_text
from kopilka.bookkeeping.idempotency import CREATED, NO_KEY, Request, find_answered
from kopilka.bookkeeping.loading import load_known
from kopilka.bookkeeping.lots import set_ends
from kopilka.bookkeeping.purchasing.due import settle_due
from kopilka.bookkeeping.purchasing.transactions import try_again
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.data.ids import new_id
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.contacts import clean_text
from kopilka.engine.ledger import Kind
from kopilka.engine.period import Life
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.standing import Lot

REASON_MAX = 500


@dataclass(frozen=True, slots=True)
class ExtendRequest:
    """Which points live longer: these `lots`, or all of `currency` that expire before `before` (None: all that do).

    `life` is counted from the end they have now.
    """

    member_id: UUID
    currency: str
    life: Life
    reason: str
    by: Actor
    at: datetime
    lots: tuple[UUID, ...] = ()
    before: datetime | None = None
    request: Request = NO_KEY
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class ExtendedLot:
    lot: UUID
    units: int
    before: datetime
    after: datetime


@dataclass(frozen=True, slots=True)
class Extended:
    operation_id: UUID
    member_id: UUID
    currency: str
    reason: str
    at: datetime
    lots: list[ExtendedLot]
    replayed: bool = False


def extend_lots(*, program_id: UUID, request: ExtendRequest) -> Extended:
    """Let points live longer; what has expired already stays so (give new ones instead).

    `not_allowed`, `missing` (reason), `invalid` (currency), `not_found` (a lot, or none that would expire).
    """
    request.by.must(Capability.ADJUST)
    if not clean_text(request.reason, field="reason", length_max=REASON_MAX):
        raise Refusal(Code.MISSING, field="reason")
    if request.life.is_empty:
        raise Refusal(Code.MISSING, field="life")
    return try_again(lambda: _extend(program_id, request))


@transaction.atomic(durable=True)
def _extend(program_id: UUID, asked: ExtendRequest) -> Extended:
    enter_program(program_id)
    known = load_known(program_id, asked.member_id)
    if done := _answered(program_id, asked):
        return done
    rulebook = load_rulebook(program_id)[1]
    if asked.currency not in rulebook.points:
        raise Refusal(Code.INVALID, field="currency", reason="unknown_value")
    due = settle_due(known.standing, at=asked.at, recorded_at=asked.at)
    lots = _chosen(known.standing.lots.get(asked.currency, ()), asked)
    changed = [
        ExtendedLot(lot.id, lot.remaining, lot.expires_at, asked.life.after(lot.expires_at, rulebook.zone))
        for lot in lots
        if lot.expires_at is not None
    ]
    result = Extended(new_id(), asked.member_id, asked.currency, asked.reason, asked.at, changed)
    write_acts(program_id, [*due, _written(asked, result)])
    set_ends(program_id, {one.lot: one.after for one in changed})
    record_audit(
        program_id, "points_extended", asked.member_id, by=asked.by, at=asked.at, reason=asked.reason,
        before={str(one.lot): one.before for one in changed}, after={str(one.lot): one.after for one in changed},
        request_id=asked.request_id,
    )  # fmt: skip
    return result


def _chosen(lots: Sequence[Lot], asked: ExtendRequest) -> list[Lot]:
    ending = {lot.id: lot for lot in lots if lot.remaining and lot.expires_at is not None and not lot.is_over(asked.at)}
    if asked.lots:
        if not set(asked.lots) <= ending.keys():
            raise Refusal(Code.NOT_FOUND, what="lot")
        return [ending[key] for key in sorted(set(asked.lots))]
    before = asked.before
    found = [lot for lot in ending.values() if before is None or (lot.expires_at and lot.expires_at < before)]
    if not found:
        raise Refusal(Code.NOT_FOUND, what="lot")
    return sorted(found, key=lambda lot: lot.id)


def _written(asked: ExtendRequest, result: Extended) -> Written:
    return Written(
        Kind.EXTEND, asked.member_id, asked.member_id, asked.at, asked.at, asked.by, reason=asked.reason,
        request=asked.request, request_id=asked.request_id, status=CREATED, answer=to_text(result),
        id=result.operation_id,
    )  # fmt: skip


def _answered(program_id: UUID, asked: ExtendRequest) -> Extended | None:
    found = find_answered(program_id, asked.request)
    if found is None:
        return None
    if found.kind != Kind.EXTEND or found.answer is None:
        raise Refusal(Code.KEY_REUSED, key=asked.request.key)
    told = from_text(found.answer, Extended)
    return Extended(told.operation_id, told.member_id, told.currency, told.reason, told.at, told.lots, replayed=True)
