"""What an installed package may add: facts of conditions, kinds of price promotions, actions of automations.

Everything it adds bears its name before a dot, as in `acme.weather`, so that two packages and the next version of
Kopilka never meet.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from kopilka.engine.document import building, building_mechanics, program_spec, promotion_spec
from kopilka.engine.document.kinds import Kind as Written
from kopilka.engine.document.namespaces import NAMESPACES
from kopilka.engine.document.shapes import Field, MapOf, Record
from kopilka.engine.fact_readers import EXTRA_SLOTS, LINE_READERS, MOMENT, READERS, SLOTS
from kopilka.engine.facts import FACTS, Fact, Kind, Scope
from kopilka.engine.promotions import KINDS
from kopilka.engine.promotions.kind import Maker

KINDS_OF_FACTS = frozenset({Kind.TEXT, Kind.COUNT, Kind.MONEY, Kind.DAYS, Kind.FLAG, Kind.QUANTITY})
SCOPES = frozenset({Scope.LINE, Scope.RECEIPT, Scope.TIME})

_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")


class ExtensionError(ValueError):
    """An extension asks for something that cannot be; the message says what, for its author."""


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact of a line (`read` gets the Line) or of the sale (`read` gets the Sale).

    `read` is a pure function of what it is given and answers by the kind: a text, an integer (money in minor units,
    quantities in thousandths), True or False; None is unknown. `russian` and `english` name it in explanations.
    """

    name: str
    kind: Kind
    scope: Scope
    says: str
    read: Callable[[Any], Any]
    russian: str
    english: str


@dataclass(frozen=True, slots=True)
class NewPromotion:
    """A kind of price promotion, written under `discount` of a promotion.

    `written` reads what stands there; `build` makes of it a frozen value of the class `value`, which belongs to this
    kind alone; `make` gives the Kind that plays it, as in `engine/promotions/percent_off.py`.
    """

    name: str
    says: str
    written: Written
    value: type
    build: Callable[[Any], object]
    make: Maker


@dataclass(frozen=True, slots=True)
class NewAction:
    """An action of automations, written as a key of theirs.

    `written` reads what stands there, `build` makes a frozen value of it. `act` does it for the member of the event,
    inside the transaction of the deed: it gets the deed's Doing (`bookkeeping/deeds.py`, of which the engine knows
    nothing) and that value, and raises Refusal before it has changed anything. The names stand in explanations.
    """

    name: str
    says: str
    written: Written
    build: Callable[[Any], object]
    act: Callable[[Any, Any], None]
    russian: str
    english: str


ACTS: dict[str, Callable[[Any, Any], None]] = {}
"""How actions of extensions are done, by key."""


@dataclass(frozen=True, slots=True)
class Extension:
    """All that a package adds. `namespace`: a word of Latin letters, digits and underscores."""

    namespace: str
    facts: tuple[NewFact, ...] = ()
    promotions: tuple[NewPromotion, ...] = ()
    actions: tuple[NewAction, ...] = ()


def extend(extension: Extension) -> None:
    """Add it, once, before any rulebook is read. Raises ExtensionError and adds nothing of it."""
    _must_be_sound(extension)
    NAMESPACES.add(extension.namespace)
    for fact in extension.facts:
        _add_fact(f"{extension.namespace}.{fact.name}", fact)
    for promotion in extension.promotions:
        _add_promotion(f"{extension.namespace}.{promotion.name}", promotion)
    for action in extension.actions:
        _add_action(f"{extension.namespace}.{action.name}", action)


def _must_be_sound(extension: Extension) -> None:
    added: tuple[NewFact | NewPromotion | NewAction, ...] = extension.facts + extension.promotions + extension.actions
    names = [one.name for one in added]
    for name in (extension.namespace, *names):
        if _NAME.fullmatch(name) is None:
            raise ExtensionError(f"{name!r} is no name: Latin letters, digits, underscores")
    if extension.namespace in NAMESPACES:
        raise ExtensionError(f"two extensions are called {extension.namespace!r}")
    if len(set(names)) < len(names):
        raise ExtensionError(f"a name stands twice in {extension.namespace!r}")
    for fact in extension.facts:
        if fact.kind not in KINDS_OF_FACTS:
            raise ExtensionError(f"{fact.name!r}: an extension has no facts of the kind {fact.kind.value}")
        if fact.scope not in SCOPES:
            raise ExtensionError(f"{fact.name!r}: an extension has no facts of the scope {fact.scope.value}")
    for promotion in extension.promotions:
        if promotion.value in KINDS:
            raise ExtensionError(f"{promotion.name!r}: {promotion.value.__name__} belongs to another kind")
    places = sum(fact.scope is not Scope.LINE for fact in extension.facts)
    if len(SLOTS) + places > MOMENT:
        raise ExtensionError(f"extensions have {EXTRA_SLOTS} facts of sales in all")


def _add_fact(name: str, fact: NewFact) -> None:
    FACTS[name] = Fact(name, fact.scope, fact.kind, fact.says)
    if fact.scope is Scope.LINE:
        LINE_READERS[name] = fact.read
    else:
        SLOTS[name] = len(SLOTS)
        READERS[name] = fact.read


def _add_promotion(name: str, promotion: NewPromotion) -> None:
    said: Any = promotion_spec.PROMOTION.fields["discount"]
    discount: Record = said.kind
    fields = discount.fields | {name: Field(promotion.written, promotion.says)}
    wider = replace(discount, fields=fields, exactly_one=(*discount.exactly_one, name))
    promotion_spec.PROMOTION.fields["discount"] = replace(said, kind=wider)
    building.DISCOUNTS[name] = lambda values, _beside: promotion.build(values)  # type: ignore[assignment, return-value]
    KINDS[promotion.value] = promotion.make


def _add_action(name: str, action: NewAction) -> None:
    said: Any = program_spec.DOCUMENT.fields["automations"]
    automation: Record = said.kind.value
    fields = automation.fields | {name: Field(action.written, action.says)}
    wider = replace(automation, fields=fields, at_least_one=(*automation.at_least_one, name))
    program_spec.DOCUMENT.fields["automations"] = replace(said, kind=MapOf(wider, key=said.kind.key))
    building_mechanics.ACTIONS[name] = action.build
    ACTS[name] = action.act
