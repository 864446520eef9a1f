"""Tills want the last of something at once: a code, a limit, a budget, a certificate. Each race has a control."""

from dataclasses import replace
from typing import Any

import pytest

from kopilka.bookkeeping.locking import without_locks_for_tests
from kopilka.bookkeeping.notes import Asking
from kopilka.data.models.coupons import CouponCode, RuleCount
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.receipt import CertificateWish
from kopilka.engine.refusal import Code
from kopilka.queries.certificates import certificate_by_number
from kopilka.services.certificates import sell_certificate
from kopilka.services.coupon_batches import issue_codes
from kopilka.services.coupons import bind_coupon
from kopilka.services.purchases import confirm_purchase
from tests.factories import NOON, make_member, make_program
from tests.journeys.test_races import at_once, codes_of, goes_wrong, happened
from tests.tills import bread, request, rows

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00"}
promotions:
  flyer: {coupon: flyer, discount: {percent: 10}}
  guest: {coupon: guest, discount: {percent: 10}}
  early: {when: {total: {at_least: "1000.00"}}, discount: {percent: 10}, limit: {times: 3, each: everybody}}
  sale:
    when: {total: {below: "50.00"}}
    discount: {percent: 10}
    budget: {money: "10.00", within: {days: 30}}
certificates:
  gift: {skus: [CARD]}
coupons:
  flyer: {series: {count: 1000}}
  guest: {bind: yes, series: {count: 5}}
"""
TILLS = 8


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def sell_at_once(program, members, price: str, *codes: str, round_: int = 0) -> list[Any]:
    def till(number: int, member_id):
        sold = request(member_id, bread(price, codes=codes), f"{round_}-{number}")
        return lambda: confirm_purchase(program_id=program.id, request=sold)

    return at_once([till(number, member_id) for number, member_id in enumerate(members)])


def members_of(program) -> list:
    return [make_member(program, f"+791600000{number:02}") for number in range(TILLS)]


def discounted(answers: list[Any]) -> int:
    return sum(one.decision.totals.discount > 0 for one in happened(answers))


def code_for(program) -> str:
    done = issue_codes(program_id=program.id, coupon="flyer", count=1, asking=Asking(SYSTEM_ACTOR, NOON))
    (word,) = (word for word, batch in rows(program.id, CouponCode, "word", "batch_id") if batch == done.batch_id)
    return word


def test_one_code_is_used_once(program):
    members = members_of(program)

    answers = sell_at_once(program, members, "100", code_for(program))

    assert len(happened(answers)) == TILLS
    assert discounted(answers) == 1


def test_control_without_the_lock_one_code_is_used_twice(program):
    members, rounds = members_of(program), iter(range(100))

    def used_twice() -> bool:
        return discounted(sell_at_once(program, members, "100", code_for(program), round_=next(rounds))) > 1

    with without_locks_for_tests():
        assert goes_wrong(used_twice)


def test_a_limit_for_everybody_holds_between_tills(program):
    answers = sell_at_once(program, members_of(program), "1000")

    assert len(happened(answers)) == TILLS
    assert discounted(answers) == 3
    assert rows(program.id, RuleCount, "rule", "uses", order="rule")[0] == ("early", 3)


def test_control_without_the_lock_a_limit_is_overstepped():
    rounds = iter(range(100))

    def overstepped() -> bool:
        number = next(rounds)
        program = make_program(f"shop{number}", rulebook=RULES)
        return discounted(sell_at_once(program, members_of(program), "1000", round_=number)) > 3

    with without_locks_for_tests():
        assert goes_wrong(overstepped)


def test_a_budget_is_not_overstepped_between_tills(program):
    answers = sell_at_once(program, members_of(program), "30")

    assert len(happened(answers)) == TILLS
    assert discounted(answers) == 3
    assert ("sale", 900) in rows(program.id, RuleCount, "rule", "minor")


def test_a_series_hands_out_no_more_codes_than_it_has(program):
    def bind(number: int):
        asking = Asking(SYSTEM_ACTOR, NOON)
        return lambda: bind_coupon(program_id=program.id, word="guest", phone=f"+791612300{number:02}", asking=asking)

    answers = at_once([bind(number) for number in range(TILLS)])

    assert len(happened(answers)) == 5
    assert len(rows(program.id, CouponCode, "id")) == 5


def pay_at_once(program, round_: int = 0) -> tuple[str, list[Any]]:
    """A certificate with 100 roubles; eight tills want 30 of them each: three can have them."""
    asking = Asking(SYSTEM_ACTOR, NOON)
    number = sell_certificate(program_id=program.id, kind="gift", minor=10_000, reason="тест", asking=asking).number

    def till(place: int):
        sold = replace(bread("60"), certificates=(CertificateWish(number, 3_000),))
        return lambda: confirm_purchase(program_id=program.id, request=request(None, sold, f"c{round_}-{place}"))

    return number, at_once([till(place) for place in range(TILLS)])


def test_tills_spend_one_certificate_once(program):
    number, answers = pay_at_once(program)

    assert len(happened(answers)) == 3
    assert codes_of(answers) == {Code.CERTIFICATE_SHORT}
    assert certificate_by_number(program.id, number, at=NOON).balance_minor == 1_000


def test_control_without_the_lock_one_certificate_is_spent_twice(program):
    rounds = iter(range(100))

    def overspent() -> bool:
        return len(happened(pay_at_once(program, next(rounds))[1])) > 3

    with without_locks_for_tests():
        assert goes_wrong(overspent)
