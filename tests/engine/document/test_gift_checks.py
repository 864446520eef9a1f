import pytest

from kopilka.bookkeeping.rulebook_text import read_source

HEAD = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  stamps: {name: Штампы}
"""


def problems(text: str) -> list[tuple[str, str]]:
    found = read_source((HEAD + text).encode()).problems
    return [(problem.path, problem.code.value) for problem in found if problem.is_error]


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ("gifts: {cup: {sku: CUP, auto: yes}}", "gifts.cup.auto", "at_least_one"),
        ('gifts: {cup: {sku: CUP, with: "10.00"}}', "gifts.cup.with", "at_least_one"),
        ('gifts: {cup: {sku: CUP, for: {stamps: "0.5"}}}', "gifts.cup.for.stamps", "points_too_fine"),
        ("gifts: {cup: {sku: CUP, for: {stars: 5}}}", "gifts.cup.for.stars", "unknown_code"),
        (
            "gifts: {cup: {sku: CUP, for: {stamps: 5}, from: '2026-04-01', until: '2026-03-01 00:00'}}",
            "gifts.cup.until",
            "end_before_start",
        ),
        ("  packs: {gift: PACK, worth: '1.00'}", "points.packs", "at_most_one"),
        ("  packs: {partly: no}", "points.packs.partly", "at_least_one"),
    ],
)
def test_gift_that_cannot_be_says_where_and_why(text, path, code):
    assert problems(text + "\n") == [(path, code)]


def test_gifts_of_every_kind_are_good():
    good = """\
  packs: {gift: PACK, partly: no}
gifts:
  cup: {sku: CUP, for: {stamps: 6}, auto: yes, code_needed: no}
  pan: {sku: PAN, for: {stamps: 12}, with: "99.00", stock: 5, life: {days: 7}}
  toy: {sku: TOY}
"""
    assert problems(good) == []
