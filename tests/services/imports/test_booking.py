"""A file of receipts in the books: the same services, the file's times, nothing twice, nothing lost (S3.23)."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.imports import ImportRun
from kopilka.data.models.ledger import Operation, Wallet
from kopilka.data.models.members import Member
from kopilka.data.models.purchases import Purchase, Return
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.imports import booking
from kopilka.services.imports.booking import import_receipts
from kopilka.services.imports.columns import Reading
from kopilka.services.imports.figures import PointsFigures
from kopilka.services.imports.simulating import simulate_receipts
from kopilka.services.members import find_member
from kopilka.services.rulebook_templates import from_template
from tests.factories import NOON, make_program

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLES = Path(__file__).parents[2] / "data_samples"
SHOP = "receipt=Invoice,at=InvoiceDate,member=Customer ID,sku=StockCode,name=Description,quantity=Quantity,price=Price"
BROKEN = "receipt=Invoice,at=InvoiceDate,member=Customer ID,sku=StockCode,quantity=Quantity,price=Price"
READING = Reading(return_prefix="C", skip_prefix="A", timezone="Europe/Riga")
RULES = from_template("points-per-unit", currency="EUR", timezone="Europe/Riga")
ONE_DAY = RULES.replace("life: forever", "life: {days: 1}")


@pytest.fixture
def program():
    return make_program(rulebook=RULES, currency="EUR", timezone="Europe/Riga", country="LV")


def run(program, tmp_path, path=SAMPLES / "shop.csv", chosen=SHOP, source="file:shop.csv", **how):
    return import_receipts(
        program_id=program.id, path=path, chosen=chosen, reading=how.pop("reading", READING), source=source,
        report=tmp_path / "rejected.csv", at=NOON, **how,
    )  # fmt: skip


def rows_of(model, program, order="id"):
    with transaction.atomic():
        enter_program(program.id)
        return list(model.objects.of(program.id).order_by(order))


def report(tmp_path):
    with (tmp_path / "rejected.csv").open(encoding="utf-8", newline="") as file:
        return [(row["line"], row["column"], row["reason"]) for row in csv.DictReader(file)]


def told(figures):
    return (figures.receipts, figures.returns, figures.lines, figures.anonymous_receipts, figures.members)


def test_history_is_booked_with_its_figures(program, tmp_path):
    done = run(program, tmp_path)

    figures = done.figures
    assert (done.finished_before, done.resumed) == (False, False)
    assert told(figures) == (4, 3, 9, 2, 2)
    assert (figures.sales_minor, figures.refunds_minor, figures.unmatched_minor) == (5_075, 6_225, 2_500)
    assert (figures.skipped_rows, figures.rejected_rows) == (1, 0)
    assert figures.points == {"points": PointsFigures(earned=46, taken_back=37, outstanding=9)}
    assert not (tmp_path / "rejected.csv").exists()


def test_history_keeps_the_times_of_the_file(program, tmp_path):
    run(program, tmp_path)

    purchases = rows_of(Purchase, program, "at")
    assert [(one.external_id, one.at, one.recorded_at, one.origin) for one in purchases] == [
        ("1001", datetime(2025, 3, 1, 8, 0, tzinfo=UTC), NOON, "import"),
        ("1002", datetime(2025, 3, 1, 9, 30, tzinfo=UTC), NOON, "import"),
        ("1003", datetime(2025, 3, 1, 10, 0, tzinfo=UTC), NOON, "import"),
        ("1004", datetime(2025, 3, 2, 7, 0, tzinfo=UTC), NOON, "import"),
    ]
    assert [(one.external_id, one.refund_minor) for one in rows_of(Return, program, "at")] == [
        ("C1005", 725), ("C1006", -500), ("C1007", 6_000),
    ]  # fmt: skip


def test_members_of_the_file_are_known_by_their_id_there(program, tmp_path):
    run(program, tmp_path)

    seventeen = find_member(program=program, kind="external", value="17", by=SYSTEM_ACTOR, at=NOON)
    assert (seventeen.purchases, seventeen.spent_minor) == (1, 900)
    assert seventeen.enrolled_at == datetime(2025, 3, 1, 8, 0, tzinfo=UTC)
    assert [wallet.available for wallet in rows_of(Wallet, program) if wallet.member_id == seventeen.id] == [9]


def test_a_finished_file_is_not_booked_again(program, tmp_path):
    run(program, tmp_path)
    before = [(one.id, one.kind) for one in rows_of(Operation, program)]

    again = run(program, tmp_path, path=SAMPLES / "shop.csv")

    assert (again.finished_before, told(again.figures), again.figures.sales_minor) == (True, (0, 0, 0, 0, 0), 0)
    assert [(one.id, one.kind) for one in rows_of(Operation, program)] == before


def test_the_same_receipts_in_another_file_of_the_source_are_replayed(program, tmp_path):
    run(program, tmp_path)
    before = len(rows_of(Operation, program))

    again = run(program, tmp_path, path=SAMPLES / "shop.csv.gz")

    assert (again.finished_before, told(again.figures)) == (False, (4, 3, 9, 2, 2))
    assert again.figures.points == {"points": PointsFigures(earned=46, taken_back=37, outstanding=9)}
    assert len(rows_of(Operation, program)) == before


def test_another_receipt_under_a_known_number_is_reported(program, tmp_path):
    run(program, tmp_path)
    changed = tmp_path / "changed.csv"
    changed.write_text((SAMPLES / "shop.csv").read_text().replace("30.00", "31.00"))

    again = run(program, tmp_path, path=changed)

    assert report(tmp_path) == [("7", "", "receipt_exists"), ("10", "", "receipt_exists")]
    assert told(again.figures) == (3, 2, 7, 2, 2)


def test_what_cannot_be_booked_is_reported_row_by_row(program, tmp_path):
    done = run(program, tmp_path, path=SAMPLES / "broken.csv", chosen=BROKEN)

    assert (done.figures.receipts, done.figures.sales_minor, done.figures.rejected_rows) == (2, 900, 9)
    assert sorted(report(tmp_path), key=lambda row: int(row[0])) == [
        ("3", "Quantity", "not_a_number"),
        ("4", "", "receipt_has_a_bad_row_3"),
        ("5", "InvoiceDate", "needs_time_format"),
        ("6", "", "too_few_cells"),
        ("7", "Quantity", "negative"),
        ("8", "Price", "too_fine"),
        ("9", "Customer ID", "several_members"),
        ("10", "Customer ID", "several_members"),
        ("11", "Invoice", "empty"),
    ]


def test_the_mended_report_is_imported_in_turn(program, tmp_path):
    run(program, tmp_path, path=SAMPLES / "broken.csv", chosen=BROKEN)
    mended = tmp_path / "mended.csv"
    rows = (tmp_path / "rejected.csv").read_text(encoding="utf-8").replace(",one,", ",1,").splitlines()
    mended.write_text("\n".join([rows[0], *(row for row in rows if ",2," in row)]), encoding="utf-8")

    done = run(program, tmp_path, path=mended, chosen=BROKEN)

    assert (done.figures.receipts, done.figures.sales_minor, done.figures.rejected_rows) == (1, 1_175, 0)


def test_file_of_an_old_till_is_imported(program, tmp_path):
    chosen = "receipt=Чек,at=Дата,member=Карта,name=Товар,quantity=Кол-во,amount=Сумма"
    reading = Reading(timezone="Europe/Riga", decimal_comma=True, member_kind="card")

    done = run(program, tmp_path, path=SAMPLES / "kassa_1251.csv", chosen=chosen, reading=reading)

    member = find_member(program=program, kind="card", value="0012", by=SYSTEM_ACTOR, at=NOON)
    assert (told(done.figures), done.figures.sales_minor) == ((2, 0, 2, 1, 1), 23_030)
    assert member.spent_minor == 9_030


def test_member_nobody_can_be_is_reported(program, tmp_path):
    reading = Reading(timezone="Europe/Riga", member_kind="phone")

    done = run(program, tmp_path, reading=reading, chosen=SHOP)

    assert {row[1:] for row in report(tmp_path) if row[0] in {"2", "7"}} == {("Customer ID", "phone_invalid")}
    assert done.figures.members == 0


def test_member_enrolled_before_is_the_same_member(program, tmp_path):
    run(program, tmp_path)
    later = tmp_path / "later.csv"
    later.write_text((SAMPLES / "shop.csv").read_text().replace("2025-03", "2025-04").replace("100", "200"))

    run(program, tmp_path, path=later, source="file:later.csv")

    assert len(rows_of(Member, program)) == 2
    assert sorted(one.purchases for one in rows_of(Member, program)) == [0, 2], "one brought everything back"


class Killed(BaseException):
    """Stands for a power cut."""


@pytest.mark.parametrize("when", ["_take_back", "save"])
def test_an_interrupted_import_goes_on_and_books_nothing_twice(program, tmp_path, monkeypatch, when):
    monkeypatch.setattr(booking, "WINDOW_RECEIPTS", 3)
    real = getattr(booking, when)
    calls = []

    def die_at_the_second(*arguments, **named):
        calls.append(1)
        if len(calls) == 2:
            raise Killed
        return real(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(booking, when, die_at_the_second)
        with pytest.raises(Killed):
            run(program, tmp_path)

    done = run(program, tmp_path)

    assert (done.resumed, told(done.figures)) == (True, (4, 3, 9, 2, 2))
    assert (done.figures.sales_minor, done.figures.refunds_minor) == (5_075, 6_225)
    assert done.figures.points == {"points": PointsFigures(earned=46, taken_back=37, outstanding=9)}
    assert len(rows_of(Purchase, program)) == 4
    assert [(one.state, one.position) for one in rows_of(ImportRun, program)] == [("finished", 8)]


def test_report_of_an_interrupted_import_is_whole(program, tmp_path, monkeypatch):
    monkeypatch.setattr(booking, "WINDOW_RECEIPTS", 3)
    real, calls = booking.save, []

    def die_at_the_second(*arguments, **named):
        calls.append(1)
        if len(calls) == 2:
            raise Killed
        return real(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(booking, "save", die_at_the_second)
        with pytest.raises(Killed):
            run(program, tmp_path, path=SAMPLES / "broken.csv", chosen=BROKEN)

    done = run(program, tmp_path, path=SAMPLES / "broken.csv", chosen=BROKEN)

    assert done.figures.rejected_rows == 9
    assert sorted(int(line) for line, _, _ in report(tmp_path)) == [3, 4, 5, 6, 7, 8, 9, 10, 11]


def test_points_whose_life_is_over_at_the_end_of_the_file_expire(tmp_path):
    program = make_program("short", rulebook=ONE_DAY, currency="EUR", timezone="Europe/Riga", country="LV")

    done = run(program, tmp_path)

    assert done.figures.points == {"points": PointsFigures(earned=46, taken_back=0, expired=46, outstanding=0)}
    assert [wallet.available for wallet in rows_of(Wallet, program)] == [0, 0]


def test_simulation_comes_to_the_same(program, tmp_path):
    for rules in (RULES, ONE_DAY):
        slug = f"p-{uuid4().hex[:8]}"
        booked = run(make_program(slug, rulebook=rules, currency="EUR", timezone="Europe/Riga"), tmp_path)

        played = simulate_receipts(
            path=SAMPLES / "shop.csv", rulebook_source=rules, chosen=SHOP, reading=READING,
            report=tmp_path / "simulated.csv",
        )  # fmt: skip

        assert played == booked.figures


def test_import_needs_a_rulebook(tmp_path):
    empty = make_program("empty")

    with pytest.raises(Refusal) as refused:
        run(empty, tmp_path)

    assert refused.value.code == Code.RULEBOOK_MISSING
    assert rows_of(ImportRun, empty) == []


def test_import_needs_a_price_or_an_amount(program, tmp_path):
    with pytest.raises(Refusal) as refused:
        run(program, tmp_path, chosen="receipt=Invoice,at=InvoiceDate")

    assert (refused.value.code, refused.value.params) == (Code.MISSING, {"field": "map", "columns": ["price"]})
