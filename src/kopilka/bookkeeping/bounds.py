"""What bounded rules have used: counted under a lock, so that no limit and no budget is ever overstepped.

Whoever wants to bound a rule says what he asks (`Asked`), reads all of it at once, looks what was used, adds what he
uses himself, and writes. Members are locked before; then the counts, in the order of their keys. A member's own counts
need no lock beside his row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from kopilka.bookkeeping.locking import locks_are_on
from kopilka.data.ids import new_id
from kopilka.data.models.coupons import RuleCount
from kopilka.engine.bounds import limit_key, money_key, points_key
from kopilka.engine.mechanics import Bounds, Whose
from kopilka.engine.period import Edge, Life

IN_ALL = ""
Key = tuple[str, str, str]
"""A rule, whose count it is, and the stretch of time."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A bounded rule that may work for somebody somewhere at a moment."""

    rule: str
    bounds: Bounds
    member_id: UUID | None
    branch: str
    at: datetime

    def whose(self, limit_of: Whose) -> str:
        match limit_of:
            case Whose.MEMBER:
                return f"m:{self.member_id}"
            case Whose.BRANCH:
                return f"b:{self.branch}"
        return IN_ALL

    def counted(self) -> Iterator[tuple[str, Life]]:
        """Whose counts it needs, and within which time."""
        for limit in self.bounds.limits:
            if limit.whose is not Whose.RECEIPT and (limit.whose is not Whose.MEMBER or self.member_id):
                yield self.whose(limit.whose), limit.within
        if self.bounds.budget is not None:
            yield IN_ALL, self.bounds.budget.within


@dataclass(slots=True)
class _Count:
    uses: int = 0
    minor: int = 0
    units: int = 0
    changed: bool = False


class Counts:
    """The counts of one transaction of one program, whose days and hours are those of `zone`."""

    def __init__(self, program_id: UUID, zone: tzinfo) -> None:
        self._program_id = program_id
        self._zone = zone
        self._counts: dict[Key, _Count] = {}

    def read(self, asked: Iterable[Asked], *, lock: bool) -> None:
        """Read the counts of these rules; `lock`: whoever else wants those that are not a member's own waits."""
        asked = list(asked)
        wanted = {(one.rule, whose) for one in asked for whose, _ in one.counted()}
        if not wanted:
            return
        if lock:
            self._lock(sorted(key for key in wanted if not key[1].startswith("m:")))
        spans = [self._after(life, one) for one in asked for _, life in one.counted() if not life.is_empty]
        timed = Q(span=IN_ALL) | Q(span__gt=min(spans)) if spans else Q(span=IN_ALL)
        rows = RuleCount.objects.of(self._program_id).filter(timed, _any_of(wanted))
        for rule, whose, span, uses, minor, units in rows.values_list(
            "rule", "whose", "span", "uses", "minor", "units"
        ):
            self._counts.setdefault((rule, whose, span), _Count(uses, minor, units))

    def used(self, asked: Asked) -> dict[str, int]:
        """What was used of a rule's limits and budget, as a standing tells it (`engine/bounds.py`)."""
        found: dict[str, int] = {}
        for place, limit in enumerate(asked.bounds.limits):
            if limit.whose is not Whose.RECEIPT:
                counts = self._within(asked, asked.whose(limit.whose), limit.within)
                found[limit_key(asked.rule, place)] = sum(one.uses for one in counts)
        budget = asked.bounds.budget
        if budget is not None:
            spent = list(self._within(asked, IN_ALL, budget.within))
            found[money_key(asked.rule)] = sum(one.minor for one in spent)
            found[points_key(asked.rule)] = sum(one.units for one in spent)
        return found

    def add(self, asked: Asked, *, times: int = 1, minor: int = 0, units: int = 0) -> None:
        """It was used (negative: what was used is given back) at the moment asked for."""
        spans: dict[str, set[str]] = {}
        for whose, life in asked.counted():
            spans.setdefault(whose, {IN_ALL}).update([] if life.is_empty else [self._span(asked)])
        for whose, names in spans.items():
            for span in names:
                count = self._counts.setdefault((asked.rule, whose, span), _Count())
                count.uses = max(0, count.uses + times)
                count.minor = max(0, count.minor + minor)
                count.units = max(0, count.units + units)
                count.changed = True

    def write(self) -> None:
        rows = [
            RuleCount(
                id=new_id(), program_id=self._program_id, rule=rule, whose=whose, span=span,
                uses=count.uses, minor=count.minor, units=count.units,
            )
            for (rule, whose, span), count in sorted(self._counts.items(), key=lambda one: one[0])
            if count.changed
        ]  # fmt: skip
        if rows:
            RuleCount.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["program", "rule", "whose", "span"],
                update_fields=["uses", "minor", "units"],
            )  # fmt: skip

    def _lock(self, keys: list[tuple[str, str]]) -> None:
        """The row of all time stands for those of every stretch; it is made when it is missing."""
        if not keys:
            return
        rows = RuleCount.objects
        missing = set(keys) - set(
            rows.of(self._program_id).filter(_any_of(keys), span=IN_ALL).values_list("rule", "whose")
        )
        made = [
            RuleCount(id=new_id(), program_id=self._program_id, rule=rule, whose=whose)
            for rule, whose in sorted(missing)
        ]
        rows.bulk_create(made, ignore_conflicts=True)
        if locks_are_on():
            locked = rows.of(self._program_id).filter(_any_of(keys), span=IN_ALL).order_by("rule", "whose")
            list(locked.select_for_update().values_list("id", flat=True))

    def _within(self, asked: Asked, whose: str, life: Life) -> Iterator[_Count]:
        if life.is_empty:
            yield self._counts.get((asked.rule, whose, IN_ALL), _Count())
            return
        after, now = self._after(life, asked), self._span(asked)
        for (rule, of, span), count in self._counts.items():
            if rule == asked.rule and of == whose and after < span <= now:
                yield count

    def _span(self, asked: Asked) -> str:
        """The local day of a moment, or its hour where the rule counts hours."""
        return _name(asked.at.astimezone(self._zone), asked.bounds)

    def _after(self, life: Life, asked: Asked) -> str:
        """The last stretch that does not count any more."""
        return _name(_before(life, asked.at.astimezone(self._zone)), asked.bounds)


def _any_of(keys: Iterable[tuple[str, str]]) -> Q:
    by_whose: dict[str, list[str]] = {}
    for rule, whose in keys:
        by_whose.setdefault(whose, []).append(rule)
    return reduce(or_, (Q(whose=whose, rule__in=rules) for whose, rules in sorted(by_whose.items())))


def _name(local: datetime, bounds: Bounds) -> str:
    lives = [limit.within for limit in bounds.limits]
    lives += [bounds.budget.within] if bounds.budget else []
    return f"{local:%Y-%m-%dT%H}" if any(life.hours for life in lives) else f"{local:%Y-%m-%d}"


def _before(life: Life, local: datetime) -> datetime:
    """The moment a stretch of this length that ends now had begun; to the end of a month: with the month."""
    begun = local
    if life.to_end_of is not Edge.NONE:
        begun = begun.replace(hour=0, minute=0, second=0, microsecond=0)
        if life.to_end_of is Edge.WEEK:
            begun -= timedelta(days=begun.weekday())
        elif life.to_end_of is Edge.MONTH:
            begun = begun.replace(day=1)
        elif life.to_end_of is Edge.YEAR:
            begun = begun.replace(month=1, day=1)
        begun -= timedelta(microseconds=1)
    for _ in range(life.months):
        day = begun.day
        begun = begun.replace(day=1) - timedelta(days=1)
        begun = begun.replace(day=min(day, begun.day))
    return begun - timedelta(days=life.days, hours=life.hours)
