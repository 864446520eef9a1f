"""The figures on the pages about calculating come out as printed."""

import re
from decimal import Decimal

import pytest

from kopilka.engine.fiscal import parts_of
from kopilka.services.rulebook_cases import play_source
from tests.house.tree import ROOT

PAGES = sorted((ROOT / "docs" / "algorithms").glob("*.md"))
BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPLIT = re.compile(r"^\| ([\d.]+) \| ([\d.]+) \| ([\d.]+ x [\d. x+]+) \|$", re.MULTILINE)
HEAD = "rulebook: 1\nprogram: Page\nmoney: RUB\ntimezone: Europe/Moscow\n"
POINTS = 'points:\n  bonus: {worth: "1.00"}\n'
EXAMPLES = [
    (f"{page.name} {number}", block)
    for page in PAGES
    for number, block in enumerate(BLOCK.findall(page.read_text(encoding="utf-8")), 1)
    if "tests:" in block
]
SPLITS = SPLIT.findall((ROOT / "docs" / "algorithms" / "fiscal.md").read_text(encoding="utf-8"))


def test_pages_hold_examples():
    assert len(EXAMPLES) >= 10
    assert len(SPLITS) == 6


@pytest.mark.parametrize("block", [block for _, block in EXAMPLES], ids=[name for name, _ in EXAMPLES])
def test_example_of_a_page_comes_out_as_printed(block):
    report = play_source(HEAD + ("" if "points:\n" in block else POINTS) + block)

    assert [problem for problem in report.problems if problem.is_error] == []
    assert report.failures == []
    assert report.tests > 0


@pytest.mark.parametrize(("goods", "to_pay", "printed"), SPLITS)
def test_split_of_a_page_comes_out_as_printed(goods, to_pay, printed):
    parts = parts_of(int(Decimal(goods) * 1_000), int(Decimal(to_pay) * 100))

    assert [(Decimal(quantity) / 1_000, Decimal(price) / 100) for quantity, price, _ in parts] == [
        tuple(Decimal(figure) for figure in part.split(" x ")) for part in printed.split(" + ")
    ]
