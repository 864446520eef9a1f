"""What the documents must name, and the links in them."""

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kopilka.cli.main import _asked_for, _parser
from kopilka.engine.facts import FACTS
from kopilka.wording.refusals import ALL
from tests.house.tree import ROOT, SOURCE, dotted
from tools import commands_page, errors_page

DOCS = ROOT / "docs"
READERS = {"read_text", "read_flag", "read_number", "read_choice", "read_names", "read_language", "read_database"}
READERS |= {"read_secret", "getenv"}
REQUIREMENTS = {0: 20, 1: 14, 2: 29, 3: 23, 4: 43}
"""How many requirements each story has."""

LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def headings(text: str) -> set[str]:
    return {line.lstrip("# ").strip("`") for line in text.splitlines() if line.startswith("#")}


def sections(text: str) -> dict[str, str]:
    """The text under each heading, by the heading."""
    parts = re.split(r"^#+ (.+)$", text, flags=re.MULTILINE)
    return {name.strip("` "): body for name, body in zip(parts[1::2], parts[2::2], strict=True)}


def commands() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every subcommand that exists, with those below it: "books check"."""
    yield from _below(_parser(_asked_for([])), "kopilka")


def _below(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield name, parser
    for group in groups:
        for word, inner in group.choices.items():
            yield from _below(inner, f"{name} {word}")


def variables() -> set[str]:
    """Environment variables the program reads by name."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = dotted(node.func)
                reads = name.rpartition(".")[2] in READERS or name in {"os.environ.get", "environ.get"}
                if reads and node.args and isinstance(node.args[0], ast.Constant):
                    found.add(str(node.args[0].value))
            if isinstance(node, ast.Subscript) and dotted(node.value) == "os.environ":
                found |= {str(node.slice.value)} if isinstance(node.slice, ast.Constant) else set()
    return found


def test_every_error_stands_in_its_page():
    assert sorted(set(ALL) - headings(text_of("api/errors.md"))) == []


def test_page_of_errors_is_what_the_sources_say():
    assert text_of("api/errors.md") == errors_page.page()


def test_every_fact_stands_in_the_reference():
    told = text_of("rulebook/reference.md")

    assert [fact for fact in FACTS if f"`{fact}`" not in told] == []


def test_every_command_has_a_section():
    assert sorted({name for name, _ in commands()} - headings(text_of("operate/commands.md"))) == []


def test_every_option_of_a_command_stands_in_its_section():
    told = sections(text_of("operate/commands.md"))
    missing = [
        f"{name} {option}"
        for name, parser in commands()
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--") and option != "--help" and f"`{option}" not in told.get(name, "")
    ]

    assert missing == []


def test_page_of_commands_is_what_they_say():
    assert text_of("operate/commands.md") == commands_page.page()


def test_every_variable_stands_among_the_settings():
    told = text_of("operate/settings.md")

    assert sorted(name for name in variables() if f"`{name}`" not in told and not name.startswith("DJANGO_")) == []


def test_adrs_fit_a_page():
    assert [path.name for path in sorted((DOCS / "adr").glob("*.md")) if path.read_text().count("\n") > 60] == []


@pytest.mark.parametrize(
    "path",
    [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_links_of_a_document_lead_somewhere(path: Path):
    targets = [target for target in LINK.findall(path.read_text(encoding="utf-8")) if "://" not in target]

    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_tests_named_in_the_requirements_exist():
    missing = []
    for path, name in re.findall(r"`(tests/[\w/.]+)::([^`]+)`", text_of("requirements.md")):
        text = (ROOT / path).read_text(encoding="utf-8") if (ROOT / path).exists() else ""
        heads = (f"def {name}(", f"\n  {name}:", f'\n  "{name}":')
        if not any(head in text for head in heads):
            missing.append(f"{path}::{name}")

    assert missing == []


def test_places_named_in_the_requirements_exist():
    places = re.findall(r"`([a-z]+/[\w/.]+\.(?:py|yaml))`", text_of("requirements.md"))

    assert [place for place in places if not (SOURCE / place).exists()] == []


def test_every_requirement_has_its_row():
    ids = [
        (int(story), int(number))
        for story, number in re.findall(r"^\| S(\d)\.(\d+) ", text_of("requirements.md"), re.MULTILINE)
    ]

    assert ids == [(story, number) for story, last in REQUIREMENTS.items() for number in range(1, last + 1)]


def test_tests_named_in_the_requirements_name_their_id():
    silent = []
    for row in text_of("requirements.md").splitlines():
        found = re.match(r"\| (S\d\.\d+) ", row)
        for path in re.findall(r"`(tests/[\w/.]+)::", row) if found else ():
            text = (ROOT / path).read_text(encoding="utf-8")
            in_a_name = found[1].lower().replace(".", "_")
            if not re.search(rf"({re.escape(found[1])}|{in_a_name})(?!\d)", text):
                silent.append((found[1], path))

    assert silent == []


def test_a_requirement_without_a_test_says_that_it_is_not_built():
    rows = [row for row in text_of("requirements.md").splitlines() if re.match(r"\| S\d", row)]

    assert [row for row in rows if "`tests/" not in row and "not built yet" not in row] == []


def test_glossary_has_one_line_for_a_word():
    words = re.findall(r"^\| ([^|]+) \|", text_of("glossary.md"), re.MULTILINE)

    assert len(words) > 50
    assert [word for word in words if words.count(word) > 1] == []
