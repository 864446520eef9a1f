"""What became of a sale whose answer was lost, and a page that shows another receipt than the till is at."""

from uuid import uuid4

import pytest

from kopilka.data.models.purchases import Purchase
from kopilka.services.open_receipts import drop_receipt
from tests.counter import let_in, make_cashier
from tests.factories import NOON, make_member, make_program
from tests.till.test_sale import Till
from tests.tills import FREE_RULES, rows

pytestmark = pytest.mark.django_db(transaction=True)

SALE = "/till/lavka/"


@pytest.fixture
def program():
    made = make_program(rulebook=FREE_RULES)
    make_cashier(made)
    make_member(made)
    return made


@pytest.fixture
def till(program):
    made = Till(program)
    for text in ("89161234567", "100"):
        made.enter(text)
    return made


def asked(till, receipt):
    return till.client.get(f"{SALE}sent/{receipt}/")["Location"]


def test_a_booked_sale_is_told_by_its_slip(program, till):
    receipt = till.receipt.id
    till.enter()

    assert asked(till, receipt) == f"{SALE}receipt/{receipt}/"


def test_one_that_still_stands_at_the_till_leads_back_to_it(program, till):
    assert asked(till, till.receipt.id) == SALE


def test_put_away_unknown_and_another_tills_receipts_are_answered_alike(program, till):
    other = Till(program, enrolled=let_in(program, name="Касса 2"))
    other.enter(do="nobody")
    away = till.receipt.id
    drop_receipt(program_id=program.id, device_id=till.enrolled.device.id, at=NOON)

    assert {asked(till, one) for one in (away, uuid4(), other.receipt.id)} == {f"{SALE}#not-booked"}


def test_the_page_keeps_in_mind_what_was_sent(program, till):
    assert 'data-minor="10000"' in till.html
    assert "data-named" in till.html
    assert 'id="line-sent"' in till.client.get(SALE).content.decode()


def test_in_training_nothing_is_kept_in_mind(program):
    till = Till(program, training=True)
    for text in ("89161234567", "100"):
        till.enter(text)

    assert "data-minor" not in till.html


def test_enter_on_a_page_of_another_receipt_sells_nothing(program, till):
    """Two tabs of one till: what stands in the other one is shown first, even when it comes to the same."""
    stale = till.hidden()
    drop_receipt(program_id=program.id, device_id=till.enrolled.device.id, at=NOON)
    till.html = till.client.get(SALE).content.decode()
    till.enter("89161234567")
    till.enter("100")

    answer = till.client.post(f"{SALE}confirm/", {**stale, "text": ""}, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert f'value="{till.receipt.id}"' in answer.content.decode()
    assert rows(program.id, Purchase, "id") == []
