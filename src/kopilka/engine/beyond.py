"""What a purchase moves beside the buyer's own points; nothing is made where nothing is moved."""

from __future__ import annotations

from kopilka.engine.bounds import uses_of
from kopilka.engine.certificates import settle_certificates
from kopilka.engine.club import club_hints
from kopilka.engine.compiling.book import Book
from kopilka.engine.coupons import Named
from kopilka.engine.decision import Beyond, Hint, Tell
from kopilka.engine.earning import Worked
from kopilka.engine.sale import Sale
from kopilka.engine.segments import one_sale_segments
from kopilka.engine.shares import share_out, uses_of_shares


def beyond_of(
    sale: Sale, book: Book, worked: list[Worked], named: Named | None, used: frozenset[str], over: frozenset[str]
) -> Beyond | None:
    """`named` are the words of the receipt once promotions are played, `used` the coupons that have worked.

    `over`: rules that would overstep their budgets.
    """
    found = sale.beyond or Beyond()
    if book.shares:
        found.shares, found.segments = share_out(sale, book, over)
    if sale.standing.stays:
        found.segments = one_sale_segments(sale, found.segments)
    if book.rulebook.mechanics.club:
        found.hints += club_hints(sale, book.rulebook)
    if book.bounds:
        found.bounded = uses_of(sale, worked) + uses_of_shares(found.shares, book)
    if sale.receipt.certificates or book.rulebook.mechanics.certificates:
        settle_certificates(sale, book.rulebook, found)
    if named is not None:
        found.issued = sorted(code_id for coupon, code_id in named.issued.items() if coupon in used)
        found.refused = named.refused
    if sale.standing.issued:
        found.hints += _coupons_to_name(sale, book)
    return found if found != _NOTHING else None


def _coupons_to_name(sale: Sale, book: Book) -> list[Hint]:
    """Codes the member has bound that only work when the cashier names them: one of each coupon."""
    hints: dict[str, Hint] = {}
    for code in sale.standing.issued.values():
        coupon = book.rulebook.coupons.get(code.coupon)
        if code.named or code.refused or coupon is None or coupon.by_itself or coupon.code in sale.accepted:
            continue
        if coupon.window.holds(sale.at):
            hints.setdefault(coupon.code, Hint(Tell.COUPON, coupon.code, code.until, detail=code.word))
    return list(hints.values())


_NOTHING = Beyond()
