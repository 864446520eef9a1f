"""Every piece of a rulebook in the guide for owners can be used as it stands."""

import re
import textwrap
from collections.abc import Iterator

import pytest

from kopilka.bookkeeping.rulebook_text import read_source
from tests.house.tree import ROOT

BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
CELL = re.compile(r"\| `((?:discount|earn): .*)` \|$", re.MULTILINE)
HEAD = """\
rulebook: 1
program: Guide
money: RUB
timezone: Europe/Moscow
points:
  bonus: {worth: "1.00"}
"""
PAGES = [*sorted((ROOT / "docs" / "guide").glob("*.md")), *sorted((ROOT / "docs" / "ru" / "guide").glob("*.md"))]


def blocks() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        text, name = page.read_text(encoding="utf-8"), page.relative_to(ROOT)
        for number, block in enumerate(BLOCK.findall(text), 1):
            yield f"{name} {number}", block
        for piece in CELL.findall(text):
            yield f"{name} {piece}", f"promotions:\n  one:\n    {piece}\n"


def document_of(block: str) -> str:
    """A whole rulebook around a piece; a piece that begins indented is one of the promotions."""
    if block.startswith("  "):
        block = "promotions:\n" + block
    return HEAD + textwrap.dedent(block)


@pytest.mark.parametrize(("name", "block"), list(blocks()), ids=lambda value: value if "\n" not in value else "")
def test_piece_of_a_rulebook_in_the_guide_has_no_problem(name, block):
    problems = read_source(document_of(block).encode()).problems

    assert [(problem.line, problem.path, problem.code) for problem in problems if problem.is_error] == []


def test_guide_is_the_same_in_both_languages():
    english = [BLOCK.findall(page.read_text(encoding="utf-8")) for page in PAGES if "ru" not in page.parts]
    russian = [BLOCK.findall(page.read_text(encoding="utf-8")) for page in PAGES if "ru" in page.parts]

    plain = [[re.sub(r"#.*", "", block) for block in page] for page in english]
    assert plain == [[re.sub(r"#.*", "", block) for block in page] for page in russian]
