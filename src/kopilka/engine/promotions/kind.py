"""What every kind of price promotion says about itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from kopilka.engine.decision import Why
from kopilka.engine.sale import Offer, Sale


class Step(IntEnum):
    """The place of a promotion in the order of calculation (docs/algorithms/quote.md)."""

    FIXED_PRICE = 3
    LINES = 4
    SETS = 5
    RECEIPT = 6
    GIFTS = 8
    POINTS = 9


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of promotion with its figures filled in.

    `offer` works out what would come off, changing nothing; `settle` (sale, offer) does what comes with taking it
    beside the price. `by_line`: what it takes off one line does not depend on the others. `nothing`: the reason
    when the offer is empty; after NO_SETS the promotion has not happened, so it gives no points either.
    """

    step: Step
    offer: Callable[[Sale, list[int]], Offer]
    by_line: bool = False
    settle: Callable[[Sale, Offer], None] | None = None
    nothing: Why = Why.NOTHING_LEFT


Maker = Callable[[Any, int], Kind]
"""Fills in a kind: from the discount of the rulebook and the digits of the program's money."""
