"""Open purchases: points stand aside until the purchase is made final or called off."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from kopilka.data.models.events import Event
from kopilka.data.models.holds import Hold
from kopilka.data.models.ledger import Lot, Operation
from kopilka.data.models.purchases import Purchase
from kopilka.data.models.rulebooks import RuleUse
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.purchases import PurchaseState, cancel_open, confirm_open, confirm_purchase
from tests.factories import NOON, make_member, make_program
from tests.tills import FREE_RULES, TILL_1, books_agree, bread, buy, member_row, request, rows, wallet, with_key

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOON + timedelta(minutes=20)


@pytest.fixture
def program():
    return make_program(rulebook=FREE_RULES)


@pytest.fixture
def member_id(program):
    member_id = make_member(program)
    buy(program.id, member_id, "500")
    return member_id


def open_one(program, member_id, sold=None, **facts):
    asked = request(member_id, sold or bread(spend=40), "17", final=False, **facts)
    return confirm_purchase(program_id=program.id, request=asked)


def end(act, program, purchase_id, at=LATER, **facts):
    return act(program_id=program.id, purchase_id=purchase_id, by=TILL_1, at=at, **facts)


def refused(act, *arguments, **facts):
    with pytest.raises(Refusal) as caught:
        act(*arguments, **facts)
    return caught.value.code, caught.value.params


def test_open_purchase_holds_points_and_earns_nothing(program, member_id):
    opened = open_one(program, member_id)

    assert opened.state is PurchaseState.OPEN
    assert wallet(program.id, member_id) == (10, 0, 40, 0)
    assert rows(program.id, Hold, "units", "state", "purchase_id", "expires_at") == [
        (40, "open", opened.purchase_id, NOON + timedelta(minutes=60))
    ]
    assert rows(program.id, Purchase, "state")[-1] == ("open",)
    assert rows(program.id, Event, "kind")[-1] == ("purchase_opened",)
    assert member_row(program.id, member_id).purchases == 1
    assert books_agree(program.id)


def test_confirming_applies_what_was_decided(program, member_id):
    opened = open_one(program, member_id)

    confirmed = end(confirm_open, program, opened.purchase_id)

    assert (confirmed.state, confirmed.decision, confirmed.replayed) == (
        PurchaseState.CONFIRMED,
        opened.decision,
        False,
    )
    assert wallet(program.id, member_id) == (16, 0, 0, 0)
    assert rows(program.id, Hold, "captured", "state") == [(40, "captured")]
    assert rows(program.id, Lot, "amount", "remaining", "purchase_id")[-1] == (6, 6, opened.purchase_id)
    member = member_row(program.id, member_id)
    assert (member.purchases, member.spent_minor) == (2, 56_000)
    assert rows(program.id, Event, "kind")[-1] == ("purchase_confirmed",)
    assert books_agree(program.id)


def test_cancelling_gives_the_points_back(program, member_id):
    opened = open_one(program, member_id)

    cancelled = end(cancel_open, program, opened.purchase_id)

    assert cancelled.state is PurchaseState.CANCELLED
    assert wallet(program.id, member_id) == (50, 0, 0, 0)
    assert rows(program.id, Hold, "captured", "state") == [(0, "released")]
    assert rows(program.id, Lot, "amount", "remaining") == [(50, 50)]
    assert member_row(program.id, member_id).purchases == 1
    assert books_agree(program.id)


def test_both_ends_may_be_repeated(program, member_id):
    one, two = open_one(program, member_id, bread()), open_one_more(program, member_id)
    operations = None
    for _ in range(2):
        confirmed, cancelled = end(confirm_open, program, one.purchase_id), end(cancel_open, program, two.purchase_id)
        operations = operations or rows(program.id, Operation, "id")

    assert (confirmed.state, confirmed.replayed) == (PurchaseState.CONFIRMED, True)
    assert (cancelled.state, cancelled.replayed) == (PurchaseState.CANCELLED, True)
    assert rows(program.id, Operation, "id") == operations


def open_one_more(program, member_id):
    asked = request(member_id, bread(spend=10), "18", final=False)
    return confirm_purchase(program_id=program.id, request=asked)


def test_end_is_repeated_by_its_key_with_the_first_answer(program, member_id):
    opened = open_one(program, member_id)
    first = end(confirm_open, program, opened.purchase_id, request=with_key("k9"), language="en")
    buy(program.id, member_id, "100")

    again = end(confirm_open, program, opened.purchase_id, request=with_key("k9"))

    assert again == replace(first, replayed=True)
    assert refused(end, cancel_open, program, opened.purchase_id, request=with_key("k9"))[0] is Code.KEY_REUSED


def test_opening_is_repeated_as_it_was_after_it_was_confirmed(program, member_id):
    opened = open_one(program, member_id, request=with_key("k1"))
    end(confirm_open, program, opened.purchase_id)

    assert open_one(program, member_id, request=with_key("k1")) == replace(opened, replayed=True)


def test_confirmed_purchase_is_not_cancelled_and_the_other_way_round(program, member_id):
    final = buy(program.id, member_id, "100")
    opened = open_one(program, member_id)
    end(cancel_open, program, opened.purchase_id)

    assert refused(end, cancel_open, program, final.purchase_id) == (Code.PURCHASE_FINAL, {})
    assert refused(end, confirm_open, program, opened.purchase_id) == (Code.PURCHASE_CANCELLED, {})


def test_confirming_is_too_late_when_the_points_wait_no_longer(program, member_id):
    opened = open_one(program, member_id, life_minutes=20)

    assert refused(end, confirm_open, program, opened.purchase_id) == (Code.HOLD_EXPIRED, {})
    assert end(cancel_open, program, opened.purchase_id).state is PurchaseState.CANCELLED
    assert wallet(program.id, member_id) == (50, 0, 0, 0)


def test_unknown_purchase_is_not_found(program):
    assert refused(end, confirm_open, program, uuid4()) == (Code.NOT_FOUND, {"what": "purchase"})


def test_open_purchase_of_nobody(program):
    opened = open_one(program, None, bread())

    assert end(confirm_open, program, opened.purchase_id).state is PurchaseState.CONFIRMED
    assert end(confirm_open, program, opened.purchase_id).replayed is True


def test_coupon_of_a_cancelled_purchase_may_be_used_again():
    program = make_program(rulebook=WITH_COUPON_RULES)
    member_id = make_member(program)
    sold = bread(codes=("ВЕСНА",))
    opened = open_one(program, member_id, sold)
    assert (opened.decision.coupons, rows(program.id, RuleUse, "used")) == (["spring"], [(1,)])
    refused_meanwhile = confirm_purchase(program_id=program.id, request=request(member_id, sold, "18"))
    assert refused_meanwhile.decision.coupons == []

    end(cancel_open, program, opened.purchase_id)

    assert rows(program.id, RuleUse, "used") == [(0,)]
    assert confirm_purchase(program_id=program.id, request=request(member_id, sold, "19")).decision.coupons == [
        "spring"
    ]


WITH_COUPON_RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
promotions:
  spring: {when: {coupon: spring}, discount: {percent: 10}}
coupons:
  spring: {words: [ВЕСНА], uses: 1}
"""


def test_fraction_of_an_open_purchase_is_added_to_what_is_kept_by_then():
    rules = FREE_RULES.replace("life: {days: 365}", "carry: true").replace(
        "earn: {percent: 10}", 'earn: {points: 1, per: "50.00"}'
    )
    program = make_program(rulebook=rules)
    member_id = make_member(program)
    opened = open_one(program, member_id, bread("30"))
    buy(program.id, member_id, "30")

    end(confirm_open, program, opened.purchase_id)
    buy(program.id, member_id, "40")

    assert wallet(program.id, member_id)[0] == 2


def test_open_purchase_of_nobody_is_cancelled(program):
    opened = open_one(program, None, bread())

    assert end(cancel_open, program, opened.purchase_id).state is PurchaseState.CANCELLED


def test_uses_of_each_member_come_back_too():
    program = make_program(rulebook=WITH_COUPON_RULES.replace("uses: 1", "uses_each: 1"))
    member_id = make_member(program)
    sold = bread(codes=("ВЕСНА",))
    opened = open_one(program, member_id, sold)
    assert rows(program.id, RuleUse, "member_id", "used") == [(member_id, 1)]

    end(cancel_open, program, opened.purchase_id)

    assert rows(program.id, RuleUse, "used") == [(0,)]


def test_coupon_without_bounds_is_not_counted():
    program = make_program(rulebook=WITH_COUPON_RULES.replace(", uses: 1", ""))
    opened = open_one(program, None, bread(codes=("ВЕСНА",)))
    assert opened.decision.coupons == ["spring"]

    end(cancel_open, program, opened.purchase_id)

    assert rows(program.id, RuleUse, "id") == []
