"""Wallets changed by hand: points given or taken with a reason, by somebody who answers for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.documents import Balance, from_text, to_text
from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.bookkeeping.idempotency import CREATED, NO_KEY, Request, find_answered
from kopilka.bookkeeping.loading import balances_of, load_standing
from kopilka.bookkeeping.purchasing.due import settle_due
from kopilka.bookkeeping.purchasing.outcome import Outcome
from kopilka.bookkeeping.purchasing.transactions import act_once
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.writing import Written
from kopilka.data.ids import new_id
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.ledger import Account, Act, Kind
from kopilka.engine.period import Life
from kopilka.engine.points import MAX_BALANCE, MAX_POINTS
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Standing

REASON_MAX = 500


@dataclass(frozen=True, slots=True)
class AdjustRequest:
    """`units` (negative: taken away) in the currency's smallest unit; `life` of given ones, None: the currency's."""

    member_id: UUID
    currency: str
    units: int
    reason: str
    by: Actor
    at: datetime
    life: Life | None = None
    request: Request = NO_KEY
    language: str = "ru"
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class AdjustResult:
    """What was booked; `expires_at` of given points (None: for ever, or points were taken)."""

    operation_id: UUID
    member_id: UUID
    currency: str
    units: int
    reason: str
    at: datetime
    expires_at: datetime | None
    balances: dict[str, Balance]
    language: str
    status: int
    replayed: bool = False


def adjust_points(*, program_id: UUID, request: AdjustRequest) -> AdjustResult:
    """Give or take points by hand. Raises `insufficient_points` rather than leave a wallet below zero.

    Also `not_allowed`, `not_found`, `missing` (reason), `out_of_range` (units), `invalid` (currency).
    """
    request.by.must(Capability.ADJUST)
    if not request.reason.strip():
        raise Refusal(Code.MISSING, field="reason")
    if len(request.reason) > REASON_MAX:
        raise Refusal(Code.OUT_OF_RANGE, field="reason", minimum=1, maximum=REASON_MAX)
    if not request.units or abs(request.units) > MAX_POINTS:
        raise Refusal(Code.OUT_OF_RANGE, field="units", minimum=-MAX_POINTS, maximum=MAX_POINTS)
    return act_once(program_id, lambda outcome: _adjust(outcome, program_id, request))


def _adjust(outcome: Outcome, program_id: UUID, asked: AdjustRequest) -> AdjustResult:
    enter_program(program_id)
    standing = load_standing(program_id, asked.member_id, at=asked.at, lots=True)
    answered = _answered(program_id, asked)
    if answered is not None:
        return answered
    rulebook = load_rulebook(program_id)[1]
    if asked.currency not in rulebook.points:
        raise Refusal(Code.INVALID, field="currency", reason="unknown_value")
    due = settle_due(standing, at=asked.at, recorded_at=asked.at)
    outcome.written.extend(due)
    before = balances_of(standing).get(asked.currency)
    act = Act(standing, asked.at, new_id)
    expires_at = _move(act, asked, rulebook)
    result = AdjustResult(
        new_id(), asked.member_id, asked.currency, asked.units, asked.reason, asked.at, expires_at,
        balances_of(standing), asked.language, CREATED,
    )  # fmt: skip
    _take_down(outcome, program_id, asked, result, act, before)
    return result


def _move(act: Act, asked: AdjustRequest, rulebook: Rulebook) -> datetime | None:
    if asked.units < 0:
        act.adjust_down(asked.currency, -asked.units)
        return None
    if _claim(act.standing, asked.currency) + asked.units > MAX_BALANCE:
        raise Refusal(Code.OUT_OF_RANGE, field="units", minimum=-MAX_POINTS, maximum=MAX_BALANCE)
    life = rulebook.points[asked.currency].life if asked.life is None else asked.life
    expires_at = None if life.is_empty else life.after(asked.at, rulebook.zone)
    act.grant(asked.currency, asked.units, starts_at=asked.at, expires_at=expires_at, against=Account.ADJUSTED)
    return expires_at


def _claim(standing: Standing, currency: str) -> int:
    wallet = standing.wallets.get(currency)
    return wallet.available + wallet.pending + wallet.held if wallet else 0


def _take_down(
    outcome: Outcome, program_id: UUID, asked: AdjustRequest, result: AdjustResult, act: Act, before: Balance | None
) -> None:
    outcome.written.append(
        Written(
            Kind.ADJUST, asked.member_id, asked.member_id, asked.at, asked.at, asked.by, act, reason=asked.reason,
            request=asked.request, request_id=asked.request_id, language=asked.language, status=CREATED,
            answer=to_text(result), id=result.operation_id,
        )
    )  # fmt: skip
    outcome.events.append(Happened(EventKind.POINTS_ADJUSTED, asked.member_id, result.operation_id, asked.at))
    record_audit(
        program_id, "points_adjusted", asked.member_id, by=asked.by, at=asked.at,
        before={asked.currency: before.available if before else 0},
        after={asked.currency: result.balances[asked.currency].available},
        reason=asked.reason, request_id=asked.request_id,
    )  # fmt: skip


def _answered(program_id: UUID, asked: AdjustRequest) -> AdjustResult | None:
    found = find_answered(program_id, asked.request)
    if found is None:
        return None
    if found.kind != Kind.ADJUST or found.answer is None:
        raise Refusal(Code.KEY_REUSED, key=asked.request.key)
    return replace(from_text(found.answer, AdjustResult), replayed=True)
