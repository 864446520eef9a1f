"""Points: whole numbers of a currency's smallest unit, and the ways to round into them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kopilka.engine.money import half_up
from kopilka.engine.period import Life

MAX_POINTS = 10**9
"""No single act moves more units than this; no balance exceeds MAX_BALANCE."""

MAX_BALANCE = 10**12


class Rounding(StrEnum):
    """How a fraction of the smallest unit is rounded, once per lot."""

    DOWN = "down"
    UP = "up"
    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


def round_by(mode: Rounding, numerator: int, denominator: int) -> int:
    """Round the fraction (`numerator` >= 0, `denominator` > 0) to an integer by `mode`."""
    match mode:
        case Rounding.DOWN:
            return numerator // denominator
        case Rounding.UP:
            return -(-numerator // denominator)
        case Rounding.HALF_UP:
            return half_up(numerator, denominator)
    whole, rest = divmod(numerator, denominator)
    doubled = 2 * rest
    return whole + (doubled > denominator or (doubled == denominator and whole % 2 == 1))


@dataclass(frozen=True, slots=True)
class PointsCurrency:
    """A kind of points with its own rules.

    `worth_minor` is what one whole point pays, in minor units of money (0: cannot pay); `decimals` are 0 to 2;
    `carry` keeps the fraction left by rounding down for the next purchase (30 + 20 at "1 per 50" earns 1);
    `spend_order` says which currency is spent first (smaller first, ties by code). `idle`: after so long without a
    purchase all of them expire (empty: never). `gift_sku`: one point stands for one piece of this article, handed out
    at zero price; with `gift_whole` only all that is due at once.
    """

    code: str
    name_ru: str
    name_en: str
    worth_minor: int = 100
    decimals: int = 0
    rounding: Rounding = Rounding.DOWN
    carry: bool = False
    life: Life = Life()
    starts_after: Life = Life()
    spend_order: int = 100
    gift_sku: str | None = None
    idle: Life = Life()
    gift_whole: bool = False

    @property
    def scale(self) -> int:
        """Smallest units in one whole point."""
        return int(10**self.decimals)

    def money(self, units: int) -> int:
        """Minor units of money that `units` pay, rounded down."""
        return units * self.worth_minor // self.scale

    def units_for(self, minor: int) -> int:
        """The fewest units that pay `minor` units of money; 0 for a currency without worth."""
        return -(-minor * self.scale // self.worth_minor) if self.worth_minor else 0
