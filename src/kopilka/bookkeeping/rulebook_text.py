"""The text of a rulebook: YAML or JSON as a person wrote it, to a plain tree of texts with the line of every place.

Every scalar stays the text that was written: `18:00`, `no`, `007` and `1e3` mean what the place they stand at takes
them to mean, and no number ever passes through a float.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kopilka.bookkeeping.rulebook_json import read_json
from kopilka.bookkeeping.rulebook_yaml import read_yaml
from kopilka.engine.document.problems import Problem, ProblemCode
from kopilka.engine.document.reading import read_document
from kopilka.engine.rulebook import Rulebook

BYTES_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class Text:
    """`tree` of dicts, lists and texts; `lines` by path; `problems` of the text itself: with any, `tree` is partial."""

    tree: object
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Source:
    """A text read to the end: `rulebook` None when a problem is an error; problems in the order of their lines."""

    tree: object
    rulebook: Rulebook | None
    tests: dict[str, dict[str, object]]
    problems: list[Problem]
    lines: dict[str, int] = field(default_factory=dict)


def read_text(source: str | bytes) -> Text:
    """The plain tree of a document. What starts with { or [ is JSON, everything else YAML 1.2."""
    try:
        raw = source if isinstance(source, bytes) else source.encode()
        text = raw.decode()
    except UnicodeError as error:
        place = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = source[:place].count(b"\n") + 1 if isinstance(source, bytes) else 0
        return Text(None, {}, [Problem("", ProblemCode.NOT_UTF8, {}, line)])
    if len(raw) > BYTES_MAX:
        return Text(None, {}, [Problem("", ProblemCode.TOO_LARGE, {"limit": BYTES_MAX}, 0)])
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    is_json = text.lstrip()[:1] in {"{", "["}
    tree, lines, problems = read_json(text) if is_json else read_yaml(text)
    return Text(tree, lines, problems)


def read_source(source: str | bytes) -> Source:
    """The rulebook of a text with everything that is wrong with it, each problem with its line."""
    text = read_text(source)
    if text.problems:
        return Source(text.tree, None, {}, text.problems)
    document = read_document(text.tree)
    problems = [_with_line(problem, text.lines) for problem in document.problems]
    problems.sort(key=lambda problem: (problem.line, problem.path, problem.code))
    return Source(text.tree, document.rulebook, document.tests, problems, text.lines)


def _with_line(problem: Problem, lines: dict[str, int]) -> Problem:
    return replace(problem, line=line_of(problem.path, lines))


def line_of(path: str, lines: dict[str, int]) -> int:
    """The line of the place, or of the nearest place around it that is written down."""
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path, 1)
