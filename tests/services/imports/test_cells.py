"""Cells are read exactly or not at all (reliability B8 to B11, B59, B66, B67)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from kopilka.services.imports.cells import (
    BadCell,
    moment_reader,
    read_code,
    read_member,
    read_money,
    read_name,
    read_number,
)

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("text", "digits", "value"),
    [
        ("6.95", 4, 69_500),
        ("0.001", 4, 10),
        ("12", 3, 12_000),
        ("-9600", 3, -9_600_000),
        ("+1.50", 2, 150),
        ("1.", 2, 100),
        ("2.5000000", 4, 25_000),
        (" 7 ", 0, 7),
        ("-0.0", 4, 0),
        ("0.30000000000000004", 4, 3_000),
        ("2.6399999999999997", 2, 264),
        ("2.220446e-16", 4, 0),
    ],
)
def test_number_is_exact(text, digits, value):
    assert read_number(text, digits, "price") == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not_a_number"), ("1,50", "not_a_number"), ("1e5", "not_a_number"), ("1.5e-3", "not_a_number"),
        ("1_000", "not_a_number"), ("１２", "not_a_number"), ("٣", "not_a_number"), ("NaN", "not_a_number"),
        ("inf", "not_a_number"), ("=A1*2", "not_a_number"), ("#REF!", "not_a_number"), ("1 000", "not_a_number"),
        ("--1", "not_a_number"), ("1" * 31, "not_a_number"), ("0.00001", "too_fine"), ("4.12345", "too_fine"),
    ],
)  # fmt: skip
def test_number_that_cannot_be_read_exactly_is_refused(text, reason):
    with pytest.raises(BadCell) as bad:
        read_number(text, 4, "price")

    assert (bad.value.field, bad.value.reason) == ("price", reason)


def test_decimal_comma_is_read_where_it_was_declared():
    assert read_number("1,5", 3, "quantity", comma=True) == 1_500
    assert read_money("90,30", 2, "amount", comma=True) == 9_030


@pytest.mark.parametrize(
    ("text", "minor"), [("0.005", 1), ("0.0049", 0), ("-0.005", -1), ("10", 1_000), ("1.2345", 123)]
)
def test_money_is_rounded_half_up_to_minor_units(text, minor):
    assert read_money(text, 2, "amount") == minor


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2009-12-01 07:45:00", datetime(2009, 12, 1, 7, 45, tzinfo=UTC)),
        ("2010-07-01T07:45", datetime(2010, 7, 1, 6, 45, tzinfo=UTC)),
        ("2010-07-01T07:45:00+03:00", datetime(2010, 7, 1, 4, 45, tzinfo=UTC)),
        ("2010-07-01T07:45:00Z", datetime(2010, 7, 1, 7, 45, tzinfo=UTC)),
        ("19970101", datetime(1997, 1, 1, tzinfo=UTC)),
        ("2010-01-31", datetime(2010, 1, 31, tzinfo=UTC)),
        ("31.01.2010", datetime(2010, 1, 31, tzinfo=UTC)),
        ("1.2.2010 9:05", datetime(2010, 2, 1, 9, 5, tzinfo=UTC)),
        ("31.01.2010 10:15:20", datetime(2010, 1, 31, 10, 15, 20, tzinfo=UTC)),
        ("2010-10-31 01:30:00", datetime(2010, 10, 31, 0, 30, tzinfo=UTC)),
    ],
)
def test_moment_is_read_in_the_zone_of_the_file(text, moment):
    assert moment_reader(LONDON, "")(text) == moment


def test_moment_of_another_form_needs_to_be_described():
    read = moment_reader(LONDON, "%m/%d/%Y %H:%M")

    assert read("12/1/2010 8:26") == datetime(2010, 12, 1, 8, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("12/1/2010 8:26", "needs_time_format"), ("", "not_a_time"), ("45351", "not_a_time"),
        ("2010-02-30", "not_a_time"), ("31.04.2010", "not_a_time"), ("2010-01-01 25:00", "not_a_time"),
        ("1969-12-31", "not_a_time"), ("9999-12-31T23:59:59", "not_a_time"), ("20101301", "not_a_time"),
    ],
)  # fmt: skip
def test_moment_that_is_none_is_refused(text, reason):
    with pytest.raises(BadCell) as bad:
        moment_reader(LONDON, "")(text)

    assert (bad.value.field, bad.value.reason) == ("at", reason)


@pytest.mark.parametrize(
    ("text", "member"),
    [("17850.0", "17850"), ("17850", "17850"), (" 0012 ", "0012"), ("", ""), ("nan", ""), ("17850.5", "17850.5"),
     ("A.0", "A.0")],
)  # fmt: skip
def test_member_of_a_spreadsheet_is_the_same_member(text, member):
    assert read_member(text) == member


def test_code_must_be_visible_and_short():
    assert read_code(" 85123A ", "sku") == "85123A"
    for text, reason in [("a\u200bb", "hidden_character"), ("x" * 65, "too_long")]:
        with pytest.raises(BadCell) as bad:
            read_code(text, "sku")
        assert (bad.value.field, bad.value.reason) == ("sku", reason)


def test_name_is_shown_as_well_as_it_can_be():
    assert read_name(" Чай\u200b\tзелёный " + "х" * 300) == ("Чай  зелёный " + "х" * 300)[:200]
