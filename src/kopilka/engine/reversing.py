"""What one rule gave in points on one purchase, read out of the stored decision: units of every line in every lot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import lcm

from kopilka.engine.checks import selector
from kopilka.engine.compiling.book import Book, book_of
from kopilka.engine.compiling.earns import Way
from kopilka.engine.decision import Decision, PricedLine, Reason, Why
from kopilka.engine.money import split
from kopilka.engine.receipt import Line, Receipt
from kopilka.engine.rulebook import EarnBase, Promotion, Rulebook

Given = dict[int, dict[int, int]]
"""Units by number of the line and index of the lot."""

EVERY = 0
"""The line of a reason that speaks of several."""


def granted_by(rule: str, decision: Decision, receipt: Receipt, rulebook: Rulebook) -> Given:
    """Units of each line in each lot that came from `rule`; `rulebook` is the version that decided.

    Each lot is shared among the rules that gave it by largest remainder, so that the parts of all rules sum to it.
    """
    book = book_of(rulebook)
    parts = _parts(decision, book)
    given: Given = {}
    for index, lot in enumerate(decision.lots):
        of_rules = parts.get(index, {})
        if rule not in {code for code, _ in of_rules}:
            continue
        keys = sorted(of_rules)
        weights = _whole([of_rules[key] for key in keys])
        for (code, number), units in zip(keys, split(lot.units, weights), strict=True):
            if code == rule and units:
                lines = _lines_of(rule, number, index, decision, receipt, rulebook)
                _spread(units, index, lines, decision, given)
    return given


def total_of(given: Given, decision: Decision) -> dict[str, int]:
    """Units by currency."""
    sums: dict[str, int] = {}
    for of_line in given.values():
        for index, units in of_line.items():
            currency = decision.lots[index].currency
            sums[currency] = sums.get(currency, 0) + units
    return sums


def _parts(decision: Decision, book: Book) -> dict[int, dict[tuple[str, int], Fraction]]:
    """Exact units that each (rule, line) put into each lot, by index of the lot."""
    pots: dict[int, dict[tuple[str, int], Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    seen: dict[str, int] = defaultdict(int)
    rules = {rule.code: rule for rule in book.rules}
    later: list[Reason] = []
    for reason in decision.reasons:
        if reason.why is Why.MULTIPLIED:
            later.append(reason)
        elif reason.why is Why.EARNED:
            ways = [way for way in rules[reason.rule].earns if way.way is not Way.MULTIPLY]
            pot = ways[min(seen[reason.rule], len(ways) - 1)].pot
            seen[reason.rule] += 1
            assert pot is not None
            pots[pot][reason.rule, reason.line] += Fraction(reason.num, reason.den)
    for reason in later:
        _multiply(reason, book, pots)
    rounded = [reason for reason in decision.reasons if reason.why is Why.ROUNDED]
    lots = iter(range(len(decision.lots)))
    return {next(lots): pots[pot] for pot, told in zip(sorted(pots), rounded, strict=True) if told.amount}


def _multiply(reason: Reason, book: Book, pots: dict[int, dict[tuple[str, int], Fraction]]) -> None:
    """What a multiplier added stands in the lots it multiplied, in step with what they held; or in lots of its own."""
    rule = next(rule for rule in book.rules if rule.code == reason.rule)
    way = next(way for way in rule.earns if way.way is Way.MULTIPLY and way.currency == reason.detail)
    added = Fraction(reason.num, reason.den)
    if way.pot is not None:
        pots[way.pot][reason.rule, reason.line] += added
        return
    held = {at: sum(parts.values()) for at, parts in pots.items() if book.pots[at].currency.code == reason.detail}
    whole = sum(held.values())
    for at, part in held.items():
        if whole:
            pots[at][reason.rule, reason.line] += added * Fraction(part) * Fraction(whole) ** -1


def _whole(parts: list[Fraction]) -> list[int]:
    """The same weights as integers."""
    common = lcm(*(part.denominator for part in parts))
    return [part.numerator * common // part.denominator for part in parts]


def _lines_of(
    rule: str, number: int, index: int, decision: Decision, receipt: Receipt, rulebook: Rulebook
) -> dict[int, int]:
    """Weights of the lines on which the rule can have given points into a lot, by their numbers."""
    if number != EVERY:
        return {number: 1}
    said = next(one for one in rulebook.promotions if one.code == rule)
    sold = {line.number: line for line in receipt.lines}
    earning = [line for line in decision.lines if index in line.earned]
    fitting = [line for line in earning if _fits(said, sold.get(line.number))]
    return {line.number: _weight(said, line, rulebook) for line in fitting or earning}


def _fits(said: Promotion, line: Line | None) -> bool:
    return line is not None and (said.lines is None or selector(said.lines)(line, []))


def _weight(said: Promotion, line: PricedLine, rulebook: Rulebook) -> int:
    """On what the rule counts: the price by which percents go, whatever its way: a lot holds its sum, not its ways."""
    return max(0, line.net if rulebook.earn_base is EarnBase.NET else line.paid) if said.earn else 0


def _spread(units: int, index: int, weights: Mapping[int, int], decision: Decision, given: Given) -> None:
    """Spread the rule's units over its lines; none gets more than it has earned in that lot."""
    earned = {line.number: line.earned.get(index, 0) for line in decision.lines}
    numbers = list(weights)
    rest = 0
    for number, part in zip(numbers, split(units, [weights[number] for number in numbers]), strict=True):
        rest += part - _put(number, index, part, earned, given)
    for number in _after(numbers, earned):
        rest -= _put(number, index, rest, earned, given)


def _put(number: int, index: int, units: int, earned: Mapping[int, int], given: Given) -> int:
    """Put what still fits on a line; how much that was."""
    of_line = given.get(number, {})
    part = min(units, earned[number] - of_line.get(index, 0))
    if part > 0:
        given.setdefault(number, {})[index] = of_line.get(index, 0) + part
    return max(part, 0)


def _after(numbers: Iterable[int], earned: Mapping[int, int]) -> list[int]:
    """The rule's own lines first, then all others."""
    own = list(numbers)
    return [*own, *(number for number in earned if number not in own)]
