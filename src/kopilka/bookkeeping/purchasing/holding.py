"""Setting points aside for a purchase to come, and letting them go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from kopilka.bookkeeping.documents import Balance, from_text, to_text
from kopilka.bookkeeping.idempotency import CREATED, DONE, NO_KEY, Request, find_answered
from kopilka.bookkeeping.kernel import queries, store
from kopilka.bookkeeping.loading import Known, Refs, balances_of, fill_standings, read_members
from kopilka.bookkeeping.purchasing.books import add_ref, members_by_code, read_hold_lots
from kopilka.bookkeeping.purchasing.due import settle_due
from kopilka.bookkeeping.purchasing.outcome import HeldPoints, Outcome
from kopilka.bookkeeping.purchasing.requests import NO_PROOF, MemberRef, Proof, RefKind
from kopilka.bookkeeping.purchasing.spending import Spender, currency_of, find_proof, read_codes
from kopilka.bookkeeping.rulebooks import load_rulebook_version
from kopilka.bookkeeping.writing import Written
from kopilka.data.ids import new_id
from kopilka.engine.actor import Actor
from kopilka.engine.ledger import Act, Kind
from kopilka.engine.points import MAX_POINTS
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """`units` of `currency` (its smallest unit) to be set aside for `life_minutes`."""

    member: MemberRef
    currency: str
    units: int
    by: Actor
    at: datetime
    life_minutes: int = 60
    proof: Proof = NO_PROOF
    request: Request = NO_KEY
    language: str = "ru"
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class HoldResult:
    """A hold as it stands after the act; `captured` units of it were paid with."""

    hold_id: UUID
    member_id: UUID
    currency: str
    units: int
    captured: int
    state: str
    expires_at: datetime
    balances: dict[str, Balance]
    language: str
    status: int
    replayed: bool = False


def place(outcome: Outcome, program_id: UUID, asked: HoldRequest) -> HoldResult:
    entered = store.enter(program_id)
    who, members = read_members(program_id, _refs(program_id, asked.member), lock=True)
    answered = _answered(program_id, asked.request, Kind.HOLD, None)
    if answered is not None:
        return answered
    if not who:
        if asked.member.kind is RefKind.CODE:
            raise Refusal(Code.CODE_WRONG, tries_left=0)
        raise Refusal(Code.NOT_FOUND, what="member")
    rulebook = _rulebook(program_id, entered.fetchall()[0][0])
    known = members[who[0]]
    known.must_be_active()
    _must_be_payable(rulebook, asked)
    fill_standings(program_id, members, spenders=[who[0]], want=frozenset())
    due = settle_due(known.standing, at=asked.at, recorded_at=asked.at)
    outcome.written.extend(due)
    spender = Spender(program_id, asked.member, asked.proof, asked.at)
    worth = rulebook.points[asked.currency].money(asked.units)
    code = find_proof(outcome, spender, read_codes(program_id, who[0]), worth, rulebook)
    act = Act(known.standing, asked.at, new_id)
    act.hold(asked.currency, asked.units)
    if code is not None:
        code.used_at = asked.at
        outcome.codes[code.id] = code
    return _write_placed(outcome, asked, known, act)


def release(
    outcome: Outcome,
    program_id: UUID,
    hold_id: UUID,
    *,
    by: Actor,
    at: datetime,
    request: Request = NO_KEY,
    language: str = "ru",
    request_id: str = "",
) -> HoldResult:
    """Let the points go back to their lots; again: the same answer. `hold_closed` when it was paid with."""
    store.enter(program_id)
    seen = store.ask(queries.HOLDS, program_id, [hold_id]).fetchall()
    if not seen or seen[0][4] is not None:
        raise Refusal(Code.NOT_FOUND, what="hold")
    refs = Refs()
    refs.add(0, "", "", seen[0][1])
    members = read_members(program_id, refs, lock=True)[1]
    answered = _answered(program_id, request, Kind.RELEASE, hold_id)
    if answered is not None:
        return answered
    hold = HeldPoints(*store.ask(queries.HOLDS, program_id, [hold_id]).fetchall()[0])
    fill_standings(program_id, members, spenders=list(members), want=frozenset())
    known = members[hold.member_id]
    currency = currency_of(known.standing, hold)
    if hold.state == "captured":
        raise Refusal(Code.HOLD_CLOSED, state=hold.state)
    if hold.state == "open":
        act = Act(known.standing, at, new_id)
        act.release(currency, read_hold_lots(program_id, members, [hold])[hold.id])
        hold.close(0, at)
        outcome.holds[hold.id] = hold
        result = _result(hold, currency, known, language, DONE)
        outcome.written.append(
            Written(
                Kind.RELEASE, hold.member_id, hold.id, at, at, by, act=act, request=request,
                request_id=request_id, language=language, status=DONE, answer=to_text(result),
            )
        )  # fmt: skip
        return result
    return replace(_result(hold, currency, known, language, DONE), replayed=True)


def _refs(program_id: UUID, member: MemberRef) -> Refs:
    refs = Refs()
    add_ref(refs, 0, member, members_by_code(program_id, [member]))
    return refs


def _rulebook(program_id: UUID, version: int | None) -> Rulebook:
    if not version:
        raise Refusal(Code.RULEBOOK_MISSING)
    return load_rulebook_version(program_id, version)


def _must_be_payable(rulebook: Rulebook, asked: HoldRequest) -> None:
    if asked.currency not in rulebook.spending or asked.currency not in rulebook.points:
        raise Refusal(Code.INVALID, field="currency", reason="cannot_pay")
    if not 1 <= asked.units <= MAX_POINTS:
        raise Refusal(Code.OUT_OF_RANGE, field="units", minimum=1, maximum=MAX_POINTS)


def _write_placed(outcome: Outcome, asked: HoldRequest, known: Known, act: Act) -> HoldResult:
    wallet_id, member_id = act.wallets[asked.currency].id, known.standing.member_id
    assert wallet_id is not None, "a wallet with points is stored"
    assert member_id is not None, "only members hold points"
    operation_id = new_id()
    hold = HeldPoints(
        new_id(), member_id, wallet_id, operation_id, None, asked.units, 0, "open",
        asked.at + timedelta(minutes=asked.life_minutes), created_at=asked.at, is_new=True,
    )  # fmt: skip
    outcome.holds[hold.id] = hold
    result = _result(hold, asked.currency, known, asked.language, CREATED)
    outcome.written.append(
        Written(
            Kind.HOLD, member_id, hold.id, asked.at, asked.at, asked.by, act=act, request=asked.request,
            request_id=asked.request_id, language=asked.language, status=CREATED, answer=to_text(result),
            id=operation_id,
        )
    )  # fmt: skip
    return result


def _result(hold: HeldPoints, currency: str, known: Known, language: str, status: int) -> HoldResult:
    return HoldResult(
        hold.id, hold.member_id, currency, hold.units, hold.captured, hold.state, hold.expires_at,
        balances_of(known.standing), language, status,
    )  # fmt: skip


def _answered(program_id: UUID, request: Request, kind: Kind, hold_id: UUID | None) -> HoldResult | None:
    found = find_answered(program_id, request)
    if found is None:
        return None
    if found.kind != kind or found.answer is None or (hold_id is not None and found.subject_id != hold_id):
        raise Refusal(Code.KEY_REUSED, key=request.key)
    return replace(from_text(found.answer, HoldResult), replayed=True)
