"""Gifts at several tills at once: none is given twice (S4.39, I6). Each race has a control that must go wrong."""

from itertools import count

import pytest

from kopilka.bookkeeping.locking import without_locks_for_tests
from kopilka.data.models.gifts import GiftClaim
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.services.gifts import ChooseRequest, choose_gift
from kopilka.services.purchases import confirm_purchase
from kopilka.services.wallets import AdjustRequest, adjust_points
from tests.factories import NOON, make_member, make_program
from tests.journeys.test_races import at_once, goes_wrong, happened
from tests.tills import TILL_1, books_agree, receipt, request, rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00", starts_after: at_once}
  packs: {name: Пакетики, gift: PACK, starts_after: at_once}
spending_proof: {by: none}
gifts:
  cake: {sku: CAKE, for: {bonus: 1}, stock: 3}
  tea: {sku: TEA, for: {bonus: 1}}
"""

TILLS = 6
NUMBERS = count(1)


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def member_with(program, currency, units):
    number = next(NUMBERS)
    member_id = make_member(program, f"+7916{number:07}")
    asked = AdjustRequest(member_id, currency, units, "подарок", SYSTEM_ACTOR, NOON)
    adjust_points(program_id=program.id, request=asked)
    return member_id


def sell(program, member_id, *lines, **facts):
    asked = request(member_id, receipt(*lines, **facts), f"n{next(NUMBERS)}")
    return confirm_purchase(program_id=program.id, request=asked)


# --- two tills close one material gift --------------------------------------------------------------------------------
def close_at_once(program) -> int:
    """How many packs were free when tills rang five of them each for somebody who is owed five."""
    member_id = member_with(program, "packs", 5)
    answers = at_once([lambda: sell(program, member_id, ("PACK", "25", 5)) for _ in range(TILLS)])
    return sum(line.quantity for one in happened(answers) for line in one.decision.fiscal if line.gift) // 1000


def test_material_gift_is_closed_once_s4_39(program):
    for _ in range(3):
        assert close_at_once(program) == 5
    assert books_agree(program.id)


def test_control_without_the_lock_a_material_gift_is_closed_twice(program):
    with without_locks_for_tests():
        assert goes_wrong(lambda: close_at_once(program) > 5)


# --- two tills collect one coupon -------------------------------------------------------------------------------------
def collect_at_once(program) -> int:
    """How many gifts were handed out when tills named one coupon, without naming its member."""
    member_id = member_with(program, "bonus", 1)
    chosen = choose_gift(program_id=program.id, request=ChooseRequest(member_id, "tea", TILL_1, NOON))
    answers = at_once([lambda: sell(program, None, ("BREAD", "25", 1), codes=(chosen.code,)) for _ in range(TILLS)])
    return sum(line.sku == "TEA" for one in happened(answers) for line in one.decision.lines)


def test_coupon_is_collected_once_s1_12(program):
    for _ in range(3):
        assert collect_at_once(program) == 1


def test_control_without_the_lock_a_coupon_is_collected_twice(program):
    with without_locks_for_tests():
        assert goes_wrong(lambda: collect_at_once(program) > 1)


# --- the last gifts of the stock --------------------------------------------------------------------------------------
def choose_at_once(rulebook_of) -> int:
    """How many of three cakes were chosen by six members at the same moment."""
    program = rulebook_of()
    members = [member_with(program, "bonus", 1) for _ in range(TILLS)]
    answers = at_once(
        [
            lambda member_id=member_id: choose_gift(
                program_id=program.id, request=ChooseRequest(member_id, "cake", TILL_1, NOON)
            )
            for member_id in members
        ]
    )
    assert len(happened(answers)) + len([one for one in answers if isinstance(one, Exception)]) == TILLS
    return len(rows(program.id, GiftClaim, "id"))


def fresh_program():
    return make_program(f"lavka-{next(NUMBERS)}", rulebook=RULES)


def test_stock_is_never_oversold():
    for _ in range(3):
        assert choose_at_once(fresh_program) == 3


def test_control_without_the_lock_the_stock_is_oversold():
    with without_locks_for_tests():
        assert goes_wrong(lambda: choose_at_once(fresh_program) > 3)
