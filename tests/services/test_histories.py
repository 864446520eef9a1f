"""The history of a card: every act with what it was for."""

from datetime import timedelta

import pytest

from kopilka.engine.actor import MEMBER, Actor, ActorKind
from kopilka.engine.refusal import Refusal
from kopilka.services.histories import Asked, read_history
from kopilka.wording.languages import Language
from tests.factories import NOON, make_member, make_program
from tests.tills import RULES, buy

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
