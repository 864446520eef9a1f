"""Moments that nobody's act marks: found by the worker, each of them once, those missed made up for within `late`.

For every automation the books remember up to when its moments were planned. A worker that was away looks from there
on, but no further back than `late` of the rule, and never before the rule was in force.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from kopilka.bookkeeping.deeds import DeedKind, Planned, plan_many
from kopilka.bookkeeping.documents import to_text
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.bookkeeping.rulebooks import load_rulebook_version
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.automations import RuleClock
from kopilka.data.models.deeds import Deed
from kopilka.data.models.rulebooks import RulebookVersion
from kopilka.engine.ages import months_to
from kopilka.engine.automations import MOMENTS, is_off
from kopilka.engine.checks import parts_of
from kopilka.engine.mechanics import Automation, On
from kopilka.engine.moments import DAY, born_so_many_months_before, celebrated_on, days_due, local_moment
from kopilka.engine.period import Edge, Life
from kopilka.engine.refusal import Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.member_conditions.facts import EVERYBODY
from kopilka.queries.member_conditions.moment import Moment
from kopilka.queries.member_conditions.tree import members_where
from kopilka.queries.moments import (
    DayOf,
    everybody,
    who_bought_last,
    who_celebrates,
    whose_day_was,
    whose_points_end,
)
from kopilka.services.automations.cron import last_moment
from kopilka.services.automations.plans import Plan, rules_in_force

LOOK_EVERY = timedelta(minutes=10)
"""How often members are looked through for those who have been quiet or whose points will expire."""

ROWS_AT_ONCE = 500
OF_ALL = frozenset({On.QUIET, On.EXPIRING})


@dataclass(frozen=True, slots=True)
class Found:
    """A moment of one member: its `cause`, when it is due, and what it is about."""

    member_id: UUID
    cause: str
    due_at: datetime
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Search:
    """One automation whose moments in (`after`, `until`] are looked for."""

    program_id: UUID
    version: int
    rulebook: Rulebook
    rule: Automation
    after: datetime
    until: datetime

    def is_wanted(self, moment: datetime) -> bool:
        """In force at that moment, and not missed for too long."""
        return self.rule.window.holds(moment) and self.rule.late.after(moment, self.rulebook.zone) >= self.until

    def members(self, moment: datetime) -> Q:
        """Whom the rule's conditions leave, as far as tables can tell; all of them are asked when it is done."""
        found = EVERYBODY
        for part in parts_of(self.rule.when):
            try:
                found &= members_where(part, Moment(self.program_id, self.rulebook, moment))
            except Refusal:  # a fact that no table answers
                continue
        return found


def plan_moments(*, program_id: UUID, at: datetime, progress: Callable[[int], None] | None = None) -> int:
    """Plan what every automation owes because of moments that have come by `at`; how many deeds."""
    planned = 0
    for code in _rules_of_time(program_id):
        now = _plan_rule(program_id, code, at)
        planned += now
        if progress:
            progress(now)
    return planned


@transaction.atomic(durable=True)
def _rules_of_time(program_id: UUID) -> list[str]:
    enter_program(program_id)
    rules = rules_in_force(program_id)
    return [one.code for one in rules[1].mechanics.automations.values() if one.trigger.on in MOMENTS] if rules else []


@transaction.atomic(durable=True)
def _plan_rule(program_id: UUID, code: str, at: datetime) -> int:
    enter_program(program_id)
    rules = rules_in_force(program_id)
    rule = rules[1].mechanics.automations.get(code) if rules else None
    if rules is None or rule is None:
        return 0
    clock = _lock_clock(program_id, code, rules[0])
    if at <= clock.until or (rule.trigger.on in OF_ALL and at - clock.until < LOOK_EVERY):
        return 0
    count = 0
    if not is_off(rules[1], rule):
        after = max(clock.until, at - _longest(rule.late))
        found = list(_found(_Search(program_id, rules[0], rules[1], rule, after, at)))
        count = _plan(program_id, rules, rule, found, at)
    RuleClock.objects.of(program_id).filter(id=clock.id).update(until=at, version=rules[0])
    return count


def _lock_clock(program_id: UUID, code: str, version: int) -> RuleClock:
    """The clock of a rule, made at its first sight; set forward where the rule was not in force in between."""
    rows = RuleClock.objects.of(program_id).filter(rule=code)
    if not rows.exists():
        began = _in_force_since(program_id, code, version, 0)
        made = RuleClock(id=new_id(), program_id=program_id, rule=code, version=version, until=began)
        RuleClock.objects.bulk_create([made], ignore_conflicts=True)
    if locks_are_on() and connection.vendor == "postgresql":
        rows = rows.select_for_update()
    clock: RuleClock = rows.get()
    if clock.version < version:
        clock.until = max(clock.until, _in_force_since(program_id, code, version, clock.version))
    return clock


def _in_force_since(program_id: UUID, code: str, version: int, known: int) -> datetime:
    """When the first of the versions up to this one was published that all hold the rule; none before `known`."""
    since = datetime.min.replace(tzinfo=UTC)
    for number in range(version, known, -1):
        if code not in load_rulebook_version(program_id, number).mechanics.automations:
            return since
        since = RulebookVersion.objects.of(program_id).values_list("published_at", flat=True).get(number=number)
    if known and code in load_rulebook_version(program_id, known).mechanics.automations:
        return datetime.min.replace(tzinfo=UTC)
    return since


def _plan(
    program_id: UUID, rules: tuple[int, Rulebook], rule: Automation, found: list[Found], at: datetime
) -> int:  # fmt: skip
    fresh = list(_not_planned(program_id, rule.code, found))
    wait = rule.wait
    plan_many(
        program_id,
        [
            Planned(
                DeedKind.AUTOMATION, rule.code, one.cause, one.member_id,
                one.due_at if wait.is_empty else wait.after(one.due_at, rules[1].zone), about=one.member_id,
                payload=to_text(Plan(rule.trigger.on, rules[0], one.due_at, rule.trigger.name, one.facts)),
            )
            for one in fresh
        ],
        at=at,
    )  # fmt: skip
    return len(fresh)


def _not_planned(program_id: UUID, code: str, found: list[Found]) -> Iterator[Found]:
    """Those no deed was planned for before; of several with one cause and member the first."""
    seen: set[tuple[UUID, str]] = set()
    deeds = Deed.objects.of(program_id).filter(kind=DeedKind.AUTOMATION, rule=code)
    if found and deeds.exists():
        for start in range(0, len(found), ROWS_AT_ONCE):
            members = [one.member_id for one in found[start : start + ROWS_AT_ONCE]]
            seen.update(deeds.filter(member_id__in=members).values_list("member_id", "cause"))
    for one in found:
        if (one.member_id, one.cause) not in seen:
            seen.add((one.member_id, one.cause))
            yield one


def _found(search: _Search) -> Iterable[Found]:
    match search.rule.trigger.on:
        case On.DATE:
            return _dates(search)
        case On.CALENDAR:
            return _calendar(search)
        case On.QUIET:
            return _quiet(search)
    return _expiring(search)


def _dates(search: _Search) -> Iterator[Found]:
    """Days that come round every year, and ages that are reached: on the day, or so many days before or after."""
    trigger, zone = search.rule.trigger, search.rulebook.zone
    for today in days_due(search.after, search.until, trigger.minute, zone):
        moment = local_moment(today, trigger.minute, zone)
        if search.is_wanted(moment):
            day = today - trigger.days * DAY
            for one in _whose(search, day, moment):
                facts = {"date": str(day), "of": trigger.name, "years": day.year - one.day.year}
                yield Found(one.member_id, _cause_of(trigger.name, day, one), moment, facts | _named(one))


def _whose(search: _Search, day: date, moment: datetime) -> list[DayOf]:
    trigger, zone, members = search.rule.trigger, search.rulebook.zone, search.members(moment)
    if trigger.age is None:
        return who_celebrates(search.program_id, members, trigger.name, celebrated_on(day), zone, before=day)
    births = born_so_many_months_before(day, months_to(trigger.age, trigger.years))
    return whose_day_was(search.program_id, members, trigger.name, births, zone)


def _cause_of(name: str, day: date, one: DayOf) -> str:
    """birthday:2026; with whose it is, where several may have theirs: the same child entered twice is one child."""
    if not (one.name or one.same):
        return f"{name}:{day.year}"
    whose = sha256(f"{one.day}:{one.name.casefold()}:{one.same}".encode()).hexdigest()[:16]
    return f"{name}:{day.year}:{whose}"


def _named(one: DayOf) -> dict[str, Any]:
    return {"name": one.name} if one.name else {}


def _calendar(search: _Search) -> Iterator[Found]:
    """A day of the calendar, or the last moment of a cron: of several that were missed only this is made up for."""
    trigger, zone = search.rule.trigger, search.rulebook.zone
    if trigger.day is not None:
        moment: datetime | None = local_moment(trigger.day, trigger.minute, zone)
    else:
        moment = last_moment(trigger.cron, search.until, zone)
    if moment is not None and search.after < moment <= search.until and search.is_wanted(moment):
        cause = f"calendar:{moment.astimezone(zone):%Y-%m-%dT%H:%M}"
        for member_id in everybody(search.program_id, search.members(moment)):
            yield Found(member_id, cause, moment, {})


def _quiet(search: _Search) -> Iterator[Found]:
    """No purchase for so long: the moment comes once for each last purchase."""
    life, zone = search.rule.trigger.life, search.rulebook.zone
    first, last = search.after - _longest(life), search.until - _shortest(life)
    for member_id, bought_at in who_bought_last(search.program_id, search.members(search.until), first, last):
        moment = life.after(bought_at, zone)
        if search.after < moment <= search.until and search.is_wanted(moment):
            facts = {"last_purchase_at": bought_at.isoformat()}
            yield Found(member_id, f"quiet:{bought_at.astimezone(UTC).isoformat()}", moment, facts)


def _expiring(search: _Search) -> Iterator[Found]:
    """Points that end within so long: once for each local day on which some of a member's end."""
    life, zone = search.rule.trigger.life, search.rulebook.zone
    first = max(life.after(search.after, zone), search.until)
    members = search.members(search.until)
    for member_id, ends_at in whose_points_end(search.program_id, members, first, life.after(search.until, zone)):
        day = ends_at.astimezone(zone).date()
        start, end = local_moment(day, 0, zone), local_moment(day + DAY, 0, zone)
        facts = {"date": str(day), "day_start": start.isoformat(), "day_end": end.isoformat()}
        if search.rule.window.holds(search.until):
            yield Found(member_id, f"expiring:{day}", search.until, facts)


def _longest(life: Life) -> timedelta:
    """No life of this kind is longer."""
    stretched = 1 if life.to_end_of is Edge.NONE else 367
    return timedelta(days=life.months * 31 + life.days + stretched, hours=life.hours)


def _shortest(life: Life) -> timedelta:
    """None is shorter; a day may have 23 hours."""
    return timedelta(days=max(0, life.months * 28 + life.days - 1), hours=life.hours)
