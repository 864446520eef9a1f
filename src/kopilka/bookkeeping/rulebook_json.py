"""JSON to a plain tree of texts: every number as it was written, every place with its line."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from kopilka.engine.document.problems import Problem, ProblemCode

DEPTH_MAX = 32
NODES_MAX = 100_000
PROBLEMS_MAX = 1_000

_SPACE = re.compile(r"[ \t\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_WORDS = {"true": "true", "false": "false", "null": ""}


class _Broken(Exception):
    """The text is not JSON from here on, or too much of it; the problem is written down."""


@dataclass(slots=True)
class _Reader:
    text: str
    at: int = 0
    counted_to: int = 0
    line: int = 1
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    nodes: int = 0

    def complain(self, code: ProblemCode, path: str, **params: object) -> None:
        self.problems.append(Problem(path, code, params, self.here()))
        if len(self.problems) >= PROBLEMS_MAX:
            raise _Broken

    def here(self) -> int:
        """The line of the current place; places are asked for in the order of the text."""
        self.line += self.text.count("\n", self.counted_to, self.at)
        self.counted_to = self.at
        return self.line

    def broken(self, what: str) -> _Broken:
        self.complain(ProblemCode.SYNTAX, "", what=what)
        return _Broken()

    def peek(self) -> str:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def take(self, sign: str) -> None:
        if self.peek() != sign:
            raise self.broken(f"expected {sign}")
        self.at += 1

    def value(self, path: str, depth: int) -> object:
        if depth > DEPTH_MAX:
            self.complain(ProblemCode.TOO_DEEP, path, limit=DEPTH_MAX)
            raise _Broken
        self.nodes += 1
        if self.nodes > NODES_MAX:
            self.complain(ProblemCode.TOO_MANY, path, limit=NODES_MAX)
            raise _Broken
        match self.peek():
            case "{":
                return self._mapping(path, depth)
            case "[":
                return self._list(path, depth)
            case '"':
                return self._string()
        return self._word(path)

    def _word(self, path: str) -> str:
        for word, text in _WORDS.items():
            if self.text.startswith(word, self.at):
                if word == "null":
                    self.complain(ProblemCode.NULL, path)
                self.at += len(word)
                return text
        number = _NUMBER.match(self.text, self.at)
        if not number:
            raise self.broken("expected a value")
        self.at = number.end()
        return number[0]

    def _string(self) -> str:
        found = _STRING.match(self.text, self.at)
        if not found:
            raise self.broken("a text that does not end, or holds a bare control character")
        self.at = found.end()
        text = str(json.loads(found[0]))
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise self.broken("half of a character")
        return text

    def _mapping(self, path: str, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        self.take("{")
        while self.peek() != "}":
            if found:
                self.take(",")
            if self.peek() != '"':
                raise self.broken("expected a key in quotes")
            line = self.here()
            key = self._string()
            spot = f"{path}.{key}" if path else key
            if key in found:
                self.complain(ProblemCode.DUPLICATE_KEY, spot, key=key)
            self.lines.setdefault(spot, line)
            self.take(":")
            found[key] = self.value(spot, depth + 1)
        self.take("}")
        return found

    def _list(self, path: str, depth: int) -> list[object]:
        found: list[object] = []
        self.take("[")
        while self.peek() != "]":
            if found:
                self.take(",")
            self.peek()
            spot = f"{path}[{len(found)}]"
            self.lines[spot] = self.here()
            found.append(self.value(spot, depth + 1))
        self.take("]")
        return found


def read_json(text: str) -> tuple[object, dict[str, int], list[Problem]]:
    """Tree, line by path, problems of the text; what follows a syntax error is not read."""
    reader = _Reader(text)
    tree: object = None
    try:
        tree = reader.value("", 0)
        if reader.peek():
            raise reader.broken("expected the end of the document")
    except _Broken:
        pass
    return tree, reader.lines, reader.problems
