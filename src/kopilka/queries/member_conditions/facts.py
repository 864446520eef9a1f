"""What each fact about a member is in the tables. Nothing unknown compares: every test is true or false, never null."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.lookups import In

from kopilka.data.models.segments import SegmentMember
from kopilka.engine.conditions import Op, Test
from kopilka.queries.member_conditions.expressions import MonthDay, has_word
from kopilka.queries.member_conditions.moment import Moment

Ask = Callable[[Test, Moment], Q]

NOBODY = Q(pk__in=[])
EVERYBODY = ~NOBODY
LIVE = "live"
"""Source of the stays that only note what a live segment's condition said."""

_COMPARE = {Op.ABOVE: "gt", Op.AT_LEAST: "gte", Op.BELOW: "lt", Op.AT_MOST: "lte"}


def any_of(ways: Iterable[Q]) -> Q:
    return reduce(or_, ways, NOBODY)


def values_of(test: Test) -> tuple[Any, ...]:
    return test.value if isinstance(test.value, tuple) else (test.value,)


def is_put_into(segments: Iterable[str], moment: Moment) -> Q:
    """Members whose stay in one of these segments is not over."""
    stays = SegmentMember.objects.of(moment.program_id).filter(
        Q(until__isnull=True) | Q(until__gt=moment.at),
        member_id=OuterRef("pk"), segment__in=sorted(segments), ended_at__isnull=True,
    )  # fmt: skip
    return Q(Exists(stays.exclude(source=LIVE)))


def _number(column: str) -> Ask:
    """A count or money in a column; null is unknown."""

    def ask(test: Test, _moment: Moment) -> Q:
        known = Q(**{f"{column}__isnull": False})
        if test.op is Op.ONE_OF:
            return known & Q(**{f"{column}__in": list(values_of(test))})
        return known & Q(**{f"{column}__{_COMPARE[test.op]}": test.value})

    return ask


def _days_since(column: str) -> Ask:
    """Whole days by the calendar since the moment in a column; null is unknown."""

    def since(days: int, moment: Moment) -> Q:
        """At least so many days ago."""
        return _before(column, moment.day_start(days - 1))

    def ask(test: Test, moment: Moment) -> Q:
        known = Q(**{f"{column}__isnull": False})
        return known & _at_least(test, lambda days: since(days, moment))

    return ask


def _age(test: Test, moment: Moment) -> Q:
    known = Q(profile__birth_date__isnull=False)
    return known & _at_least(test, lambda age: _before("profile__birth_date", moment.born_before(age)))


def _at_least(test: Test, at_least: Callable[[int], Q]) -> Q:
    """Any comparison of a known whole number, said by "it is at least"."""
    bound: Any = test.value
    match test.op:
        case Op.AT_LEAST:
            return at_least(bound)
        case Op.ABOVE:
            return at_least(bound + 1)
        case Op.BELOW:
            return ~at_least(bound)
        case Op.AT_MOST:
            return ~at_least(bound + 1)
    return any_of(at_least(value) & ~at_least(value + 1) for value in values_of(test))


def _before(column: str, bound: date | datetime | None) -> Q:
    return NOBODY if bound is None else Q(**{f"{column}__lt": bound})


def _birthday(test: Test, moment: Moment) -> Q:
    before, after = values_of(test)
    days = moment.birthdays_within(before, after)
    return Q(profile__birth_date__isnull=False) & Q(In(MonthDay("profile__birth_date"), days)) if days else NOBODY


def _tier(test: Test, moment: Moment) -> Q:
    """Who has no tier yet stands on the lowest one, when that asks for nothing."""
    tiers, values = moment.rulebook.tiers, values_of(test)
    first = tiers[0].code if tiers and tiers[0].enter is None else ""
    return Q(tier__in=[*values, ""] if first in values else values)


def _tags(test: Test, _moment: Moment) -> Q:
    return any_of(has_word("tags", tag) for tag in values_of(test) if tag and tag.split() == [tag])


def _text(column: str) -> Ask:
    return lambda test, _moment: Q(**{f"{column}__in": list(values_of(test))})


def _member(test: Test, _moment: Moment) -> Q:
    return EVERYBODY if True in values_of(test) else NOBODY


def _flag(yes: Q) -> Ask:
    """A fact that is always known: `yes` or not."""
    return lambda test, _moment: any_of(yes if value else ~yes for value in values_of(test))


ASKED: dict[str, Ask] = {
    "member": _member,
    "tier": _tier,
    "tags": _tags,
    "age": _age,
    "birthday": _birthday,
    "enrolled_days": _days_since("enrolled_at"),
    "purchases": _number("purchases"),
    "spent": _number("spent_minor"),
    "last_purchase": _number("last_purchase_minor"),
    "last_purchase_days": _days_since("last_purchase_at"),
    "referrals": _number("referrals"),
    "link": _text("link"),
    "invited": _flag(Q(inviter__isnull=False)),
    "has_agent": _flag(~Q(agent="")),
}
"""Every fact about a member but `segment`, which asks for other conditions."""
