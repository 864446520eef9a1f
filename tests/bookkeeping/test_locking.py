"""Member rows are locked before anything else."""

from threading import Event, Thread
from uuid import uuid4

import pytest
from django.db import connections, transaction

from kopilka.bookkeeping.locking import lock_members, locks_are_on, without_locks_for_tests
from kopilka.bookkeeping.scope import enter_program
from kopilka.engine.refusal import Code, Refusal
from tests.factories import make_member, make_program

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    return make_program()


def test_members_come_back_by_id(program):
    one, two = make_member(program), make_member(program, "+79160000002")

    with transaction.atomic():
        enter_program(program.id)
        found = lock_members(program.id, [two, one, two])

    assert {member_id: member.status for member_id, member in found.items()} == {one: "active", two: "active"}


def test_missing_member_is_not_found(program):
    with transaction.atomic():
        enter_program(program.id)
        with pytest.raises(Refusal) as caught:
            lock_members(program.id, [uuid4()])

    assert (caught.value.code, caught.value.params) == (Code.NOT_FOUND, {"what": "member"})


@pytest.mark.parametrize("locked", [True, False])
def test_second_transaction_waits_for_the_first(program, locked):
    member_id = make_member(program)
    came = Event()

    def second() -> None:
        with transaction.atomic():
            enter_program(program.id)
            lock_members(program.id, [member_id])
            came.set()
        connections.close_all()

    def race() -> bool:
        other = Thread(target=second)
        with transaction.atomic():
            enter_program(program.id)
            lock_members(program.id, [member_id])
            other.start()
            overtaken = came.wait(0.3)
        other.join()
        return overtaken

    if locked:
        assert race() is False
        return
    with without_locks_for_tests():
        assert locks_are_on() is False
        came_in = race()
    on_sqlite = connections["default"].vendor == "sqlite"  # there the transaction itself is the lock
    assert came_in is not on_sqlite
