"""Confirming purchases: rows, replays, batches, proof (S4.6, I1, I11, I14)."""

from datetime import timedelta

import pytest

from kopilka.data.models.events import Event
from kopilka.data.models.ledger import Draw, LedgerEntry, Lot, Operation
from kopilka.data.models.purchases import Purchase
from tests.factories import NOON, make_member, make_program
from tests.tills import (
    FREE_RULES,
    books_agree,
    bread,
    buy,
    member_row,
    request,
    rows,
    wallet,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    return make_program(rulebook=FREE_RULES)


def test_purchase_leaves_exactly_these_rows(program):
    member_id = make_member(program)

    result = buy(program.id, member_id, "750", number="17")

    purchase_id = result.purchase_id
    assert rows(
        program.id, Purchase, "id", "member_id", "state", "source", "external_id", "net_minor", "paid_minor"
    ) == [(purchase_id, member_id, "confirmed", "till:1", "17", 75_000, 75_000)]
    assert rows(program.id, Operation, "id", "kind", "subject_id", "actor_name", "status")[-1] == (
        purchase_id, "purchase", purchase_id, "касса 1", 201,
    )  # fmt: skip
    assert sorted(rows(program.id, LedgerEntry, "account", "units")) == [("available", 75), ("expense", -75)]
    assert rows(program.id, Lot, "amount", "remaining", "active", "purchase_id", "expires_at") == [
        (75, 75, True, purchase_id, NOON + timedelta(days=365))
    ]
    assert rows(program.id, Draw, "units") == []
    assert rows(program.id, Event, "kind", "member_id", "subject_id")[-1] == (
        "purchase_confirmed",
        member_id,
        purchase_id,
    )
    member = member_row(program.id, member_id)
    assert (member.purchases, member.spent_minor, member.last_purchase_minor, member.last_purchase_at) == (
        1, 75_000, 75_000, NOON,
    )  # fmt: skip
    assert wallet(program.id, member_id) == (75, 0, 0, 0)
    assert books_agree(program.id)
