"""What may stand at a place of the document: the smallest pieces, read from text and described for the schema.

A kind turns the text that was written into a value, or complains at its place and gives BAD. A document's tree holds
texts, lists and mappings only: numbers arrive as they were written, so nothing was rounded or reinterpreted before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, Protocol

from kopilka.engine.document.problems import Problem, ProblemCode

Schema = dict[str, object]


class Bad:
    """The mark of a place that could not be read; its problem is already written down."""


BAD: Final = Bad()


PROBLEMS_MAX = 1_000
HELPED_MAX = 50
COMPARED_MAX = 500
COMPARED_LENGTH = 64


@dataclass(slots=True)
class Notebook:
    """What is collected while a document is read.

    `digits` of the program's money; `decimals` of each points currency; `codes` declared by each section;
    `links` are codes used somewhere: (place, section, code).
    """

    problems: list[Problem] = field(default_factory=list)
    digits: int = 2
    decimals: dict[str, int] = field(default_factory=dict)
    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    links: list[tuple[Place, str, str]] = field(default_factory=list)

    def write_down(self, problem: Problem) -> None:
        """Keep a problem; beyond the first PROBLEMS_MAX an error takes the place of a remark, or is one too many."""
        if len(self.problems) < PROBLEMS_MAX:
            self.problems.append(problem)
        elif problem.is_error and not self.problems[-1].is_error:
            self.problems[-1] = problem


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the document and the notebook that collects what is wrong with it."""

    notebook: Notebook
    path: str = ""

    def into(self, key: str) -> Place:
        return Place(self.notebook, f"{self.path}.{key}" if self.path else key)

    def item(self, index: int) -> Place:
        return Place(self.notebook, f"{self.path}[{index}]")

    def wrong(self, code: ProblemCode, **params: object) -> Bad:
        self.notebook.write_down(Problem(self.path, code, params))
        return BAD

    def nearest(self, text: str, known: Sequence[str]) -> str:
        """The known word a person probably meant; empty when none is near.

        Comparing is dear: who makes many mistakes, or has very many codes, is no longer helped this way.
        """
        if len(self.notebook.problems) > HELPED_MAX or len(known) > COMPARED_MAX or len(text) > COMPARED_LENGTH:
            return ""
        found = get_close_matches(text.lower(), known, n=1)
        return found[0] if found else ""


class Kind(Protocol):
    """One kind of place: reads what stands there, and says for the JSON Schema what may stand there."""

    def read(self, node: object, place: Place) -> object: ...

    def schema(self) -> Schema: ...


CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but the end of a line, and halves of characters."""

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
DECIMAL = re.compile(r"(-?)(0|[1-9][0-9]{0,17})(?:\.([0-9]{1,9}))?")


def scalar(node: object, place: Place) -> str | Bad:
    if not isinstance(node, str):
        return place.wrong(ProblemCode.NOT_A_VALUE)
    if not node.strip():
        return place.wrong(ProblemCode.EMPTY)
    if CONTROL.search(node):
        return place.wrong(ProblemCode.CONTROL_CHARACTER)
    return node


@dataclass(frozen=True, slots=True)
class Text:
    """Free text, at most `limit` characters."""

    limit: int = 200

    def read(self, node: object, place: Place) -> str | Bad:
        text = scalar(node, place)
        if isinstance(text, Bad):
            return BAD
        if len(text) > self.limit:
            return place.wrong(ProblemCode.TOO_LONG, limit=self.limit)
        return text

    def schema(self) -> Schema:
        return {"type": ["string", "number", "integer"], "maxLength": self.limit, "minLength": 1}


@dataclass(frozen=True, slots=True)
class Code:
    """A stable code: small Latin letters, digits, hyphen, underscore."""

    def read(self, node: object, place: Place) -> str | Bad:
        text = scalar(node, place)
        if isinstance(text, Bad):
            return BAD
        if not CODE.fullmatch(text):
            return place.wrong(ProblemCode.NOT_A_CODE, text=text)
        return text

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{CODE.pattern}$"}


@dataclass(frozen=True, slots=True)
class CodeOf:
    """A code that another section of the document declares."""

    section: str

    def read(self, node: object, place: Place) -> str | Bad:
        text = scalar(node, place)
        if isinstance(text, Bad):
            return BAD
        place.notebook.links.append((place, self.section, text))
        return text

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{CODE.pattern}$", "description": f"A code of `{self.section}`."}


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, node: object, place: Place) -> str | Bad:
        text = scalar(node, place)
        if isinstance(text, Bad):
            return BAD
        if text not in self.words:
            near = place.nearest(text, self.words)
            return place.wrong(ProblemCode.NOT_A_WORD, text=text, words=list(self.words), suggestion=near)
        return text

    def schema(self) -> Schema:
        return {"enum": list(self.words)}


FLAGS = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no; true and false mean the same."""

    def read(self, node: object, place: Place) -> bool | Bad:
        text = scalar(node, place)
        if isinstance(text, Bad):
            return BAD
        if text not in FLAGS:
            return place.wrong(ProblemCode.NOT_A_FLAG, text=text)
        return FLAGS[text]

    def schema(self) -> Schema:
        return {"enum": [True, False, *FLAGS]}


@dataclass(frozen=True, slots=True)
class Number:
    """An exact decimal with at most `digits` digits after the point, read as an integer of its last digit.

    `minimum` and `maximum` are in that unit.
    """

    digits: int
    minimum: int = 0
    maximum: int = 10**12

    def read(self, node: object, place: Place) -> int | Bad:
        text = scalar(node, place)
        if isinstance(text, Bad):
            return BAD
        return read_number(text, place, self.digits, self.minimum, self.maximum)

    def schema(self) -> Schema:
        return number_schema(self.digits, self.minimum, self.maximum)


def read_number(text: str, place: Place, digits: int, minimum: int, maximum: int) -> int | Bad:
    found = DECIMAL.fullmatch(text)
    if not found:
        return place.wrong(ProblemCode.NOT_A_NUMBER, text=text)
    sign, whole, rest = found[1], found[2], (found[3] or "").rstrip("0")
    if len(rest) > digits:
        if digits:
            return place.wrong(ProblemCode.TOO_FINE, text=text, digits=digits)
        return place.wrong(ProblemCode.NOT_WHOLE, text=text)
    value = int(whole + rest.ljust(digits, "0")) * (-1 if sign else 1)
    if not minimum <= value <= maximum:
        low, high = written(minimum, digits), written(maximum, digits)
        return place.wrong(ProblemCode.OUT_OF_RANGE, text=text, minimum=low, maximum=high)
    return value


def written(value: int, digits: int) -> str:
    """The plain decimal of an integer of 10^-digits, without idle zeros: 1250 with 2 digits is 12.5."""
    sign = "-" if value < 0 else ""
    whole, rest = divmod(abs(value), 10**digits)
    tail = str(rest).rjust(digits, "0").rstrip("0") if digits else ""
    return f"{sign}{whole}.{tail}" if tail else f"{sign}{whole}"


def number_schema(digits: int, minimum: int, maximum: int) -> Schema:
    """A number, or the same as quoted text. The schema's bounds are whole: finer ones are the reading's business."""
    scale = 10**digits
    number: Schema = {"type": "number" if digits else "integer", "maximum": -(-maximum // scale)}
    if 0 < minimum < scale:
        number["exclusiveMinimum"] = 0
    else:
        number["minimum"] = minimum // scale
    sign = "-?" if minimum < 0 else ""
    tail = f"(\\.[0-9]{{1,{digits}}}0*)?" if digits else ""
    return {"anyOf": [number, {"type": "string", "pattern": f"^{sign}(0|[1-9][0-9]*){tail}$"}]}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the program's money, read as minor units."""

    minimum: int = 1

    def read(self, node: object, place: Place) -> int | Bad:
        text = scalar(node, place)
        if isinstance(text, Bad):
            return BAD
        return read_number(text, place, place.notebook.digits, self.minimum, 10**12)

    def schema(self) -> Schema:
        return number_schema(2, self.minimum, 10**12)


PERCENT = Number(digits=2, minimum=1, maximum=10_000)
"""Above 0 to 100 %, in hundredths of a percent."""

PRICE = Number(digits=4, minimum=0, maximum=10**14)
"""Price of one in 1/10,000 of the currency unit."""

QUANTITY = Number(digits=3, minimum=1, maximum=10**9)
"""A quantity in thousandths."""

POINTS = Number(digits=2, minimum=1, maximum=10**11)
"""A number of points in hundredths; the currency's decimals are checked where the currency is known."""

MONEY = Money()
MONEY_OR_ZERO = Money(minimum=0)


def whole(minimum: int, maximum: int) -> Number:
    return Number(digits=0, minimum=minimum, maximum=maximum)
