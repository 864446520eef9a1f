"""A birthday is told once and changed rarely (T24)."""

from datetime import date, timedelta

import pytest

from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.data.ids import new_id
from kopilka.engine.actor import MANAGER, MEMBER, SYSTEM_ACTOR, Actor, ActorKind
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.members import MemberChange, change_member
from tests.factories import NOON, make_member, make_program

pytestmark = pytest.mark.django_db(transaction=True)

HIMSELF = Actor(ActorKind.MEMBER, new_id(), "member", MEMBER)
CASHIER = Actor(ActorKind.STAFF, new_id(), "Мира", MANAGER)
DAY = timedelta(days=1)
JULY, AUGUST, MARCH = date(1990, 7, 15), date(1990, 8, 20), date(1990, 3, 20)


def tell(program, member_id, birth_date, at=NOON, by=HIMSELF):
    change = MemberChange(birth_date=birth_date)
    done = change_member(program_id=program.id, member_id=member_id, change=change, request=NO_KEY, by=by, at=at)
    return done.member.birth_date


@pytest.mark.parametrize("by", [HIMSELF, CASHIER])
def test_birthday_is_changed_once_a_year_at_most(by):
    program = make_program()
    member_id = make_member(program)
    assert tell(program, member_id, JULY, by=by) == JULY
    assert tell(program, member_id, JULY, NOON + DAY, by=by) == JULY

    for other in (AUGUST, None):
        with pytest.raises(Refusal) as refused:
            tell(program, member_id, other, NOON + 2 * DAY, by=by)
        assert (refused.value.code, refused.value.params) == (Code.BIRTHDAY_FIXED, {"until": "2027-03-02"})

    assert tell(program, member_id, AUGUST, NOON + 365 * DAY, by=by) == AUGUST


def test_birthday_told_at_enrolment_counts():
    program = make_program()
    member_id = make_member(program, birth_date=JULY)

    with pytest.raises(Refusal) as refused:
        tell(program, member_id, AUGUST, NOON + 100 * DAY)

    assert refused.value.params == {"until": "2027-03-02"}


def test_birthday_does_not_come_nearer_than_thirty_days():
    program = make_program()
    member_id = make_member(program, birth_date=JULY)

    with pytest.raises(Refusal) as refused:
        tell(program, member_id, MARCH, NOON + 365 * DAY)

    assert refused.value.params == {"until": "2027-03-21"}
    with pytest.raises(Refusal) as refused:
        tell(program, member_id, AUGUST, NOON + 490 * DAY)
    assert refused.value.params == {"until": "2027-07-16"}


def test_birthday_of_29_february_is_the_28th_of_a_common_year():
    program = make_program()
    member_id = make_member(program, birth_date=date(2000, 2, 29))

    with pytest.raises(Refusal) as refused:
        tell(program, member_id, JULY, NOON + 700 * DAY)

    assert refused.value.params == {"until": "2028-03-01"}


def test_who_may_adjust_corrects_a_mistake_at_any_time():
    program = make_program()
    member_id = make_member(program, birth_date=JULY)

    assert tell(program, member_id, AUGUST, NOON + DAY, by=SYSTEM_ACTOR) == AUGUST
