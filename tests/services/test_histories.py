"""The history of a card: every act with what it was for."""

from datetime import timedelta

import pytest

from kopilka.engine.actor import MEMBER, Actor, ActorKind
from kopilka.engine.refusal import Refusal
from kopilka.services.histories import Asked, read_history
from kopilka.services.purchases import confirm_purchase
from kopilka.wording.languages import Language
from tests.factories import NOON, make_member, make_program
from tests.tills import RULES, buy, receipt, request

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def history(program, member, **asked):
    by = Actor(ActorKind.MEMBER, member, "member", MEMBER)
    return read_history(program_id=program.id, member_id=member, asked=Asked(**asked), language=Language.RU, by=by)


def test_a_purchase_stands_there_with_its_goods_and_its_reason(program):
    member = make_member(program)
    buy(program.id, member, "1000.00")

    (row,) = history(program, member).rows

    assert (row.movement.kind, row.movement.currency, row.movement.units) == ("purchase", "bonus", 100)
    assert [(one.quantity, one.net_minor) for one in row.goods] == [(1_000, 100_000)]
    assert row.told[0] == "За покупку начислено: 100\u00a0бонусов."
    assert row.place.paid_minor == 100_000


BAKERY = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points: {bonus: {name: Бонусы, worth: "1.00", life: {days: 365}}}
spending: {bonus: {share_of_receipt: 50}}
spending_proof: {by: none}
promotions:
  cashback: {name: Кэшбэк, earn: {percent: 5}}
  cakes: {name: Неделя тортов, lines: {sku: CAKE}, discount: {percent: 10}}
  secret: {name: Только для тайных гостей, when: {tags: secret}, earn: {percent: 50}}
"""


def test_a_buyer_reads_what_his_purchase_brought_and_nothing_of_what_he_did_not_get():
    """Lines, roundings and offers that did not apply are for whoever answers questions."""
    program = make_program(rulebook=BAKERY)
    member = make_member(program)
    later = NOON + timedelta(days=2)
    sold = receipt(("CAKE", "100", 1), ("BREAD", "60", 1))
    paid = receipt(("BREAD", "40", 1), at=later, spend=5)
    confirm_purchase(program_id=program.id, request=request(member, sold, "1"))
    confirm_purchase(program_id=program.id, request=request(member, paid, "2", at=later))

    spent, earned = history(program, member).rows

    assert [one.replace("\u00a0", " ") for one in earned.told] == [
        "За покупку начислено: 7 бонусов.", "«Кэшбэк»: +7,5 бонуса.", "7 бонусов: до 02.03.2027 12:00.",
        "«Неделя тортов»: скидка 10,00 ₽.",
    ]  # fmt: skip
    assert [one.replace("\u00a0", " ") for one in spent.told][:2] == [
        "Потрачено 5 бонусов, начислено 1 бонус.", "Оплачено баллами: 5 бонусов = 5,00 ₽.",
    ]  # fmt: skip


def test_pages_follow_each_other_without_a_gap(program):
    member = make_member(program)
    for number in range(5):
        buy(program.id, member, f"{100 + number}.00", at=NOON + timedelta(minutes=number))

    first = history(program, member, limit=2)
    second = history(program, member, limit=2, before=first.before)
    third = history(program, member, limit=2, before=second.before)

    paid = [row.place.paid_minor for page in (first, second, third) for row in page.rows]
    assert paid == [10_400, 10_300, 10_200, 10_100, 10_000]
    assert third.before is None


def test_a_time_and_a_wallet_can_be_chosen(program):
    member = make_member(program)
    buy(program.id, member, "100.00", at=NOON)
    buy(program.id, member, "200.00", at=NOON + timedelta(days=2))

    later = history(program, member, since=NOON + timedelta(days=1))
    earlier = history(program, member, until=NOON + timedelta(days=1))

    assert [row.place.paid_minor for row in later.rows] == [20_000]
    assert [row.place.paid_minor for row in earlier.rows] == [10_000]
    assert history(program, member, currency="other").rows == ()


def test_a_member_sees_nothing_of_another(program):
    member, other = make_member(program), make_member(program, "+79160000000")
    buy(program.id, member, "100.00")

    assert history(program, other).rows == ()


def test_whoever_may_not_read_is_refused(program):
    nobody = Actor(ActorKind.KEY, None, "key", frozenset())

    with pytest.raises(Refusal, match="not_allowed"):
        read_history(
            program_id=program.id, member_id=make_member(program), asked=Asked(), language=Language.RU, by=nobody
        )
