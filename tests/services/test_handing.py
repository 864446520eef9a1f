"""A gift handed over at a till by itself closes once (S4.39, S4.40)."""

from dataclasses import replace

import pytest

from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.gifts import claim_for_till
from kopilka.queries.purchases import list_purchases
from kopilka.services.gifts import ChooseRequest, choose_gift
from kopilka.services.handing import Handing, hand_over
from kopilka.services.wallets import AdjustRequest, adjust_points
from tests.factories import NOON, make_member, make_program
from tests.tills import TILL_1, books_agree, wallet, with_key

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00", starts_after: at_once}
  packs: {name: Пакетики, gift: PACK, starts_after: at_once}
spending: {bonus: {share_of_receipt: 50}}
spending_proof: {by: none}
gifts:
  mug: {name: Кружка, sku: MUG, for: {bonus: 100}, with: "50.00"}
  cake: {name: Торт, sku: CAKE, for: {bonus: 100}, code_needed: no}
promotions:
  cashback: {earn: {percent: 10, in: bonus}}
"""


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


@pytest.fixture
def member_id(program):
    found = make_member(program)
    for currency, units in (("bonus", 200), ("packs", 5)):
        adjust_points(
            program_id=program.id, request=AdjustRequest(found, currency, units, "подарок", SYSTEM_ACTOR, NOON)
        )
    return found


def chosen(program, member_id, gift):
    return choose_gift(program_id=program.id, request=ChooseRequest(member_id, gift, TILL_1, NOON))


def handing(member_id, **facts):
    made = Handing(member_id, "1-g1", TILL_1, NOON, "01", request=with_key("a"))
    return replace(made, **facts)


def test_gift_with_a_code_is_handed_over_for_what_is_paid_beside(program, member_id):
    claim = chosen(program, member_id, "mug")

    done = hand_over(program=program, handing=handing(member_id, claim_id=claim.claim_id))

    assert [(line.name, line.total) for line in done.decision.fiscal] == [("Кружка", 5000)]
    assert claim_for_till(program.id, claim.code).state == "collected"
    assert claim_for_till(program.id, claim.code).purchase_id == done.purchase_id
    assert books_agree(program.id)


def test_gift_without_a_code_is_rung_and_taken_off(program, member_id):
    claim = chosen(program, member_id, "cake")

    done = hand_over(program=program, handing=handing(member_id, claim_id=claim.claim_id))

    assert [(line.sku, line.quantity, line.paid) for line in done.decision.lines] == [("CAKE", 1000, 0)]
    assert claim_for_till(program.id, str(claim.claim_id)).state == "collected"


def test_same_request_hands_over_once(program, member_id):
    claim = chosen(program, member_id, "mug")
    asked = handing(member_id, claim_id=claim.claim_id)
    first = hand_over(program=program, handing=asked)

    again = hand_over(program=program, handing=replace(asked, number="1-g2"))

    assert (again.purchase_id, again.replayed) == (first.purchase_id, True)
    assert len(list_purchases(program.id).rows) == 1


def test_second_till_is_refused(program, member_id):
    claim = chosen(program, member_id, "mug")
    hand_over(program=program, handing=handing(member_id, claim_id=claim.claim_id))

    with pytest.raises(Refusal) as refused:
        hand_over(
            program=program, handing=handing(member_id, claim_id=claim.claim_id, number="2-g1", request=with_key("b"))
        )

    assert (refused.value.code, refused.value.params) == (Code.GIFT_CLOSED, {"state": "collected"})
    assert len(list_purchases(program.id).rows) == 1


def test_trying_books_nothing(program, member_id):
    claim = chosen(program, member_id, "mug")

    tried = hand_over(program=program, handing=handing(member_id, claim_id=claim.claim_id), dry_run=True)

    assert (tried.purchase_id, tried.decision.totals.paid) == (None, 5000)
    assert list_purchases(program.id).rows == []
    assert claim_for_till(program.id, claim.code).state == "open"


def test_five_packs_that_stand_as_points_are_handed_over_s4_40(program, member_id):
    asked = handing(member_id, currency="packs", sku="PACK", pieces=5)

    done = hand_over(program=program, handing=asked)

    assert [(line.sku, line.quantity, line.paid) for line in done.decision.lines] == [("PACK", 5000, 0)]
    with pytest.raises(Refusal) as refused:
        hand_over(program=program, handing=replace(asked, number="1-g2", request=with_key("b")))
    assert refused.value.params == {"gift": "packs", "reason": "not_due"}


def test_more_packs_than_are_due_are_refused(program, member_id):
    with pytest.raises(Refusal) as refused:
        hand_over(program=program, handing=handing(member_id, currency="packs", sku="PACK", pieces=6))

    assert refused.value.code is Code.GIFT_UNAVAILABLE
    assert list_purchases(program.id).rows == []


def test_gift_is_not_handed_to_somebody_else(program, member_id):
    claim = chosen(program, member_id, "mug")
    other = make_member(program, "+79160000001")

    with pytest.raises(Refusal) as refused:
        hand_over(program=program, handing=handing(other, claim_id=claim.claim_id))

    assert refused.value.code is Code.NOT_FOUND
    assert wallet(program.id, member_id) == (100, 0, 0, 0)
