"""A program's rules as rows: versions written down, one of them put in force, switches thrown; all under one lock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.events import EventKind, record
from kopilka.bookkeeping.rulebooks import Reading, as_params, load_rulebook_version, load_switches
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.ledger import Wallet
from kopilka.data.models.programs import Program
from kopilka.data.models.publishing import Switchboard
from kopilka.data.models.rulebooks import RulebookVersion
from kopilka.engine.actor import Actor
from kopilka.engine.contacts import clean_text
from kopilka.engine.document.problems import Problem, ProblemCode
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.switches import Switches

NOTE_LENGTH_MAX = 500


def lock_program(program_id: UUID) -> Program:
    """The program, locked against everybody who changes its rules; sales go on. `not_found`."""
    enter_program(program_id)
    program = Program.objects.select_for_update(no_key=True).filter(id=program_id).first()
    if program is None:
        raise Refusal(Code.NOT_FOUND, what="program")
    return program


def must_be_approved(program: Program) -> None:
    """`approval_needed` where the owner wants two persons: then only an approved draft is published."""
    if program.needs_approval:
        raise Refusal(Code.APPROVAL_NEEDED)


def must_not_roll_out(program: Program) -> None:
    """`rollout_open` while some branches are ahead: finish or withdraw that first."""
    rollout = switches_of(program).rollout
    if rollout is not None:
        raise Refusal(Code.ROLLOUT_OPEN, number=rollout.version)


def switches_of(program: Program) -> Switches:
    return load_switches(program.id, program.switches_number)


def must_fit_books(program: Program, rulebook: Rulebook, *, some_branches: bool = False) -> None:
    """`rulebook_invalid` when these rules cannot go on with what members hold.

    Money stays the same; points that members hold can neither go nor change their decimals. Rules for some branches
    must count in the very points of the others, for a member buys in both.
    """
    problems: list[Problem] = []
    if rulebook.currency != program.currency:
        params: dict[str, object] = {"expected": program.currency, "given": rulebook.currency}
        problems.append(Problem("money", ProblemCode.OTHER_MONEY, params))
    if program.rulebook_number:
        kept = load_rulebook_version(program.id, program.rulebook_number).points
        bound = set(kept) if some_branches else _currencies_in_use(program.id) & set(kept)
        for code in sorted(bound):
            now = rulebook.points.get(code)
            if now is None or now.decimals != kept[code].decimals:
                problems.append(Problem(f"points.{code}", ProblemCode.POINTS_IN_USE))
        ahead = sorted(set(rulebook.points) - set(kept)) if some_branches else ()
        problems += [Problem(f"points.{code}", ProblemCode.POINTS_AHEAD) for code in ahead]
    if problems:
        raise Refusal(Code.RULEBOOK_INVALID, problems=[as_params(problem) for problem in problems])


def _currencies_in_use(program_id: UUID) -> set[str]:
    return set(Wallet.objects.of(program_id).order_by().values_list("currency", flat=True).distinct())


def next_number(program: Program) -> int:
    last = RulebookVersion.objects.of(program.id).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1


def add_version(program: Program, source: str, reading: Reading, note: str, by: Actor, at: datetime) -> RulebookVersion:
    """Write the next version down; it is not in force yet."""
    version = RulebookVersion(
        id=new_id(), program_id=program.id, number=next_number(program), source=source,
        fingerprint=reading.rulebook.fingerprint, published_at=at, published_by=by.name,
        note=clean_text(note, field="note", length_max=NOTE_LENGTH_MAX),
    )  # fmt: skip
    version.save(force_insert=True)
    return version


def put_in_force(
    program: Program,
    version: RulebookVersion,
    rulebook: Rulebook,
    *,
    by: Actor,
    at: datetime,
    act: str = "rulebook_published",
    request_id: str = "",
) -> None:
    """Every receipt is played by this version from the commit on."""
    before = program.rulebook_number
    program.rulebook_number = version.number
    program.timezone = rulebook.zone.key
    program.save(update_fields=["rulebook_number", "timezone"])
    record_audit(
        program.id, act, version.id, by=by, at=at, reason=version.note, request_id=request_id,
        before={"number": before}, after={"number": version.number, "fingerprint": version.fingerprint},
    )  # fmt: skip
    record(program.id, EventKind.RULEBOOK_PUBLISHED, member_id=None, subject_id=version.id, at=at)


def throw_switches(
    program: Program, switches: Switches, *, act: str, reason: str, by: Actor, at: datetime, request_id: str = ""
) -> None:
    """Write down how the switches stand now; the very next receipt in every process is played that way."""
    before = switches_of(program)
    rollout = switches.rollout
    board = Switchboard(
        id=new_id(), program_id=program.id, number=program.switches_number + 1,
        earning=switches.earning, spending=switches.spending, rules_off=_lines(switches.rules_off),
        rollout_version=rollout.version if rollout else 0,
        rollout_branches=_lines(rollout.branches) if rollout else "",
        reason=clean_text(reason, field="reason", length_max=NOTE_LENGTH_MAX), at=at, by=by.name,
    )  # fmt: skip
    board.save(force_insert=True)
    program.switches_number = board.number
    program.save(update_fields=["switches_number"])
    record_audit(
        program.id, act, board.id, by=by, at=at, reason=board.reason, request_id=request_id,
        before=as_values(before), after=as_values(switches),
    )  # fmt: skip


def as_values(switches: Switches) -> dict[str, object]:
    """The switches as plain values, for the audit."""
    rollout = switches.rollout
    return {
        "earning": switches.earning,
        "spending": switches.spending,
        "rules_off": sorted(switches.rules_off),
        "rollout": {"number": rollout.version, "branches": sorted(rollout.branches)} if rollout else None,
    }


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(sorted(texts))
