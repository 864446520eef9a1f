"""The JSON Schema of a document, from the same description that reads it."""

from __future__ import annotations

from kopilka.engine.document.case_spec import CASE_LINE, CaseLine
from kopilka.engine.document.conditions import LINES, ConditionKind
from kopilka.engine.document.kinds import Kind, Schema
from kopilka.engine.document.program_spec import DOCUMENT
from kopilka.engine.document.shapes import ListOf, MapOf, Record, WordOr
from kopilka.engine.document.times import life_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def rulebook_schema() -> Schema:
    """JSON Schema, draft 2020-12, of rulebook documents."""
    definitions: dict[str, object] = {"life": life_schema()}
    for kind in described_kinds():
        definitions[kind.name] = kind.definition()
    return {
        "$schema": DIALECT,
        "title": "Kopilka rulebook",
        **DOCUMENT.definition(),
        "$defs": dict(sorted(definitions.items())),
    }


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
