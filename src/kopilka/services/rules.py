"""The rules that answer events and share sales: whether each works, and what it has done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.mechanics import Automation, Share
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.rules import DoneByRule, done_by_rule
from kopilka.services.automations.bounds import left_of_budget

SECTIONS = ("automations", "shares")


class RuleState(StrEnum):
    """OVER_BUDGET: what it may cost is used up, it does nothing until there is room again."""

    ON = "on"
    OFF = "off"
    NOT_YET = "not_yet"
    OVER = "over"
    OVER_BUDGET = "over_budget"


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule of the document. `event` of an automation, `to` of a share. What is left of its budget: None, no bound."""

    section: str
    code: str
    name_ru: str
    name_en: str
    event: str
    to: str
    state: RuleState
    minor_left: int | None
    units_left: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class RuleReport:
    rule: RuleView
    done: DoneByRule


@transaction.atomic(durable=True)
def list_rules(*, program_id: UUID, by: Actor, at: datetime) -> list[RuleView]:
    """All of them, in the order of the document; `rulebook_missing`."""
    by.must(Capability.READ)
    enter_program(program_id)
    return _rules(program_id, at)


def read_rule(*, program_id: UUID, named: str, by: Actor, at: datetime) -> RuleReport:
    """One by its code, or by its path where two sections have it; `not_found`, `invalid` (rule)."""
    found = [
        one
        for one in list_rules(program_id=program_id, by=by, at=at)
        if named in {one.code, f"{one.section}.{one.code}"}
    ]
    if not found:
        raise Refusal(Code.NOT_FOUND, what="rule")
    if len(found) > 1:
        raise Refusal(Code.INVALID, field="rule", reason="several_of_this_code")
    return RuleReport(found[0], done_by_rule(program_id, found[0].code))


def _rules(program_id: UUID, at: datetime) -> list[RuleView]:
    rulebook = load_rulebook(program_id)[1]
    views = [_automation(program_id, rulebook, one, at) for one in rulebook.mechanics.automations.values()]
    return views + [_share(rulebook, one, at) for one in rulebook.mechanics.shares.values()]


def _automation(program_id: UUID, rulebook: Rulebook, rule: Automation, at: datetime) -> RuleView:
    minor, units = left_of_budget(program_id, rulebook, rule, at)
    state = _state(rulebook, SECTIONS[0], rule, at)
    if state is RuleState.ON and _has_run_out(rulebook, rule, minor, units):
        state = RuleState.OVER_BUDGET
    currency = rule.bounds.budget.currency if rule.bounds.budget else ""
    event = f"{rule.trigger.on}:{rule.trigger.name}" if rule.trigger.name else rule.trigger.on.value
    return RuleView(
        SECTIONS[0], rule.code, rule.name_ru, rule.name_en, event, "", state, minor, units, currency
    )  # fmt: skip


def _has_run_out(rulebook: Rulebook, rule: Automation, minor: int | None, units: int | None) -> bool:
    """Is less left than the rule gives at least?"""
    currency = rule.bounds.budget.currency if rule.bounds.budget else ""
    least = sum(one.units for one in rule.grants if one.currency == currency)
    cost = sum(rulebook.points[one.currency].money(one.units) for one in rule.grants)
    return (minor is not None and minor < max(1, cost)) or (units is not None and units < max(1, least))


def _share(rulebook: Rulebook, rule: Share, at: datetime) -> RuleView:
    state = _state(rulebook, SECTIONS[1], rule, at)
    return RuleView(SECTIONS[1], rule.code, rule.name_ru, rule.name_en, "", rule.to.value, state, None, None, "")


def _state(rulebook: Rulebook, section: str, rule: Automation | Share, at: datetime) -> RuleState:
    if f"{section}.{rule.code}" in rulebook.rules_off:
        return RuleState.OFF
    if rule.window.start is not None and at < rule.window.start:
        return RuleState.NOT_YET
    if rule.window.end is not None and rule.window.end <= at:
        return RuleState.OVER
    return RuleState.ON
