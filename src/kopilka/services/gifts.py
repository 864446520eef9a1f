"""Gifts of the catalogue: what a member can choose, choosing it for points, calling it off with the points back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.claims import (
    NewClaim,
    close_claim,
    lock_claim,
    make_claim,
    owner_of_claim,
    pay_back,
    pay_for,
    put_back,
    take_from_stock,
    taken_of,
)
from kopilka.bookkeeping.documents import Balance, from_text, to_text
from kopilka.bookkeeping.gifts import told_of
from kopilka.bookkeeping.idempotency import CREATED, DONE, NO_KEY, Request, find_answered
from kopilka.bookkeeping.loading import balances_of, load_known, load_standing
from kopilka.bookkeeping.purchasing.due import settle_due
from kopilka.bookkeeping.purchasing.outcome import Outcome
from kopilka.bookkeeping.purchasing.requests import NO_PROOF, MemberRef, Proof, RefKind
from kopilka.bookkeeping.purchasing.spending import Spender, find_proof, read_codes
from kopilka.bookkeeping.purchasing.transactions import act_once
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.writing import Written
from kopilka.data.ids import new_id
from kopilka.data.models.gifts import GiftClaim
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.ledger import Act, Kind
from kopilka.engine.mechanics_things import Gift
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Standing
from kopilka.queries.scope import reading


@dataclass(frozen=True, slots=True)
class OfferedGift:
    """A gift as somebody sees it now: `left` of the stock (None: without end), `missing` units by currency.

    `can_choose`: it is for points, and he has them.
    """

    gift: Gift
    left: int | None
    missing: dict[str, int]
    can_choose: bool


@dataclass(frozen=True, slots=True)
class ChooseRequest:
    """One gift of the catalogue for a member, at a branch where that matters."""

    member_id: UUID
    gift: str
    by: Actor
    at: datetime
    branch: str = ""
    proof: Proof = NO_PROOF
    request: Request = NO_KEY
    language: str = "ru"
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """A gift that is somebody's, as it stands after the act; `paid` units by currency."""

    claim_id: UUID
    member_id: UUID
    gift: str
    sku: str
    name: str
    pieces: int
    code: str
    cash_minor: int
    state: str
    origin: str
    chosen_at: datetime
    until: datetime | None
    paid: dict[str, int]
    balances: dict[str, Balance] = field(default_factory=dict)
    language: str = "ru"
    status: int = CREATED
    replayed: bool = False


def list_gifts(
    *, program_id: UUID, member_id: UUID | None, by: Actor, at: datetime, branch: str = ""
) -> list[OfferedGift]:
    """The catalogue of this moment: what the member may see, in the order of the document; `not_found`.

    Without a member: everything that is given now, for whichever tier.
    """
    by.must(Capability.READ)
    with reading(program_id):
        rulebook = load_rulebook(program_id)[1]
        standing = load_standing(program_id, member_id, at=at, lock=False) if member_id else None
        taken = taken_of(program_id, rulebook.mechanics.gifts)
    return [
        _offer(gift, standing, taken.get(gift.code, 0))
        for gift in rulebook.mechanics.gifts.values()
        if why_not(gift, standing, branch, at) == ""
    ]


def choose_gift(*, program_id: UUID, request: ChooseRequest) -> ClaimResult:
    """Take the price off the member's points and give him a coupon; the same key: the same coupon.

    `not_found`, `gift_unavailable` (gift, reason), `insufficient_points`, `confirmation_required`, `code_wrong`.
    """
    request.by.must(Capability.SPEND)
    return act_once(program_id, lambda outcome: _choose(outcome, program_id, request))


def cancel_gift(
    *,
    program_id: UUID,
    claim_id: UUID,
    by: Actor,
    at: datetime,
    request: Request = NO_KEY,
    language: str = "ru",
    request_id: str = "",
) -> ClaimResult:
    """Call a choice off: its points go back to their lots. Again: the same answer. `not_found`, `gift_closed`."""
    by.must(Capability.SPEND)
    asked = _Asked(by, at, request, language, request_id)
    return act_once(program_id, lambda outcome: _cancel(outcome, program_id, claim_id, asked))


def why_not(gift: Gift, standing: Standing | None, branch: str, at: datetime) -> str:
    """Why a member cannot have a gift here and now, apart from points and stock; empty: he can."""
    if not gift.window.holds(at):
        return "not_now"
    if gift.branches and branch and branch not in gift.branches:
        return "not_here"
    if standing is not None and gift.tiers and standing.tier not in gift.tiers:
        return "not_for_tier"
    return ""


@dataclass(frozen=True, slots=True)
class _Asked:
    by: Actor
    at: datetime
    request: Request
    language: str
    request_id: str


def _offer(gift: Gift, standing: Standing | None, taken: int) -> OfferedGift:
    left = None if gift.stock is None else max(0, gift.stock - taken)
    wallets = standing.wallets if standing else {}
    has = {code: wallets[code].available if code in wallets else 0 for code in gift.prices}
    missing = {code: price - has[code] for code, price in gift.prices.items() if price > has[code]}
    for_points = bool(gift.prices) and not gift.auto
    return OfferedGift(gift, left, missing if standing else {}, for_points and not missing and left != 0)


def _choose(outcome: Outcome, program_id: UUID, asked: ChooseRequest) -> ClaimResult:
    enter_program(program_id)
    known = load_known(program_id, asked.member_id)
    answered = _answered(program_id, asked.request, None)
    if answered is not None:
        return answered
    rulebook = load_rulebook(program_id)[1]
    known.must_be_active()
    gift = _gift_for(rulebook, known.standing, asked)
    outcome.written.extend(settle_due(known.standing, at=asked.at, recorded_at=asked.at))
    _must_be_paid(gift, known.standing)
    worth = sum(rulebook.points[code].money(price) for code, price in gift.prices.items())
    spender = Spender(program_id, MemberRef(RefKind.ID, str(asked.member_id)), asked.proof, asked.at)
    code = find_proof(outcome, spender, read_codes(program_id, asked.member_id), worth, rulebook)
    take_from_stock(program_id, gift, 1)
    act = Act(known.standing, asked.at, new_id)
    paid = pay_for(act, gift)
    if code is not None:
        code.used_at = asked.at
        outcome.codes[code.id] = code
    claim = make_claim(program_id, NewClaim(asked.member_id, gift, "chosen", asked.at), rulebook, paid)
    outcome.events += told_of(claim, asked.at)
    result = _result(claim, known.standing, asked.language, CREATED)
    outcome.written.append(
        Written(
            Kind.GIFT, asked.member_id, claim.id, asked.at, asked.at, asked.by, act, reason=gift.code,
            request=asked.request, request_id=asked.request_id, language=asked.language, status=CREATED,
            answer=to_text(result),
        )
    )  # fmt: skip
    return result


def _gift_for(rulebook: Rulebook, standing: Standing, asked: ChooseRequest) -> Gift:
    gift = rulebook.mechanics.gifts.get(asked.gift)
    if gift is None:
        raise Refusal(Code.NOT_FOUND, what="gift")
    reason = why_not(gift, standing, asked.branch, asked.at)
    if not reason and (gift.auto or not gift.prices):
        reason = "not_for_points"
    if reason:
        raise Refusal(Code.GIFT_UNAVAILABLE, gift=gift.code, reason=reason)
    return gift


def _must_be_paid(gift: Gift, standing: Standing) -> None:
    """Before anything moves: points that were due may be settled already, and are written whatever comes after."""
    for currency, price in gift.prices.items():
        available = standing.wallets[currency].available if currency in standing.wallets else 0
        if available < price:
            raise Refusal(Code.INSUFFICIENT_POINTS, currency=currency, available=available, wanted=price)


def _cancel(outcome: Outcome, program_id: UUID, claim_id: UUID, asked: _Asked) -> ClaimResult:
    enter_program(program_id)
    owner = owner_of_claim(program_id, claim_id)
    if owner is None:
        raise Refusal(Code.NOT_FOUND, what="gift")
    known = load_known(program_id, owner)
    answered = _answered(program_id, asked.request, claim_id)
    if answered is not None:
        return answered
    claim = lock_claim(program_id, claim_id)
    assert claim is not None, "claims are never deleted"
    if claim.state == "cancelled":
        return replace(_result(claim, known.standing, asked.language, DONE), replayed=True)
    if claim.state != "open" or claim.origin == "card":
        raise Refusal(Code.GIFT_CLOSED, state=claim.state)
    act = Act(known.standing, asked.at, new_id)
    pay_back(program_id, act, claim, load_rulebook(program_id)[1])
    close_claim(program_id, claim, "cancelled", asked.at)
    put_back(program_id, claim.gift, claim.count)
    result = _result(claim, known.standing, asked.language, DONE)
    outcome.written.append(
        Written(
            Kind.GIFT_BACK, owner, claim_id, asked.at, asked.at, asked.by, act if act.postings else None,
            reason=claim.gift, request=asked.request, request_id=asked.request_id, language=asked.language,
            status=DONE, answer=to_text(result),
        )
    )  # fmt: skip
    return result


def _answered(program_id: UUID, request: Request, claim_id: UUID | None) -> ClaimResult | None:
    found = find_answered(program_id, request)
    if found is None:
        return None
    kind = Kind.GIFT if claim_id is None else Kind.GIFT_BACK
    if found.kind != kind or found.answer is None or (claim_id is not None and found.subject_id != claim_id):
        raise Refusal(Code.KEY_REUSED, key=request.key)
    return replace(from_text(found.answer, ClaimResult), replayed=True)


def _result(claim: GiftClaim, standing: Standing, language: str, status: int) -> ClaimResult:
    paid: dict[str, int] = {}
    for _, currency, units in json.loads(claim.paid) if claim.paid else ():
        paid[currency] = paid.get(currency, 0) + units
    return ClaimResult(
        claim.id, claim.member_id, claim.gift, claim.sku, claim.name, claim.pieces, claim.code, claim.cash_minor,
        claim.state, claim.origin, claim.chosen_at, claim.until, paid, balances_of(standing), language, status,
    )  # fmt: skip
