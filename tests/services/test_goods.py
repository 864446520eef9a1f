"""Goods asked for in vain: who asked is told when they arrive, and nobody else (S4.42)."""

import json

import pytest

from kopilka.bookkeeping.idempotency import Request
from kopilka.bookkeeping.notes import Asking
from kopilka.data.models.club import GoodsRequest
from kopilka.data.models.events import Event
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.goods import Asked, goods_arrived, goods_requests, request_goods, withdraw_request
from kopilka.services.outbox import handle_events
from kopilka.services.purchases import confirm_purchase
from tests.factories import NOON, make_member, make_program
from tests.tills import RULES, receipt, request, rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def asking(key=None):
    return Asking(SYSTEM_ACTOR, NOON, Request(key=key, fingerprint=b"1" * 32))


def ask(program, member, sku="PHONE", key=None, **facts):
    return request_goods(program_id=program.id, member_id=member, asked=Asked(sku, **facts), asking=asking(key))


def arrive(program, *skus, branch="", message="goods-arrived", key=None):
    return goods_arrived(program_id=program.id, skus=skus, branch=branch, message=message, asking=asking(key))


def states(program):
    return rows(program.id, GoodsRequest, "sku", "state")


def told(program):
    kinds = ("goods_arrived", "message_requested")
    found = rows(program.id, Event, "kind", "member_id", "payload")
    return [(kind, member, json.loads(text)["sku"]) for kind, member, text in found if kind in kinds]


def test_only_those_who_asked_are_told_s4_42(program):
    anna, boris = make_member(program), make_member(program, "+79161234568")
    make_member(program, "+79161234569")
    ask(program, anna)
    ask(program, boris, "CABLE")

    done = arrive(program, "PHONE", "LAMP")

    assert done.told == {"PHONE": 1, "LAMP": 0}
    assert told(program) == [("goods_arrived", anna, "PHONE"), ("message_requested", anna, "PHONE")]
    assert states(program) == [("PHONE", "arrived"), ("CABLE", "open")]
    assert arrive(program, "PHONE").told == {"PHONE": 0}


def test_arrival_in_a_branch_is_told_to_those_who_asked_there(program):
    anna, boris = make_member(program), make_member(program, "+79161234568")
    ask(program, anna, branch="center")
    ask(program, boris, branch="north")

    assert arrive(program, "PHONE", branch="north", message="").told == {"PHONE": 1}
    assert told(program) == [("goods_arrived", boris, "PHONE")]


def test_whoever_buys_it_waits_no_longer(program):
    anna = make_member(program)
    ask(program, anna)
    ask(program, anna, "CABLE")
    arrive(program, "PHONE")

    bought = confirm_purchase(program_id=program.id, request=request(anna, receipt(("PHONE", "100", 1))))
    handle_events(program_id=program.id, at=NOON)

    assert rows(program.id, GoodsRequest, "sku", "state", "purchase_id") == [
        ("PHONE", "bought", bought.purchase_id),
        ("CABLE", "open", None),
    ]


def test_request_is_made_once_and_may_be_withdrawn(program):
    anna = make_member(program)
    first = ask(program, anna, key="a", quantity=2_000, staff="ivan", note="чёрный")

    again = ask(program, anna, key="a", quantity=2_000, staff="ivan", note="чёрный")

    assert (again.replayed, again.request == first.request) == (True, True)
    with pytest.raises(Refusal) as caught:
        ask(program, anna)
    assert (caught.value.code, caught.value.params["reason"]) == (Code.INVALID, "asked_already")
    withdraw_request(program_id=program.id, request_id=first.request.id, asking=asking())
    assert arrive(program, "PHONE").told == {"PHONE": 0}
    ask(program, anna)
    assert states(program) == [("PHONE", "withdrawn"), ("PHONE", "open")]


def test_requests_are_listed_by_what_is_named(program):
    anna, boris = make_member(program), make_member(program, "+79161234568")
    ask(program, anna)
    ask(program, boris)
    ask(program, boris, "CABLE")

    first = goods_requests(program_id=program.id, by=SYSTEM_ACTOR, sku="PHONE", limit=1)
    second = goods_requests(program_id=program.id, by=SYSTEM_ACTOR, sku="PHONE", limit=1, after=first.after)
    of_boris = goods_requests(program_id=program.id, by=SYSTEM_ACTOR, member_id=boris, state="open")

    assert [row.member_id for row in first.rows + second.rows] == [anna, boris]
    assert second.after is None
    assert [row.sku for row in of_boris.rows] == ["PHONE", "CABLE"]
