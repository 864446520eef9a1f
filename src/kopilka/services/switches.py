"""Switches that act at once: earning off, spending off, one rule off; and on again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from kopilka.bookkeeping.idempotency import DONE, NO_KEY, Request, find_answered
from kopilka.bookkeeping.publishing import lock_program, switches_of, throw_switches
from kopilka.bookkeeping.rulebooks import check_rulebook
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.data.models.programs import Program
from kopilka.data.models.rulebooks import RulebookVersion
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.ledger import Kind
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.switches import Switches

EARNING, SPENDING = "earning", "spending"
SECTIONS = ("promotions", "automations", "shares", "tiers")
"""Where rules that can be switched stand. A tier's own earning and discount are one rule."""


@dataclass(frozen=True, slots=True)
class Switched:
    """How the switches stand. `what`: earning, spending, or the path of the rule that was switched."""

    what: str
    earning: bool
    spending: bool
    rules_off: list[str]
    changed: bool
    replayed: bool = False


@transaction.atomic(durable=True)
def switch(
    *,
    program_id: UUID,
    what: str,
    on: bool,
    reason: str,
    request: Request = NO_KEY,
    by: Actor,
    at: datetime,
    request_id: str = "",
) -> Switched:
    """Switch `what` (earning, spending, or a rule by its code or path), for the very next receipt.

    `missing` (reason), `not_found` (rule) where the rules in force know no such rule; one that is off can always be
    switched on. What stands so already is left so, without a record.
    """
    by.must(Capability.PUBLISH)
    if not reason.strip():
        raise Refusal(Code.MISSING, field="reason")
    program = lock_program(program_id)
    if done := find_answered(program_id, request):
        return replace(msgspec.json.decode(done.answer or "", type=Switched), replayed=True)
    before = switches_of(program)
    path = what if what in {EARNING, SPENDING} else _rule(program, what, before)
    now = _with(before, path, on=on)
    changed = now != before
    if changed:
        act = f"switched_{'on' if on else 'off'}"
        throw_switches(program, now, act=act, reason=f"{path}: {reason}", by=by, at=at, request_id=request_id)
    told = Switched(path, now.earning, now.spending, sorted(now.rules_off), changed)
    written = Written(
        Kind.PUBLISH, None, program_id, at, at, by, reason=reason, request=request, request_id=request_id,
        status=DONE, answer=msgspec.json.encode(told).decode() if request.key else None,
    )  # fmt: skip
    write_acts(program_id, [written])
    return told


def _with(switches: Switches, path: str, *, on: bool) -> Switches:
    if path == EARNING:
        return replace(switches, earning=on)
    if path == SPENDING:
        return replace(switches, spending=on)
    off = switches.rules_off - {path} if on else switches.rules_off | {path}
    return replace(switches, rules_off=off)


def _rule(program: Program, named: str, switches: Switches) -> str:
    """The path of a rule named by it or by its bare code, which only one section may have."""
    known = {path for number in _numbers(program, switches) for path in _paths(program.id, number)}
    found = sorted(path for path in known | switches.rules_off if named in {path, path.partition(".")[2]})
    if not found:
        raise Refusal(Code.NOT_FOUND, what="rule")
    if len(found) > 1:
        raise Refusal(Code.INVALID, field="rule", reason="several_of_this_code")
    return found[0]


def _numbers(program: Program, switches: Switches) -> set[int]:
    ahead = {switches.rollout.version} if switches.rollout else set()
    return {program.rulebook_number} | ahead


def _paths(program_id: UUID, number: int) -> set[str]:
    """The paths of all rules of a version."""
    source = RulebookVersion.objects.of(program_id).filter(number=number).values_list("source", flat=True).first()
    tree = check_rulebook(source).tree if source else {}
    if not isinstance(tree, dict):
        return set()
    return {f"{name}.{code}" for name in SECTIONS for code in tree.get(name) or {}}
