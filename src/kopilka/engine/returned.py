"""What returns have undone of a purchase, and how much of its figures belongs to the goods brought back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from kopilka.engine.decision import Decision, PricedLine, Why
from kopilka.engine.money import part_of
from kopilka.engine.rulebook import Returns, TakeBack

Reversed = dict[str, dict[int, dict[int, int]]]
"""Units that were taken back because a rule was reversed: by rule, number of the line, index of the lot."""


@dataclass(slots=True)
class Returned:
    """All that the returns of one purchase, and reversals of rules that gave points on it, have undone so far.

    `lines` thousandths by line number; `taken` units taken back by lot; `given` spent units given back by the lot they
    were drawn from. What could not be taken back, by currency: `owed` went to the debt, `forgotten` was let go,
    `settled` was owed and has been repaid since: it counts as taken for good.
    """

    lines: dict[int, int] = field(default_factory=dict)
    taken: dict[UUID, int] = field(default_factory=dict)
    given: dict[UUID, int] = field(default_factory=dict)
    owed: dict[str, int] = field(default_factory=dict)
    forgotten: dict[str, int] = field(default_factory=dict)
    settled: dict[str, int] = field(default_factory=dict)
    reversed: Reversed = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not (self.lines or self.reversed)


@dataclass(slots=True)
class Sold:
    """A purchase as its returns see it: what was decided, what is undone already, the rules on returns of its day.

    `held`: units of its own lots that stand aside in open holds now.
    """

    id: UUID
    decision: Decision
    returned: Returned
    policy: Returns
    held: dict[UUID, int] = field(default_factory=dict)


@dataclass(slots=True)
class ReturnedLine:
    """What of a line is brought back now: `quantity` thousandths, `refund_minor` its part of the money paid."""

    number: int
    sku: str
    name: str
    quantity: int
    refund_minor: int


@dataclass(slots=True)
class PointsBack:
    """What a return does in one currency, units; a figure may undo part of an earlier return's, so be negative.

    `earned` by the returned goods = `taken` from lots + `expired` before they could be taken + `owed` + `forgotten`.
    `given`: the points they were paid with; of them `in_grace` and `lapsed` had outlived their lots.
    """

    currency: str
    earned: int = 0
    taken: int = 0
    expired: int = 0
    owed: int = 0
    forgotten: int = 0
    given: int = 0
    in_grace: int = 0
    lapsed: int = 0


@dataclass(slots=True)
class LotMove:
    """Units taken back from a lot (negative: put back into it), or given back to it."""

    lot: UUID
    currency: str
    units: int


@dataclass(slots=True)
class Resettled:
    """An earlier return that this one lets be settled better: points came back that it had missed."""

    purchase: UUID
    points: list[PointsBack]
    takes: list[LotMove]
    returned: Returned


@dataclass(slots=True)
class ReturnDecision:
    """What was decided about a return of one purchase. `returned` is the purchase's new cumulative state.

    `certificates`: minor units of the refund that go back to the certificates that had paid them.
    """

    purchase: UUID
    at: datetime
    lines: list[ReturnedLine]
    refund_minor: int
    points: list[PointsBack]
    takes: list[LotMove]
    gives: list[LotMove]
    take_back: TakeBack
    returned: Returned
    resettled: list[Resettled] = field(default_factory=list)
    certificates: dict[UUID, int] = field(default_factory=dict)


def returnable(decision: Decision, returned: Returned) -> dict[int, int]:
    """Thousandths of each line that can still be brought back; lines with nothing left are absent."""
    left = {line.number: line.quantity - returned.lines.get(line.number, 0) for line in decision.lines}
    return {number: quantity for number, quantity in left.items() if quantity > 0}


def is_back(numbers: Sequence[int], sold: Mapping[int, int], returned: Mapping[int, int]) -> bool:
    """Are all these lines (at least one) brought back whole? Thousandths by line number."""
    return bool(numbers) and all(returned.get(number, 0) >= sold.get(number, 0) for number in numbers)


def refund_of(line: PricedLine, lines: Mapping[int, int]) -> int:
    """Minor units of money to give back for what `lines` say is back of this line."""
    return part_of(line.paid, *_part(line, lines))


def spent_on(decision: Decision, lines: Mapping[int, int], currency: str) -> int:
    """Units that the goods in `lines` were paid with."""
    return sum(part_of(line.spent[currency], *_part(line, lines)) for line in decision.lines if currency in line.spent)


def earned_by(decision: Decision, lines: Mapping[int, int], currency: str) -> int:
    """Units that the goods in `lines` had earned."""
    return sum(
        part_of(units, *_part(line, lines))
        for line in decision.lines
        for index, units in line.earned.items()
        if decision.lots[index].currency == currency
    )


def undone_by(decision: Decision, lines: Mapping[int, int], reversed_: Reversed, currency: str) -> int:
    """Units to be taken back in all: everything that reversed rules had given, and of the rest the returned part."""
    if not reversed_:
        return earned_by(decision, lines, currency)
    total = 0
    for line in decision.lines:
        for index, units in line.earned.items():
            if decision.lots[index].currency == currency:
                gone = sum(of_rule.get(line.number, {}).get(index, 0) for of_rule in reversed_.values())
                total += gone + part_of(units - gone, *_part(line, lines))
    return total


def reversed_lots(reversed_: Reversed) -> dict[int, int]:
    """Units that reversed rules had given, by index of the lot."""
    found: dict[int, int] = {}
    for of_rule in reversed_.values():
        for of_line in of_rule.values():
            for index, units in of_line.items():
                found[index] = found.get(index, 0) + units
    return found


def carried_back(decision: Decision, lines: Mapping[int, int], currency: str) -> Fraction:
    """By how much the wallet's kept fraction has changed once `lines` are back: units earned less exact points.

    It goes in step with the units: the fraction walks from its value after the purchase to its value before it.
    """
    units = sum(lot.units for lot in decision.lots if lot.currency == currency)
    reasons = (reason for reason in decision.reasons if reason.why is Why.ROUNDED and reason.detail == currency)
    exact = sum((Fraction(reason.num, reason.den) for reason in reasons), Fraction())
    if units:
        done, whole = earned_by(decision, lines, currency), units
    elif any(lines.get(line.number, 0) < line.quantity for line in decision.lines):
        done = sum(part_of(line.net, *_part(line, lines)) for line in decision.lines)
        whole = sum(line.net for line in decision.lines) or 1
    else:
        done = whole = 1
    return min(units, done) - Fraction(part_of(exact.numerator, done, whole), exact.denominator)


def _part(line: PricedLine, lines: Mapping[int, int]) -> tuple[int, int]:
    return (lines.get(line.number, 0), line.quantity) if line.quantity > 0 else (0, 1)
