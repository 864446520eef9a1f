"""What a rule may give in points."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kopilka.engine.period import Life


class Per(StrEnum):
    """For what a fixed number of points is given."""

    RECEIPT = "receipt"
    LINE = "line"
    UNIT = "unit"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Earn:
    """Points given: exactly one of `percent`, `units`, `multiply`.

    `percent` (hundredths of a percent) of the base in money's worth of the currency (for a currency without worth: of
    whole units of money). `units` in the currency's smallest unit per receipt, line, unit of quantity, or per
    `per_minor` of the base (fractions count until the lot is rounded). `multiply` (hundredths: 200 doubles) what the
    other rules give on the selected lines in this currency; of several the largest counts.
    `units_max` caps what this rule gives on one receipt. `life` and `starts_after` None: the currency's own.
    """

    currency: str
    percent: int = 0
    units: int = 0
    per: Per = Per.RECEIPT
    per_minor: int = 0
    multiply: int = 0
    units_max: int | None = None
    life: Life | None = None
    starts_after: Life | None = None
