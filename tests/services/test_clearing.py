"""A coalition: points given at one partner, taken at another, settled to the kopeck, counted once (S1.2)."""

from datetime import timedelta

import pytest

from kopilka.bookkeeping.notes import Asking
from kopilka.data.models.shares import Acceptance
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.clearing import ClearingLine, Payment
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.coalition import Liability
from kopilka.services.beneficiaries import NewBeneficiary, add_beneficiary
from kopilka.services.clearing import (
    list_acts,
    read_act,
    read_clearing,
    read_liabilities,
    read_open_clearing,
    settle_clearing,
)
from kopilka.services.purchases import confirm_purchase
from kopilka.services.returns import ALL, return_purchase
from tests.factories import NOON, make_member, make_program
from tests.sharing import work
from tests.tills import TILL_1, receipt, request, rows

pytestmark = pytest.mark.django_db(transaction=True)

COALITION = """\
rulebook: 1
program: Пассаж
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00"}
spending:
  bonus: {share_of_receipt: 50}
spending_proof: {by: none}
partners:
  bakery: {name: Пекарня, branches: [oven]}
  books: {name: Книги, branches: [shelf], fee: "2.5"}
promotions:
  cashback: {earn: {percent: 10}}
shares:
  landlord: {to: partner, partner: bakery, branches: [shelf], earn: {percent: 1}, funded_by: books}
"""
DAY = timedelta(days=1)


@pytest.fixture
def program():
    return make_program(rulebook=COALITION)


@pytest.fixture
def member_id(program):
    return make_member(program)


def sell(program, member_id, branch, price, number, at=NOON, spend=0, lines=None):
    sold = receipt(*(lines or [("GOODS", price, 1)]), at=at, spend=spend, branch=branch)
    return confirm_purchase(program_id=program.id, request=request(member_id, sold, number, at=at))


def bring(program, bought, number, at, lines=ALL):
    return_purchase(
        program_id=program.id, purchase_id=bought.purchase_id, lines=lines, external_id=number, at=at, by=TILL_1,
        source="till:1",
    )  # fmt: skip


def settle(program, until, at=None):
    return settle_clearing(program_id=program.id, until=until, asking=Asking(SYSTEM_ACTOR, at or until))


def refused(act, *arguments, **facts):
    with pytest.raises(Refusal) as caught:
        act(*arguments, **facts)
    return caught.value.code, caught.value.params


def test_who_gave_the_points_owes_who_took_them_less_the_fee(program, member_id):
    sell(program, member_id, "oven", "1000", "1")
    sell(program, member_id, "shelf", "333", "2", spend=100)
    work(program.id)

    settled = read_open_clearing(program_id=program.id, by=SYSTEM_ACTOR)

    assert settled.lines == [ClearingLine("bakery", "books", "bonus", 100, 10_000, 250, 1)]
    assert settled.payments == [Payment("bakery", "books", 9_750)]
    assert settled.balances == {"bakery": -9_750, "books": 9_750}


def test_what_both_owe_is_set_off(program, member_id):
    sell(program, member_id, "oven", "1000", "1")
    sell(program, member_id, "shelf", "1000", "2", spend=100)
    sell(program, member_id, "oven", "200", "3", spend=90)
    work(program.id)

    settled = read_open_clearing(program_id=program.id, by=SYSTEM_ACTOR)

    assert [(line.issuer, line.acceptor, line.owed_minor) for line in settled.lines] == [
        ("bakery", "books", 9_750),
        ("books", "bakery", 9_000),
    ]
    assert settled.payments == [Payment("bakery", "books", 750)]


def test_points_of_the_programs_owner_are_owed_by_him(program, member_id):
    sell(program, member_id, "", "1000", "1")
    sell(program, member_id, "oven", "200", "2", spend=50)
    work(program.id)

    assert read_open_clearing(program_id=program.id, by=SYSTEM_ACTOR).payments == [Payment("", "bakery", 5_000)]


def test_own_points_at_an_own_branch_are_nobodys_business(program, member_id):
    sell(program, member_id, "oven", "1000", "1")
    sell(program, member_id, "oven", "200", "2", spend=100)
    work(program.id)

    assert rows(program.id, Acceptance, "minor") == []


def test_returns_reverse_it_whatever_the_parts(program, member_id):
    sell(program, member_id, "oven", "1000", "1")
    bought = sell(program, member_id, "shelf", "", "2", spend=77, lines=[("A", "100", 1), ("B", "55", 1)])
    work(program.id)

    bring(program, bought, "r1", NOON + DAY, {1: 1000})
    work(program.id, NOON + DAY)
    bring(program, bought, "r2", NOON + 2 * DAY)
    work(program.id, NOON + 2 * DAY)

    settled = read_open_clearing(program_id=program.id, by=SYSTEM_ACTOR)
    assert [(line.units, line.minor, line.fee_minor) for line in settled.lines] == [(0, 0, 0)]
    assert settled.payments == []


def test_an_act_closes_a_period_once_and_late_sales_land_in_the_next(program, member_id):
    sell(program, member_id, "oven", "1000", "1")
    sell(program, member_id, "shelf", "100", "2", spend=30)
    work(program.id)
    first = settle(program, NOON + DAY)
    late = sell(program, member_id, "shelf", "100", "3", spend=20)
    work(program.id, NOON + DAY)
    bring(program, late, "r1", NOON + DAY)
    sell(program, member_id, "shelf", "100", "4", NOON + DAY, spend=10)
    work(program.id, NOON + 2 * DAY)

    again = refused(settle, program, NOON + DAY, NOON + 2 * DAY)
    second = settle(program, NOON + 2 * DAY)
    whole = read_clearing(program_id=program.id, by=SYSTEM_ACTOR, since=None, until=None)

    assert (first.view.number, first.view.since, first.view.until) == (1, None, NOON + DAY)
    assert (second.view.number, second.view.since) == (2, NOON + DAY)
    assert first.clearing.payments == [Payment("bakery", "books", 2_925)]
    assert second.clearing.payments == [Payment("bakery", "books", 975)]
    assert whole.payments == [Payment("bakery", "books", 3_900)]
    assert again == (Code.INVALID, {"field": "until", "reason": "closed_already"})
    assert read_act(program_id=program.id, number=2, by=SYSTEM_ACTOR).clearing == second.clearing
    assert [one.number for one in list_acts(program_id=program.id, by=SYSTEM_ACTOR)] == [2, 1]


def test_a_period_that_is_not_over_cannot_be_closed(program):
    told = refused(settle, program, NOON + DAY, NOON)

    assert told == (Code.INVALID, {"field": "until", "reason": "in_future"})


def test_points_that_are_out_are_told_by_who_answers_for_them(program, member_id):
    add_beneficiary(program_id=program.id, new=NewBeneficiary("partner", "bakery"), asking=Asking(SYSTEM_ACTOR, NOON))
    sell(program, member_id, "oven", "1000", "1")
    sell(program, member_id, "shelf", "500", "2")
    sell(program, member_id, "", "70", "3")
    work(program.id)

    assert read_liabilities(program_id=program.id, by=SYSTEM_ACTOR) == [
        Liability("", "bonus", 7, 700),
        Liability("bakery", "bonus", 100, 10_000),
        Liability("books", "bonus", 55, 5_500),
    ]
