"""Full cards: gifts that are granted by themselves as soon as the points are there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from kopilka.engine.mechanics_things import Gift
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Standing


def has_cards(rulebook: Rulebook) -> bool:
    return any(gift.auto for gift in rulebook.mechanics.gifts.values())


def full_cards(
    rulebook: Rulebook, standing: Standing, at: datetime, out_of_stock: Collection[str] = ()
) -> Iterator[Gift]:
    """Every gift that the member's points now stand for; whoever takes one must spend its price before the next.

    A balance of twice the price gives the gift twice. `out_of_stock`: gifts that are gone, looked at each time.
    """
    for gift in rulebook.mechanics.gifts.values():
        if gift.auto and gift.prices and gift.window.holds(at) and (not gift.tiers or standing.tier in gift.tiers):
            while gift.code not in out_of_stock and is_paid(gift, standing):
                yield gift


def is_paid(gift: Gift, standing: Standing) -> bool:
    """Are the points for it there?"""
    wallets = standing.wallets
    return all(code in wallets and 0 < price <= wallets[code].available for code, price in gift.prices.items())
