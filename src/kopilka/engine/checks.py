"""Conditions turned into checks over the facts of a sale, and into selectors of lines."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any as AnyValue

from kopilka.engine.conditions import All, Any, Condition, Not, Op, Test
from kopilka.engine.fact_readers import LINE_READERS, SETS, SLOTS
from kopilka.engine.period import Hours
from kopilka.engine.receipt import Line
from kopilka.engine.sale import Facts

Check = Callable[[Facts], bool]
Matches = Callable[[AnyValue], bool]
Selects = Callable[[Line, Facts], bool]

COMPARE: dict[Op, Callable[[AnyValue, AnyValue], bool]] = {
    Op.ABOVE: operator.gt,
    Op.AT_LEAST: operator.ge,
    Op.BELOW: operator.lt,
    Op.AT_MOST: operator.le,
}


def parts_of(condition: Condition | None) -> tuple[Condition, ...]:
    """The conditions that must all hold, in the order of the document, without the `all` around them."""
    if condition is None:
        return ()
    if isinstance(condition, All):
        return tuple(inner for part in condition.parts for inner in parts_of(part))
    return (condition,)


def tests_of(condition: Condition | None) -> Iterator[Test]:
    """Every comparison in a tree, also those inside `has_lines`."""
    if condition is None:
        return
    if isinstance(condition, Test):
        yield condition
        if condition.fact == "has_lines":
            yield from tests_of(_lines_asked(condition))
        return
    for part in (condition.part,) if isinstance(condition, Not) else condition.parts:
        yield from tests_of(part)


def fact_of(condition: Condition) -> str:
    """The fact that is named when the condition does not hold: the first one it asks about."""
    return next((test.fact for test in tests_of(condition)), "")


def check_of(condition: Condition) -> Check:
    """Does the condition hold on a sale's facts?"""
    match condition:
        case Test():
            return _fact_check(condition)
        case Not():
            inner = check_of(condition.part)
            return lambda facts: not inner(facts)
        case All():
            every = tuple(check_of(part) for part in condition.parts)
            return lambda facts: all(check(facts) for check in every)
    ways = tuple(check_of(part) for part in condition.parts)
    return lambda facts: any(check(facts) for check in ways)


def selector(condition: Condition) -> Selects:
    """Does a line satisfy the condition? Facts of the receipt may be asked for beside those of the line."""
    match condition:
        case Test():
            return _line_test(condition)
        case Not():
            inner = selector(condition.part)
            return lambda line, facts: not inner(line, facts)
        case All():
            every = tuple(selector(part) for part in condition.parts)
            return lambda line, facts: all(selects(line, facts) for selects in every)
    ways = tuple(selector(part) for part in condition.parts)
    return lambda line, facts: any(selects(line, facts) for selects in ways)


def _fact_check(test: Test) -> Check:
    slot = SLOTS[test.fact]
    if test.fact == "has_lines":
        selects = selector(_lines_asked(test))
        return lambda facts: any(selects(line, facts) for line in facts[slot])
    if test.op is Op.ONE_OF and test.fact not in SETS and not test.of:
        values = frozenset(_tuple(test))
        return lambda facts: facts[slot] in values
    matches = matcher(test)
    return lambda facts: matches(facts[slot])


def _line_test(test: Test) -> Selects:
    if test.fact in SLOTS:
        check = _fact_check(test)
        return lambda _line, facts: check(facts)
    read = LINE_READERS[test.fact]
    matches = matcher(test)
    return lambda line, _facts: matches(read(line))


def matcher(test: Test) -> Matches:
    """Does a value of the fact satisfy the test?"""
    if test.of:
        return _of_points(test)
    if test.op is Op.ONE_OF:
        values = frozenset(_tuple(test))
        if test.fact in SETS:
            return lambda value: not values.isdisjoint(value)
        if test.fact == "category":
            return lambda value: any(level in values for level in levels(value))
        return lambda value: value in values
    if test.op is Op.WITHIN:
        return _within(test)
    compare, bound = COMPARE[test.op], test.value
    return lambda value: value is not None and compare(value, bound)


def _of_points(test: Test) -> Matches:
    """A fact about points has a value for each currency; without a wallet it is zero."""
    plain = matcher(Test(test.fact, test.op, test.value))
    return lambda units: units is not None and plain(units.get(test.of, 0))


def levels(category: str) -> list[str]:
    """A category and those above it: "a/b/c" also lies in "a/b" and in "a"."""
    found = [category]
    while "/" in category:
        category = category.rpartition("/")[0]
        found.append(category)
    return found


def _within(test: Test) -> Matches:
    if isinstance(test.value, Hours):
        return test.value.holds
    first, last = _tuple(test)
    if test.fact == "birthday":
        return lambda distances: any(-first <= distance <= last for distance in distances)
    return lambda value: value is not None and first <= value < last


def _tuple(test: Test) -> tuple[AnyValue, ...]:
    assert isinstance(test.value, tuple), f"a test of {test.fact} has no tuple of values"
    return test.value


def _lines_asked(test: Test) -> Condition:
    assert isinstance(test.value, Test | All | Any | Not), "has_lines asks no condition over lines"
    return test.value
