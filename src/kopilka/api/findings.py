"""What the linter found, and how two rulebooks differ, as answers in the reader's language."""

from __future__ import annotations

from kopilka.api.schemas.guarding import SentenceOut
from kopilka.api.schemas.programs import FindingOut
from kopilka.engine.document.problems import Problem
from kopilka.services.linting import Linted, Told
from kopilka.services.programs import Compared
from kopilka.wording.differences import tell_differences
from kopilka.wording.findings import evidence_lines, finding_text
from kopilka.wording.languages import Language
from kopilka.wording.problems import problem_text


def findings_out(linted: Linted, language: Language) -> list[FindingOut]:
    return [_finding(one, linted.digits, language) for one in linted.findings]


def problems_out(linted: Linted, language: Language) -> list[FindingOut]:
    return [_problem(one, language) for one in linted.problems]


def sentences(found: Compared, language: Language) -> list[SentenceOut]:
    told = tell_differences(found.differences, found.before, found.after, language)
    return [SentenceOut(path=one.path, text=one.text) for one in told]


def _finding(one: Told, digits: int, language: Language) -> FindingOut:
    return FindingOut(
        path=one.path,
        line=one.line,
        code=one.code,
        severity=one.severity,
        text=finding_text(one.code, one.params, language),
        receipt=evidence_lines(one.evidence, digits, language) if one.evidence else [],
    )


def _problem(one: Problem, language: Language) -> FindingOut:
    return FindingOut(
        path=one.path,
        line=one.line,
        code=one.code.value,
        severity="error" if one.is_error else "advice",
        text=problem_text(one.code, one.params, language),
        receipt=[],
    )
