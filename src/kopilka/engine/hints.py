"""What is worth saying at the till: privileges that are open, gifts that are due, stamps that are missing."""

from __future__ import annotations

from collections.abc import Iterator

from kopilka.engine.compiling.beside import Beside, Stamped
from kopilka.engine.decision import Hint, Tell
from kopilka.engine.earning import Earned
from kopilka.engine.gifts import due_pieces
from kopilka.engine.mechanics_things import Gift
from kopilka.engine.privileges import privilege_hints
from kopilka.engine.sale import Sale
from kopilka.engine.spending import Spent


def tell_hints(sale: Sale, beside: Beside, spent: Spent, earned: Earned) -> None:
    """Put down what the buyer should hear about this purchase; an anonymous buyer hears nothing.

    `spent` with the points that stood for gifts.
    """
    if sale.standing.member_id is None:
        return
    hints = [
        *privilege_hints(sale, beside),
        *_due_gifts(sale, beside, spent),
        *(hint for stamped in beside.stamped for hint in _stamps(sale, stamped, spent, earned)),
    ]
    if hints:
        sale.moved().hints.extend(hints)


def _due_gifts(sale: Sale, beside: Beside, spent: Spent) -> Iterator[Hint]:
    """Gifts that stay due after this purchase, so that the cashier rings them too."""
    handed = {plan.currency: plan.units for plan in spent.plans}
    for currency in beside.due:
        left = due_pieces(sale, currency) - handed.get(currency.code, 0) // currency.scale
        if left > 0:
            yield Hint(Tell.GIFT_DUE, currency.code, count=left, detail=currency.gift_sku or "")
    collected = sale.beyond.claims if sale.beyond else []
    for claim in sale.standing.claims.values():
        if claim.id not in collected and (claim.until is None or sale.at < claim.until):
            yield Hint(Tell.GIFT_DUE, claim.gift, claim.until, claim.quantity, detail=claim.sku)


def _stamps(sale: Sale, stamped: Stamped, spent: Spent, earned: Earned) -> Iterator[Hint]:
    """How many are missing to what a full card gives, and to the next gift of the catalogue."""
    code = stamped.currency
    wallet = sale.standing.wallets.get(code)
    gained = sum(lot.units for lot in earned.lots if lot.currency == code and not lot.pending)
    paid = sum(plan.units for plan in spent.plans if plan.currency == code)
    has = (wallet.available - wallet.debt if wallet else 0) + gained - paid
    open_gifts = [(price, gift) for price, gift in stamped.gifts if _is_for(sale, gift)]
    for price, gift in open_gifts:
        if gift.auto:
            yield Hint(Tell.STAMPS, gift.code, count=max(0, price - has), amount=max(0, has), detail=code)
    following = next(((price, gift) for price, gift in open_gifts if not gift.auto and price > has), None)
    if following and has + gained > 0:
        yield Hint(Tell.STAMPS, following[1].code, count=following[0] - has, amount=has, detail=code)


def _is_for(sale: Sale, gift: Gift) -> bool:
    return (
        gift.window.holds(sale.at)
        and (not gift.tiers or sale.tier in gift.tiers)
        and (not gift.branches or sale.receipt.branch in gift.branches)
    )
