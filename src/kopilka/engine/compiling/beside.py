"""What a rulebook has for members beside prices and points: gifts, stamps, privileges; None where it has nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kopilka.engine.checks import Check, Selects, check_of, parts_of, selector
from kopilka.engine.conditions import Condition
from kopilka.engine.mechanics import Automation, On, Unlock
from kopilka.engine.mechanics_things import Gift
from kopilka.engine.points import PointsCurrency
from kopilka.engine.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Unlocking:
    """An automation that opens privileges right after a purchase: `checks` of its condition, `selects` its lines."""

    said: Automation
    checks: tuple[Check, ...]
    selects: Selects | None
    unlocks: tuple[Unlock, ...]


@dataclass(frozen=True, slots=True)
class Stamped:
    """Gifts bought with one currency that cannot pay, the cheapest first: a card of stamps, a book of stickers."""

    currency: str
    gifts: tuple[tuple[int, Gift], ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """`due` are currencies that stand for a gift; `has_gifts`: there is a catalogue; `has_locked` promotions."""

    due: tuple[PointsCurrency, ...]
    has_gifts: bool
    has_locked: bool
    stamped: tuple[Stamped, ...]
    unlocking: tuple[Unlocking, ...]


def beside_of(rulebook: Rulebook) -> Beside | None:
    due = tuple(currency for currency in rulebook.points.values() if currency.gift_sku)
    found = Beside(
        due=due,
        has_gifts=bool(rulebook.mechanics.gifts),
        has_locked=any(promotion.locked for promotion in rulebook.promotions),
        stamped=tuple(_stamped(rulebook)),
        unlocking=tuple(_unlocking(automation) for automation in unlocking_automations(rulebook)),
    )
    return found if found.due or found.has_gifts or found.has_locked else None


def unlocking_automations(rulebook: Rulebook) -> Iterator[Automation]:
    """Automations that open something at once with every purchase they are for: what they do can be foretold."""
    for automation in rulebook.mechanics.automations.values():
        at_once = automation.trigger.on in {On.PURCHASE, On.FIRST_PURCHASE} and automation.wait.is_empty
        if at_once and automation.unlocks and automation.bounds.is_empty:
            yield automation


def conditions_beside(rulebook: Rulebook) -> Iterator[Condition | None]:
    """What must be known of a sale to foretell privileges."""
    for automation in unlocking_automations(rulebook):
        yield automation.when
        yield automation.lines


def _unlocking(automation: Automation) -> Unlocking:
    checks = tuple(map(check_of, parts_of(automation.when)))
    selects = selector(automation.lines) if automation.lines is not None else None
    return Unlocking(automation, checks, selects, automation.unlocks)


def _stamped(rulebook: Rulebook) -> Iterator[Stamped]:
    for code, currency in rulebook.points.items():
        priced = [(gift.prices[code], gift) for gift in rulebook.mechanics.gifts.values() if [*gift.prices] == [code]]
        if priced and code not in rulebook.spending and not currency.gift_sku:
            yield Stamped(code, tuple(sorted(priced, key=lambda one: (one[0], one[1].code))))
