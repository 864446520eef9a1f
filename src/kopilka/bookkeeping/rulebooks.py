"""A program's rulebook, from the text that was published to frozen values; kept in memory per version."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from kopilka.bookkeeping.rulebook_text import read_source
from kopilka.data.models.programs import Program
from kopilka.data.models.rulebooks import RulebookVersion
from kopilka.engine.document.problems import Problem
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook

KEPT_VERSIONS = 64


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
    number = Program.objects.filter(id=program_id).values_list("rulebook_number", flat=True).first()
    if not number:
        raise Refusal(Code.RULEBOOK_MISSING)
    return number, load_rulebook_version(program_id, number)


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
