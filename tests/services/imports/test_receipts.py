"""Rows as receipts: what is sold, what is brought back, and what cannot be booked."""

from datetime import UTC, datetime

import pytest

from kopilka.services.imports.columns import Reading
from kopilka.services.imports.receipts import ReceiptReader
from kopilka.services.imports.rejects import Rejected
from kopilka.services.imports.staging import StagedReceipt
from kopilka.services.imports.tables import Row

FIELDS = ("receipt", "at", "member", "sku", "name", "quantity", "price", "amount", "discount", "branch")
AT = "2025-03-01 10:00:00"


def reader(fields=FIELDS, **how):
    places = {name: (place,) for place, name in enumerate(FIELDS) if name in fields}
    return ReceiptReader(places, Reading(return_prefix="C", skip_prefix="A", timezone="UTC", **how), 2)


def row(
    receipt="1",
    at=AT,
    member="7",
    sku="TEA",
    name="Tea",
    quantity="1",
    price="4.50",
    amount="",
    discount="0",
    branch="",
):
    return [receipt, at, member, sku, name, quantity, price, amount, discount, branch]


def read(*rows, fields=tuple(name for name in FIELDS if name != "amount"), number="1", **how):
    staged = StagedReceipt(1, number, [(line, cells, "") for line, cells in enumerate(rows, start=2)])
    return reader(fields, **how).read(staged)


def told(rejected):
    return [(one.line, one.field, one.reason) for one in rejected]


def test_sale_has_lines_of_the_engine():
    one = read(row(quantity="1.5", name=" Green  tea "), row(sku="CUP", price="7.25", discount="0.25", branch="x"))

    assert (one.number, one.at, one.member, one.is_return) == ("1", datetime(2025, 3, 1, 10, tzinfo=UTC), "7", False)
    assert [(x.number, x.sku, x.name, x.quantity, x.price, x.amount, x.discount) for x in one.lines] == [
        (1, "TEA", "Green  tea", 1_500, 45_000, 675, 0),
        (2, "CUP", "Tea", 1_000, 72_500, 725, 25),
    ]
    assert one.minor == 1_375


def test_price_of_three_decimals_stays_exact_and_its_amount_is_rounded():
    one = read(row(price="0.001"), row(price="0.005"), row(price="0.001", quantity="5"))

    assert [(x.price, x.amount) for x in one.lines] == [(10, 0), (50, 1), (10, 1)]


def test_receipt_takes_its_earliest_moment_and_the_member_of_any_row():
    one = read(row(at="2025-03-01 10:01:00", member=""), row(member="7.0"), row(member="nan"))

    assert (one.at, one.member) == (datetime(2025, 3, 1, 10, tzinfo=UTC), "7")


def test_texts_may_mean_nobody():
    assert read(row(member="0"), nobody=frozenset({"0"})).member == ""


def test_write_offs_and_empty_rows_are_mute():
    one = read(row(quantity="-3", price="0.0"), row(quantity="0"), row(price="0"))

    assert [(x.quantity, x.amount) for x in one.lines] == [(-3_000, 0), (0, 0), (1_000, 0)]
    assert one.minor == 0


def test_return_turns_quantities_and_amounts_round():
    one = read(row(quantity="-2", discount="1.00"), row(quantity="1", price="5.00"), row(quantity="0"), number="C1")

    assert (one.is_return, one.minor) == (True, 300)
    assert [(x.quantity, x.amount, x.discount) for x in one.lines] == [
        (2_000, 900, 100),
        (-1_000, -500, 0),
        (0, 0, 0),
    ]


def test_amount_of_a_line_is_what_it_cost_after_its_discounts():
    one = read(row(amount="8.00", discount="-1.00", quantity="2"), fields=FIELDS)

    assert [(x.price, x.quantity, x.amount, x.discount) for x in one.lines] == [(45_000, 2_000, 900, 100)]


def test_price_is_found_from_the_amount_and_a_missing_weight_is_one():
    fields = ("receipt", "at", "quantity", "amount")

    one = read(
        row(amount="3.00", quantity="3"), row(amount="2.50", quantity="0"), row(amount="0", quantity="0"), fields=fields
    )

    assert [(x.price, x.quantity, x.amount) for x in one.lines] == [
        (10_000, 3_000, 300),
        (25_000, 1_000, 250),
        (0, 0, 0),
    ]


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"quantity": "one"}, "quantity", "not_a_number"),
        ({"quantity": "1.2345"}, "quantity", "too_fine"),
        ({"price": "4.12345"}, "price", "too_fine"),
        ({"price": "-4.50"}, "price", "negative"),
        ({"quantity": "-1"}, "quantity", "negative"),
        ({"discount": "4.51"}, "discount", "above_amount"),
        ({"price": "99999999999"}, "price", "too_large"),
        ({"at": "yesterday"}, "at", "not_a_time"),
        ({"at": "3/1/2025 10:00"}, "at", "needs_time_format"),
        ({"sku": "x" * 65}, "sku", "too_long"),
        ({"sku": "a\u202eb"}, "sku", "hidden_character"),
    ],
)
def test_one_bad_row_keeps_the_whole_receipt_out(cells, field, reason):
    rejected = read(row(), row(**cells), row())

    assert told(rejected) == [
        (2, "", "receipt_has_a_bad_row_3"),
        (3, field, reason),
        (4, "", "receipt_has_a_bad_row_3"),
    ]


def test_receipt_of_two_members_is_nobodys():
    assert told(read(row(member="7"), row(member="8"))) == [
        (2, "member", "several_members"),
        (3, "member", "several_members"),
    ]


@pytest.mark.parametrize(("number", "reason"), [("", "empty"), ("//", "empty"), ("1" * 101, "too_long")])
def test_receipt_without_a_usable_number_is_rejected(number, reason):
    assert told(read(row(), number=number)) == [(2, "receipt", reason)]


def test_broken_row_and_endless_receipt_are_rejected():
    broken = StagedReceipt(1, "1", [(2, ["1"], "too_few_cells"), (3, row(), "")])
    endless = StagedReceipt(1, "1", [(2, row(), "")], too_long=True)

    assert told(reader().read(broken)) == [(2, "", "too_few_cells"), (3, "", "receipt_has_a_bad_row_2")]
    assert told(reader().read(endless)) == [(2, "receipt", "too_many_rows")]


def test_rejected_row_keeps_its_cells():
    cells = row(quantity="one")

    assert read(cells) == [Rejected(2, "quantity", "not_a_number", cells)]


def test_number_may_be_joined_of_columns_or_be_the_line():
    joined = ReceiptReader({"receipt": (0, 2), "at": (1,)}, Reading(), 2)
    own = ReceiptReader({"receipt": (-1,), "at": (1,)}, Reading(), 2)

    assert joined.number_of(Row(2, row())) == "1/7"
    assert own.number_of(Row(2, row())) == "2"
    assert joined.number_of(Row(2, ["1"], "too_few_cells")) == ""


def test_member_is_told_in_his_one_spelling():
    places = {"receipt": (0,), "at": (1,), "member": (2,)}
    reader_of_cards = ReceiptReader(places, Reading(nobody=frozenset({"none"})), 2, str.upper)

    assert [reader_of_cards.member_of(["1", "", card]) for card in ("a1", "A1", "none", "")] == ["A1", "A1", "", ""]


def test_skipped_receipts_are_known_by_their_prefix():
    assert [reader().is_skipped(number) for number in ("A1", "1A", "")] == [True, False, False]
