"""The kinds of price promotions, written out by hand. One file per kind; docs/recipes tells how to add one."""

from __future__ import annotations

from kopilka.engine.promotions import amount_off, bundle, buy_get, fixed_price, gift_line, nth_free, percent_off
from kopilka.engine.promotions.kind import Maker
from kopilka.engine.rulebook import (
    AmountOff,
    Bundle,
    BuyGet,
    Discount,
    FixedPrice,
    GiftLine,
    NthFree,
    PercentOff,
)

KINDS: dict[type[Discount], Maker] = {
    FixedPrice: fixed_price.kind,
    PercentOff: percent_off.kind,
    AmountOff: amount_off.kind,
    NthFree: nth_free.kind,
    BuyGet: buy_get.kind,
    Bundle: bundle.kind,
    GiftLine: gift_line.kind,
}
