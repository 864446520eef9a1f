"""Rules tried in some branches first, then put in force everywhere or withdrawn; and the way back to earlier ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from kopilka.bookkeeping.idempotency import DONE, NO_KEY, Request, find_answered
from kopilka.bookkeeping.publishing import (
    add_version,
    lock_program,
    must_be_approved,
    must_fit_books,
    must_not_roll_out,
    put_in_force,
    switches_of,
    throw_switches,
)
from kopilka.bookkeeping.rulebooks import check_rulebook
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.data.models.programs import Program
from kopilka.data.models.rulebooks import RulebookVersion
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.contacts import clean_text
from kopilka.engine.ledger import Kind
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.switches import Rollout
from kopilka.services.rulebook_cases import must_pass

BRANCHES_MAX = 1_000


@dataclass(frozen=True, slots=True)
class RolledOut:
    """`number` is in force in `branches` (none: everywhere, or nowhere any more), `current` in all others."""

    number: int
    current: int
    branches: list[str]
    replayed: bool = False


@transaction.atomic(durable=True)
def start_rollout(
    *,
    program_id: UUID,
    source: str,
    branches: Sequence[str],
    note: str = "",
    request: Request = NO_KEY,
    by: Actor,
    at: datetime,
    request_id: str = "",
) -> RolledOut:
    """Put the next version in force in these branches alone; receipts of all others go on with the current one.

    `missing` (branches), `rulebook_missing` where nothing is in force yet, `rollout_open`, `approval_needed`,
    `rulebook_invalid` also for points that the other branches do not know.
    """
    by.must(Capability.PUBLISH)
    reading = check_rulebook(source)
    must_pass(reading)
    program = lock_program(program_id)
    if done := _answered(program_id, request):
        return done
    must_be_approved(program)
    must_not_roll_out(program)
    if not program.rulebook_number:
        raise Refusal(Code.RULEBOOK_MISSING)
    must_fit_books(program, reading.rulebook, some_branches=True)
    wanted = _branches(branches)
    version = add_version(program, source, reading, note, by, at)
    switches = replace(switches_of(program), rollout=Rollout(version.number, wanted))
    throw_switches(program, switches, act="rollout_started", reason=note, by=by, at=at, request_id=request_id)
    return _told(program, version.number, sorted(wanted), request, by, at, request_id)


@transaction.atomic(durable=True)
def widen_rollout(
    *,
    program_id: UUID,
    branches: Sequence[str],
    request: Request = NO_KEY,
    by: Actor,
    at: datetime,
    request_id: str = "",
) -> RolledOut:
    """Put the version that is being tried in force in further branches; `not_found` (rollout)."""
    by.must(Capability.PUBLISH)
    program = lock_program(program_id)
    if done := _answered(program_id, request):
        return done
    rollout = _open(program)
    wider = Rollout(rollout.version, rollout.branches | _branches(branches))
    switches = replace(switches_of(program), rollout=wider)
    throw_switches(program, switches, act="rollout_widened", reason="", by=by, at=at, request_id=request_id)
    return _told(program, wider.version, sorted(wider.branches), request, by, at, request_id)


@transaction.atomic(durable=True)
def finish_rollout(
    *, program_id: UUID, request: Request = NO_KEY, by: Actor, at: datetime, request_id: str = ""
) -> RolledOut:
    """Put the version that is being tried in force everywhere; `not_found` (rollout)."""
    by.must(Capability.PUBLISH)
    program = lock_program(program_id)
    if done := _answered(program_id, request):
        return done
    version = _version(program_id, _open(program).version)
    rulebook = check_rulebook(version.source).rulebook
    must_fit_books(program, rulebook)
    _end(program, "rollout_finished", by, at, request_id)
    put_in_force(program, version, rulebook, by=by, at=at, request_id=request_id)
    return _told(program, version.number, [], request, by, at, request_id)


@transaction.atomic(durable=True)
def withdraw_rollout(
    *, program_id: UUID, reason: str = "", request: Request = NO_KEY, by: Actor, at: datetime, request_id: str = ""
) -> RolledOut:
    """All branches go back to the current version; `not_found` (rollout). What was decided stays decided."""
    by.must(Capability.PUBLISH)
    program = lock_program(program_id)
    if done := _answered(program_id, request):
        return done
    number = _open(program).version
    _end(program, "rollout_withdrawn", by, at, request_id, reason)
    return _told(program, number, [], request, by, at, request_id)


@transaction.atomic(durable=True)
def roll_back(
    *,
    program_id: UUID,
    number: int,
    reason: str = "",
    request: Request = NO_KEY,
    by: Actor,
    at: datetime,
    request_id: str = "",
) -> RolledOut:
    """Publish an earlier version again, as the next one; a rollout that is under way ends.

    No second person is asked: these rules were approved when they were published. `not_found` (rulebook),
    `rulebook_invalid` where members hold points by now that those rules do not know.
    """
    by.must(Capability.PUBLISH)
    program = lock_program(program_id)
    if done := _answered(program_id, request):
        return done
    earlier = _version(program_id, number)
    reading = check_rulebook(earlier.source)
    must_fit_books(program, reading.rulebook)
    if switches_of(program).rollout is not None:
        _end(program, "rollout_withdrawn", by, at, request_id, reason)
    note = clean_text(reason, field="reason", length_max=400)
    version = add_version(program, earlier.source, reading, f"= {number}" + (f": {note}" if note else ""), by, at)
    put_in_force(program, version, reading.rulebook, by=by, at=at, act="rolled_back", request_id=request_id)
    return _told(program, version.number, [], request, by, at, request_id)


def _open(program: Program) -> Rollout:
    rollout = switches_of(program).rollout
    if rollout is None:
        raise Refusal(Code.NOT_FOUND, what="rollout")
    return rollout


def _version(program_id: UUID, number: int) -> RulebookVersion:
    version: RulebookVersion | None = RulebookVersion.objects.of(program_id).filter(number=number).first()
    if version is None:
        raise Refusal(Code.NOT_FOUND, what="rulebook")
    return version


def _end(program: Program, act: str, by: Actor, at: datetime, request_id: str, reason: str = "") -> None:
    switches = replace(switches_of(program), rollout=None)
    throw_switches(program, switches, act=act, reason=reason, by=by, at=at, request_id=request_id)


def _branches(named: Sequence[str]) -> frozenset[str]:
    """Codes of branches as tills state them; a branch need not be registered to sell."""
    if not named:
        raise Refusal(Code.MISSING, field="branches")
    if len(named) > BRANCHES_MAX:
        raise Refusal(Code.OUT_OF_RANGE, field="branches", minimum=1, maximum=BRANCHES_MAX)
    found = frozenset(clean_text(code, field="branches", length_max=64) for code in named)
    if "" in found:
        raise Refusal(Code.MISSING, field="branches")
    return found


def _answered(program_id: UUID, request: Request) -> RolledOut | None:
    done = find_answered(program_id, request)
    return replace(msgspec.json.decode(done.answer or "", type=RolledOut), replayed=True) if done else None


def _told(
    program: Program, number: int, branches: list[str], request: Request, by: Actor, at: datetime, request_id: str
) -> RolledOut:
    told = RolledOut(number, program.rulebook_number, branches)
    written = Written(
        Kind.PUBLISH, None, program.id, at, at, by, request=request, request_id=request_id,
        status=DONE, answer=msgspec.json.encode(told).decode() if request.key else None,
    )  # fmt: skip
    write_acts(program.id, [written])
    return told
