"""Guard rails around a rulebook: what its owner should know before it meets customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.rulebook_text import line_of, read_source, read_text
from kopilka.bookkeeping.rulebooks import Reading, as_params
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.document.case_spec import CASE_LINE
from kopilka.engine.document.case_values import line_of_case, receipt_of
from kopilka.engine.document.kinds import Bad, Notebook, Place
from kopilka.engine.document.problems import Problem
from kopilka.engine.document.reading import as_texts
from kopilka.engine.document.shapes import ListOf
from kopilka.engine.linting.findings import Evidence, Finding, Severity
from kopilka.engine.linting.lint import lint
from kopilka.engine.linting.stale import since_of
from kopilka.engine.linting.subject import Subject
from kopilka.engine.receipt import Line
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.programs import published_sources

SAMPLE_MAX = 10_000
INFLATION_MAX = 100_000
"""Hundredths of a percent a year."""

SAMPLE = ListOf(CASE_LINE, limit=SAMPLE_MAX)


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with the line of its document; `params` are plain values."""

    path: str
    line: int
    code: str
    severity: str
    params: dict[str, object]
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found; `problems` are errors and advice of the document itself: with an error nothing was linted."""

    problems: list[Problem]
    findings: list[Told]
    digits: int = 2

    @property
    def has_errors(self) -> bool:
        grave = any(one.severity == Severity.ERROR for one in self.findings)
        return grave or any(problem.is_error for problem in self.problems)

    @property
    def has_warnings(self) -> bool:
        return any(one.severity == Severity.WARNING for one in self.findings)


def lint_source(
    *, source: str | bytes, sample: str | None = None, inflation: int = 0, program_id: UUID | None = None, at: datetime
) -> Linted:
    """Lint a document. `sample`: articles with costs, a text in the form of the lines of tests.

    `inflation` hundredths of a percent a year. With a program thresholds are as old as its published versions say.
    `out_of_range` (inflation), `rulebook_invalid` (problems) of a sample that cannot be read.
    """
    if not 0 <= inflation <= INFLATION_MAX:
        raise Refusal(Code.OUT_OF_RANGE, field="inflation", minimum=0, maximum=INFLATION_MAX)
    read = read_source(source)
    if read.rulebook is None:
        return Linted(read.problems, [])
    reading = Reading(read.tree, read.rulebook, read.problems, read.tests, read.lines)
    found = findings_of(reading, at=at, sample=sample, inflation=inflation, program_id=program_id)
    return Linted(read.problems, found, read.rulebook.digits)


def lint_version(*, program_id: UUID, number: int, inflation: int = 0, by: Actor, at: datetime) -> Linted:
    """Lint a published version; `not_found` (rulebook)."""
    by.must(Capability.READ)
    sources = {one.number: one.source for one in published_sources(program_id)}
    if number not in sources:
        raise Refusal(Code.NOT_FOUND, what="rulebook")
    return lint_source(source=sources[number], inflation=inflation, program_id=program_id, at=at)


def findings_of(
    reading: Reading, *, at: datetime, sample: str | None = None, inflation: int = 0, program_id: UUID | None = None
) -> list[Told]:
    """All findings about a document without errors."""
    rulebook = reading.rulebook
    lines = [*_sample(sample, rulebook), *_of_tests(reading)]
    since = _since(program_id, reading.tree, at) if program_id else {}
    subject = Subject(
        rulebook, at.astimezone(rulebook.zone).date(), reading.tree, tuple(lines), since, inflation
    )  # fmt: skip
    return [_told(finding, reading.lines) for finding in lint(subject)]


def _told(finding: Finding, lines: dict[str, int]) -> Told:
    return Told(
        finding.path, line_of(finding.path, lines), finding.code.value, finding.severity.value,
        dict(finding.params), finding.evidence,
    )  # fmt: skip


def _of_tests(reading: Reading) -> list[Line]:
    """The articles of the document's own tests that say what they cost, or the least they may."""
    found: dict[tuple[object, ...], Line] = {}
    for test in reading.tests.values():
        steps: Sequence[object] = test.get("steps") or [test]  # type: ignore[assignment]
        for step in steps:
            assert isinstance(step, dict)
            for line in receipt_of(step["receipt"], reading.rulebook).lines:
                if line.quantity > 0 and (line.cost is not None or line.min_price is not None):
                    found[line.sku, line.price, line.cost, line.min_price] = line
    return list(found.values())


def _sample(text: str | None, rulebook: Rulebook) -> list[Line]:
    if text is None:
        return []
    plain = read_text(text)
    notebook = Notebook(digits=rulebook.digits)
    place = Place(notebook)
    read = None if plain.problems else SAMPLE.read(as_texts(plain.tree, place), place)
    problems = [*plain.problems, *notebook.problems]
    if problems or read is None or isinstance(read, Bad):
        raise Refusal(Code.RULEBOOK_INVALID, problems=[as_params(problem) for problem in problems])
    return [line_of_case(1, said, rulebook) for said in read if isinstance(said, dict)]


def _since(program_id: UUID, tree: object, at: datetime) -> dict[str, datetime]:
    """From when each threshold has stood, by the versions published before; what is new is of today."""
    versions = [(one.published_at, read_text(one.source).tree) for one in published_sources(program_id)]
    return since_of([*versions, (at, tree)])
