"""Reading a whole document: from the plain tree of texts to a Rulebook, with everything that is wrong with it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256

from kopilka.engine.document.building import build
from kopilka.engine.document.checks import Values, check_document
from kopilka.engine.document.kinds import Bad, Notebook, Place
from kopilka.engine.document.problems import Problem, ProblemCode
from kopilka.engine.document.program_spec import DOCUMENT
from kopilka.engine.rulebook import Rulebook

SECTIONS_OF_CODES = (
    "points",
    "tiers",
    "groups",
    "promotions",
    "coupons",
    "segments",
    "gifts",
    "partners",
    "profile",
    "shares",
)


@dataclass(frozen=True, slots=True)
class Document:
    """What reading gave: `rulebook` None when some problem is an error; `tests` the read tests by their names."""

    rulebook: Rulebook | None
    tests: dict[str, Values]
    problems: list[Problem] = field(default_factory=list)


def read_rulebook(tree: object) -> tuple[Rulebook | None, list[Problem]]:
    """The rulebook of a document and all its problems; None when one of them is an error."""
    document = read_document(tree)
    return document.rulebook, document.problems


def read_document(tree: object) -> Document:
    notebook = Notebook()
    top = Place(notebook)
    texts = as_texts(tree, top)
    if isinstance(texts, dict):
        notebook.codes = {name: tuple(_keys(texts, name)) for name in SECTIONS_OF_CODES}
        notebook.decimals = {code: _decimals(texts, code) for code in notebook.codes["points"]}
    values = DOCUMENT.read(texts, top)
    if isinstance(values, Bad) or not isinstance(texts, dict):
        return Document(None, {}, notebook.problems)
    check_document(values, top)
    if any(problem.is_error for problem in notebook.problems):
        return Document(None, {}, notebook.problems)
    rulebook = build(values, fingerprint(texts))
    tests = values.get("tests", {})
    return Document(rulebook, tests if isinstance(tests, dict) else {}, notebook.problems)


def as_texts(node: object, place: Place) -> object:
    """The same tree with every scalar as text: what a door decoded itself reads like what was written.

    A float has lost what was written and is refused, and so is null.
    """
    if isinstance(node, dict):
        return {str(key): as_texts(value, place.into(str(key))) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [as_texts(value, place.item(index)) for index, value in enumerate(node)]
    if isinstance(node, bool):
        return "true" if node else "false"
    if isinstance(node, str | int | Decimal):
        return str(node)
    place.wrong(ProblemCode.NULL if node is None else ProblemCode.FLOAT)
    return ""


def fingerprint(tree: object) -> str:
    """SHA-256 of the canonical form: keys sorted, no spaces, every scalar as its text.

    The one mapping whose order means something, the tiers, is written as a list of pairs.
    """
    texts = as_texts(tree, Place(Notebook()))
    if isinstance(texts, dict) and isinstance(texts.get("tiers"), dict):
        texts["tiers"] = list(texts["tiers"].items())
    canonical = json.dumps(texts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _keys(texts: dict[str, object], name: str) -> list[str]:
    found = texts.get(name)
    return list(found) if isinstance(found, dict) else []


def _decimals(texts: dict[str, object], code: str) -> int:
    found = texts.get("points")
    currency = found.get(code) if isinstance(found, dict) else None
    text = currency.get("decimals", "0") if isinstance(currency, dict) else "2"
    return int(text) if isinstance(text, str) and text in {"0", "1", "2"} else 2
