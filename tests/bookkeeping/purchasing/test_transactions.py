"""Transactions that are tried again, and connections that break."""

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, connections

from kopilka.bookkeeping.purchasing.transactions import ATTEMPTS, try_again
from kopilka.engine.refusal import Code
from kopilka.services.purchases import confirm_purchase, confirm_purchases
from tests.factories import make_member, make_program
from tests.tills import FREE_RULES, bread, request, wallet

pytestmark = pytest.mark.django_db(transaction=True)


class Failing:
    """Fails so many times with an SQLSTATE, then works."""

    def __init__(self, times, sqlstate):
        self.left, self.sqlstate, self.calls = times, sqlstate, 0

    def __call__(self):
        self.calls += 1
        if self.left:
            self.left -= 1
            cause = psycopg.errors.lookup(self.sqlstate)()
            raise DatabaseError from cause
        return "done"


@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "23505"])
def test_what_may_pass_is_tried_again(sqlstate):
    work = Failing(ATTEMPTS - 1, sqlstate)

    assert try_again(work) == "done"
    assert work.calls == ATTEMPTS


def test_it_is_not_tried_for_ever():
    work = Failing(ATTEMPTS, "40001")

    with pytest.raises(DatabaseError):
        try_again(work)

    assert work.calls == ATTEMPTS


def test_what_will_not_pass_is_tried_once():
    work = Failing(1, "23502")

    with pytest.raises(DatabaseError):
        try_again(work)

    assert work.calls == 1


def test_other_errors_leave_at_once():
    def fail():
        raise IntegrityError

    with pytest.raises(IntegrityError):
        try_again(fail)


@pytest.mark.usefixtures("only_on_postgres")
def test_purchase_survives_a_lost_connection():
    program = make_program(rulebook=FREE_RULES)
    member_id = make_member(program)
    connection.ensure_connection()
    lost = connection.connection.info.backend_pid
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [lost])

    confirm_purchase(program_id=program.id, request=request(member_id, bread()))

    assert connection.connection.info.backend_pid != lost
    assert wallet(program.id, member_id) == (10, 0, 0, 0)


def test_without_a_database_every_request_is_told_so(monkeypatch):
    program = make_program(rulebook=FREE_RULES)
    connection.close()
    nowhere = {"ENGINE": connection.settings_dict["ENGINE"], "HOST": "/nowhere", "NAME": "/nowhere/at/all"}
    monkeypatch.setattr(connections["default"], "settings_dict", {**connection.settings_dict, **nowhere})

    answers = confirm_purchases(program_id=program.id, requests=[request(None, bread(), n) for n in "12"])

    assert [answer.code for answer in answers] == [Code.BUSY, Code.BUSY]
