"""Gifts of the catalogue: chosen for points, collected by a code, once, given back (S1.9, S1.10, S1.11, S1.12)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kopilka.data.models.gifts import GiftClaim
from kopilka.data.models.rulebooks import RuleUse
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.gift_times import expire_gifts
from kopilka.services.gifts import ChooseRequest, cancel_gift, choose_gift, list_gifts
from kopilka.services.purchases import cancel_open, confirm_open, confirm_purchase
from kopilka.services.quotes import QuoteRequest, quote_purchase
from kopilka.services.returns import return_purchase
from tests.factories import NOON, make_member, make_program
from tests.tills import TILL_1, VOUCHED, books_agree, buy, by_id, receipt, request, rows, wallet, with_key

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """\
rulebook: 1
program: Кофейня
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00", starts_after: at_once}
spending_proof: {by: none}
promotions:
  cashback: {earn: {percent: 10}}
gifts:
  cake:
    name: {ru: Торт, en: Cake}
    sku: CAKE
    for: {bonus: 100}
    life: {days: 14}
    stock: 2
  mug:
    name: {ru: Кружка, en: Mug}
    sku: MUG
    quantity: 2
    for: {bonus: 50}
    with: "30.00"
  spoon: {sku: SPOON, for: {bonus: 10}, code_needed: no}
"""


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


@pytest.fixture
def member(program):
    member_id = make_member(program)
    buy(program.id, member_id, "3000")
    return member_id


def choose(program, member_id, gift="cake", **facts):
    return choose_gift(program_id=program.id, request=ChooseRequest(member_id, gift, TILL_1, NOON, **facts))


def sell(program, member_id, sold, number="7", **facts):
    return confirm_purchase(program_id=program.id, request=request(member_id, sold, number, **facts))


def test_catalogue_says_what_the_member_can_choose_s1_10(program, member):
    offered = list_gifts(program_id=program.id, member_id=member, by=TILL_1, at=NOON)

    assert [(one.gift.code, one.left, one.missing, one.can_choose) for one in offered] == [
        ("cake", 2, {}, True),
        ("mug", None, {}, True),
        ("spoon", None, {}, True),
    ]


def test_chosen_gift_takes_its_points_and_brings_a_coupon_s1_11(program, member):
    chosen = choose(program, member)

    assert wallet(program.id, member) == (200, 0, 0, 0)
    assert len(chosen.code) == 13
    assert (chosen.state, chosen.pieces, chosen.paid, chosen.until) == ("open", 1, {"bonus": 100}, NOON + timedelta(14))
    assert books_agree(program.id)


def test_gift_is_collected_by_its_code_and_no_second_time_s1_12(program, member):
    chosen = choose(program, member)

    first = sell(program, member, receipt(("BREAD", "100", 1), codes=(chosen.code.lower(),)))
    second = sell(program, member, receipt(("BREAD", "100", 1), codes=(chosen.code,)), "8")

    added = first.decision.lines[1]
    assert (added.sku, added.quantity, added.net, added.gift) == ("CAKE", 1000, 0, True)
    assert first.decision.totals.paid == 100_00
    assert first.decision.coupons_refused == []
    assert [line.sku for line in second.decision.lines] == ["BREAD"]
    assert second.decision.coupons_refused == [chosen.code]
    assert rows(program.id, GiftClaim, "state", "purchase_id") == [("collected", first.purchase_id)]


def test_rung_article_becomes_free_for_exactly_the_gift(program, member):
    chosen = choose(program, member)

    sold = sell(program, member, receipt(("CAKE", "250", 3), codes=(chosen.code,)))

    assert [(line.sku, line.net, line.gift) for line in sold.decision.lines] == [("CAKE", 500_00, False)]
    assert [(line.quantity, line.total, line.gift) for line in sold.decision.fiscal] == [
        (1000, 0, True),
        (2000, 500_00, False),
    ]


def test_gift_without_a_code_is_given_when_its_article_is_rung(program, member):
    choose(program, member, "spoon")

    other = sell(program, member, receipt(("BREAD", "100", 1)))
    sold = sell(program, member, receipt(("SPOON", "40", 2)), "8")

    assert [line.net for line in other.decision.lines] == [100_00]
    assert [(hint.tell, hint.code, hint.count) for hint in other.decision.beyond.hints] == [("gift_due", "spoon", 1)]
    assert [line.net for line in sold.decision.lines] == [40_00]


def test_money_to_be_paid_beside_stays_on_the_line(program, member):
    added = sell(program, member, receipt(("BREAD", "100", 1), codes=(choose(program, member, "mug").code,)))
    rung = sell(program, member, receipt(("MUG", "200", 2), codes=(choose(program, member, "mug").code,)), "8")

    assert [(line.sku, line.quantity, line.paid, line.gift) for line in added.decision.lines] == [
        ("BREAD", 1000, 100_00, False),
        ("MUG", 2000, 30_00, False),
    ]
    assert [(line.sku, line.paid) for line in rung.decision.lines] == [("MUG", 30_00)]


def test_code_works_for_a_buyer_nobody_named_and_not_for_another_member(program, member):
    other = make_member(program, "+79160000002")
    chosen = choose(program, member)

    stranger = sell(program, other, receipt(("BREAD", "100", 1), codes=(chosen.code,)))
    unnamed = sell(program, None, receipt(("BREAD", "100", 1), codes=(chosen.code,)), "8")

    assert stranger.decision.coupons_refused == [chosen.code]
    assert [line.sku for line in unnamed.decision.lines] == ["BREAD", "CAKE"]


def test_quote_equals_its_purchase(program, member):
    sold = receipt(("BREAD", "100", 1), codes=(choose(program, member).code,))

    asked = QuoteRequest(sold, TILL_1, NOON, member=by_id(member))
    quoted = quote_purchase(program_id=program.id, request=asked)
    bought = sell(program, member, None, quote_id=quoted.quote_id)

    assert bought.decision == quoted.decision


def test_open_purchase_sets_the_gift_aside(program, member):
    chosen = choose(program, member)
    sold = receipt(("BREAD", "100", 1), codes=(chosen.code,))

    opened = sell(program, member, sold, final=False)
    meanwhile = sell(program, member, sold, "8")
    cancel_open(program_id=program.id, purchase_id=opened.purchase_id, by=TILL_1, at=NOON)
    again = sell(program, member, sold, "9", final=False)
    confirm_open(program_id=program.id, purchase_id=again.purchase_id, by=TILL_1, at=NOON)

    assert meanwhile.decision.coupons_refused == [chosen.code]
    assert [line.sku for line in again.decision.lines] == ["BREAD", "CAKE"]
    assert rows(program.id, GiftClaim, "state", "purchase_id") == [("collected", again.purchase_id)]


def test_returned_gift_waits_again(program, member):
    chosen = choose(program, member)
    bought = sell(program, member, receipt(("BREAD", "100", 1), codes=(chosen.code,)))

    back(program, bought, {1: 1000}, "r1")
    assert rows(program.id, GiftClaim, "state") == [("collected",)]
    back(program, bought, {2: 1000}, "r2")

    assert rows(program.id, GiftClaim, "state", "purchase_id") == [("open", None)]


def back(program, bought, lines, number):
    return return_purchase(
        program_id=program.id, purchase_id=bought.purchase_id, lines=lines, source="till:1", external_id=number,
        by=TILL_1, at=NOON,
    )  # fmt: skip


def test_cancelled_choice_gives_points_and_stock_back(program, member):
    chosen = choose(program, member)

    done = cancel_gift(program_id=program.id, claim_id=chosen.claim_id, by=TILL_1, at=NOON)
    again = cancel_gift(program_id=program.id, claim_id=chosen.claim_id, by=TILL_1, at=NOON)

    assert (done.state, again.state, again.replayed) == ("cancelled", "cancelled", True)
    assert wallet(program.id, member) == (300, 0, 0, 0)
    assert rows(program.id, RuleUse, "code", "used") == [("cake", 0)]
    assert books_agree(program.id)


def test_collected_gift_cannot_be_called_off(program, member):
    chosen = choose(program, member)
    sell(program, member, receipt(("BREAD", "100", 1), codes=(chosen.code,)))

    with pytest.raises(Refusal) as refused:
        cancel_gift(program_id=program.id, claim_id=chosen.claim_id, by=TILL_1, at=NOON)

    assert (refused.value.code, refused.value.params) == (Code.GIFT_CLOSED, {"state": "collected"})


def test_gift_nobody_collects_is_over_and_its_points_come_back(program, member):
    chosen = choose(program, member)
    ends = NOON + timedelta(days=14)

    assert expire_gifts(program_id=program.id, at=ends - timedelta(seconds=1)) == 0
    assert expire_gifts(program_id=program.id, at=ends) == 1
    assert expire_gifts(program_id=program.id, at=ends) == 0

    late = sell(program, member, receipt(("BREAD", "100", 1), codes=(chosen.code,)))
    assert rows(program.id, GiftClaim, "state") == [("expired",)]
    assert wallet(program.id, member) == (310, 0, 0, 0)
    assert late.decision.coupons_refused == [chosen.code]
    assert books_agree(program.id)


def test_stock_ends(program, member):
    choose(program, member)
    choose(program, member)

    with pytest.raises(Refusal) as refused:
        choose(program, member)

    assert (refused.value.code, refused.value.params) == (
        Code.GIFT_UNAVAILABLE,
        {"gift": "cake", "reason": "out_of_stock"},
    )
    assert wallet(program.id, member) == (100, 0, 0, 0)


def test_too_few_points_choose_nothing(program):
    poor = make_member(program, "+79160000003")

    with pytest.raises(Refusal) as refused:
        choose(program, poor)

    assert refused.value.code == Code.INSUFFICIENT_POINTS
    assert rows(program.id, GiftClaim, "id") == []


def test_same_key_is_the_same_coupon(program, member):
    first = choose(program, member, request=with_key("k1"))
    again = choose(program, member, request=with_key("k1"))

    assert again == replace(first, replayed=True)
    assert wallet(program.id, member) == (200, 0, 0, 0)


def test_spending_without_proof_chooses_nothing():
    strict = make_program("strict", rulebook=RULES.replace("spending_proof: {by: none}\n", ""))
    member_id = make_member(strict)
    buy(strict.id, member_id, "3000")

    with pytest.raises(Refusal) as refused:
        choose(strict, member_id)
    chosen = choose(strict, member_id, proof=VOUCHED)

    assert refused.value.code == Code.CONFIRMATION_REQUIRED
    assert chosen.state == "open"
