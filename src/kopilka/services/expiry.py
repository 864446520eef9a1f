"""What time does by itself: points begin and end, holds and quotes live out. Safe to repeat and to kill."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping import due_lots
from kopilka.bookkeeping.clock import ClockInDoubt, must_agree, must_not_be_ahead
from kopilka.bookkeeping.documents import to_text
from kopilka.bookkeeping.loading import load_standings
from kopilka.bookkeeping.purchasing import holding, opened
from kopilka.bookkeeping.purchasing.due import settle_due
from kopilka.bookkeeping.purchasing.outcome import Outcome
from kopilka.bookkeeping.purchasing.transactions import act_once
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.data.ids import new_id
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.ledger import Account, Act, Kind
from kopilka.engine.points import PointsCurrency
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.returned import LotMove
from kopilka.engine.standing import Standing

__all__ = [
    "ClockInDoubt",
    "Settled",
    "delete_old_codes",
    "delete_old_quotes",
    "expire_idle_points",
    "must_agree",
    "must_not_be_ahead",
    "release_due_holds",
    "settle_due_lots",
]

LOTS_AT_ONCE = 500
HOLDS_AT_ONCE = 100
ROWS_AT_ONCE = 1000

CODES_KEPT = timedelta(days=2)
CODE_USES_KEPT = timedelta(days=30)
"""Longer than any limit on new codes looks back."""

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Settled:
    """Members whose lots were due, and units that became available or expired, by currency."""

    members: int
    activated: dict[str, int]
    expired: dict[str, int]


def settle_due_lots(
    *, program_id: UUID, at: datetime, since: datetime | None = None, progress: Progress | None = None
) -> Settled:
    """Begin and end every lot that is due at `at`, some members at a time, each batch in a transaction of its own.

    `since` (exclusive) spares looking at lots that ended before it. Whoever calls with the time of a clock asks
    `must_agree` first; a history is settled at its own times.
    """
    done = Settled(0, {}, {})
    while True:
        written, members = _settle_some(program_id, at, since)
        if not members:
            return done
        done = _added(done, written, members)
        if progress:
            progress(members)


@transaction.atomic(durable=True)
def _settle_some(program_id: UUID, at: datetime, since: datetime | None) -> tuple[list[Written], int]:
    enter_program(program_id)
    due_lots.activate_empty_lots(program_id, at)
    members = due_lots.members_with_starting_lots(program_id, at, LOTS_AT_ONCE)
    members = members or due_lots.members_with_ending_lots(program_id, at, LOTS_AT_ONCE, since)
    if not members:
        return [], 0
    standings = load_standings(program_id, members, at=at, lots=True)
    written = [one for key in members for one in settle_due(standings[key], at=at, recorded_at=at)]
    write_acts(program_id, written)
    return written, len(members)


def _added(done: Settled, written: list[Written], members: int) -> Settled:
    activated, expired = dict(done.activated), dict(done.expired)
    for one in written:
        for posting in one.act.postings if one.act else ():
            if one.kind is Kind.ACTIVATE and posting.account is Account.PENDING:
                activated[posting.currency] = activated.get(posting.currency, 0) - posting.units
            elif posting.account is Account.EXPIRED:
                expired[posting.currency] = expired.get(posting.currency, 0) + posting.units
    return Settled(done.members + members, activated, expired)


def expire_idle_points(*, program_id: UUID, at: datetime, progress: Progress | None = None) -> int:
    """Points of currencies that do not outlive a member's silence: all of them expire at once. How many members."""
    with transaction.atomic(durable=True):
        enter_program(program_id)
        _, rulebook = load_rulebook(program_id)
    done = 0
    for currency in (one for one in rulebook.points.values() if not one.idle.is_empty):
        while members := _expire_some_idle(program_id, currency, rulebook.zone, at):
            done += members
            if progress:
                progress(members)
    return done


@transaction.atomic(durable=True)
def _expire_some_idle(program_id: UUID, currency: PointsCurrency, zone: tzinfo, at: datetime) -> int:
    enter_program(program_id)
    quiet_since = due_lots.began_before(currency.idle, at, zone)
    members = due_lots.idle_members(program_id, currency.code, quiet_since, LOTS_AT_ONCE)
    if not members:
        return 0
    standings = load_standings(program_id, members, at=at, lots=True)
    written = [one for key in members for one in settle_due(standings[key], at=at, recorded_at=at)]
    written += [
        _all_expired(standings[key], currency.code, at)
        for key in members
        if (standings[key].last_purchase_at or standings[key].enrolled_at or at) < quiet_since
    ]
    write_acts(program_id, written)
    return len(members)


def _all_expired(standing: Standing, currency: str, at: datetime) -> Written:
    act = Act(standing, at, new_id)
    moved = []
    for lot in standing.lots.get(currency, ()):
        if lot.active and lot.remaining:
            moved.append(LotMove(lot.id, lot.currency, lot.remaining))
            act.expire(lot)
    return Written(
        Kind.EXPIRE, standing.member_id, None, at, at, SYSTEM_ACTOR, act, reason="idle", answer=to_text(moved)
    )  # fmt: skip


def release_due_holds(*, program_id: UUID, at: datetime, progress: Progress | None = None) -> int:
    """Give back the points of holds whose life is over; an open purchase that lived on such a hold is cancelled."""
    released = 0
    while due := _due_holds(program_id, at, HOLDS_AT_ONCE):
        ended = 0
        for hold_id, purchase_id in due:
            ended += _end_hold(program_id, hold_id, purchase_id, at)
            if progress:
                progress(1)
        released += ended
        if not ended:
            break
    return released


@transaction.atomic(durable=True)
def _due_holds(program_id: UUID, at: datetime, limit: int) -> list[tuple[UUID, UUID | None]]:
    enter_program(program_id)
    return due_lots.due_holds(program_id, at, limit)


def _end_hold(program_id: UUID, hold_id: UUID, purchase_id: UUID | None, at: datetime) -> bool:
    """False when somebody else ended it at this moment."""

    def end(outcome: Outcome) -> None:
        if purchase_id is None:
            holding.release(outcome, program_id, hold_id, by=SYSTEM_ACTOR, at=at)
        else:
            opened.cancel(outcome, program_id, purchase_id, opened.Ending(SYSTEM_ACTOR, at))
        for hold in outcome.holds.values():
            hold.state = "expired"

    try:
        act_once(program_id, end)
    except Refusal as refusal:
        if refusal.code in {Code.HOLD_CLOSED, Code.PURCHASE_FINAL}:
            return False
        raise
    return True


def delete_old_quotes(*, program_id: UUID, at: datetime) -> int:
    """Forget quotes whose life is over: they can no longer be confirmed."""
    return _all_of(lambda: due_lots.delete_quotes(program_id, at, ROWS_AT_ONCE), program_id)


def delete_old_codes(*, program_id: UUID, at: datetime) -> int:
    """Forget one-time codes that can neither be used nor count against a limit any more, and who was shown which."""
    uses = _all_of(lambda: due_lots.delete_code_uses(program_id, at - CODE_USES_KEPT, ROWS_AT_ONCE), program_id)
    return uses + _all_of(lambda: due_lots.delete_codes(program_id, at - CODES_KEPT, ROWS_AT_ONCE), program_id)


def _all_of(delete_some: Callable[[], int], program_id: UUID) -> int:
    deleted = 0
    while True:
        with transaction.atomic(durable=True):
            enter_program(program_id)
            now = delete_some()
        deleted += now
        if not now:
            return deleted
