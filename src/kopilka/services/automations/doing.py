"""Doing what an automation owes: everything it says, once, in the transaction of its deed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.deeds import DeedKind, DeedState, Doing, Planned, plan_deeds
from kopilka.bookkeeping.documents import from_text, to_text
from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.engine.automations import MOMENTS, Cause, Owed, is_off, owed_for, why_not
from kopilka.engine.bounds import is_held_out
from kopilka.engine.mechanics import Automation, On, Person
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.segments import segments_at
from kopilka.services.automations.actions import act
from kopilka.services.automations.bounds import room_for
from kopilka.services.automations.causes import Sale, cause_of, sale_of, standing_before
from kopilka.services.automations.granting import grant, is_by_line, must_fit, sums_left
from kopilka.services.automations.moment_checks import passed
from kopilka.services.automations.people import account_of
from kopilka.services.automations.plans import Plan
from kopilka.services.automations.together import Crowd

GONE = "rule_gone"
OFF = "switched_off"
OF_TIME = MOMENTS | {On.POINTS_EXPIRED}
"""Nobody waits for an answer to these: too late they are not done at all."""

Others = list[tuple[UUID, list[Owed]]]


def do_automation(doing: Doing) -> None:
    """Do it if all it asks for holds, within its bounds; `member_blocked`, `out_of_range`."""
    plan = from_text(doing.deed.payload, Plan)
    found = _rule_of(doing, plan)
    if found is None:
        return
    rulebook, automation = found
    doing.known.must_be_active()
    cause, sale = cause_of(doing.program_id, plan, doing.deed.subject)
    ended = _end_without_doing(doing, rulebook, automation, cause, sale, plan)
    if ended is not None:
        doing.deed.state, doing.deed.told = ended
        return
    own, others = _owed(doing, rulebook, automation, cause, plan)
    units = sums_left([*own, *(one for _, owed in others for one in owed)], sale)
    must_fit(doing.act, own)
    room = room_for(doing, rulebook, automation, units)
    if room.refused is not None:
        doing.deed.state, doing.deed.told = room.refused, room.told
        return
    room.use(doing.program_id)
    _perform(doing, rulebook, automation, (own, others), sale, plan)


def pass_on(doing: Doing) -> None:
    """Give somebody else his points; conditions and bounds were looked at when it was planned."""
    plan = from_text(doing.deed.payload, Plan)
    found = _rule_of(doing, plan)
    if found is None:
        return
    doing.known.must_be_active()
    sale = sale_of(doing.program_id, doing.deed.subject) if is_by_line(plan.owed) else None
    must_fit(doing.act, plan.owed)
    grant(doing, *found, plan.owed, sale, plan)
    doing.deed.payload = to_text(plan)


def _rule_of(doing: Doing, plan: Plan) -> tuple[Rulebook, Automation] | None:
    """The rule as it stood when the event happened; one that was switched off since does nothing more."""
    crowd = doing.shared if isinstance(doing.shared, Crowd) else Crowd(doing.program_id)
    rules = crowd.rules_of(plan.version)
    automation = rules[1].mechanics.automations.get(doing.deed.rule) if rules else None
    if rules is None or automation is None:
        doing.deed.state, doing.deed.told = DeedState.NOTHING, GONE
        return None
    if is_off(rules[1], automation):
        doing.deed.state, doing.deed.told = DeedState.NOTHING, OFF
        return None
    return rules[1], automation


def _end_without_doing(
    doing: Doing, rulebook: Rulebook, automation: Automation, cause: Cause, sale: Sale | None, plan: Plan
) -> tuple[DeedState, str] | None:
    deed, standing = doing.deed, doing.known.standing
    if plan.on in OF_TIME and automation.late.after(deed.due_at, rulebook.zone) < doing.at:
        return DeedState.MISSED, ""
    if told := passed(plan, standing, doing.at):
        return DeedState.NOTHING, told
    seen = standing if deed.about is not None else replace(standing, member_id=None)
    seen = replace(seen, segments=segments_at(rulebook, seen, cause.at))
    if sale is not None:
        seen = standing_before(doing.program_id, automation, seen, sale)
    if told := why_not(rulebook, automation, seen, cause):
        return DeedState.NOTHING, told
    if is_held_out(automation.code, deed.about, automation.bounds.holdout):
        return DeedState.HOLDOUT, ""
    return None


def _owed(
    doing: Doing, rulebook: Rulebook, automation: Automation, cause: Cause, plan: Plan
) -> tuple[list[Owed], Others]:
    """What the deed's own member gets, and what others get."""
    deed = doing.deed
    by_account: dict[UUID, list[Owed]] = {}
    for place, said in enumerate(automation.grants):
        level = said.level if said.to is Person.INVITER else 0
        staff = str(plan.facts.get("staff") or "")
        account = account_of(doing.program_id, rulebook, (said.to, level), deed.about, cause.bought, staff)
        owed = owed_for(rulebook, automation, place, cause)
        if account is not None and owed.units:
            by_account.setdefault(account, []).append(owed)
    own = by_account.pop(deed.member_id, [])
    return own, sorted(by_account.items())


def _perform(
    doing: Doing, rulebook: Rulebook, automation: Automation, owed: tuple[list[Owed], Others], sale: Sale | None,
    plan: Plan,
) -> None:  # fmt: skip
    deed = doing.deed
    own, others = owed
    done, refused = act(doing, automation) if deed.about == deed.member_id else (0, [])
    planned = [
        Planned(
            DeedKind.PASS_ON, deed.rule, deed.cause, account, deed.due_at, about=deed.about, subject=deed.subject,
            payload=to_text(replace(plan, owed=given)), branch=deed.branch,
        )
        for account, given in others
    ]  # fmt: skip
    plan_deeds(doing.program_id, planned, at=doing.at)
    ends = grant(doing, rulebook, automation, own, sale, plan)
    done += len(own) + len(planned) + _tell(doing, automation, plan, sale, ends)
    deed.payload = to_text(plan)
    deed.told = "; ".join(refused)
    if refused and not done:
        deed.state = DeedState.REFUSED


def _tell(
    doing: Doing, automation: Automation, plan: Plan, sale: Sale | None, ends: Mapping[str, datetime | None]
) -> int:
    """Ask for the message and the webhook, with all figures they may want to name; how many were asked for."""
    deed = doing.deed
    facts = {
        "rule": deed.rule,
        "cause": deed.cause,
        "event": plan.on,
        "points": sums_left(plan.owed, sale),
        "until": {currency: end for currency, end in ends.items() if end is not None},
        "facts": ({"name": plan.name} if plan.name else {}) | plan.facts,
    }
    asked = [
        (EventKind.MESSAGE_REQUESTED, "message", automation.send),
        (EventKind.WEBHOOK_REQUESTED, "webhook", automation.call),
    ]
    wanted = [(kind, {key: code} | facts) for kind, key, code in asked if code and deed.about is not None]
    for kind, told in wanted:
        doing.outcome.events.append(Happened(kind, deed.about, deed.id, doing.at, to_text(told)))
    return len(wanted)
