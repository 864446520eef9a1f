"""Points recorded elsewhere: their own times, an opening balance where the record begins in the middle."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.ledger import LedgerEntry, Lot, Operation, Wallet
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.imports.columns import Reading
from kopilka.services.imports.movements import MovementFigures, import_movements
from kopilka.services.members import find_member
from tests.factories import NOON, make_program

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLES = Path(__file__).parents[2] / "data_samples"
CHOSEN = "member=client,at=when,earned=got,spent=used,receipt=receipt"
RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "0.10", decimals: 1, life: {days: 30}}
"""


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def run(program, tmp_path, path=SAMPLES / "points.csv", chosen=CHOSEN, **how):
    return import_movements(
        program_id=program.id, path=path, chosen=chosen, reading=Reading(timezone="Europe/Moscow"),
        currency=how.pop("currency", ""), source="file:points.csv", report=tmp_path / "rejected.csv", at=NOON, **how,
    )  # fmt: skip


def rows_of(model, program):
    with transaction.atomic():
        enter_program(program.id)
        return list(model.objects.of(program.id).order_by("id"))


def wallet_of(program, external):
    member = find_member(program=program, kind="external", value=external, by=SYSTEM_ACTOR, at=NOON)
    return next(one for one in rows_of(Wallet, program) if one.member_id == member.id)


def test_movements_are_booked_in_the_order_of_time_after_an_opening_balance(program, tmp_path):
    done = run(program, tmp_path)

    assert done.figures == MovementFigures(
        members=2, movements=4, opening_members=1, opening=70, earned=117, spent=100, outstanding=87, rejected_rows=2
    )
    assert [(one.kind, one.at, one.recorded_at, one.reason) for one in rows_of(Operation, program) if one.key] == [
        ("adjust", datetime(2025, 1, 1, 9, tzinfo=UTC), NOON, "file:points.csv: b/1"),
        ("adjust", datetime(2025, 1, 1, 9, tzinfo=UTC), NOON, "file:points.csv: a/opening"),
        ("adjust", datetime(2025, 1, 1, 9, tzinfo=UTC), NOON, "file:points.csv: a/1"),
        ("adjust", datetime(2025, 1, 2, 9, tzinfo=UTC), NOON, "file:points.csv: a/2"),
        ("adjust", datetime(2025, 1, 3, 9, tzinfo=UTC), NOON, "file:points.csv: a/3"),
    ]
    assert (wallet_of(program, "a").available, wallet_of(program, "b").available) == (72, 15)


def test_recorded_points_have_no_end(program, tmp_path):
    run(program, tmp_path)

    assert {one.expires_at for one in rows_of(Lot, program)} == {None}
    assert sum(one.remaining for one in rows_of(Lot, program)) == 87


def test_entries_sum_to_zero_against_adjustments(program, tmp_path):
    run(program, tmp_path)

    entries = rows_of(LedgerEntry, program)
    assert sum(one.units for one in entries) == 0
    assert {one.account for one in entries} == {"available", "adjusted"}


def test_member_with_a_bad_row_is_not_booked_at_all(program, tmp_path):
    run(program, tmp_path)

    with (tmp_path / "rejected.csv").open(encoding="utf-8", newline="") as file:
        assert [(row["line"], row["column"], row["reason"]) for row in csv.DictReader(file)] == [
            ("6", "used", "too_fine"),
            ("7", "", "member_has_a_bad_row_6"),
        ]


def test_finished_file_is_not_booked_again(program, tmp_path):
    run(program, tmp_path)
    before = len(rows_of(Operation, program))

    again = run(program, tmp_path)

    assert (again.finished_before, again.figures) == (True, MovementFigures())
    assert len(rows_of(Operation, program)) == before


def test_grown_file_of_the_source_adds_only_what_is_new(program, tmp_path):
    run(program, tmp_path)
    grown = tmp_path / "grown.csv"
    grown.write_text((SAMPLES / "points.csv").read_text() + "b,2025-02-01T12:00:00,0.0,-1.0,2\n")

    run(program, tmp_path, path=grown)

    assert (wallet_of(program, "a").available, wallet_of(program, "b").available) == (72, 5)


def test_spending_nothing_can_cover_is_reported(program, tmp_path):
    run(program, tmp_path)
    grown = tmp_path / "grown.csv"
    grown.write_text((SAMPLES / "points.csv").read_text() + "b,2025-02-01T12:00:00,0.0,-9.0,2\n")

    done = run(program, tmp_path, path=grown)

    assert wallet_of(program, "b").available == 15
    assert done.figures.rejected_rows == 4
    assert "insufficient_points" in (tmp_path / "rejected.csv").read_text(encoding="utf-8")


def test_movements_without_receipts_are_named_by_their_line(program, tmp_path):
    run(program, tmp_path, chosen="member=client,at=when,earned=got,spent=used")

    keys = [one.key for one in rows_of(Operation, program) if one.key]
    assert keys == ["b/5", "a/opening", "a/3", "a/4", "a/2"]


def test_points_of_a_currency_nobody_has_are_refused(program, tmp_path):
    with pytest.raises(Refusal) as refused:
        run(program, tmp_path, currency="stars")

    assert refused.value.code == Code.INVALID
    assert refused.value.params == {"field": "currency", "reason": "unknown_value", "known": ["bonus"]}
