"""The reference page: its examples are one valid rulebook, use every construct, and its tables are up to date."""

import json
import re

import pytest

from kopilka.bookkeeping.rulebook_text import read_text
from kopilka.engine.document.case_spec import CASE_LINE, CaseLine
from kopilka.engine.document.conditions import LINES, WRITTEN_HAS, ConditionKind
from kopilka.engine.document.program_spec import DOCUMENT
from kopilka.engine.document.reading import read_document
from kopilka.engine.document.schema import described_kinds
from kopilka.engine.document.shapes import ListOf, MapOf, Record, WordOr
from kopilka.services.rulebook_cases import failures_of
from tools import rulebook_page

TEXT = rulebook_page.PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def merge(into, block):
    """Put the sections of one example to those of the others; nothing may be said twice."""
    for key, value in block.items():
        if isinstance(into.get(key), dict) and isinstance(value, dict):
            merge(into[key], value)
        else:
            assert key not in into, f"{key} stands in two examples"
            into[key] = value


def whole_tree():
    tree = {}
    for block in BLOCKS:
        text = read_text(block)
        assert text.problems == []
        merge(tree, text.tree)
    return tree


def uses(kind, node):
    """Every key of a record and every fact of a condition that a tree uses."""
    match kind:
        case Record() if isinstance(node, dict):
            for key, value in node.items():
                yield kind.name, key
                yield from uses(kind.fields[key].kind, value)
        case MapOf():
            for value in node.values():
                yield from uses(kind.value, value)
        case ListOf():
            for value in node if isinstance(node, list) else [node]:
                yield from uses(kind.item, value)
        case WordOr() if not isinstance(node, str):
            yield from uses(kind.other, node)
        case CaseLine() if isinstance(node, dict):
            yield from uses(CASE_LINE, node)
        case ConditionKind():
            yield from uses_of_condition(kind, node)


def uses_of_condition(kind, node):
    for key, value in node.items():
        yield "condition", key
        if key in {"all", "any"}:
            for part in value:
                yield from uses(kind, part)
        elif key == "not":
            yield from uses(kind, value)
        elif key == WRITTEN_HAS:
            yield from uses(LINES, value)


def test_examples_together_are_one_valid_rulebook():
    document = read_document(whole_tree())

    assert [problem for problem in document.problems if problem.is_error] == []
    assert document.rulebook is not None
    assert failures_of(document.rulebook, document.tests) == []


def test_every_key_and_every_fact_has_an_example():
    wanted = {(kind.name, key) for kind in described_kinds() if isinstance(kind, Record) for key in kind.fields}
    wanted |= {("document", key) for key in DOCUMENT.fields}
    wanted |= {
        ("condition", key) for kind in described_kinds() if isinstance(kind, ConditionKind) for key in kind.facts
    }
    wanted |= {("condition", word) for word in ("all", "any", "not")}

    assert sorted(wanted - set(uses(DOCUMENT, whole_tree()))) == []


def test_every_record_has_its_table():
    tables = set(re.findall(r"<!-- fields: (\w+) -->", TEXT))

    assert tables == {*rulebook_page.records(), "life"}


def test_page_is_what_the_sources_say():
    assert rulebook_page.page(TEXT) == TEXT


def test_published_schema_is_what_the_sources_say():
    assert rulebook_page.SCHEMA.read_text(encoding="utf-8") == rulebook_page.schema()


def test_schema_is_one_document_with_no_loose_ends():
    schema = json.loads(rulebook_page.schema())

    names = set(re.findall(r'"#/\$defs/(\w+)"', rulebook_page.schema()))
    assert names == set(schema["$defs"])


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.partition(":")[0])
def test_example_names_its_section(block):
    assert set(read_text(block).tree) <= set(DOCUMENT.fields)
