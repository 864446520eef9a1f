"""Events of the shop's own: told by its site, answered once for each subject."""

from datetime import timedelta
from uuid import uuid4

import pytest

from kopilka.bookkeeping.notes import Asking
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.custom_events import CustomEvent, tell_event
from tests.factories import NOON, make_member, make_program
from tests.services.automations.town import deeds, live, points, rules
from tests.tills import with_key

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    return make_program(
        rulebook=rules("""
review: {event: {custom: review}, grant: {points: 30}}
deposit: {event: {custom: deposit}, grant: {percent: 10}}
""")
    )


def tell(program, member_id, name="review", subject="", at=NOON, request=None, **facts):
    asking = Asking(SYSTEM_ACTOR, NOON, *([request] if request else []))
    event = CustomEvent(name, member_id, at, subject, facts)
    return tell_event(program_id=program.id, find=lambda: event, asking=asking)


def test_review_of_one_order_counts_once_whoever_tells_it_how_often(program):
    member_id = make_member(program)

    for subject in ("order-17", "order-17", "order-18"):
        tell(program, member_id, subject=subject)
    live(program.id)

    assert points(program.id, member_id) == 60
    assert len(deeds(program.id)) == 2


def test_event_without_a_subject_counts_each_time_it_is_told(program):
    member_id = make_member(program)

    first = tell(program, member_id, request=with_key("k"))
    again = tell(program, member_id, request=with_key("k"))
    tell(program, member_id, request=with_key("l"))
    live(program.id)

    assert (again.id, again.replayed) == (first.id, True)
    assert points(program.id, member_id) == 60


def test_percent_is_counted_on_the_amount_that_is_told(program):
    member_id = make_member(program)

    tell(program, member_id, "deposit", amount_minor=250000)
    live(program.id)

    assert points(program.id, member_id) == 250


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"name": "Review!"}, Code.INVALID),
        ({"at": NOON - timedelta(days=15)}, Code.TOO_OLD),
        ({"at": NOON + timedelta(minutes=6)}, Code.IN_FUTURE),
        ({"long": "x" * 5000}, Code.OUT_OF_RANGE),
    ],
)
def test_what_is_no_event_is_refused(program, facts, code):
    member_id = make_member(program)

    with pytest.raises(Refusal) as refused:
        tell(program, member_id, **facts)

    assert refused.value.code is code


def test_unknown_member_is_not_found(program):
    with pytest.raises(Refusal) as refused:
        tell(program, uuid4())

    assert refused.value.code is Code.NOT_FOUND
