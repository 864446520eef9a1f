"""A member leaves for good: what is known of him goes at once, the books keep their sums.

His points expire, gifts nobody collected are called off, codes and sessions end. What stays is a row of figures that
names nobody, and a keyed hash of his contacts, so that what new members get is not given twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.claims import close_claim, lock_claim, pay_back, put_back
from kopilka.bookkeeping.coupon_stock import find_codes, write_codes
from kopilka.bookkeeping.documents import to_text
from kopilka.bookkeeping.erasing import forget, kept_answers, records_of
from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.bookkeeping.loading import Known, load_several
from kopilka.bookkeeping.purchasing.due import settle_due
from kopilka.bookkeeping.purchasing.outcome import Outcome
from kopilka.bookkeeping.purchasing.transactions import act_once
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.writing import Written
from kopilka.data.ids import new_id
from kopilka.data.models.gifts import GiftClaim
from kopilka.data.models.members import Identifier, Member
from kopilka.engine.actor import Actor, ActorKind, Capability
from kopilka.engine.ledger import Act, Kind
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.returned import LotMove
from kopilka.queries.scope import reading

ERASED, IN_FAMILY = "erased", "in_family"


@dataclass(frozen=True, slots=True)
class Erased:
    """What went: points by currency in smallest units, gifts that were waiting, rows by kind."""

    member_id: UUID
    expired: dict[str, int]
    gifts: int
    cleared: dict[str, int]


def erase_member(*, program_id: UUID, member_id: UUID, by: Actor, at: datetime, request_id: str = "") -> Erased:
    """Forget him, at once and for good. He himself, or whoever may adjust.

    `not_allowed`, `not_found` (also when he is erased already), `hold_open` while points of his are set aside for a
    purchase, `invalid` (an account of an employee, agent or partner; a record that was merged into another).
    """
    if not (by.kind is ActorKind.MEMBER and by.id == member_id):
        by.must(Capability.ADJUST)
    with reading(program_id):
        known = kept_answers(program_id, records_of(program_id, member_id))
    asked = _Asked(program_id, member_id, by, at, request_id)
    return act_once(program_id, lambda outcome: _erase(outcome, asked, known))


@dataclass(frozen=True, slots=True)
class _Asked:
    program_id: UUID
    member_id: UUID
    by: Actor
    at: datetime
    request_id: str


def _erase(outcome: Outcome, asked: _Asked, known_answers: list[UUID]) -> Erased:
    program_id, at = asked.program_id, asked.at
    enter_program(program_id)
    around = _family_around(program_id, asked.member_id)
    several = load_several(program_id, [asked.member_id, *around])
    if around != _family_around(program_id, asked.member_id):
        raise Refusal(Code.BUSY)  # somebody joined or left meanwhile: to be asked again
    known = several[asked.member_id]
    _must_be_his(program_id, asked.member_id)
    if any(wallet.held for wallet in known.standing.wallets.values()):
        raise Refusal(Code.HOLD_OPEN)
    outcome.written += settle_due(known.standing, at=at, recorded_at=at)
    gifts = _call_off_gifts(outcome, asked, known)
    expired = _expire_points(outcome, asked, known)
    _end_coupons(program_id, asked.member_id, at)
    _let_family_go(outcome, program_id, asked.member_id, at)
    records = records_of(program_id, asked.member_id)
    fresh = kept_answers(program_id, records, since=at)
    cleared = forget(program_id, records, sorted({*known_answers, *fresh}), at=at)
    Member.objects.of(program_id).filter(id=asked.member_id).update(status=ERASED, tags="", tier_review_at=None)
    record_audit(
        program_id, "member_erased", asked.member_id, by=asked.by, at=at,
        after={"expired": expired, "gifts": gifts, "cleared": cleared}, request_id=asked.request_id,
    )  # fmt: skip
    outcome.events.append(Happened(EventKind.MEMBER_ERASED, asked.member_id, asked.member_id, at))
    return Erased(asked.member_id, expired, gifts, cleared)


def _must_be_his(program_id: UUID, member_id: UUID) -> None:
    row = Member.objects.of(program_id).get(id=member_id)
    if row.status == ERASED:
        raise Refusal(Code.NOT_FOUND, what="member")
    if row.role:
        raise Refusal(Code.INVALID, field="member", reason="account_of_beneficiary")
    if row.merged_into_id is not None:
        raise Refusal(Code.INVALID, field="member", reason="merged_already")


def _family_around(program_id: UUID, member_id: UUID) -> list[UUID]:
    """Those who joined him, and the head he has joined."""
    rows = Identifier.objects.of(program_id)
    joined = rows.filter(member_id=member_id, owner__isnull=False).values_list("owner_id", flat=True)
    head = rows.filter(owner_id=member_id).values_list("member_id", flat=True)
    return sorted({*joined, *head})


def _call_off_gifts(outcome: Outcome, asked: _Asked, known: Known) -> int:
    """Gifts that wait for him: what was paid goes back, to expire with the rest; the stock has them again."""
    program_id = asked.program_id
    rows = GiftClaim.objects.of(program_id).filter(member_id=asked.member_id, state="open").order_by("id")
    claims = [claim for key in rows.values_list("id", flat=True) if (claim := lock_claim(program_id, key))]
    for claim in claims:
        act = Act(known.standing, asked.at, new_id)
        if claim.origin != "card":
            pay_back(program_id, act, claim, load_rulebook(program_id)[1])
        close_claim(program_id, claim, "cancelled", asked.at)
        if act.postings:
            outcome.written.append(
                Written(Kind.GIFT_BACK, asked.member_id, claim.id, asked.at, asked.at, asked.by, act, reason=claim.gift)
            )
    for gift, count in sorted((claim.gift, claim.count) for claim in claims):
        put_back(program_id, gift, count)
    return len(claims)


def _expire_points(outcome: Outcome, asked: _Asked, known: Known) -> dict[str, int]:
    act = Act(known.standing, asked.at, new_id)
    moved = []
    for lot in [lot for lots in known.standing.lots.values() for lot in lots if lot.remaining]:
        moved.append(LotMove(lot.id, lot.currency, lot.remaining))
        act.expire(lot)
    if not moved:
        return {}
    outcome.written.append(
        Written(
            Kind.EXPIRE, asked.member_id, None, asked.at, asked.at, asked.by, act, reason=ERASED,
            request_id=asked.request_id, answer=to_text(moved),
        )
    )  # fmt: skip
    return _sums((one.currency, one.units) for one in moved)


def _sums(parts: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for currency, units in parts:
        found[currency] = found.get(currency, 0) + units
    return found


def _end_coupons(program_id: UUID, member_id: UUID, at: datetime) -> None:
    codes = [one for one in find_codes(program_id, members=[member_id], lock=True) if one.state == "bound"]
    for one in codes:
        one.state, one.changed_at = "withdrawn", at
    write_codes(program_id, codes)


def _let_family_go(outcome: Outcome, program_id: UUID, member_id: UUID, at: datetime) -> None:
    """Those who joined him are by themselves again, with their own phones and cards."""
    owned = Identifier.objects.of(program_id).filter(member_id=member_id, owner__isnull=False)
    for joined in sorted(set(owned.values_list("owner_id", flat=True))):
        owned.filter(owner_id=joined).update(member_id=joined, owner_id=None)
        Member.objects.of(program_id).filter(id=joined, status=IN_FAMILY).update(status="active")
        outcome.events.append(Happened(EventKind.MEMBER_CHANGED, joined, joined, at))
