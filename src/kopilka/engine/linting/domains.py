"""What is left of one fact when several conditions ask about it: sets of values, ranges, minutes of the day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from kopilka.engine.checks import levels
from kopilka.engine.conditions import Op, Test
from kopilka.engine.facts import FACTS, Kind
from kopilka.engine.period import Hours

DAY_MINUTES = 24 * 60
ALL_MINUTES = (1 << DAY_MINUTES) - 1

FINITE: dict[str, frozenset[object]] = {
    "weekday": frozenset(range(7)),
    "article": frozenset({"goods", "service"}),
    "origin": frozenset({"till", "online", "import"}),
    "member": frozenset({True, False}),
    "discounted": frozenset({True, False}),
}
"""All values a fact can have, where they are few."""

LEAST = {name: 0 for name, fact in FACTS.items() if fact.kind in {Kind.COUNT, Kind.DAYS, Kind.MONEY, Kind.PRICE}}
"""Facts that are never below this."""

YEAR_DAYS = 366


@dataclass(frozen=True, slots=True)
class Domain:
    """What one fact may still be. `known`: some comparison holds, so the fact cannot be unknown.

    `allowed` None: any value. `needs`: for sets, of each of these the set has one. `low`, `high`: bounds of numbers
    and of days (ordinals), inclusive. `minutes`: a bit for every minute of the day.
    """

    fact: str
    known: bool = False
    allowed: frozenset[object] | None = None
    excluded: frozenset[object] = frozenset()
    needs: tuple[frozenset[object], ...] = ()
    low: int | None = None
    high: int | None = None
    minutes: int = ALL_MINUTES
    birthday: tuple[int, int] | None = None
    not_birthday: tuple[int, int] | None = None

    def meet(self, other: Domain) -> Domain:
        """What both leave."""
        return Domain(
            self.fact,
            self.known or other.known,
            _both(self.allowed, other.allowed, is_category=self.fact == "category"),
            self.excluded | other.excluded,
            self.needs + tuple(need for need in other.needs if need not in self.needs),
            _larger(self.low, other.low),
            _smaller(self.high, other.high),
            self.minutes & other.minutes,
            _window(self.birthday, other.birthday),
            self.not_birthday or other.not_birthday,
        )

    @property
    def is_empty(self) -> bool:
        """Can no value satisfy it? A fact that may stay unknown is never empty: unknown fails no negation."""
        if not self.known:
            return False
        if self.minutes == 0 or (self.low is not None and self.high is not None and self.low > self.high):
            return True
        if self.birthday is not None and self.birthday == self.not_birthday:
            return True
        if any(need <= self.excluded for need in self.needs):
            return True
        return self.allowed is not None and not self.values()

    def values(self) -> frozenset[object]:
        """The values that are left, of those that were named."""
        assert self.allowed is not None
        left = frozenset(value for value in self.allowed if not self._is_out(value))
        if self.low is None and self.high is None:
            return left
        return frozenset(value for value in left if isinstance(value, int) and self._fits(value))

    def _fits(self, value: int) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)

    def _is_out(self, value: object) -> bool:
        if self.fact == "category":
            return any(level in self.excluded for level in levels(str(value)))
        return value in self.excluded

    def holds_all_of(self, other: Domain) -> bool:  # noqa: PLR0911 - one question after the other
        """Does every value that `other` leaves satisfy this? False where that is not certain."""
        if self.known and not other.known:
            return False
        if self.allowed is not None and not (other.allowed is not None and _within(other, self)):
            return False
        if not self.excluded <= other.excluded and not (
            other.allowed is not None and not any(self._is_out(value) for value in other.values())
        ):
            return False
        if any(not any(theirs <= need for theirs in other.needs) for need in self.needs):
            return False
        if self.birthday is not None and not _inside(other.birthday, self.birthday):
            return False
        if self.not_birthday is not None and self.not_birthday != other.not_birthday:
            return False
        return self._bounds_hold(other) and not other.minutes & ~self.minutes

    def _bounds_hold(self, other: Domain) -> bool:
        if other.allowed is not None and (self.low is not None or self.high is not None):
            return all(isinstance(value, int) and self._fits(value) for value in other.values())
        low_holds = self.low is None or (other.low is not None and other.low >= self.low)
        high_holds = self.high is None or (other.high is not None and other.high <= self.high)
        return low_holds and high_holds


def domain_of(test: Test, *, negated: bool) -> Domain:
    """What one comparison, or its contrary, leaves of its fact."""
    found = _positive(test)
    return _negative(test, found) if negated else found


def is_always(test: Test) -> bool:
    """Does the comparison hold for whatever the fact may be, once it is known?"""
    found = domain_of(test, negated=True)
    return replace(found, known=True).is_empty


def _positive(test: Test) -> Domain:  # noqa: PLR0911 - one way per comparison
    fact, value = test.fact, test.value
    bounded = Domain(fact, known=True, low=LEAST.get(fact))
    if isinstance(value, Hours):
        return replace(bounded, minutes=minutes_of(value))
    match test.op:
        case Op.ONE_OF:
            values = frozenset(_plain(one) for one in value) if isinstance(value, tuple) else frozenset()
            if FACTS.get(fact) is not None and FACTS[fact].kind is Kind.SET:
                return replace(bounded, needs=(values,))
            return replace(bounded, allowed=values)
        case Op.ABOVE:
            return replace(bounded, low=_number(value) + 1)
        case Op.AT_LEAST:
            return replace(bounded, low=max(_number(value), LEAST.get(fact, _number(value))))
        case Op.BELOW:
            return replace(bounded, high=_number(value) - 1)
        case Op.AT_MOST:
            return replace(bounded, high=_number(value))
    first, last = value if isinstance(value, tuple) else (0, 0)
    if fact == "birthday":
        return replace(bounded, birthday=(first, last))
    return replace(bounded, low=_number(first), high=_number(last) - 1)


def _negative(test: Test, positive: Domain) -> Domain:  # noqa: PLR0911 - one way per comparison
    """The contrary; what is unknown satisfies it too, so nothing has to be known."""
    fact = test.fact
    least = Domain(fact, low=LEAST.get(fact), known=fact in FINITE or fact == "hours")
    if positive.minutes != ALL_MINUTES or isinstance(test.value, Hours):
        return replace(least, minutes=ALL_MINUTES & ~positive.minutes)
    if positive.birthday is not None:
        return replace(least, not_birthday=positive.birthday)
    if positive.needs:
        return replace(least, excluded=positive.needs[0])
    if positive.allowed is not None:
        universe = FINITE.get(fact)
        return replace(least, allowed=universe - positive.allowed if universe else None, excluded=positive.allowed)
    if test.op in {Op.ABOVE, Op.AT_LEAST}:
        return replace(least, high=(positive.low or 0) - 1)
    if test.op in {Op.BELOW, Op.AT_MOST}:
        return replace(least, low=(positive.high or 0) + 1)
    return least


def minutes_of(hours: Hours) -> int:
    """A bit for every minute in which the hours hold."""
    if hours.start == hours.end:
        return ALL_MINUTES
    until = (1 << hours.end) - 1
    since = ALL_MINUTES & ~((1 << hours.start) - 1)
    return since & until if hours.start < hours.end else since | until


def _plain(value: object) -> object:
    return value.toordinal() if isinstance(value, date) else value


def _number(value: object) -> int:
    if isinstance(value, date):
        return value.toordinal()
    assert isinstance(value, int)
    return value


def _both(
    first: frozenset[object] | None, second: frozenset[object] | None, *, is_category: bool
) -> frozenset[object] | None:
    if first is None or second is None:
        return second if first is None else first
    if not is_category:
        return first & second
    return frozenset(one for one in first | second if _under(one, first) and _under(one, second))


def _under(value: object, values: frozenset[object]) -> bool:
    return any(level in values for level in levels(str(value)))


def _within(inner: Domain, outer: Domain) -> bool:
    assert outer.allowed is not None
    if outer.fact == "category":
        return all(_under(value, outer.allowed) for value in inner.values())
    return inner.values() <= outer.allowed


def _larger(first: int | None, second: int | None) -> int | None:
    return second if first is None else first if second is None else max(first, second)


def _smaller(first: int | None, second: int | None) -> int | None:
    return second if first is None else first if second is None else min(first, second)


def _window(first: tuple[int, int] | None, second: tuple[int, int] | None) -> tuple[int, int] | None:
    """Days before and after a birthday that lie in both."""
    if first is None or second is None:
        return second if first is None else first
    return min(first[0], second[0]), min(first[1], second[1])


def _inside(inner: tuple[int, int] | None, outer: tuple[int, int]) -> bool:
    return inner is not None and inner[0] <= outer[0] and inner[1] <= outer[1]
