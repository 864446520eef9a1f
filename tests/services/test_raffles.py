"""Raffles from the announcement to the check of the record that was published."""

from dataclasses import replace

import pytest

from kopilka.bookkeeping.notes import Asking
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.raffles import hash_of
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.purchases import confirm_purchase
from kopilka.services.raffles import (
    NewRaffle,
    announce_raffle,
    close_raffle,
    draw_raffle,
    raffle_winners,
    read_raffle,
    verify_record,
)
from kopilka.services.returns import ALL, return_purchase
from tests.factories import NOON, make_member, make_program
from tests.tills import TILL_1, bread, request

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  ticket: {name: Билеты}
  bonus: {name: Бонусы, worth: "1.00"}
promotions:
  tickets: {earn: {points: 1, per: "500.00", in: ticket}}
"""
ASKING = Asking(SYSTEM_ACTOR, NOON)
NEW = NewRaffle("march", "Весна", "ticket", ("Самокат", "Кружка"))


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def buy(program, member_id, price, number):
    return confirm_purchase(program_id=program.id, request=request(member_id, bread(price), number))


def members(program) -> list:
    made = [make_member(program, f"+791600000{number:02}") for number in range(3)]
    for number, member_id in enumerate(made):
        buy(program, member_id, str(500 * (number + 1)), str(number))
    return made


def announce(program, new=NEW):
    return announce_raffle(program_id=program.id, new=new, asking=ASKING)


def refused(act, **facts):
    with pytest.raises(Refusal) as told:
        act(**facts)
    return told.value.code, told.value.params


def test_the_secret_is_told_last_and_everything_follows_from_it(program):
    people = members(program)
    announced = announce(program)
    assert (announced.state, announced.secret, len(announced.secret_hash)) == ("announced", "", 64)

    closed = close_raffle(program_id=program.id, code="march", asking=ASKING)
    assert (closed.secret, sorted(one.tickets for one in closed.entrants)) == ("", [1, 2, 3])
    drawn = draw_raffle(program_id=program.id, code="march", asking=ASKING)

    assert hash_of(drawn.secret) == announced.secret_hash
    assert drawn.list_hash == closed.list_hash
    assert verify_record(drawn) == []
    assert read_raffle(program_id=program.id, code="march") == drawn
    won = raffle_winners(program_id=program.id, code="march", by=SYSTEM_ACTOR)
    assert [win.prize for win, _ in won] == ["Самокат", "Кружка"]
    assert {who for _, who in won} < set(people)


def test_a_return_before_the_closing_takes_its_tickets_back(program):
    first, second, _ = members(program)
    announce(program)
    more = buy(program, first, "5000", "more")
    return_purchase(
        program_id=program.id, purchase_id=more.purchase_id, lines=ALL, external_id="r1", source="till:1", by=TILL_1,
        at=NOON,
    )  # fmt: skip

    closed = close_raffle(program_id=program.id, code="march", asking=ASKING)
    buy(program, second, "5000", "late")

    assert sorted(one.tickets for one in closed.entrants) == [1, 2, 3]
    assert read_raffle(program_id=program.id, code="march").entrants == closed.entrants


def test_a_record_that_was_touched_does_not_hold(program):
    members(program)
    announce(program)
    close_raffle(program_id=program.id, code="march", asking=ASKING)
    drawn = draw_raffle(program_id=program.id, code="march", asking=ASKING)
    richer = [replace(drawn.entrants[0], tickets=9), *drawn.entrants[1:]]

    assert verify_record(replace(drawn, secret="11" * 32))[0] == "secret_not_the_announced_one"
    assert verify_record(replace(drawn, entrants=richer))[0] == "list_not_the_closed_one"
    assert verify_record(replace(drawn, wins=drawn.wins[::-1])) == ["winners_do_not_follow"]


def test_its_steps_come_in_their_order_and_once(program):
    announce(program)

    assert refused(draw_raffle, program_id=program.id, code="march", asking=ASKING)[1]["reason"] == "raffle_announced"
    close_raffle(program_id=program.id, code="march", asking=ASKING)
    assert refused(close_raffle, program_id=program.id, code="march", asking=ASKING)[1]["reason"] == "raffle_closed"
    assert refused(announce, program=program)[1]["reason"] == "taken"


def test_points_that_can_pay_are_no_tickets(program):
    code, params = refused(announce, program=program, new=replace(NEW, currency="bonus"))

    assert (code, params["reason"]) == (Code.INVALID, "worth_money")
