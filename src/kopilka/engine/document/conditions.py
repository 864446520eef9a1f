"""Conditions as they stand in the document: facts with values, and all, any, not around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from kopilka.engine.conditions import All, Any, Condition, Not, Op, Test
from kopilka.engine.document.fact_values import COMPARED, VALUES
from kopilka.engine.document.kinds import BAD, Bad, CodeOf, Place, Schema
from kopilka.engine.document.namespaces import missing_extension
from kopilka.engine.document.problems import ProblemCode
from kopilka.engine.document.times import Clock, Day
from kopilka.engine.facts import FACTS, Fact, Kind, Scope
from kopilka.engine.period import Hours

PARTS_LIMIT = 200
VALUES_LIMIT = 5_000

HAS_LINES = "has_lines"
WRITTEN_HAS = "has"
"""How the fact `has_lines` is written."""


@dataclass(frozen=True, slots=True)
class ConditionKind:
    """A condition over facts of some scopes. `name` is that of its definition in the schema.

    `only`: just these facts.
    """

    name: str
    scopes: frozenset[Scope]
    only: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, Fact]:
        found = {fact.name: fact for fact in FACTS.values() if fact.scope in self.scopes}
        found = {name: fact for name, fact in found.items() if not self.only or name in self.only}
        return {(WRITTEN_HAS if name == HAS_LINES else name): fact for name, fact in found.items()}

    def read(self, node: object, place: Place) -> Condition | Bad:
        if not isinstance(node, dict):
            return place.wrong(ProblemCode.NOT_A_MAPPING)
        if not node:
            return place.wrong(ProblemCode.EMPTY)
        parts = [self._read_part(key, value, place.into(key)) for key, value in node.items()]
        return _together(parts, All)

    def _read_part(self, key: str, value: object, place: Place) -> Condition | Bad:
        if key in {"all", "any"}:
            return self._read_list(value, place, All if key == "all" else Any)
        if key == "not":
            inner = self.read(value, place)
            return BAD if isinstance(inner, Bad) else Not(inner)
        fact = self.facts.get(key)
        if fact is None:
            return self._refuse(key, place)
        if key == WRITTEN_HAS:
            selected = LINES.read(value, place)
            return BAD if isinstance(selected, Bad) else Test(HAS_LINES, Op.ONE_OF, selected)
        return read_fact(fact, value, place)

    def _read_list(
        self, value: object, place: Place, join: Callable[[tuple[Condition, ...]], Condition]
    ) -> Condition | Bad:
        if not isinstance(value, list):
            return place.wrong(ProblemCode.NOT_A_LIST)
        if not value:
            return place.wrong(ProblemCode.EMPTY)
        if len(value) > PARTS_LIMIT:
            return place.wrong(ProblemCode.TOO_MANY, limit=PARTS_LIMIT)
        return _together([self.read(part, place.item(index)) for index, part in enumerate(value)], join)

    def _refuse(self, key: str, place: Place) -> Bad:
        elsewhere = FACTS.get(key)
        if elsewhere and elsewhere.scope is Scope.LINE:
            return place.wrong(ProblemCode.FACT_OF_LINES, fact=key)
        if elsewhere and self.scopes == {Scope.LINE}:
            return place.wrong(ProblemCode.FACT_NOT_OF_LINES, fact=key)
        if elsewhere:
            return place.wrong(ProblemCode.FACT_NOT_HERE, fact=key)
        if extension := missing_extension(key):
            return place.wrong(ProblemCode.NOT_INSTALLED, key=key, extension=extension)
        near = place.nearest(key, (*self.facts, "all", "any", "not"))
        return place.wrong(ProblemCode.UNKNOWN_FACT, fact=key, suggestion=near)

    def schema(self) -> Schema:
        return {"$ref": f"#/$defs/{self.name}"}

    def definition(self) -> Schema:
        again = self.schema()
        some: Schema = {"type": "array", "items": again, "minItems": 1}
        properties: dict[str, object] = {"all": some, "any": some, "not": again}
        for key, fact in self.facts.items():
            found = LINES.schema() if key == WRITTEN_HAS else fact_schema(fact)
            properties[key] = {"description": fact.says, **found}
        return {
            "type": "object",
            "description": "Facts that must hold together; all, any and not combine conditions.",
            "properties": properties,
            "additionalProperties": False,
            "minProperties": 1,
        }


def _together(parts: list[Condition | Bad], join: Callable[[tuple[Condition, ...]], Condition]) -> Condition | Bad:
    good = [part for part in parts if not isinstance(part, Bad)]
    if len(good) < len(parts):
        return BAD
    return good[0] if len(good) == 1 else join(tuple(good))


def read_fact(fact: Fact, node: object, place: Place) -> Condition | Bad:
    if fact.kind is Kind.POINTS:
        return _read_points(fact, node, place)
    if not isinstance(node, dict):
        return _read_one_of(fact, node, place)
    read = _read_of_day(fact, node, place)
    if read is not None:
        return read
    if fact.kind in COMPARED:
        return _read_comparisons(fact, node, place)
    return place.wrong(ProblemCode.NOT_A_VALUE)


def _read_of_day(fact: Fact, node: dict[str, object], place: Place) -> Condition | Bad | None:
    """A fact of days and hours, each with keys of its own; None for every other."""
    match fact.kind:
        case Kind.HOURS:
            return _read_hours(fact, node, place)
        case Kind.DATE:
            return _read_dates(fact, node, place)
        case Kind.BIRTHDAY:
            return _read_birthday(fact, node, place)
    return None


def _read_one_of(fact: Fact, node: object, place: Place) -> Test | Bad:
    kind = VALUES.get(fact.name) or VALUES.get(fact.kind.value)
    if kind is None:  # hours, birthday: never a plain value
        return place.wrong(ProblemCode.NOT_A_MAPPING)
    if not isinstance(node, list):
        value = kind.read(node, place)
        return BAD if isinstance(value, Bad) else Test(fact.name, Op.ONE_OF, (value,))
    if not node:
        return place.wrong(ProblemCode.EMPTY)
    if len(node) > VALUES_LIMIT:
        return place.wrong(ProblemCode.TOO_MANY, limit=VALUES_LIMIT)
    values = [kind.read(value, place.item(index)) for index, value in enumerate(node)]
    if any(isinstance(value, Bad) for value in values):
        return BAD
    return Test(fact.name, Op.ONE_OF, tuple(values))


COMPARISONS = {"above": Op.ABOVE, "at_least": Op.AT_LEAST, "below": Op.BELOW, "at_most": Op.AT_MOST}


def _read_comparisons(fact: Fact, node: dict[str, object], place: Place) -> Condition | Bad:
    values = _read_keys(fact, node, place, tuple(COMPARISONS))
    if isinstance(values, Bad):
        return BAD
    kind = COMPARED[fact.kind]
    read = {key: kind.read(value, place.into(key)) for key, value in values.items()}
    if any(isinstance(value, Bad) for value in read.values()):
        return BAD
    numbers = {key: value for key, value in read.items() if isinstance(value, int)}
    low = max((numbers[key] + (key == "above") for key in ("above", "at_least") if key in numbers), default=None)
    high = min((numbers[key] - (key == "below") for key in ("below", "at_most") if key in numbers), default=None)
    if low is not None and high is not None and low > high:
        return place.wrong(ProblemCode.BOUNDS_CROSSED)
    return _together([Test(fact.name, COMPARISONS[key], value) for key, value in numbers.items()], All)


def _read_points(fact: Fact, node: object, place: Place) -> Condition | Bad:
    """{bonus: {at_least: 500}}: comparisons by currency, in its smallest unit."""
    if not isinstance(node, dict):
        return place.wrong(ProblemCode.NOT_A_MAPPING)
    if not node:
        return place.wrong(ProblemCode.EMPTY)
    parts: list[Condition | Bad] = []
    for code, said in node.items():
        spot = place.into(code)
        if isinstance(CodeOf("points").read(code, spot), Bad):
            parts.append(BAD)
            continue
        scale = Fact(fact.name, fact.scope, Kind.COUNT, "")
        fine = 10 ** place.notebook.decimals.get(code, 0)
        parts.append(
            _in_units(_read_comparisons(scale, said, spot), code, fine)
            if isinstance(said, dict)
            else spot.wrong(ProblemCode.NOT_A_MAPPING)
        )
    return _together(parts, All)


def _in_units(condition: Condition | Bad, currency: str, scale: int) -> Condition | Bad:
    """Whole points were written, the books count the smallest unit."""
    if isinstance(condition, All):
        return _together([_in_units(part, currency, scale) for part in condition.parts], All)
    if not isinstance(condition, Test) or not isinstance(condition.value, int):
        return BAD
    return Test(condition.fact, condition.op, condition.value * scale, currency)


def _read_hours(fact: Fact, node: dict[str, object], place: Place) -> Test | Bad:
    values = _read_keys(fact, node, place, ("from", "until"), need_all=True)
    if isinstance(values, Bad):
        return BAD
    start = Clock().read(values["from"], place.into("from"))
    end = Clock().read(values["until"], place.into("until"))
    if isinstance(start, Bad) or isinstance(end, Bad):
        return BAD
    return Test(fact.name, Op.WITHIN, Hours(start, end))


def _read_dates(fact: Fact, node: dict[str, object], place: Place) -> Test | Bad:
    values = _read_keys(fact, node, place, ("from", "through"))
    if isinstance(values, Bad):
        return BAD
    days = {key: Day().read(value, place.into(key)) for key, value in values.items()}
    if any(isinstance(day, Bad) for day in days.values()):
        return BAD
    first, last = days.get("from"), days.get("through")
    if isinstance(first, date) and isinstance(last, date):
        if last < first:
            return place.wrong(ProblemCode.END_BEFORE_START, start=str(first), end=str(last))
        return Test(fact.name, Op.WITHIN, (first, last + timedelta(days=1)))
    return Test(fact.name, Op.AT_LEAST, first) if first else Test(fact.name, Op.AT_MOST, last)


def _read_birthday(fact: Fact, node: dict[str, object], place: Place) -> Test | Bad:
    values = _read_keys(fact, node, place, ("before", "after"))
    if isinstance(values, Bad):
        return BAD
    days = {key: COMPARED[Kind.COUNT].read(value, place.into(key)) for key, value in values.items()}
    if any(isinstance(count, Bad) for count in days.values()):
        return BAD
    return Test(fact.name, Op.WITHIN, (days.get("before", 0), days.get("after", 0)))


def _read_keys(
    fact: Fact, node: dict[str, object], place: Place, allowed: tuple[str, ...], *, need_all: bool = False
) -> dict[str, object] | Bad:
    good = True
    for key in node:
        if key not in allowed:
            place.into(key).wrong(ProblemCode.COMPARISON_UNKNOWN, fact=fact.name, comparison=key, allowed=list(allowed))
            good = False
    if not node:
        return place.wrong(ProblemCode.EMPTY)
    if need_all:
        for key in allowed:
            if key not in node:
                place.wrong(ProblemCode.MISSING_KEY, key=key)
                good = False
    return node if good else BAD


def fact_schema(fact: Fact) -> Schema:
    """What may stand after a fact's name."""
    match fact.kind:
        case Kind.HOURS:
            return _pair_schema(("from", "until"), Clock().schema(), 2)
        case Kind.BIRTHDAY:
            return _pair_schema(("before", "after"), COMPARED[Kind.COUNT].schema(), 1)
        case Kind.POINTS:
            bounds = _pair_schema(tuple(COMPARISONS), COMPARED[Kind.COUNT].schema(), 1)
            return {"type": "object", "additionalProperties": bounds, "minProperties": 1}
    kind = VALUES.get(fact.name) or VALUES[fact.kind.value]
    one = kind.schema()
    many: list[object] = [one, {"type": "array", "items": one, "minItems": 1}]
    if fact.kind is Kind.DATE:
        many.append(_pair_schema(("from", "through"), Day().schema(), 1))
    elif fact.kind in COMPARED:
        many.append(_pair_schema(tuple(COMPARISONS), COMPARED[fact.kind].schema(), 1))
    return {"anyOf": many}


def _pair_schema(keys: tuple[str, ...], value: Schema, least: int) -> Schema:
    return {
        "type": "object",
        "properties": dict.fromkeys(keys, value),
        "additionalProperties": False,
        "minProperties": least,
    }


LINES = ConditionKind("lines", frozenset({Scope.LINE}))
WHEN = ConditionKind("when", frozenset({Scope.RECEIPT, Scope.MEMBER, Scope.TIME}))
WHEN_OTHERS = ConditionKind("when_event", frozenset({Scope.RECEIPT, Scope.MEMBER, Scope.TIME}))
ABOUT_MEMBER = ConditionKind("about_member", frozenset({Scope.MEMBER}))
ENTER = ConditionKind(
    "enter",
    frozenset({Scope.MEMBER, Scope.TIER}),
    only=tuple(
        fact.name
        for fact in FACTS.values()
        if fact.scope in {Scope.MEMBER, Scope.TIER} and fact.name not in {"member", "tier"}
    ),
)
