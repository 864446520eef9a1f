"""A condition over member facts as a question to the database: the same members the engine would name."""

from __future__ import annotations

from functools import reduce
from operator import and_

from django.db.models import Q

from kopilka.engine.conditions import All, Any, Condition, Not, Test
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.segments import SEGMENT
from kopilka.queries.member_conditions.facts import ASKED, EVERYBODY, any_of, is_put_into, values_of
from kopilka.queries.member_conditions.moment import Moment


def members_where(condition: Condition, moment: Moment) -> Q:
    """For a filter on Member. `invalid` (when) for a fact that no table can answer."""
    match condition:
        case Test():
            return _segment(condition, moment) if condition.fact == SEGMENT else _ask(condition, moment)
        case Not(part):
            return ~members_where(part, moment)
        case All(parts):
            return reduce(and_, (members_where(part, moment) for part in parts), EVERYBODY)
        case Any(parts):
            return any_of(members_where(part, moment) for part in parts)


def in_segments(codes: frozenset[str], moment: Moment) -> Q:
    """Members of at least one of these segments: put into it, or live by its condition."""
    said = moment.rulebook.mechanics.segments
    live = (said[code].when for code in sorted(codes) if code in said)
    return any_of([is_put_into(codes, moment), *(members_where(when, moment) for when in live if when is not None)])


def _segment(test: Test, moment: Moment) -> Q:
    return in_segments(frozenset(map(str, values_of(test))), moment)


def _ask(test: Test, moment: Moment) -> Q:
    ask = ASKED.get(test.fact)
    if ask is None:
        raise Refusal(Code.INVALID, field="when", reason="fact_not_of_members")
    return ask(test, moment)
