"""Open purchases: their points stand aside, and what was decided waits to become true or to be called off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from kopilka.bookkeeping.belongings.belonging import Sold
from kopilka.bookkeeping.belongings.kinds import Belongings, belongings_of
from kopilka.bookkeeping.documents import Balance, PurchaseAnswer, from_text, to_text
from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.bookkeeping.idempotency import DONE, NO_KEY, Request, find_answered
from kopilka.bookkeeping.kernel import queries, store
from kopilka.bookkeeping.loading import Known, Refs, balances_of, fill_standings, read_members
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.bookkeeping.purchasing.books import COUPON, read_hold_lots
from kopilka.bookkeeping.purchasing.confirming import earn
from kopilka.bookkeeping.purchasing.outcome import Counter, HeldPoints, Outcome
from kopilka.bookkeeping.purchasing.replaying import stored_results
from kopilka.bookkeeping.purchasing.requests import PurchaseResult, PurchaseState
from kopilka.bookkeeping.purchasing.spending import currency_of, must_be_open
from kopilka.bookkeeping.purchasing.tier_counting import count_purchase
from kopilka.bookkeeping.rulebooks import load_rulebook_version
from kopilka.bookkeeping.writing import Written
from kopilka.data.ids import new_id
from kopilka.engine.actor import Actor
from kopilka.engine.decision import Decision, Why
from kopilka.engine.ledger import Act, Kind
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Coupon


@dataclass(frozen=True, slots=True)
class Ending:
    """Who ends an open purchase, when, and the request he does it by."""

    by: Actor
    at: datetime
    request: Request = NO_KEY
    language: str = "ru"
    request_id: str = ""


@dataclass(slots=True)
class OpenPurchase:
    """A purchase under the lock of its member, with the holds its points stand in."""

    stored: PurchaseResult
    state: PurchaseState
    known: Known | None
    holds: list[HeldPoints]

    @property
    def decision(self) -> Decision:
        return self.stored.decision


def confirm(outcome: Outcome, program_id: UUID, purchase_id: UUID, ending: Ending) -> PurchaseResult:
    """Make it final exactly as it was decided: its points are paid with, its earnings granted.

    Again: the same answer. `purchase_cancelled`; `hold_expired` when its points have gone back.
    """
    opened = _load(program_id, purchase_id, lots=False)
    known = _known_answer(program_id, opened, ending, Kind.CONFIRM)
    if known is not None:
        return known
    if opened.state is PurchaseState.CONFIRMED:
        return _repeated(opened, ending)
    if opened.state is PurchaseState.CANCELLED:
        raise Refusal(Code.PURCHASE_CANCELLED)
    for hold in opened.holds:
        must_be_open(hold, ending.at)
    act = None
    if opened.known is not None:
        act = Act(opened.known.standing, max(ending.at, opened.decision.at), new_id)
        _capture_and_earn(outcome, opened, opened.known, act, ending)
    outcome.belongings = _belongings(program_id, opened)
    outcome.belongings.finish(_sold(program_id, opened, act, ending))
    return _end(outcome, opened, ending, act, PurchaseState.CONFIRMED)


def cancel(outcome: Outcome, program_id: UUID, purchase_id: UUID, ending: Ending) -> PurchaseResult:
    """Call it off: its points go back to their lots, its coupons may be used again. `purchase_final`."""
    opened = _load(program_id, purchase_id, lots=True)
    known = _known_answer(program_id, opened, ending, Kind.CANCEL)
    if known is not None:
        return known
    if opened.state is PurchaseState.CANCELLED:
        return _repeated(opened, ending)
    if opened.state is PurchaseState.CONFIRMED:
        raise Refusal(Code.PURCHASE_FINAL)
    act = None
    if opened.known is not None:
        act = Act(opened.known.standing, ending.at, new_id)
        _release(outcome, program_id, opened, opened.known, act, ending)
    _give_back_coupons(outcome, program_id, opened)
    outcome.belongings = _belongings(program_id, opened)
    outcome.belongings.give_back(_sold(program_id, opened, act, ending))
    return _end(outcome, opened, ending, act, PurchaseState.CANCELLED)


def _belongings(program_id: UUID, opened: OpenPurchase) -> Belongings:
    """What the purchase set aside beside points; a purchase that moves nothing beyond needs none."""
    if opened.decision.beyond is None and not opened.decision.tier_after:
        return Belongings()
    return belongings_of(program_id, [load_rulebook_version(program_id, opened.decision.version)])


def _sold(program_id: UUID, opened: OpenPurchase, act: Act | None, ending: Ending) -> Sold:
    rulebook = load_rulebook_version(program_id, opened.decision.version)
    stored = opened.stored
    return Sold(stored.purchase_id, stored.member_id, rulebook, opened.decision, ending.at, act)


def _load(program_id: UUID, purchase_id: UUID, *, lots: bool) -> OpenPurchase:
    store.enter(program_id)
    seen = stored_results(program_id, [purchase_id]).get(purchase_id)
    if seen is None:
        raise Refusal(Code.NOT_FOUND, what="purchase")
    members: dict[UUID, Known] = {}
    if seen.member_id is not None:
        refs = Refs()
        refs.add(0, "", "", seen.member_id)
        members = read_members(program_id, refs, lock=True)[1]
    locked = store.ask(queries.PURCHASES, program_id, [purchase_id], lock=locks_are_on())
    holds = store.ask(queries.HOLDS_OF_PURCHASES, program_id, [purchase_id])
    fill_standings(program_id, members, spenders=list(members) if lots else (), want=frozenset())
    return OpenPurchase(
        seen,
        PurchaseState(locked.fetchall()[0][2]),
        members.get(seen.member_id) if seen.member_id else None,
        [HeldPoints(*row) for row in holds.fetchall()],
    )


def _known_answer(program_id: UUID, opened: OpenPurchase, ending: Ending, kind: Kind) -> PurchaseResult | None:
    """The answer this key got; `idempotency_key_reused` when it was for anything else."""
    found = find_answered(program_id, ending.request)
    if found is None:
        return None
    if found.kind != kind or found.subject_id != opened.stored.purchase_id or found.answer is None:
        raise Refusal(Code.KEY_REUSED, key=ending.request.key)
    answer = from_text(found.answer, PurchaseAnswer)
    return _result(opened, PurchaseState(answer.state), answer.balances, found.language, replayed=True)


def _repeated(opened: OpenPurchase, ending: Ending) -> PurchaseResult:
    """It had been ended so by another request: nothing happens, and the balances are today's."""
    return _result(opened, opened.state, _balances(opened), ending.language, replayed=True)


def _capture_and_earn(outcome: Outcome, opened: OpenPurchase, known: Known, act: Act, ending: Ending) -> None:
    for hold in opened.holds:
        act.capture(currency_of(known.standing, hold), hold.units)
        hold.close(hold.units, ending.at)
        outcome.holds[hold.id] = hold
    decision = opened.decision
    kept = {carry.currency: _kept_after(known, carry.currency, decision) for carry in decision.carry}
    earn(act, decision, opened.stored.purchase_id)
    for currency, fraction in kept.items():
        act.keep_fraction(currency, fraction.numerator, fraction.denominator)
    count_purchase(outcome, known, decision, purchase_id=opened.stored.purchase_id, recorded_at=ending.at)
    outcome.members[opened.stored.member_id or new_id()] = known


def _kept_after(known: Known, currency: str, decision: Decision) -> Fraction:
    """What the wallet keeps once this decision is added: other purchases may have changed it meanwhile."""
    wallet = known.standing.wallets.get(currency)
    kept = Fraction(wallet.carry_num, wallet.carry_den) if wallet else Fraction(0)
    for reason in decision.reasons:
        if reason.why is Why.ROUNDED and reason.detail == currency:
            kept += Fraction(reason.num, reason.den) - reason.amount
    return kept


def _release(outcome: Outcome, program_id: UUID, opened: OpenPurchase, known: Known, act: Act, ending: Ending) -> None:
    members = {hold.member_id: known for hold in opened.holds}
    still_open = [hold for hold in opened.holds if hold.state == "open"]
    drawn = read_hold_lots(program_id, members, still_open)
    for hold in still_open:
        act.release(currency_of(known.standing, hold), drawn[hold.id])
        hold.close(0, ending.at)
        outcome.holds[hold.id] = hold


def _give_back_coupons(outcome: Outcome, program_id: UUID, opened: OpenPurchase) -> None:
    """Uses that were counted when it was opened: the rules may limit its coupons otherwise by now."""
    if not opened.decision.coupons:
        return
    coupons = load_rulebook_version(program_id, opened.stored.decision.version).coupons
    member_id = opened.stored.member_id
    used_up = [coupons[code] for code in sorted(opened.decision.coupons)]
    keys = [(one.code, owner) for one in used_up for owner in _counted_for(one, member_id)]
    if not keys:
        return
    rows = store.ask(
        queries.COUNTERS,
        program_id,
        [COUPON] * len(keys),
        [code for code, _ in keys],
        [owner for _, owner in keys],
        lock=locks_are_on(),
    ).fetchall()
    for counter_id, _, _, _, used in rows:
        outcome.counters[counter_id] = Counter(counter_id, used - 1)


def _counted_for(coupon: Coupon, member_id: UUID | None) -> Iterator[UUID | None]:
    """Whose uses of a coupon are counted: everybody's (None), then the member's own."""
    if coupon.uses:
        yield None
    if coupon.uses_each and member_id is not None:
        yield member_id


def _end(
    outcome: Outcome, opened: OpenPurchase, ending: Ending, act: Act | None, state: PurchaseState
) -> PurchaseResult:
    purchase_id, member_id = opened.stored.purchase_id, opened.stored.member_id
    balances = _balances(opened)
    is_final = state is PurchaseState.CONFIRMED
    outcome.written.append(
        Written(
            Kind.CONFIRM if is_final else Kind.CANCEL, member_id, purchase_id, act.at if act else ending.at, ending.at,
            ending.by, act=act, request=ending.request, request_id=ending.request_id, language=ending.language,
            status=DONE, answer=to_text(PurchaseAnswer(state.value, balances)),
        )
    )  # fmt: skip
    outcome.states.append((purchase_id, state))
    kind = EventKind.PURCHASE_CONFIRMED if is_final else EventKind.PURCHASE_CANCELLED
    outcome.events.append(Happened(kind, member_id, purchase_id, ending.at))
    return _result(opened, state, balances, ending.language, replayed=False)


def _balances(opened: OpenPurchase) -> dict[str, Balance]:
    return balances_of(opened.known.standing) if opened.known else {}


def _result(
    opened: OpenPurchase, state: PurchaseState, balances: dict[str, Balance], language: str, *, replayed: bool
) -> PurchaseResult:
    return replace(opened.stored, state=state, balances=balances, language=language, status=DONE, replayed=replayed)
