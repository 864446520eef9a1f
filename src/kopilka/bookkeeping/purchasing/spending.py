"""Who may spend: the proof that the member himself is there, and points that were set aside before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.codes import OneTimeCode, check_code, hash_code
from kopilka.bookkeeping.kernel import queries, store
from kopilka.bookkeeping.purchasing.books import Books
from kopilka.bookkeeping.purchasing.outcome import HeldPoints, Outcome
from kopilka.bookkeeping.purchasing.requests import MemberRef, Proof, PurchaseRequest, RefKind
from kopilka.engine.actor import Capability
from kopilka.engine.decision import Decision
from kopilka.engine.ledger import Act
from kopilka.engine.receipt import Receipt, SpendMode, SpendWish
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Proof as ProofBy
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Lot, Standing


@dataclass(frozen=True, slots=True)
class Spender:
    """Who is said to spend, and what shows that it is he."""

    program_id: UUID
    member: MemberRef | None
    proof: Proof
    at: datetime

    @property
    def code(self) -> str | None:
        """The one-time code given, as a name or as a proof."""
        return self.member.value if self.member and self.member.kind is RefKind.CODE else self.proof.code


def prove(
    books: Books,
    outcome: Outcome,
    request: PurchaseRequest,
    member_id: UUID | None,
    decision: Decision,
    rulebook: Rulebook,
) -> OneTimeCode | None:
    """Check that this decision may spend what it spends; the code that proves it, to be used up on success.

    Raises `not_allowed`, `confirmation_required`, `code_wrong`, `code_expired`. A lost try is kept in `outcome`.
    """
    if any(plan.minor for plan in decision.spend):
        request.by.must(Capability.SPEND)
    if member_id is None:
        return None
    worth = 0 if request.hold_id is not None else decision.totals.points  # a hold was proven when it was placed
    if not worth and (request.member is None or request.member.kind is not RefKind.CODE):
        return None
    spender = Spender(books.program_id, request.member, request.proof, request.at)
    return find_proof(outcome, spender, books.codes.get(member_id, []), worth, rulebook)


def find_proof(
    outcome: Outcome, spender: Spender, codes: list[OneTimeCode], worth: int, rulebook: Rulebook
) -> OneTimeCode | None:
    """The code that proves the spending of `worth` minor units, None where nothing needs to.

    A code that named the member is checked, and used up, whatever he spends.
    """
    by_code = spender.member is not None and spender.member.kind is RefKind.CODE
    free = spender.proof.vouched or rulebook.proof.by is ProofBy.NONE or worth <= rulebook.proof.free_up_to
    if not by_code and (free or not worth):
        return None
    if spender.code is None:
        raise Refusal(Code.CONFIRMATION_REQUIRED)
    try:
        return check_code(codes, hash_code(spender.program_id, spender.code), at=spender.at)
    except Refusal:
        outcome.codes.update({code.id: code for code in codes})
        raise


def read_codes(program_id: UUID, member_id: UUID) -> list[OneTimeCode]:
    """A member's unused codes, the newest first."""
    rows = store.ask(queries.CODES, program_id, [member_id]).fetchall()
    return [OneTimeCode(code_id, owner, bytes(code_hash), *rest) for code_id, owner, code_hash, *rest in rows]


def open_hold(books: Books, request: PurchaseRequest, member_id: UUID | None) -> HeldPoints | None:
    """The hold this purchase spends from; `not_found`, `hold_expired`, `hold_closed` (state)."""
    if request.hold_id is None:
        return None
    hold = books.holds.get(request.hold_id)
    if hold is None or hold.purchase_id is not None or hold.member_id != member_id:
        raise Refusal(Code.NOT_FOUND, what="hold")
    must_be_open(hold, request.at)
    return hold


def must_be_open(hold: HeldPoints, at: datetime) -> None:
    if hold.state == "expired" or (hold.state == "open" and hold.expires_at <= at):
        raise Refusal(Code.HOLD_EXPIRED)
    if hold.state != "open":
        raise Refusal(Code.HOLD_CLOSED, state=hold.state)


def only_held(
    standing: Standing, hold: HeldPoints, drawn: list[tuple[Lot, int]], receipt: Receipt, rulebook: Rulebook
) -> tuple[Standing, Receipt]:
    """The member as if he owned the held points only, and gifts that are due; the receipt as wishing to spend them.

    Held points do not expire while they are held, so their lots count as usable.
    """
    currency = currency_of(standing, hold)
    due = {code for code, one in rulebook.points.items() if one.gift_sku and code != currency}
    wallets = {
        code: wallet if code in due else replace(wallet, available=hold.units if code == currency else 0)
        for code, wallet in standing.wallets.items()
    }
    lots = [replace(lot, remaining=units, active=True, starts_at=receipt.at, expires_at=None) for lot, units in drawn]
    if receipt.spend.mode is SpendMode.NONE:
        receipt = replace(receipt, spend=SpendWish(SpendMode.MAX, currency=currency))
    others = {code: some for code, some in standing.lots.items() if code in due}
    return replace(standing, wallets=wallets, lots={**others, currency: lots}), receipt


def spend_held(act: Act, hold: HeldPoints, drawn: list[tuple[Lot, int]], decision: Decision, at: datetime) -> None:
    """Pay with the part of a hold that was decided; the rest goes back to its lots."""
    currency = currency_of(act.standing, hold)
    for plan in decision.spend:
        if plan.units and plan.currency != currency:
            act.spend(plan.currency, plan.units)
    paid = {plan.lot: plan.units for plan in decision.draws if plan.currency == currency}
    captured = sum(paid.values())
    act.capture(currency, captured)
    back = [(lot, units - paid.get(lot.id, 0)) for lot, units in drawn]
    act.release(currency, [(lot, units) for lot, units in back if units])
    hold.close(captured, at)


def currency_of(standing: Standing, hold: HeldPoints) -> str:
    return next(code for code, wallet in standing.wallets.items() if wallet.id == hold.wallet_id)
