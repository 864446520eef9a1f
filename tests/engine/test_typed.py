"""Figures and letters as people type them."""

import pytest

from kopilka.engine.keyboard import spellings
from kopilka.engine.typed import minor_of, quantity_of, times_of, units_of


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("350", 35000),
        ("350,5", 35050),
        ("350.50", 35050),
        ("350,", 35000),
        (" 1 234,56 ", 123456),
        ("1\u00a0234\u202f567", 123456700),
        ("0", 0),
        ("10,005", None),
        ("1 23", None),
        ("-5", None),
        ("1e3", None),
        ("1_000", None),
        ("１２３", None),
        ("²", None),
        (",50", None),
        ("", None),
        ("10000000000", 10**12),
        ("10000000000,01", None),
        ("9" * 5000, None),
    ],
)
def test_amount_is_minor_units_or_nothing(text, minor):
    assert minor_of(text, 2) == minor


def test_yen_have_no_smaller_part():
    assert minor_of("500", 0) == 500
    assert minor_of("500,5", 0) is None


@pytest.mark.parametrize(
    ("text", "thousandths"), [("1", 1000), ("0,25", 250), ("0", None), ("1,2345", None), ("x", None)]
)
def test_quantity_is_thousandths_above_nothing(text, thousandths):
    assert quantity_of(text) == thousandths


@pytest.mark.parametrize(
    ("text", "decimals", "units"), [("37", 0, 37), ("37,5", 2, 3750), ("37,5", 0, None), ("0", 0, 0)]
)
def test_points_are_smallest_units(text, decimals, units):
    assert units_of(text, decimals) == units


@pytest.mark.parametrize(
    ("text", "many", "rest"),
    [
        ("4600000000017", 1000, "4600000000017"),
        ("2*4600000000017", 2000, "4600000000017"),
        ("0,5 х LATTE", 500, "LATTE"),
        ("0*LATTE", 1000, "0*LATTE"),
        ("2*", 1000, "2*"),
    ],
)
def test_so_many_of_an_article(text, many, rest):
    assert times_of(text) == (many, rest)


def test_keys_of_the_other_language_are_tried_after_what_was_typed():
    assert spellings("ФИС123") == ("ФИС123", "ABC123")
    assert spellings("LTYM") == ("LTYM", "ДЕНЬ")
    assert spellings("4600") == ("4600",)
