"""YAML 1.2 to a plain tree of texts: from the parser's events, so that no scalar is ever resolved to a type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from kopilka.engine.document.problems import Problem, ProblemCode

DEPTH_MAX = 32
NODES_MAX = 100_000
PROBLEMS_MAX = 1_000
VERSION = (1, 2)


class _Enough(Exception):
    """Stops reading: whoever nests this deep, writes this much or errs this often gets no further attention."""


@dataclass(slots=True)
class _Reader:
    events: Iterator[Event]
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    nodes: int = 0

    def complain(self, code: ProblemCode, event: Event, path: str, **params: object) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 0
        self.problems.append(Problem(path, code, params, line))
        if len(self.problems) >= PROBLEMS_MAX:
            raise _Enough

    def read(self, event: Event, path: str, depth: int) -> object:
        """The node that starts with `event`; texts, lists and dicts."""
        if depth > DEPTH_MAX:
            self.complain(ProblemCode.TOO_DEEP, event, path, limit=DEPTH_MAX)
            raise _Enough
        self.nodes += 1
        if self.nodes > NODES_MAX:
            self.complain(ProblemCode.TOO_MANY, event, path, limit=NODES_MAX)
            raise _Enough
        self._refuse_marks(event, path)
        if isinstance(event, MappingStartEvent):
            return self._read_mapping(path, depth)
        if isinstance(event, CollectionStartEvent):
            return self._read_list(path, depth)
        return str(event.value) if isinstance(event, ScalarEvent) else ""

    def _refuse_marks(self, event: Event, path: str) -> None:
        if isinstance(event, AliasEvent):
            self.complain(ProblemCode.ALIAS, event, path)
        elif isinstance(event, NodeEvent) and event.anchor is not None:
            self.complain(ProblemCode.ANCHOR, event, path)
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
            self.complain(ProblemCode.TAG, event, path, tag=str(event.tag))

    def _read_mapping(self, path: str, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self._read_key(event, path, depth)
            spot = f"{path}.{key}" if path else key
            if key in found:
                self.complain(ProblemCode.DUPLICATE_KEY, event, spot, key=key)
            self.lines.setdefault(spot, event.start_mark.line + 1)
            found[key] = self.read(next(self.events), spot, depth + 1)
        return found

    def _read_key(self, event: Event, path: str, depth: int) -> str:
        key = self.read(event, path, depth + 1)
        if not isinstance(event, ScalarEvent):
            self.complain(ProblemCode.KEY_NOT_TEXT, event, path)
            return ""
        if key == "<<" and event.style is None:
            self.complain(ProblemCode.MERGE_KEY, event, path)
        return str(key)

    def _read_list(self, path: str, depth: int) -> list[object]:
        found: list[object] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            spot = f"{path}[{len(found)}]"
            self.lines[spot] = event.start_mark.line + 1
            found.append(self.read(event, spot, depth + 1))
        return found


def read_yaml(text: str) -> tuple[object, dict[str, int], list[Problem]]:
    """Tree, line by path, problems of the text."""
    tabs = [number for number, line in enumerate(text.split("\n"), 1) if "\t" in line]
    if tabs:
        return None, {}, [Problem("", ProblemCode.TAB, {}, line) for line in tabs[:10]]
    reader = _Reader(iter(YAML(typ="safe", pure=True).parse(text)))
    tree: object = None
    try:
        tree = _read_document(reader)
    except _Enough:
        pass
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        reader.problems.append(Problem("", ProblemCode.SYNTAX, {"what": error.problem or ""}, line))
    except (YAMLError, ValueError) as error:
        reader.problems.append(Problem("", ProblemCode.SYNTAX, {"what": str(error).partition("\n")[0]}, 0))
    return tree, reader.lines, reader.problems


def _read_document(reader: _Reader) -> object:
    tree: object = None
    documents = 0
    for event in reader.events:
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                reader.complain(ProblemCode.SEVERAL_DOCUMENTS, event, "")
                return tree
            if event.version not in {None, VERSION}:
                reader.complain(ProblemCode.SYNTAX, event, "", what="%YAML 1.2")
        elif isinstance(event, NodeEvent):
            tree = reader.read(event, "", 0)
    if documents == 0:
        reader.problems.append(Problem("", ProblemCode.EMPTY_DOCUMENT, {}, 1))
    return tree
