"""Automations: which of them answer an event, whether what they ask for holds, and how many points they give.

Conditions are the same as those of promotions. Where there is no receipt, nothing is known about it: no comparison with
a fact of it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from kopilka.engine.checks import Check, Selects, check_of, parts_of, selector, tests_of
from kopilka.engine.compiling.earns import worth_minor
from kopilka.engine.conditions import All, Condition
from kopilka.engine.fact_readers import MOMENT, READERS, SETS, SLOTS
from kopilka.engine.facts import FACTS, Scope
from kopilka.engine.mechanics import Automation, On, Person
from kopilka.engine.money import PERCENT_SCALE, PRICE_SCALE, QUANTITY_SCALE, part_of, split
from kopilka.engine.points import PointsCurrency, round_by
from kopilka.engine.receipt import Receipt
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.sale import Facts, Sale
from kopilka.engine.standing import ANONYMOUS, Standing
from kopilka.engine.tiers import tier_now

SECTION = "automations"
MOMENTS = frozenset({On.DATE, On.CALENDAR, On.QUIET, On.EXPIRING})
"""What nobody's act marks: the worker finds them."""

_OF_RECEIPT = frozenset(name for name, fact in FACTS.items() if fact.scope is Scope.RECEIPT)
_OF_MEMBER = frozenset(name for name, fact in FACTS.items() if fact.scope is Scope.MEMBER)


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase behind an event: money `paid` and thousandths sold by line number, the tier it was priced for."""

    receipt: Receipt
    paid: Mapping[int, int]
    quantities: Mapping[int, int]
    tier: str = ""
    coupons: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Cause:
    """An event as automations see it. `minor`: money it brought, for one that is no purchase."""

    on: On
    at: datetime
    name: str = ""
    bought: Bought | None = None
    minor: int = 0


@dataclass(slots=True)
class Owed:
    """Points to be given: smallest `units` of `currency` by line number (0: not of a line) of the purchase behind them.

    `grant`: which one of the automation's.
    """

    grant: int
    currency: str
    lines: dict[int, int] = field(default_factory=dict)

    @property
    def units(self) -> int:
        return sum(self.lines.values())


def is_off(rulebook: Rulebook, automation: Automation) -> bool:
    """Switched off by hand?"""
    return f"{SECTION}.{automation.code}" in rulebook.rules_off


def answering(rulebook: Rulebook, on: On, name: str, at: datetime) -> list[Automation]:
    """The automations that answer an event at this moment; `name` of the segment or of the custom event."""
    return [
        one
        for one in rulebook.mechanics.automations.values()
        if one.trigger.on is on
        and one.trigger.name in {"", name}
        and one.window.holds(at)
        and not is_off(rulebook, one)
    ]


def fits_receipt(rulebook: Rulebook, automation: Automation, cause: Cause) -> bool:
    """Does all hold that can be said without the member: branch, lines, conditions over receipt and time alone?"""
    parts = [part for part in parts_of(automation.when) if not any(one.fact in _OF_MEMBER for one in tests_of(part))]
    return not _why_not(rulebook, automation, ANONYMOUS, cause, tuple(parts))


def why_not(rulebook: Rulebook, automation: Automation, standing: Standing, cause: Cause) -> str:
    """What does not hold: branches, lines, or the fact that is asked for; empty when all does.

    `standing.segments` must be what they are at the cause's moment.
    """
    return _why_not(rulebook, automation, standing, cause, parts_of(automation.when))


def owed_for(rulebook: Rulebook, automation: Automation, grant: int, cause: Cause) -> Owed:
    """What its grant at that place gives.

    Points that are a percent, and others where they are to come back, are spread over the lines by the money paid.
    """
    said = automation.grants[grant]
    lines = lines_of(rulebook, automation, cause) if said.percent or automation.take_back else {}
    units = said.units
    if said.percent:
        minor = sum(lines.values()) if cause.bought else cause.minor
        units = percent_units(minor, said.percent, rulebook.points[said.currency], rulebook.digits)
    if not lines:
        return Owed(grant, said.currency, {0: units})
    numbers = sorted(lines)
    weights = [lines[number] for number in numbers]
    parts = split(units, weights if any(weights) else [1] * len(numbers))
    return Owed(grant, said.currency, dict(zip(numbers, parts, strict=True)))


def percent_units(minor: int, percent: int, currency: PointsCurrency, digits: int) -> int:
    """`percent` (hundredths of a percent) of money in points of its worth, rounded as the currency rounds."""
    return round_by(currency.rounding, minor * percent * currency.scale, PERCENT_SCALE * worth_minor(currency, digits))


def left_of(lines: Mapping[int, int], back: Mapping[int, int], sold: Mapping[int, int]) -> int:
    """Of units by line number those that stay when `back` of the thousandths `sold` have been returned."""
    return sum(
        units - (part_of(units, back.get(number, 0), sold[number]) if sold.get(number, 0) > 0 else 0)
        for number, units in lines.items()
    )


def lines_of(rulebook: Rulebook, automation: Automation, cause: Cause) -> dict[int, int]:
    """Money paid on the lines of the purchase that the automation is about, by number; empty without a purchase."""
    if cause.bought is None:
        return {}
    paid = cause.bought.paid
    if automation.lines is None:
        return {number: minor for number, minor in paid.items() if cause.bought.quantities.get(number, 0) > 0}
    facts = _facts(rulebook, ANONYMOUS, cause, _asked([automation.lines]))
    selects = _selector(automation.lines)
    return {line.number: paid.get(line.number, 0) for line in cause.bought.receipt.lines if selects(line, facts)}


def people_of(automation: Automation) -> set[tuple[Person, int]]:
    """To whom it gives points, with the level of an inviter; whatever else it does is for the member."""
    return {(one.to, one.level if one.to is Person.INVITER else 0) for one in automation.grants}


def only_member_facts(when: Condition | None) -> Condition | None:
    """The part of a condition that asks about the member alone: what members can be looked for by."""
    parts = [part for part in parts_of(when) if all(one.fact in _OF_MEMBER for one in tests_of(part))]
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _why_not(
    rulebook: Rulebook, automation: Automation, standing: Standing, cause: Cause, parts: tuple[Condition, ...]
) -> str:
    branch = cause.bought.receipt.branch if cause.bought else ""
    if automation.branches and branch not in automation.branches:
        return "branches"
    if automation.lines is not None and not lines_of(rulebook, automation, cause):
        return "lines"
    facts = _facts(rulebook, standing, cause, _asked(parts))
    for part in parts:
        if not _check(part)(facts):
            return next((test.fact for test in tests_of(part)), "when")
    return ""


def _facts(rulebook: Rulebook, standing: Standing, cause: Cause, asked: frozenset[str]) -> Facts:
    bought = cause.bought
    sale = Sale(
        standing,
        bought.receipt if bought else Receipt((), cause.at),
        local=cause.at.astimezone(rulebook.zone),
        tier=(bought.tier if bought else "") or tier_now(rulebook, standing),
        per_minor=PRICE_SCALE * QUANTITY_SCALE // 10**rulebook.digits,
    )
    sale.accepted = bought.coupons if bought else frozenset()
    facts: Facts = [None] * (MOMENT + 1)
    for name in asked:
        unknown = bought is None and name in _OF_RECEIPT
        facts[SLOTS[name]] = _unknown(name) if unknown else READERS[name](sale)
    return facts


def _unknown(name: str) -> object:
    if name == "has_lines":
        return []
    return frozenset() if name in SETS else None


def _asked(conditions: Iterable[Condition]) -> frozenset[str]:
    return frozenset(test.fact for one in conditions for test in tests_of(one) if test.fact in SLOTS)


@lru_cache(maxsize=1024)
def _check(condition: Condition) -> Check:
    return check_of(condition)


@lru_cache(maxsize=1024)
def _selector(condition: Condition) -> Selects:
    return selector(condition)
