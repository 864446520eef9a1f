"""The JSON Schema of a document, from the same description that reads it."""

from __future__ import annotations

import json

from kopilka.engine.document.case_spec import CASE_LINE, CaseLine
from kopilka.engine.document.conditions import HAS_LINES, LINES, ConditionKind, fact_schema
from kopilka.engine.document.fact_values import VALUES
from kopilka.engine.document.kinds import (
    MONEY,
    MONEY_OR_ZERO,
    PERCENT,
    POINTS,
    PRICE,
    QUANTITY,
    Code,
    Flag,
    Kind,
    Schema,
)
from kopilka.engine.document.program_spec import DOCUMENT
from kopilka.engine.document.shapes import Bilingual, ListOf, MapOf, Record, WordOr
from kopilka.engine.document.times import Day, Moment, life_schema
from kopilka.engine.facts import FACTS, Fact

DIALECT = "https://json-schema.org/draft/2020-12/schema"

PARTS: dict[str, Kind] = {
    "code": Code(),
    "date": Day(),
    "flag": Flag(),
    "money": MONEY,
    "money_or_zero": MONEY_OR_ZERO,
    "moment": Moment(),
    "moment_with_time": Moment(date_alone=False),
    "people_text": Bilingual(),
    "percent": PERCENT,
    "points": POINTS,
    "price": PRICE,
    "quantity": QUANTITY,
}
"""Small pieces that stand in many places: described once, under `$defs`."""


def rulebook_schema() -> Schema:
    """JSON Schema, draft 2020-12, of rulebook documents."""
    small: dict[str, Schema] = {name: kind.schema() for name, kind in PARTS.items()}
    small |= {f"asks_{_asked(fact)}": fact_schema(fact) for fact in FACTS.values() if fact.name != HAS_LINES}
    small["life"] = life_schema()
    shared: dict[str, str] = {}
    for name, part in small.items():
        shared.setdefault(_key(part), name)
    parts = {name: {key: _sharing(value, shared) for key, value in small[name].items()} for name in shared.values()}
    definitions = {kind.name: _sharing(kind.definition(), shared) for kind in described_kinds()}
    document = _sharing(DOCUMENT.definition(), shared)
    assert isinstance(document, dict)
    return {
        "$schema": DIALECT,
        "title": "Kopilka rulebook",
        **document,
        "$defs": dict(sorted({**parts, **definitions}.items())),
    }


def _asked(fact: Fact) -> str:
    """Facts whose values are written alike share a piece."""
    return fact.name if fact.name in VALUES else fact.kind.value


def _key(part: object) -> str:
    return json.dumps(part, sort_keys=True)


def _sharing(node: object, shared: dict[str, str]) -> object:
    """The same schema with a reference wherever one of the shared pieces stands."""
    if isinstance(node, list):
        return [_sharing(part, shared) for part in node]
    if not isinstance(node, dict):
        return node
    bare = {key: value for key, value in node.items() if key != "description"}
    name = shared.get(_key(bare)) if bare else None
    if name:
        return {**{key: node[key] for key in node if key == "description"}, "$ref": f"#/$defs/{name}"}
    return {key: _sharing(value, shared) for key, value in node.items()}


def described_kinds() -> list[Record | ConditionKind]:
    """Every record and kind of condition below the document, each once."""
    found: dict[str, Record | ConditionKind] = {}
    waiting: list[Kind] = list(_parts(DOCUMENT))
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, Record | ConditionKind):
            if kind.name in found:
                assert found[kind.name] is kind, f"two kinds are called {kind.name}"
                continue
            found[kind.name] = kind
        waiting.extend(_parts(kind))
    return list(found.values())


def _parts(kind: Kind) -> list[Kind]:
    parts: list[Kind] = []
    match kind:
        case Record():
            parts = [spec.kind for spec in kind.fields.values()]
        case MapOf():
            parts = [kind.value]
        case ListOf():
            parts = [kind.item]
        case WordOr():
            parts = [kind.other]
        case CaseLine():
            parts = [CASE_LINE]
        case ConditionKind() if kind is not LINES:
            parts = [LINES]
    return parts
