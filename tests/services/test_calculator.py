"""The calculator of the landing page and of price tags: the engine's own answer for somebody imaginary."""

import pytest

from kopilka.bookkeeping.rulebook_text import read_source
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.articles import ArticleView
from kopilka.services.calculator import calculate, price_article
from kopilka.services.rulebook_templates import template_text
from tests.factories import NOON


def rules(text):
    return read_source(text).rulebook


def article(sku, price, **facts):
    told = {"kind": "goods", "category": "", "brand": "", "vat": None, "barcode": "", "place": 0, "active": True}
    return ArticleView(sku=sku, name=sku, price=price, **{**told, **facts})


def test_every_level_gets_its_own_answer():
    without, bronze, gold, platinum = calculate(rules(template_text("tiers")), 300_000, at=NOON)

    assert (without.is_member, without.paid, without.earned) == (False, 300_000, {})
    assert [(one.tier, one.paid, one.earned) for one in (bronze, gold, platinum)] == [
        ("bronze", 300_000, {"bonus": 90}),
        ("gold", 300_000, {"bonus": 150}),
        ("platinum", 300_000, {"bonus": 210}),
    ]
    assert (bronze.payable, platinum.payable) == (90_000, 150_000)


def test_a_discount_program_answers_with_prices():
    without, member = calculate(rules(template_text("discount")), 199_000, at=NOON)

    assert (without.paid, member.paid, member.discount, member.payable) == (199_000, 189_050, 9_950, 0)


def test_without_levels_there_is_one_kind_of_member():
    assert [one.is_member for one in calculate(rules(template_text("cashback")), 100, at=NOON)] == [False, True]


@pytest.mark.parametrize("amount", [0, -1, 10**10 + 1])
def test_amounts_nobody_asks_about_are_refused(amount):
    with pytest.raises(Refusal) as refused:
        calculate(rules(template_text("cashback")), amount, at=NOON)

    assert (refused.value.code, refused.value.params["field"]) == (Code.OUT_OF_RANGE, "amount")


def test_a_yellow_tag_neither_earns_nor_takes_points():
    """S4.13: milk at 59.90 instead of 89.90."""
    book = rules(template_text("hybrid"))
    day = NOON.replace(month=1, day=2)

    milk = price_article(book, article("MILK-1L", 899_000), at=day)
    bread = price_article(book, article("BREAD", 4_000_000), at=day)
    later = price_article(book, article("MILK-1L", 899_000), at=NOON)

    assert (milk.full, milk.price, milk.yellow.code) == (8_990, 5_990, "yellow-milk")
    assert (milk.earns, milk.takes_points) == (False, False)
    assert (bread.yellow, bread.earned, bread.takes_points) == (None, {"bonus": 20}, True)
    assert (later.yellow, later.price) == (None, 8_990)
