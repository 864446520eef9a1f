"""Which coupons are good here and now. A refused one is refused without saying why."""

from __future__ import annotations

from unicodedata import normalize

from kopilka.engine.rulebook import Coupon, Rulebook
from kopilka.engine.sale import Sale
from kopilka.engine.standing import CouponState

UNUSED = CouponState()


def normal_word(typed: str) -> str:
    """A coupon's word as it is compared: however wide, spaced at the ends or cased it was typed."""
    return normalize("NFKC", typed).strip().upper()


def words_of(rulebook: Rulebook) -> dict[str, Coupon]:
    """Coupons by the words that people type."""
    return {normal_word(word): coupon for coupon in rulebook.coupons.values() for word in coupon.words}


def accept_coupons(sale: Sale, known: dict[str, Coupon]) -> dict[str, str]:
    """Which of the typed words are good: the coupon of each, empty for a refused one."""
    found: dict[str, str] = {}
    for typed in sale.receipt.codes:
        coupon = known.get(normal_word(typed))
        found[typed] = coupon.code if coupon and _is_good(coupon, sale) else ""
    sale.accepted = frozenset(code for code in found.values() if code)
    return found


def _is_good(coupon: Coupon, sale: Sale) -> bool:
    state = sale.standing.coupons.get(coupon.code, UNUSED)
    if coupon.uses and state.used >= coupon.uses:
        return False
    if coupon.uses_each and (sale.standing.member_id is None or state.used_by_member >= coupon.uses_each):
        return False
    return coupon.window.holds(sale.at)
