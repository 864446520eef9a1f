"""A history booked by several processes comes to what one of them would have booked."""

import csv
import multiprocessing
from datetime import UTC, datetime, timedelta
from operator import attrgetter

import pytest
from django.db import transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.imports import ImportRun
from kopilka.data.models.purchases import Purchase
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.books import check_books
from kopilka.services.imports import booking, sharing
from kopilka.services.imports.booking import import_receipts
from kopilka.services.imports.columns import Reading
from kopilka.services.imports.sharing import sharers
from kopilka.services.rulebook_templates import from_template
from tests.factories import NOON, make_program

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("only_on_postgres")]

CHOSEN = "receipt=no,at=at,member=phone,sku=sku,quantity=quantity,price=price"
SPELLINGS = ("+7 912 000-00-{:02}", "8 (912) 000 00 {:02}", "7912000{:04}")
RECEIPTS = 60


@pytest.fixture
def history(tmp_path):
    """Five members, each in three spellings; every seventh receipt is a return, the price of the tenth is none."""
    place = tmp_path / "history.csv"
    start = datetime(2025, 1, 1, tzinfo=UTC)
    with place.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["no", "at", "phone", "sku", "quantity", "price"])
        for n in range(RECEIPTS):
            back = n % 7 == 6
            phone = SPELLINGS[n % 3].format(n % 5) if n % 4 else ""
            at = f"{start + timedelta(minutes=n):%Y-%m-%d %H:%M:%S}"
            out.writerow([f"C{n}" if back else n, at, phone, "A", -1 if back else 1, "x" if n == 10 else "10.00"])
    return place


@pytest.fixture
def program():
    return make_program(rulebook=from_template("points-per-unit"))


def run(program, history, report, **how):
    reading = Reading(return_prefix="C", timezone="UTC", member_kind="phone")
    return import_receipts(
        program_id=program.id, path=history, chosen=CHOSEN, reading=reading, source="file", report=report, at=NOON,
        **how,
    )  # fmt: skip


def rows_of(model, program, order):
    with transaction.atomic():
        enter_program(program.id)
        return list(model.objects.of(program.id).order_by(order))


def test_shares_come_to_what_one_process_books(program, history, tmp_path, monkeypatch):
    alone = run(program, history, tmp_path / "one.csv")
    monkeypatch.setattr(sharing, "SHARED_FROM", 1)
    monkeypatch.setattr(booking, "WINDOW_RECEIPTS", 7)
    heard = []
    other = make_program("other", rulebook=from_template("points-per-unit"))
    shared = run(other, history, tmp_path / "two.csv", told=lambda done, of: heard.append((done, of)))

    assert (alone.figures, alone.figures.members, alone.figures.rejected_rows) == (shared.figures, 5, 1)
    assert (tmp_path / "one.csv").read_text() == (tmp_path / "two.csv").read_text()
    assert heard == [(min(at, RECEIPTS), RECEIPTS) for at in range(7, RECEIPTS + 7, 7)]
    what = attrgetter("external_id", "at", "paid_minor", "returned_minor")
    assert [what(row) for row in rows_of(Purchase, program, "at")] == [
        what(row) for row in rows_of(Purchase, other, "at")
    ]
    assert [result for result in check_books(program_id=other.id) if result.findings] == []


def test_all_spellings_of_a_phone_are_booked_by_one_process(program, history, tmp_path, monkeypatch):
    """Otherwise two processes would book one member's receipts, and not in their order."""
    monkeypatch.setattr(sharing, "SHARED_FROM", 1)
    run(program, history, tmp_path / "rejected.csv")

    ids = {}
    for row in rows_of(Purchase, program, "at"):
        ids.setdefault(row.member_id, []).append(row.id)
    assert len(ids) == 6
    assert [made for member, made in ids.items() if member and made != sorted(made)] == []


def test_what_goes_wrong_in_a_share_stops_the_import_and_it_goes_on(program, history, tmp_path, monkeypatch):
    monkeypatch.setattr(sharing, "SHARED_FROM", 1)
    monkeypatch.setattr(booking, "WINDOW_RECEIPTS", 20)
    real = booking.return_many

    def busy(**asked):
        return [Refusal(Code.BUSY) if one.external_id == "C27" else real(**asked)[0] for one in asked["requests"]]

    with monkeypatch.context() as patch:
        patch.setattr(booking, "RETURNS_AT_ONCE", 1)
        patch.setattr(booking, "return_many", busy)
        with pytest.raises(Refusal) as refused:
            run(program, history, tmp_path / "rejected.csv")

    assert refused.value.code == Code.BUSY
    assert [(one.state, one.position) for one in rows_of(ImportRun, program, "id")] == [("running", 20)]

    done = run(program, history, tmp_path / "rejected.csv")

    assert (done.resumed, done.figures.receipts, done.figures.returns, done.figures.rejected_rows) == (True, 51, 8, 1)
    assert len(rows_of(Purchase, program, "id")) == 51


def test_processes_end_with_who_started_them():
    with sharers(2, lambda number: lambda after, up_to: (number, after, up_to)) as book:
        assert book(0, 5) == [(0, 0, 5), (1, 0, 5)]
        assert len(multiprocessing.active_children()) == 2

    assert multiprocessing.active_children() == []
