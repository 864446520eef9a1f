"""Conditions as boxes: each way in which a condition can hold, as what it leaves of every fact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from kopilka.engine.conditions import All, Any, Condition, Not, Test
from kopilka.engine.facts import FACTS, Scope
from kopilka.engine.linting.domains import Domain, domain_of
from kopilka.engine.period import Window

WAYS_MAX = 24
"""More ways than these are not followed: what lies beyond counts as possible."""

WEEK = 7

Box = dict[str, Domain]
"""What is left of each fact; facts that are absent are free."""

MEMBER_FACTS = frozenset(name for name, fact in FACTS.items() if fact.scope is Scope.MEMBER and name != "member")


class TooMany(Exception):
    """A condition has more ways to hold than are followed."""


def boxes_of(condition: Condition | None) -> list[Box]:
    """The ways in which a condition can hold, at most WAYS_MAX of them; none: it never can.

    Raises TooMany where there would be more.
    """
    found = list(islice(_ways(condition, negated=False), WAYS_MAX + 1))
    if len(found) > WAYS_MAX:
        raise TooMany
    return found


def boxes_against(condition: Condition | None) -> list[Box]:
    """The ways in which a condition can fail; none: it always holds."""
    if condition is None:
        return []
    found = list(islice(_ways(condition, negated=True), WAYS_MAX + 1))
    if len(found) > WAYS_MAX:
        raise TooMany
    return found


def can_hold(condition: Condition | None) -> bool | None:
    """None where it is too involved to tell."""
    try:
        return bool(boxes_of(condition))
    except TooMany:
        return None


def meet(first: Box, second: Box) -> Box | None:
    """What both leave; None when nothing is left."""
    if len(second) > len(first):
        first, second = second, first
    found = dict(first)
    for fact, domain in second.items():
        known = found.get(fact)
        found[fact] = domain if known is None else known.meet(domain)
        if found[fact].is_empty:
            return None
    return found if _fits_together(found) else None


def covers(outer: Box, inner: Box) -> bool:
    """Does everything that `inner` leaves lie in `outer`? False where that is not certain."""
    return all(fact in inner and domain.holds_all_of(inner[fact]) for fact, domain in outer.items())


def window_box(window: Window, today: date | None = None) -> Box:
    """The days a window touches; with `today` only those still to come."""
    low = window.start.date().toordinal() if window.start else None
    high = window.end.date().toordinal() if window.end else None
    if today is not None:
        low = max(today.toordinal(), low or 0)
    if low is None and high is None:
        return {}
    return {"date": Domain("date", known=True, low=low, high=high)}


def _ways(condition: Condition | None, *, negated: bool) -> Iterator[Box]:
    match condition:
        case None:
            yield {}
        case Test():
            yield from _way_of(condition, negated=negated)
        case Not(part):
            yield from _ways(part, negated=not negated)
        case All(parts) | Any(parts):
            if isinstance(condition, All) is negated:
                for part in parts:
                    yield from _ways(part, negated=negated)
            else:
                yield from _together(parts, negated=negated)


def _together(parts: tuple[Condition, ...], *, negated: bool) -> Iterator[Box]:
    if not parts:
        yield {}
        return
    rest = list(islice(_together(parts[1:], negated=negated), WAYS_MAX + 1))
    for way in _ways(parts[0], negated=negated):
        for other in rest:
            both = meet(way, other)
            if both is not None:
                yield both


def _way_of(test: Test, *, negated: bool) -> Iterator[Box]:
    if test.fact == "has_lines":
        inner = test.value
        assert isinstance(inner, Test | All | Any | Not)
        if negated or next(_ways(inner, negated=False), None) is not None:
            yield {}
        return
    domain = domain_of(test, negated=negated)
    if not domain.is_empty:
        yield {test.fact: domain}


def _fits_together(box: Box) -> bool:
    """Facts that bind each other: who is no member has no level; a few days hold few days of the week."""
    member = box.get("member")
    if member is not None and member.allowed is not None and True not in member.values():
        return not any(fact in MEMBER_FACTS and domain.known for fact, domain in box.items())
    day, weekday = box.get("date"), box.get("weekday")
    if day is None or weekday is None or weekday.allowed is None:
        return True
    days = days_of(day)
    return days is None or any(found.weekday() in weekday.values() for found in days)


def days_of(day: Domain) -> list[date] | None:
    """The days that are left, where they are fewer than a week; None: more."""
    if day.allowed is not None:
        return [date.fromordinal(int(str(value))) for value in sorted(day.values(), key=str)]
    if day.low is None or day.high is None or day.high - day.low >= WEEK - 1:
        return None
    first = date.fromordinal(max(day.low, 1))
    return [first + timedelta(days=number) for number in range(day.high - day.low + 1)]
