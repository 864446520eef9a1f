"""Points for many at once: looked at before, each exactly once, undone as a whole."""

from datetime import timedelta

import pytest

from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.data.models.ledger import Operation
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.period import Life
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.bulk_grants import (
    BulkRequest,
    grant_to_many,
    preview_bulk_grant,
    read_bulk_grant,
    undo_bulk_grant,
)
from kopilka.services.deeds import do_due_deeds
from kopilka.services.members import MemberChange, change_member
from tests.factories import NOON, make_member, make_program
from tests.tills import FREE_RULES, books_agree, buy, rows, wallet, with_key

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def program():
    return make_program(rulebook=FREE_RULES)


def asked(**facts):
    facts = {"when": {"tags": "vip"}, "units": 100, "life": Life(days=14), **facts}
    return BulkRequest(currency="bonus", reason="с праздником", by=SYSTEM_ACTOR, at=NOON, **facts)


def vips(program, count):
    return [make_member(program, f"+7916000000{n}", tags=("vip",)) for n in range(count)]


def balances(program, members):
    return [wallet(program.id, one)[0] for one in members]


def test_preview_tells_who_and_how_much_and_changes_nothing(program):
    members = vips(program, 3)
    make_member(program, "+79169999999")

    told = preview_bulk_grant(program_id=program.id, request=asked())

    assert (told.members, told.units, [row.id for row in told.sample]) == (3, 300, members)
    assert balances(program, members) == [0, 0, 0]


def test_each_gets_the_points_exactly_once_however_often_the_worker_comes(program):
    members = vips(program, 3)

    begun = grant_to_many(program_id=program.id, request=asked(request=with_key("b1")))
    again = grant_to_many(program_id=program.id, request=asked(request=with_key("b1")))
    done = [do_due_deeds(program_id=program.id, at=LATER), do_due_deeds(program_id=program.id, at=LATER)]

    view = read_bulk_grant(program_id=program.id, grant_id=begun.id, by=SYSTEM_ACTOR)
    assert (begun.state, begun.states, again.id, again.replayed) == ("granting", {"due": 3}, begun.id, True)
    assert (done, balances(program, members)) == ([3, 0], [100, 100, 100])
    assert (view.state, view.states, view.given, view.taken_back) == ("granted", {"done": 3}, 300, 0)
    assert rows(program.id, Operation, "kind").count(("adjust",)) == 3
    assert books_agree(program.id)


def test_undo_takes_everything_back_and_what_was_spent_becomes_a_debt(program):
    first, second, third = members = vips(program, 3)
    begun = grant_to_many(program_id=program.id, request=asked())
    do_due_deeds(program_id=program.id, at=LATER)
    buy(program.id, second, "100", spend=50, at=LATER)
    earned = wallet(program.id, second)[0] - 50

    undo_bulk_grant(program_id=program.id, grant_id=begun.id, by=SYSTEM_ACTOR, at=LATER)
    do_due_deeds(program_id=program.id, at=LATER + timedelta(minutes=1))

    view = read_bulk_grant(program_id=program.id, grant_id=begun.id, by=SYSTEM_ACTOR)
    assert (view.state, view.taken_back) == ("undone", 300)
    assert [wallet(program.id, one) for one in (first, third)] == [(0, 0, 0, 0), (0, 0, 0, 0)]
    assert wallet(program.id, second) == (earned, 0, 0, 50)
    assert books_agree(program.id)
    assert members


def test_undone_before_the_worker_came_nobody_gets_anything(program):
    members = vips(program, 2)
    begun = grant_to_many(program_id=program.id, request=asked())

    undo_bulk_grant(program_id=program.id, grant_id=begun.id, by=SYSTEM_ACTOR, at=LATER)
    do_due_deeds(program_id=program.id, at=LATER)

    view = read_bulk_grant(program_id=program.id, grant_id=begun.id, by=SYSTEM_ACTOR)
    assert (balances(program, members), view.state, view.given) == ([0, 0], "undone", 0)


def test_who_was_blocked_meanwhile_gets_nothing(program):
    first, second = vips(program, 2)
    begun = grant_to_many(program_id=program.id, request=asked())
    change_member(
        program_id=program.id, member_id=second, change=MemberChange(status="blocked"), request=NO_KEY,
        by=SYSTEM_ACTOR, at=LATER,
    )  # fmt: skip

    do_due_deeds(program_id=program.id, at=LATER)

    view = read_bulk_grant(program_id=program.id, grant_id=begun.id, by=SYSTEM_ACTOR)
    assert (balances(program, [first, second]), view.states) == ([100, 0], {"done": 1, "nothing": 1})


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"units": 0}, Code.OUT_OF_RANGE),
        ({"when": {"teir": "gold"}}, Code.RULEBOOK_INVALID),
        ({"when": {"total": "5.00"}}, Code.RULEBOOK_INVALID),
    ],
)
def test_bad_bulk_grant_is_refused_and_nothing_is_planned(program, facts, code):
    with pytest.raises(Refusal) as refused:
        grant_to_many(program_id=program.id, request=asked(**facts))

    assert refused.value.code == code
    assert do_due_deeds(program_id=program.id, at=LATER) == 0
