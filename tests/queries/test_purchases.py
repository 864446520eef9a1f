"""Purchases read one by one and in pages (S3.7)."""

from uuid import uuid4

import pytest

from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.purchases import list_purchases, purchase_for_door
from tests.factories import NOON, make_member, make_program
from tests.tills import FREE_RULES, buy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    return make_program(rulebook=FREE_RULES)


def test_purchase_is_read_with_its_decision(program):
    member_id = make_member(program)
    bought = buy(program.id, member_id, "100", number="17")

    view = purchase_for_door(program.id, bought.purchase_id)

    row = view.row
    assert (row.member_id, row.source, row.external_id, row.at) == (member_id, "till:1", "17", NOON)
    assert (row.net_minor, row.paid_minor, row.returned_minor, row.state) == (10_000, 10_000, 0, "confirmed")
    assert view.version == 1
    assert view.decision.startswith("{") or view.decision.startswith("[")


def test_purchase_of_another_program_is_not_found(program):
    other = make_program("other", rulebook=FREE_RULES)
    bought = buy(other.id, None)

    for unknown in (bought.purchase_id, uuid4()):
        with pytest.raises(Refusal) as caught:
            purchase_for_door(program.id, unknown)
        assert (caught.value.code, caught.value.params) == (Code.NOT_FOUND, {"what": "purchase"})


def test_purchases_are_listed_latest_first_page_by_page(program):
    ids = [buy(program.id, None).purchase_id for _ in range(5)]

    first = list_purchases(program.id, limit=2)
    second = list_purchases(program.id, limit=2, before=first.before)
    third = list_purchases(program.id, limit=2, before=second.before)

    assert [row.id for page in (first, second, third) for row in page.rows] == ids[::-1]
    assert third.before is None


def test_full_last_page_has_no_next(program):
    buy(program.id, None)
    buy(program.id, None)

    assert list_purchases(program.id, limit=2).before is None


def test_purchases_of_one_member(program):
    member_id = make_member(program)
    mine = buy(program.id, member_id).purchase_id
    buy(program.id, None)

    assert [row.id for row in list_purchases(program.id, member_id=member_id).rows] == [mine]
    assert list_purchases(make_program("other").id, member_id=member_id).rows == []
