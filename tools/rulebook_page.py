"""`python -m tools.rulebook_page [--check]`: the tables of docs/rulebook/reference.md, and docs/rulebook/schema.json.

Both follow from the description that reads the documents. With --check nothing is written; the exit code says whether
the files are what would be written.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from kopilka.engine.document.conditions import HAS_LINES, WRITTEN_HAS, ConditionKind
from kopilka.engine.document.kinds import (
    PERCENT,
    POINTS,
    PRICE,
    QUANTITY,
    Code,
    CodeOf,
    Flag,
    Kind,
    Money,
    Number,
    Text,
    Word,
    written,
)
from kopilka.engine.document.problems import ADVICE, ProblemCode
from kopilka.engine.document.program_spec import DOCUMENT
from kopilka.engine.document.schema import described_kinds, rulebook_schema
from kopilka.engine.document.shapes import Bilingual, ListOf, MapOf, Record, WordOr
from kopilka.engine.document.times import EDGES, LIFE_MAXIMA, Clock, Day, Lifetime, Moment
from kopilka.engine.facts import FACTS
from kopilka.wording.languages import Language
from kopilka.wording.problem_texts import SENTENCES

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "rulebook"
PAGE = FOLDER / "reference.md"
SCHEMA = FOLDER / "schema.json"

TABLE = re.compile(r"<!-- (fields: (\w+)|facts|problems) -->\n.*?<!-- end -->", re.DOTALL)
NUMBERS = {PERCENT: "percent", POINTS: "points", PRICE: "price of one", QUANTITY: "quantity"}
PLAIN = {
    Flag: "yes or no",
    Code: "code",
    Money: "money",
    Day: "date",
    Moment: "moment",
    Clock: "time of day",
    Text: "text",
    Bilingual: "text for people",
}
OWN = {
    "FormatVersion": "`1`",
    "CurrencyCode": "code of the money",
    "Zone": "time zone",
    "Cron": "cron schedule",
    "CaseLine": "*case_line*",
}
"""Places with a kind of their own."""


def page(text: str) -> str:
    """The page with its tables filled anew."""
    return TABLE.sub(lambda found: f"<!-- {found[1]} -->\n{_table(found[1], found[2])}\n<!-- end -->", text)


def _table(what: str, name: str | None) -> str:
    rows = _facts() if what == "facts" else _problems() if what == "problems" else _fields(str(name))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def records() -> dict[str, Record]:
    """Every record of the format by its name."""
    return {"document": DOCUMENT} | {kind.name: kind for kind in described_kinds() if isinstance(kind, Record)}


def _fields(name: str) -> Iterator[tuple[str, ...]]:
    if name == "life":
        yield from [("key", "what stands there"), ("---", "---")]
        yield from ((f"`{key}`", f"whole number up to {top}") for key, top in LIFE_MAXIMA.items())
        yield "`to_end_of`", _words(EDGES)
        return
    record = records()[name]
    yield record.says, "what stands there", ""
    yield "---", "---", "---"
    for key, spec in record.fields.items():
        must = ", needed" if spec.required else ""
        says = spec.says
        yield f"`{key}`", f"{said(spec.kind)}{must}", says


def said(kind: Kind) -> str:
    """What a kind of place takes, in a few words."""
    if isinstance(kind, Number) and kind in NUMBERS:
        return NUMBERS[kind]
    return PLAIN.get(type(kind)) or _said_of_parts(kind)


def _said_of_parts(kind: Kind) -> str:
    match kind:
        case Number():
            told = f"number, {written(kind.minimum, kind.digits)} to {written(kind.maximum, kind.digits)}"
        case Word():
            told = _words(kind.words)
        case WordOr():
            told = f"{_words(kind.words)}, or {said(kind.other)}"
        case ListOf():
            told = f"{said(kind.item)}, or a list" if kind.or_one else f"list of {said(kind.item)}"
        case MapOf():
            told = f"{said(kind.key)}: {said(kind.value)}"
        case Record():
            told = f"*{kind.name}*"
        case ConditionKind():
            told = "condition over lines" if kind.name == "lines" else "condition"
        case CodeOf():
            told = f"code of `{kind.section}`"
        case Lifetime():
            told = f"`{kind.word}`, or length of time" if kind.word else "length of time"
        case _:
            told = OWN[type(kind).__name__]
    return told


def _words(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _facts() -> Iterator[tuple[str, ...]]:
    yield "fact", "of", "value", "what it is"
    yield "---", "---", "---", "---"
    for name, fact in FACTS.items():
        shown = f"`{WRITTEN_HAS}` (fact `{name}`)" if name == HAS_LINES else f"`{name}`"
        kind = "condition" if name == HAS_LINES else fact.kind.value
        yield shown, fact.scope.value, kind, fact.says


def _problems() -> Iterator[tuple[str, ...]]:
    yield "code", "", "sentence"
    yield "---", "---", "---"
    for code in ProblemCode:
        yield f"`{code}`", "advice" if code in ADVICE else "error", SENTENCES[code][Language.EN].replace("|", "\\|")


def schema() -> str:
    return json.dumps(rulebook_schema(), ensure_ascii=False, indent=1) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only say whether the files are up to date")
    wanted = {PAGE: page(PAGE.read_text(encoding="utf-8")), SCHEMA: schema()}
    if parser.parse_args().check:
        return int(any(not path.exists() or path.read_text(encoding="utf-8") != text for path, text in wanted.items()))
    for path, text in wanted.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
