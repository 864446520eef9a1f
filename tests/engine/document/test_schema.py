"""The JSON Schema says the same as the reading: what one takes, the other takes."""

import json
import re
from pathlib import Path

import jsonschema_rs
import pytest

from kopilka.bookkeeping.rulebook_text import read_text
from kopilka.engine.document.reading import read_document
from kopilka.engine.document.schema import rulebook_schema
from kopilka.services.rulebook_templates import template_names, template_text

CASES = sorted((Path(__file__).resolve().parents[2] / "cases").rglob("*.yaml"))
SCHEMA = rulebook_schema()
VALIDATOR = jsonschema_rs.Draft202012Validator(SCHEMA)
HEAD = {"rulebook": "1", "program": "S", "money": "RUB", "timezone": "UTC"}


def as_json(node):
    """The tree as other YAML readers would give it: numbers and flags as such."""
    if isinstance(node, dict):
        return {key: as_json(value) for key, value in node.items()}
    if isinstance(node, list):
        return [as_json(value) for value in node]
    if node in {"true", "false"}:
        return node == "true"
    return json.loads(node) if re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", node) else node


def test_schema_is_itself_valid():
    jsonschema_rs.meta.validate(SCHEMA)


@pytest.mark.parametrize("name", template_names())
def test_schema_takes_the_templates(name):
    tree = read_text(template_text(name)).tree

    assert [error.message for error in VALIDATOR.iter_errors(tree)] == []


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_schema_takes_the_cases(path):
    tree = read_text(path.read_bytes()).tree

    assert [error.message for error in VALIDATOR.iter_errors(tree)] == []


@pytest.mark.parametrize("name", template_names())
def test_schema_takes_numbers_and_flags_too(name):
    tree = as_json(read_text(template_text(name)).tree)

    errors = [error.message for error in VALIDATOR.iter_errors(tree)]
    assert errors == []


WRONG = [
    {"rulebook": "2"},
    {"money": "XXX"},
    {"zzz": {}},
    {"points": {"Bonus": {}}},
    {"points": {"b": {"decimals": 3}}},
    {"points": {"b": {"worth": "1,50"}}},
    {"points": {"b": {"life": {}}}},
    {"points": {"b": {"life": "for ever"}}},
    {"promotions": {"a": {"discount": {}}}},
    {"promotions": {"a": {"discount": {"percent": 5, "amount": 1}}}},
    {"promotions": {"a": {"discount": {"percent": 101}}}},
    {"promotions": {"a": {"discount": {"percent": "0.001"}}}},
    {"promotions": {"a": {"earn": {"percent": 5, "points": 1}}}},
    {"promotions": {"a": {"name": "x"}}},
    {"promotions": {"a": {"turn_off": "earning", "when": {}}}},
    {"promotions": {"a": {"turn_off": "earning", "when": {"sku": "A"}}}},
    {"promotions": {"a": {"turn_off": "earning", "lines": {"tier": "A"}}}},
    {"promotions": {"a": {"turn_off": "earning", "when": {"hours": "18:00"}}}},
    {"promotions": {"a": {"turn_off": "earning", "when": {"weekday": "friday"}}}},
    {"promotions": {"a": {"turn_off": "earning", "until": "2026-01-31"}}},
    {"tests": {"t": {"receipt": {"at": "2026-01-01", "lines": [["A"]]}}}},
    {"tests": {"t": {"receipt": {"at": "2026-01-01", "lines": []}}}},
    {"tests": {"t": {}}},
]


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_schema_refuses_what_the_reading_refuses(wrong):
    assert not VALIDATOR.is_valid(HEAD | wrong)
    assert read_document(HEAD | wrong).rulebook is None


def test_schema_takes_the_smallest_document():
    assert VALIDATOR.is_valid(HEAD)
    assert not VALIDATOR.is_valid({})
