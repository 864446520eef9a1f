"""Deeds and looks are planned for many members while tills hold their rows: nobody waits (ADR 0006, 0015)."""

from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connection, transaction

from kopilka.bookkeeping.locking import lock_members
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.deeds import Deed
from kopilka.data.models.members import Member
from kopilka.data.models.segments import SegmentDue
from kopilka.services.outbox import handle_events
from tests.factories import NOON, make_member, make_program
from tests.sharing import SHARING_RULES, set_member
from tests.tills import buy, rows

pytestmark = pytest.mark.django_db(transaction=True)

RULES = SHARING_RULES.replace(
    "  ten-five: {by: hand}\n", '  ten-five: {by: hand}\n  rich: {when: {spent: {at_least: "500.00"}}}\n'
)


@pytest.mark.parametrize("model", [Deed, SegmentDue])
def test_what_handlers_write_names_its_member_without_a_constraint(model):
    assert model._meta.get_field("member").db_constraint is False
    assert Member._meta.get_field("inviter").db_constraint is True


@pytest.mark.usefixtures("only_on_postgres")
def test_events_are_handled_while_tills_hold_all_members():
    program = make_program(rulebook=RULES)
    anna, artem = make_member(program, "+79160000001"), make_member(program, "+79160000002")
    set_member(program, artem, inviter_id=anna)
    buy(program.id, artem, "1000")
    held, done = Signal(), Signal()
    till = Thread(target=hold, args=(program.id, [anna, artem], held, done))
    till.start()
    held.wait(10)

    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        handle_events(program_id=program.id, at=NOON)
    finally:
        done.set()
        till.join()
        connection.close()

    assert rows(program.id, Deed, "kind", "member_id") == [("share", anna)]
    assert artem in [member_id for (member_id,) in rows(program.id, SegmentDue, "member_id")]


def hold(program_id, member_ids, held, done):
    try:
        with transaction.atomic():
            enter_program(program_id)
            lock_members(program_id, member_ids)
            held.set()
            done.wait(10)
    finally:
        connection.close()
