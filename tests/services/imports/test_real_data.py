"""Receipts of real shops come to the figures that others computed from the same files.

The whole files are played by the engine, which needs no database; the books take the first month.
"""

import gzip
from itertools import takewhile

import pytest
from django.db import transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.purchases import Purchase
from kopilka.services.books import check_books
from kopilka.services.imports.booking import import_receipts
from kopilka.services.imports.columns import Reading
from kopilka.services.imports.movements import MovementFigures, import_movements
from kopilka.services.imports.simulating import simulate_receipts
from kopilka.services.rulebook_templates import from_template
from tests.factories import NOON, make_program

pytestmark = [pytest.mark.realdata]

ONLINE_RETAIL = "online_retail_2009-12_2010-11.csv.gz"
ONLINE_RETAIL_MAP = (
    "receipt=Invoice,at=InvoiceDate,member=Customer ID,sku=StockCode,name=Description,quantity=Quantity,price=Price"
)
LONDON = Reading(return_prefix="C", skip_prefix="A", timezone="Europe/London")
NEW_YORK = Reading(timezone="America/New_York", nobody=frozenset({"0"}))
X5_RULES = """\
rulebook: 1
program: X5
money: RUB
timezone: Europe/Moscow
points: {bonus: {name: Баллы, worth: "0.10", decimals: 1}}
"""


def simulate(path, tmp_path, template, chosen, reading, currency):
    return simulate_receipts(
        path=path,
        rulebook_source=from_template(template, currency=currency, timezone=reading.timezone),
        chosen=chosen,
        reading=reading,
        report=tmp_path / "rejected.csv",
    )


def told(figures):
    (points,) = figures.points.values()
    return (figures.receipts, figures.sales_minor, figures.rejected_rows, points.earned)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("template", "earned", "taken_back"),
    [("points-per-unit", 8_511_469, 292_160), ("cashback-2dp", 42_601_817, 1_467_926)],
)
def test_online_retail_earns_what_was_computed_elsewhere(
    real_data, only_on_sqlite, tmp_path, template, earned, taken_back
):
    figures = simulate(real_data / ONLINE_RETAIL, tmp_path, template, ONLINE_RETAIL_MAP, LONDON, "GBP")

    assert told(figures) == (23_269, 986_703_936, 0, earned)
    assert (figures.returns, figures.refunds_minor) == (4_456, 56_849_117)
    assert (figures.lines, figures.skipped_rows, figures.anonymous_receipts) == (502_935, 3, 4_830)
    assert figures.members == 4_336  # 4,268 who bought and 68 who only brought something back
    (points,) = figures.points.values()
    assert (points.taken_back, points.outstanding) == (taken_back, earned - taken_back)


@pytest.mark.slow
def test_dunnhumby_lines_with_discounts_come_to_what_was_paid(real_data, only_on_sqlite, tmp_path):
    chosen = (
        "receipt=basket_id,at=transaction_timestamp,member=household_id,sku=product_id,quantity=quantity,"
        "amount=sales_value,discount=retail_disc+coupon_match_disc,branch=store_id"
    )
    path = real_data / "dunnhumby_transactions_visible.csv.gz"

    figures = simulate(path, tmp_path, "points-per-unit", chosen, NEW_YORK, "USD")

    assert told(figures) == (38_318, 117_774_469, 0, 1_159_156)
    assert figures.members == 617


def test_coffee_shop_numbers_its_receipts_anew_each_day(real_data, only_on_sqlite, tmp_path):
    chosen = (
        "receipt=sales_outlet_id+transaction_date+transaction_id,at=transaction_date+transaction_time,"
        "member=customer_id,sku=product_id,quantity=quantity,price=unit_price,amount=line_item_amount"
    )

    figures = simulate(
        real_data / "coffee_receipts_visible.csv.gz", tmp_path, "points-per-unit", chosen, NEW_YORK, "USD"
    )

    assert told(figures) == (13_585, 7_721_323, 0, 36_679)
    assert (figures.members, figures.receipts - figures.anonymous_receipts) == (800, 7_033)


def test_cdnow_orders_without_numbers_are_all_counted(real_data, only_on_sqlite, tmp_path):
    chosen = "receipt=@line,at=date,member=customer_id,amount=dollar_value"

    figures = simulate(real_data / "cdnow_master_visible.csv.gz", tmp_path, "cashback-2dp", chosen, NEW_YORK, "USD")

    assert told(figures) == (35_991, 130_941_159, 0, 6_549_177)
    assert figures.members == 11_785


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_first_month_of_online_retail_is_booked_and_the_books_agree(real_data, tmp_path):
    rules = from_template("points-per-unit", currency="GBP", timezone="Europe/London")
    program = make_program(rulebook=rules, currency="GBP", timezone="Europe/London", country="GB")
    month = tmp_path / "2009-12.csv"
    with gzip.open(real_data / ONLINE_RETAIL, "rt", encoding="utf-8", newline="") as file, month.open("w") as copy:
        copy.writelines(takewhile(lambda line: ",2010-01-" not in line, file))

    done = import_receipts(
        program_id=program.id, path=month, chosen=ONLINE_RETAIL_MAP, reading=LONDON, source="file:2009-12.csv",
        report=tmp_path / "rejected.csv", at=NOON,
    )  # fmt: skip

    assert told(done.figures)[:3] == (1_929, 82_568_576, 0)
    assert (done.figures.returns, done.figures.refunds_minor) == (401, 2_583_865)
    assert done.figures.receipts - done.figures.anonymous_receipts == 1_512
    played = simulate(month, tmp_path, "points-per-unit", ONLINE_RETAIL_MAP, LONDON, "GBP")
    assert done.figures == played
    with transaction.atomic():
        enter_program(program.id)
        assert Purchase.objects.of(program.id).count() == 1_929
    broken = [result for result in check_books(program_id=program.id) if result.findings]
    assert broken == []


@pytest.mark.django_db(transaction=True)
def test_x5_points_begin_with_what_members_must_have_had(real_data, tmp_path):
    program = make_program(rulebook=X5_RULES)

    done = import_movements(
        program_id=program.id, path=real_data / "x5_receipts_visible.csv.gz",
        chosen="member=client_id,at=datetime,earned=regular_points_received+express_points_received,"
        "spent=regular_points_spent+express_points_spent,receipt=receipt_no",
        reading=Reading(timezone="Europe/Moscow"), currency="", source="file:x5", report=tmp_path / "rejected.csv",
        at=NOON,
    )  # fmt: skip

    assert done.figures == MovementFigures(
        members=49, movements=751, opening_members=26, opening=19_235, earned=31_684, spent=33_490,
        outstanding=17_429, rejected_rows=0,
    )  # fmt: skip
