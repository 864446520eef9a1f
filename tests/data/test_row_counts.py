"""SQLite's planner knows that a program has many rows: named rows are found by their ids, not by reading all."""

import pytest
from django.db import connection

from kopilka.data.ids import new_id
from kopilka.data.models.deeds import Deed
from kopilka.data.models.events import Event
from kopilka.data.models.ledger import Lot
from kopilka.data.models.purchases import Purchase
from kopilka.data.models.shares import ShareState

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL counts its rows"),
]


@pytest.mark.parametrize("model", [Deed, Event, Lot, Purchase, ShareState])
@pytest.mark.parametrize("count", [1, 5, 250])
def test_rows_of_a_program_are_found_by_their_ids(model, count):
    wanted = model.objects.of(new_id()).filter(id__in=[new_id() for _ in range(count)])

    plan = wanted.explain()

    assert "(id=?)" in plan
    assert "program_id=?" not in plan


def test_rows_of_a_receipt_are_found_by_its_number():
    plan = Purchase.objects.of(new_id()).filter(source="till:1", external_id="7").explain()

    assert "program_id=? AND source=? AND external_id=?" in plan
