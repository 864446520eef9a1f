"""A program's rulebook, from the text that was published to frozen values; kept in memory per version and switches."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from kopilka.bookkeeping.rulebook_text import read_source
from kopilka.data.models.programs import Program
from kopilka.data.models.publishing import Switchboard
from kopilka.data.models.rulebooks import RulebookVersion
from kopilka.data.prepared import Hole, Prepared
from kopilka.engine.document.problems import Problem
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.switches import NO_SWITCHES, Rollout, Switches, switched

KEPT_VERSIONS = 64

_IN_FORCE = Prepared(
    lambda: Program.objects.filter(id=Hole("id")).values_list("rulebook_number", "switches_number")[:1]
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A document without errors; `tree` is its plain form, `advice` what its author should think about.

    `tests` are its own tests as they were read, `lines` the line of every path.
    """

    tree: object
    rulebook: Rulebook
    advice: list[Problem]
    tests: dict[str, dict[str, object]]
    lines: dict[str, int]


def load_rulebook(program_id: UUID) -> tuple[int, Rulebook]:
    """Number and values of the current version; `rulebook_missing` when none was published.

    The number is asked of the database each time, so that every process plays by a new version from its publication
    on; the values of a version never change. Call `enter_program` before.
    """
    numbers = numbers_in_force(program_id)
    return numbers[0], load_rulebook_in_force(program_id, *numbers)


def numbers_in_force(program_id: UUID) -> tuple[int, int]:
    """Of the current version and of the switches; `rulebook_missing` when none was published."""
    found: tuple[int, int] | None = _IN_FORCE.first(id=program_id)
    if found is None or not found[0]:
        raise Refusal(Code.RULEBOOK_MISSING)
    return found


def load_rulebook_in_force(program_id: UUID, number: int, switches_number: int) -> Rulebook:
    """One version's values as the program's switches stand (`switches_number` 0: as it was published)."""
    if not switches_number:
        return load_rulebook_version(program_id, number)
    return _load_switched(program_id, number, switches_number)


@lru_cache(maxsize=KEPT_VERSIONS)
def _load_switched(program_id: UUID, number: int, switches_number: int) -> Rulebook:
    return switched(load_rulebook_version(program_id, number), load_switches(program_id, switches_number))


def load_switches(program_id: UUID, number: int) -> Switches:
    """How the switches stood after this change. Call `enter_program` before."""
    return _load_switches(program_id, number) if number else NO_SWITCHES


@lru_cache(maxsize=KEPT_VERSIONS)
def _load_switches(program_id: UUID, number: int) -> Switches:
    row = Switchboard.objects.of(program_id).get(number=number)
    rollout = Rollout(row.rollout_version, frozenset(row.rollout_branches.splitlines()))
    return Switches(
        number, row.earning, row.spending, frozenset(row.rules_off.splitlines()), rollout if rollout.version else None
    )


@lru_cache(maxsize=KEPT_VERSIONS)
def load_rulebook_version(program_id: UUID, number: int) -> Rulebook:
    """One version's values; `rulebook_missing` when there is no such version (which is not remembered)."""
    source = RulebookVersion.objects.of(program_id).filter(number=number).values_list("source", flat=True).first()
    if source is None:
        raise Refusal(Code.RULEBOOK_MISSING)
    return check_rulebook(source).rulebook


def check_rulebook(source: str | bytes) -> Reading:
    """Read a document; `rulebook_invalid` (problems: path, code, params, line) when it has errors."""
    read = read_source(source)
    if read.rulebook is None:
        raise Refusal(Code.RULEBOOK_INVALID, problems=[as_params(problem) for problem in read.problems])
    return Reading(read.tree, read.rulebook, read.problems, read.tests, read.lines)


def as_params(problem: Problem) -> dict[str, object]:
    """A problem as plain values, for a Refusal's parameters or an answer."""
    return {
        "path": problem.path,
        "code": problem.code.value,
        "params": problem.params,
        "line": problem.line,
    }
