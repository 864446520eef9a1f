"""What bounds an automation: how often it may work, and what it may cost. Counted under lock, exactly.

Limits for a member or a branch count the deeds that were done; a limit for everybody and a budget have counters. A
stretch of time is whole days of the program's zone, today the last of them; hours alone are exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kopilka.bookkeeping.deeds import DeedKind, DeedState, Doing
from kopilka.bookkeeping.documents import to_text
from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.bookkeeping.rule_uses import MINOR, UNITS, USES, Key, add_uses, day_code, lock_uses, used_since
from kopilka.data.models.deeds import Deed
from kopilka.data.models.rulebooks import RuleUse
from kopilka.engine.mechanics import Automation, Budget, Limit, Whose
from kopilka.engine.moments import window_start
from kopilka.engine.rulebook import Rulebook

RAN_OUT = "rule_over"
"""Kind of the mark that a rule has told that it ran out; by the first day of its budget's stretch of time."""


@dataclass(slots=True)
class Room:
    """What one doing may use of an automation's bounds: `refused` and why, or counters to add to."""

    refused: DeedState | None = None
    told: str = ""
    added: dict[Key, int] = field(default_factory=dict)

    def use(self, program_id: UUID) -> None:
        add_uses(program_id, self.added)


def room_for(doing: Doing, rulebook: Rulebook, automation: Automation, units: Mapping[str, int]) -> Room:
    """Is there room for giving so many units by currency? Locks the counters it will add to."""
    bounds = automation.bounds
    counted = [one for one in bounds.limits if one.whose in {Whose.EVERYBODY, Whose.BRANCH}]
    keys: dict[Key, int] = {(USES, automation.code): 1} if counted or bounds.budget else {}
    if bounds.budget:
        keys |= _costs(rulebook, bounds.budget, automation.code, units, _today(doing, rulebook))
    locked = lock_uses(doing.program_id, keys)
    for limit in bounds.limits:
        if _is_reached(doing, rulebook, automation, limit, locked):
            return Room(DeedState.LIMITED, limit.whose.value)
    if bounds.budget and (what := _overstepped(doing, rulebook, automation, units, locked)):
        tell_ran_out(doing, rulebook, automation)
        return Room(DeedState.OVER_BUDGET, what)
    return Room(added=keys)


def give_back_budget(
    program_id: UUID, rulebook: Rulebook, automation: Automation, given: Mapping[str, int], day: object
) -> None:
    """Points of these units by currency were taken back: the budget of the day they were given on has them again."""
    if automation.bounds.budget:
        costs = _costs(rulebook, automation.bounds.budget, automation.code, given, day)
        held = lock_uses(program_id, costs)
        add_uses(program_id, {key: -min(costs[key], used) for key, used in held.items()})


def left_of_budget(
    program_id: UUID, rulebook: Rulebook, automation: Automation, at: datetime
) -> tuple[int | None, int | None]:
    """What is left: minor units of money, smallest units of points; None where it is not bounded."""
    budget = automation.bounds.budget
    if budget is None:
        return None, None
    minor = None if budget.minor is None else budget.minor - _used(program_id, rulebook, automation, MINOR, at)
    units = None if budget.units is None else budget.units - _used(program_id, rulebook, automation, UNITS, at)
    return minor, units


def tell_ran_out(doing: Doing, rulebook: Rulebook, automation: Automation) -> None:
    """A rule that has run out says so, once in each stretch of time of its budget."""
    budget = automation.bounds.budget
    stretch = _first_day(rulebook, budget, doing.at) if budget else ""
    key = (RAN_OUT, day_code(automation.code, stretch))
    if not lock_uses(doing.program_id, [key])[key]:
        add_uses(doing.program_id, {key: 1})
        payload = to_text({"rule": automation.code})
        doing.outcome.events.append(Happened(EventKind.RULE_RAN_OUT, None, doing.deed.id, doing.at, payload))


def _costs(rulebook: Rulebook, budget: Budget, rule: str, units: Mapping[str, int], day: object) -> dict[Key, int]:
    code = rule if budget.within.is_empty else day_code(rule, day)
    found: dict[Key, int] = {}
    if budget.units is not None:
        found[UNITS, code] = units.get(budget.currency, 0)
    if budget.minor is not None:
        found[MINOR, code] = sum(rulebook.points[currency].money(given) for currency, given in units.items())
    return found


def _overstepped(
    doing: Doing, rulebook: Rulebook, automation: Automation, units: Mapping[str, int], locked: Mapping[Key, int]
) -> str:
    budget = automation.bounds.budget
    assert budget is not None, "only a rule with a budget can overstep it"
    for (kind, _), cost in _costs(rulebook, budget, automation.code, units, _today(doing, rulebook)).items():
        most = budget.units if kind == UNITS else budget.minor
        if most is not None and _used(doing.program_id, rulebook, automation, kind, doing.at, locked) + cost > most:
            return "points" if kind == UNITS else "money"
    return ""


def _used(
    program_id: UUID, rulebook: Rulebook, automation: Automation, kind: str, at: datetime,
    locked: Mapping[Key, int] | None = None,
) -> int:  # fmt: skip
    budget = automation.bounds.budget
    assert budget is not None, "only a budget is used up"
    if not budget.within.is_empty:
        return used_since(program_id, kind, automation.code, _first_day(rulebook, budget, at))
    if locked is not None:
        return locked[kind, automation.code]
    rows = RuleUse.objects.of(program_id).filter(kind=kind, code=automation.code, member__isnull=True)
    return rows.values_list("used", flat=True).first() or 0


def _first_day(rulebook: Rulebook, budget: Budget, at: datetime) -> str:
    if budget.within.is_empty:
        return ""
    return str(window_start(budget.within, at, rulebook.zone).astimezone(rulebook.zone).date())


def _today(doing: Doing, rulebook: Rulebook) -> object:
    return doing.at.astimezone(rulebook.zone).date()


def _is_reached(
    doing: Doing, rulebook: Rulebook, automation: Automation, limit: Limit, locked: Mapping[Key, int]
) -> bool:
    if limit.whose is Whose.EVERYBODY and limit.within.is_empty:
        return locked[USES, automation.code] >= limit.times
    done = Deed.objects.of(doing.program_id).filter(
        kind=DeedKind.AUTOMATION, rule=automation.code, state=DeedState.DONE, **_counted(doing, limit)
    )
    if not limit.within.is_empty:
        done = done.filter(done_at__gte=window_start(limit.within, doing.at, rulebook.zone))
    return bool(done[: limit.times].count() >= limit.times)


def _counted(doing: Doing, limit: Limit) -> dict[str, Any]:
    deed = doing.deed
    match limit.whose:
        case Whose.MEMBER:
            return {"member_id": deed.member_id}
        case Whose.BRANCH:
            return {"branch": deed.branch}
        case Whose.RECEIPT:
            return {"member_id": deed.member_id, "subject": deed.subject}
    return {}
