"""Which coupons are good here and now, and why the others are not. The cashier learns the reason, never whose it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from unicodedata import normalize
from uuid import UUID

from kopilka.engine.rulebook import Coupon, Rulebook
from kopilka.engine.sale import Sale
from kopilka.engine.standing import CouponState, IssuedCoupon

UNUSED = CouponState()

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of codes in series. Without those that are read wrongly: I, O, 0, 1. Thirty-two: five bits of chance each."""
DIGITS = "0123456789"

SAFE_BITS = 64
RARE = 1_000_000
"""Of so many guesses at most one may hit a code of its series; guessing is limited beside."""


class Refused(StrEnum):
    """Why a word that was named does nothing on this receipt."""

    UNKNOWN = "unknown"
    NOT_YET = "not_yet"
    OVER = "over"
    USED_UP = "used_up"
    USED_BY_MEMBER = "used_by_member"
    MEMBERS_ONLY = "members_only"
    OF_ANOTHER = "of_another"
    RESERVED = "reserved"
    USED = "used"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    ONE_IS_ENOUGH = "one_is_enough"
    NOTHING_FITS = "nothing_fits"


@dataclass(slots=True)
class Named:
    """What came of a receipt's words: the coupon of each good one, the reason of each other one.

    `issued`: the code of a series by which a coupon is good; those the member has bound and nobody named among them.
    """

    coupons: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    issued: dict[str, UUID] = field(default_factory=dict)

    def settle(self, used: frozenset[str]) -> None:
        """Once promotions are played: what none of them has used did nothing."""
        for typed, code in self.coupons.items():
            if code not in used:
                self.refused[typed] = Refused.NOTHING_FITS.value

    def in_order(self, codes: tuple[str, ...]) -> list[str]:
        """The refused words in the order in which they were named."""
        return [typed for typed in dict.fromkeys(codes) if typed in self.refused]


def normal_word(typed: str) -> str:
    """A coupon's word as it is compared: however wide, spaced at the ends or cased it was typed."""
    return normalize("NFKC", typed).strip().upper()


def rare_codes(length: int, *, letters: bool) -> int | None:
    """How many codes of so many characters a series may have before guessing is too easy; None: any number."""
    space = int(len(LETTERS if letters else DIGITS) ** length)
    return None if space.bit_length() > SAFE_BITS else space // RARE


def words_of(rulebook: Rulebook) -> dict[str, Coupon]:
    """Coupons by the words that people type."""
    return {normal_word(word): coupon for coupon in rulebook.coupons.values() for word in coupon.words}


def accept_coupons(sale: Sale, known: dict[str, Coupon], coupons: dict[str, Coupon]) -> Named:
    """Which of the named words are good, and which codes the member has bound apply by themselves.

    `known`: coupons by word, `coupons`: all by code. A word that collects a gift is none of a coupon's.
    """
    named = Named()
    for typed in sale.receipt.codes:
        word = normal_word(typed)
        coupon = known.get(word)
        code = None if coupon else sale.standing.issued.get(word)
        if coupon is None and code is not None:
            coupon = coupons.get(code.coupon)
        if coupon is None:
            if word not in sale.standing.claims:
                named.refused[typed] = Refused.UNKNOWN.value
        elif why := _why_not(coupon, code, sale, named):
            named.refused[typed] = why.value
        else:
            named.coupons[typed] = coupon.code
            if code is not None:
                named.issued[coupon.code] = code.id
    good = set(named.coupons.values())
    if sale.standing.issued:
        good |= _by_themselves(sale, coupons, named, good)
    sale.accepted = frozenset(good)
    return named


def _by_themselves(sale: Sale, coupons: dict[str, Coupon], named: Named, good: set[str]) -> set[str]:
    """Coupons of which the member has bound a code that need not be named: the code that ends soonest."""
    found: set[str] = set()
    for code in sale.standing.issued.values():
        coupon = coupons.get(code.coupon)
        if code.named or coupon is None or not coupon.by_itself or coupon.code in good | found:
            continue
        if _why_not(coupon, code, sale, named) is None:
            named.issued[coupon.code] = code.id
            found.add(coupon.code)
    return found


def _why_not(coupon: Coupon, code: IssuedCoupon | None, sale: Sale, named: Named) -> Refused | None:
    if code is not None and code.refused:
        return Refused(code.refused)
    if code is not None and coupon.code in named.issued:
        return Refused.ONE_IS_ENOUGH
    state = sale.standing.coupons.get(coupon.code, UNUSED)
    if coupon.uses and state.used >= coupon.uses:
        return Refused.USED_UP
    if coupon.uses_each and sale.standing.member_id is None:
        return Refused.MEMBERS_ONLY
    if coupon.uses_each and state.used_by_member >= coupon.uses_each:
        return Refused.USED_BY_MEMBER
    return _out_of_time(coupon, sale)


def _out_of_time(coupon: Coupon, sale: Sale) -> Refused | None:
    window, at = coupon.window, sale.at
    if window.start is not None and at < window.start:
        return Refused.NOT_YET
    if window.end is not None and at >= window.end:
        return Refused.OVER
    return None
