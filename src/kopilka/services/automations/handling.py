"""Events on their way to automations: what is owed because of them is planned, in the transaction that handles them.

Nothing is done here and no member is locked. What can be said without the member (branch, lines, conditions over the
receipt and the moment) is looked at, so that a purchase no automation is about leaves no deed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from kopilka.bookkeeping.deeds import DeedKind, DeedState, Planned, plan_deeds
from kopilka.bookkeeping.documents import from_text, to_text
from kopilka.bookkeeping.erasing import has_returned
from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.bookkeeping.returning.requests import ReturnDocument
from kopilka.data.models.deeds import Deed
from kopilka.data.models.purchases import Return
from kopilka.engine.automations import answering, fits_receipt, people_of
from kopilka.engine.mechanics import Automation, On, Person
from kopilka.engine.rulebook import Rulebook
from kopilka.services.automations.causes import Sale, cause_of, earlier_purchases, sales_of
from kopilka.services.automations.people import account_of
from kopilka.services.automations.plans import Plan, rules_in_force
from kopilka.services.automations.triggers import ANSWERED, subject_cause, trigger_of

IMPORT_DOOR = "import"
ONCE_IN_A_LIFE = {On.ENROLLED, On.FIRST_PURCHASE, On.PROFILE_FILLED, On.MEMBER_INVITED}
"""What new members get: somebody who was erased and enrols again has had it, and so had whoever invited him."""

GIVING = (DeedKind.AUTOMATION, DeedKind.PASS_ON)

__all__ = ["ANSWERED", "plan_automations", "plan_take_backs"]


def plan_automations(program_id: UUID, happened: Sequence[Happened]) -> None:
    """Plan what every automation owes that answers these events."""
    mine = [one for one in happened if _facts(one).get("door") != IMPORT_DOOR]
    bought = [one.subject_id for one in mine if one.kind == EventKind.PURCHASE_CONFIRMED and one.subject_id]
    sales = sales_of(program_id, bought)
    rules: dict[int | None, tuple[int, Rulebook] | None] = {}
    for one in mine:
        sale = sales.get(one.subject_id) if one.kind == EventKind.PURCHASE_CONFIRMED and one.subject_id else None
        version = sale.row.version if sale else None
        if version not in rules:
            rules[version] = rules_in_force(program_id, version)
        found = rules[version]
        if found is not None and found[1].mechanics.automations and not (sale and sale.is_history):
            _plan_automations(program_id, found, one, sale)


def plan_take_backs(program_id: UUID, happened: Sequence[Happened]) -> None:
    """Goods came back: what automations had given in proportion to them is looked at again."""
    for one in happened:
        _plan_take_backs(program_id, one)


def _plan_automations(program_id: UUID, rules: tuple[int, Rulebook], happened: Happened, sale: Sale | None) -> None:
    facts = _facts(happened)
    on, name = trigger_of(rules[1], happened, facts)
    if on is None:
        return
    events = [on]
    if on is On.PURCHASE and sale is not None and answering(rules[1], On.FIRST_PURCHASE, name, sale.row.at):
        events += [On.FIRST_PURCHASE] if _is_first(program_id, sale) else []
    planned: list[Planned] = []
    new = happened.subject_id if on is On.MEMBER_INVITED else happened.member_id
    if ONCE_IN_A_LIFE.intersection(events) and has_returned(program_id, new):
        events = [one for one in events if one not in ONCE_IN_A_LIFE]
    for one in events:
        planned += _planned(program_id, rules, happened, Plan(one, rules[0], happened.at, name, facts), sale)
    plan_deeds(program_id, planned, at=happened.at)


def _plan_take_backs(program_id: UUID, happened: Happened) -> None:
    document = Return.objects.of(program_id).filter(id=happened.subject_id).values_list("document", flat=True).first()
    if document is None:
        return
    planned = []
    for decision in from_text(document, ReturnDocument).decisions:
        deeds = Deed.objects.of(program_id).filter(
            subject=decision.purchase, kind__in=GIVING, state=DeedState.DONE, units__gt=0
        )
        for rule, member_id in sorted(set(deeds.values_list("rule", "member_id"))):
            cause = f"{happened.subject_id}:{decision.purchase}"
            planned.append(
                Planned(
                    DeedKind.TAKE_BACK, rule, cause, member_id, happened.at,
                    about=happened.member_id, subject=decision.purchase,
                )
            )  # fmt: skip
    plan_deeds(program_id, planned, at=happened.at)


def _planned(
    program_id: UUID, rules: tuple[int, Rulebook], happened: Happened, plan: Plan, sale: Sale | None
) -> list[Planned]:
    rulebook = rules[1]
    found = answering(rulebook, plan.on, plan.name, sale.row.at if sale else happened.at)
    if not found:
        return []
    cause, behind = cause_of(program_id, plan, happened.subject_id, sale)
    planned = []
    for automation in found:
        if not fits_receipt(rulebook, automation, cause):
            continue
        lead = happened.member_id or _somebody(program_id, rulebook, automation, behind)
        if lead is not None:
            due_at = happened.at if automation.wait.is_empty else automation.wait.after(happened.at, rulebook.zone)
            planned.append(
                Planned(
                    DeedKind.AUTOMATION, automation.code, subject_cause(plan, happened), lead, due_at,
                    about=happened.member_id, subject=happened.subject_id, payload=to_text(plan),
                    branch=behind.row.branch if behind else "",
                )
            )  # fmt: skip
    return planned


def _somebody(program_id: UUID, rulebook: Rulebook, automation: Automation, sale: Sale | None) -> UUID | None:
    """The buyer is unknown: the first of the others whom the automation gives points."""
    bought = sale.bought if sale else None
    for who in sorted(people_of(automation)):
        if who[0] is not Person.MEMBER and (found := account_of(program_id, rulebook, who, None, bought)):
            return found
    return None


def _is_first(program_id: UUID, sale: Sale) -> bool:
    return sale.row.member_id is not None and not earlier_purchases(program_id, sale.row).exists()


def _facts(happened: Happened) -> dict[str, Any]:
    found = json.loads(happened.payload) if happened.payload else {}
    return found if isinstance(found, dict) else {}
