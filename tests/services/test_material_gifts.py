"""Gifts shown as points of their own: exactly five packs at zero, closed with the purchase (S4.38, S4.39, S4.40)."""

import pytest

from kopilka.data.models.ledger import Wallet
from kopilka.engine.actor import SYSTEM_ACTOR, Actor, ActorKind, Capability
from kopilka.services.books import check_books
from kopilka.services.holds import HoldRequest, place_hold
from kopilka.services.purchases import cancel_open, confirm_open, confirm_purchase
from kopilka.services.quotes import QuoteRequest, quote_purchase
from kopilka.services.returns import return_purchase
from kopilka.services.wallets import AdjustRequest, adjust_points
from tests.factories import NOON, make_member, make_program
from tests.tills import TILL_1, books_agree, by_id, receipt, request, rows

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """\
rulebook: 1
program: Усы и хвосты
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00", starts_after: at_once}
  packs: {name: {ru: Пакетики, en: Packs}, gift: WHISKAS-85, starts_after: at_once}
spending:
  bonus: {}
spending_proof: {by: none}
promotions:
  cashback: {earn: {percent: 5, in: bonus}}
"""


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


@pytest.fixture
def member(program):
    member_id = make_member(program)
    give(program, member_id, "packs", 5)
    return member_id


def give(program, member_id, currency, units):
    asked = AdjustRequest(member_id, currency, units, "кошке 18 лет", SYSTEM_ACTOR, NOON)
    adjust_points(program_id=program.id, request=asked)


def sell(program, member_id, *lines, number="1", **facts):
    return confirm_purchase(program_id=program.id, request=request(member_id, receipt(*lines), number, **facts))


def packs(program):
    found = rows(program.id, Wallet, "currency", "available", "held")
    return [row[1:] for row in found if row[0] == "packs"]


def test_seller_sees_that_a_gift_is_due_s4_39(program, member):
    quoted = quote_purchase(
        program_id=program.id,
        request=QuoteRequest(receipt(("FOOD", "300", 1)), TILL_1, NOON, member=by_id(member)),
    )

    (hint,) = quoted.decision.beyond.hints
    assert (hint.tell, hint.code, hint.count, hint.detail) == ("gift_due", "packs", 5, "WHISKAS-85")


def test_exactly_five_packs_are_free_and_the_gift_closes_itself_s4_40(program, member):
    bought = sell(program, member, ("WHISKAS-85", "25", 6), ("FOOD", "300", 1))
    again = sell(program, member, ("WHISKAS-85", "25", 5), number="2")

    assert [(line.quantity, line.total, line.gift) for line in bought.decision.fiscal] == [
        (5000, 0, True),
        (1000, 25_00, False),
        (1000, 300_00, False),
    ]
    assert [(plan.currency, plan.units, plan.minor) for plan in bought.decision.spend if plan.units] == [
        ("packs", 5, 0)
    ]
    assert packs(program) == [(0, 0)]
    assert again.decision.totals.paid == 125_00
    assert books_agree(program.id)
    assert not [one for one in check_books(program_id=program.id) if one.findings]


def test_till_that_may_not_spend_points_hands_gifts_out(program, member):
    seller = Actor(ActorKind.KEY, TILL_1.id, "касса 2", frozenset({Capability.EARN}), till="1", branch="center")

    bought = sell(program, member, ("WHISKAS-85", "25", 5), by=seller)

    assert bought.decision.totals.paid == 0


def test_returned_packs_are_due_again(program, member):
    bought = sell(program, member, ("WHISKAS-85", "25", 5))

    return_purchase(
        program_id=program.id, purchase_id=bought.purchase_id, lines={1: 2000}, source="till:1", external_id="r1",
        by=TILL_1, at=NOON,
    )  # fmt: skip

    assert packs(program) == [(2, 0)]
    assert books_agree(program.id)


def test_open_purchase_holds_the_packs(program, member):
    opened = sell(program, member, ("WHISKAS-85", "25", 5), final=False)
    other = sell(program, member, ("WHISKAS-85", "25", 5), number="2")

    assert packs(program) == [(0, 5)]
    assert other.decision.totals.paid == 125_00

    cancel_open(program_id=program.id, purchase_id=opened.purchase_id, by=TILL_1, at=NOON)
    assert packs(program) == [(5, 0)]

    again = sell(program, member, ("WHISKAS-85", "25", 5), number="3", final=False)
    confirm_open(program_id=program.id, purchase_id=again.purchase_id, by=TILL_1, at=NOON)
    assert packs(program) == [(0, 0)]
    assert books_agree(program.id)


def test_purchase_from_a_hold_closes_the_gift_too(program, member):
    give(program, member, "bonus", 100)
    held = place_hold(program_id=program.id, request=HoldRequest(by_id(member), "bonus", 100, TILL_1, NOON))

    bought = sell(program, member, ("WHISKAS-85", "25", 5), ("FOOD", "300", 1), hold_id=held.hold_id)

    assert bought.decision.totals.paid == 200_00
    assert packs(program) == [(0, 0)]
    assert books_agree(program.id)


def test_gift_that_may_not_be_split_is_given_whole():
    whole = make_program("whole", rulebook=RULES.replace("gift: WHISKAS-85", "gift: WHISKAS-85, partly: no"))
    member_id = make_member(whole)
    give(whole, member_id, "packs", 5)

    some = sell(whole, member_id, ("WHISKAS-85", "25", 4))
    every = sell(whole, member_id, ("WHISKAS-85", "25", 5), number="2")

    assert (some.decision.totals.paid, every.decision.totals.paid) == (100_00, 0)


def test_gift_is_printed_as_the_rulebook_says():
    kopeck = make_program("kopeck", rulebook=RULES + "fiscal: {zero_gift: minor_unit}\n")
    member_id = make_member(kopeck)
    give(kopeck, member_id, "packs", 5)

    bought = sell(kopeck, member_id, ("WHISKAS-85", "25", 5), ("FOOD", "300", 1))

    assert [(line.sku, line.quantity, line.price, line.total, line.gift) for line in bought.decision.fiscal] == [
        ("WHISKAS-85", 5000, 1, 5, True),
        ("FOOD", 1000, 299_95, 299_95, False),
    ]
