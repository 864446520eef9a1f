"""What a cashier asks about a code or a customer's gifts, and binding a coupon to a phone at the counter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.notes import Asking
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.engine.actor import Actor
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.gifts import ClaimView
from kopilka.queries.programs import ProgramView
from kopilka.queries.scope import reading
from kopilka.queries.tails import MaskedMember
from kopilka.services.coupons import bind_coupon, read_coupon
from kopilka.services.enrolling import find_by_phone
from kopilka.services.member_desk import DueGift, due_gifts, masked_member, open_gifts
from kopilka.services.profiles import clean_identifier
from kopilka.wording.masking import masked_phone

OPEN = "new"
"""The state of a code that is nobody's yet."""


@dataclass(frozen=True, slots=True)
class WaitingGifts:
    """What waits for the customer on the receipt."""

    who: MaskedMember
    gifts: tuple[ClaimView, ...]
    due: tuple[DueGift, ...]


@dataclass(frozen=True, slots=True)
class CouponAtDesk:
    """A code as the till shows it. `state` as `CodeView` says it, `of_all`: everybody gets a code of his own by this
    word. `can_be_bound`: somebody can be given it now. `who` has it, masked."""

    word: str
    coupon: str
    state: str
    until: datetime | None
    can_be_bound: bool
    who: MaskedMember | None = None


@dataclass(frozen=True, slots=True)
class BoundAtDesk:
    """`word` is the code he uses; in training it is what was typed. `enrolled`: he was no member before."""

    word: str
    coupon: str
    phone: str
    until: datetime | None
    enrolled: bool
    booked: bool


def waiting_at_desk(*, program_id: UUID, member_id: UUID, by: Actor, at: datetime) -> WaitingGifts:
    """`not_found`."""
    due = due_gifts(program_id=program_id, member_id=member_id, by=by, at=at)
    return WaitingGifts(masked_member(program_id, member_id), open_gifts(program_id, member_id, at=at), due)


def due_gift(*, program_id: UUID, member_id: UUID, currency: str, by: Actor, at: datetime) -> DueGift | None:
    """Pieces of one kind that a member's points stand for now; None where there are none."""
    found = due_gifts(program_id=program_id, member_id=member_id, by=by, at=at)
    return next((one for one in found if one.currency == currency), None)


def look_at_coupon(*, program_id: UUID, word: str, by: Actor, at: datetime) -> CouponAtDesk:
    """A code, or the word of a coupon of which everybody gets a code of his own. `not_found`, `too_many_codes`."""
    with reading(program_id):
        coupons = load_rulebook(program_id)[1].coupons
    of_all = coupons.get(word.strip().lower())
    if of_all is not None:
        good = of_all.bind and of_all.window.holds(at)
        return CouponAtDesk(word.strip().upper(), of_all.code, OPEN, of_all.window.end, good)
    found = read_coupon(program_id=program_id, word=word, by=by, at=at)
    said = coupons.get(found.coupon)
    good = found.state == OPEN and said is not None and said.bind and said.window.holds(at)
    who = masked_member(program_id, found.member_id) if found.member_id else None
    return CouponAtDesk(found.word, found.coupon, found.state, found.valid_until, good, who)


def bind_at_desk(
    *, program: ProgramView, word: str, phone: str, own: frozenset[UUID], asking: Asking, dry_run: bool = False
) -> BoundAtDesk:
    """Make it the coupon of whoever has this phone. `own_card` when that is the employee himself (`own`), and what
    `bind_coupon` refuses. With `dry_run` everything is looked at and nothing is written."""
    member_id = find_by_phone(program=program, phone=phone, by=asking.by)
    if member_id in own:
        raise Refusal(Code.OWN_CARD)
    if dry_run:
        seen = look_at_coupon(program_id=program.id, word=word, by=asking.by, at=asking.at)
        if not seen.can_be_bound:
            raise Refusal(Code.COUPON_UNUSABLE, coupon=word)
        shown = masked_phone(clean_identifier(program, "phone", phone))
        return BoundAtDesk(seen.word, seen.coupon, shown, seen.until, member_id is None, booked=False)
    bound = bind_coupon(program_id=program.id, word=word, phone=phone, asking=asking)
    who = masked_member(program.id, bound.member_id)
    return BoundAtDesk(bound.word, bound.coupon, who.phone, bound.until, bound.enrolled, booked=True)
