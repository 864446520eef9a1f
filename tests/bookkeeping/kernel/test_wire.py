"""Bursts of statements beside Django's own use of the connection."""

from threading import Thread

import pytest
from django.db import connection, transaction
from django.db.utils import DataError, IntegrityError
from psycopg.pq import TransactionStatus

from kopilka.bookkeeping.kernel import postgres, store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.data.ids import new_id
from kopilka.data.models.events import Event
from kopilka.data.models.purchases import Purchase
from tests.factories import NOON, make_program
from tests.tills import rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("only_on_postgres")]

EVENTS = Rows(Event, "id", "kind", "payload", "at")
STATES = Rows(Purchase, "id", "state")


@pytest.fixture
def program():
    return make_program()


def event(kind="test", payload=""):
    return (new_id(), kind, payload, NOON)


def kinds(program):
    return [kind for (kind,) in rows(program.id, Event, "kind") if kind.startswith("test")]


def status():
    return connection.connection.pgconn.transaction_status


def test_statements_wait_for_the_end_of_the_block(program):
    with transaction.atomic():
        with store.together():
            store.enter(program.id)
            store.insert(EVENTS, program.id, [event("test1")])
            store.insert(EVENTS, program.id, [event("test2"), event("test3")])
            assert status() == TransactionStatus.IDLE
        assert status() == TransactionStatus.INTRANS

    assert kinds(program) == ["test1", "test2", "test3"]


def test_djangos_own_queries_find_what_was_sent_before(program):
    with transaction.atomic(), store.together():
        store.enter(program.id)
        store.insert(EVENTS, program.id, [event("test1")])

        assert Event.objects.of(program.id).filter(kind="test1").count() == 1


def test_block_inside_a_block_is_the_same(program):
    with transaction.atomic(), store.together():
        store.enter(program.id)
        with store.together():
            store.insert(EVENTS, program.id, [event("test1")])
        assert status() == TransactionStatus.IDLE

    assert kinds(program) == ["test1"]


def test_commit_travels_with_the_last_statements(program):
    with transaction.atomic(durable=True), store.together(last=True):
        store.enter(program.id)
        store.insert(EVENTS, program.id, [event("test1")])
    assert status() == TransactionStatus.IDLE

    assert kinds(program) == ["test1"]


def test_block_outside_a_transaction_is_one(program):
    with store.together():
        store.enter(program.id)
        store.insert(EVENTS, program.id, [event("test1")])

    assert status() == TransactionStatus.IDLE
    assert kinds(program) == ["test1"]


def test_failed_block_outside_a_transaction_leaves_nothing(program):
    def fail():
        with store.together():
            store.enter(program.id).fetchall()
            store.insert(EVENTS, program.id, [event("test1")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert status() == TransactionStatus.IDLE
    assert kinds(program) == []


def test_first_error_of_a_burst_is_raised_and_the_connection_stays_good(program):
    def fail():
        with transaction.atomic(), store.together():
            store.enter(program.id)
            store.insert(EVENTS, program.id, [event("test1")])
            store.insert(EVENTS, program.id, [event("x" * 41)])
            store.insert(EVENTS, program.id, [event("test2"), event(None)])

    with pytest.raises(DataError, match="character varying"):
        fail()

    assert status() == TransactionStatus.IDLE
    assert kinds(program) == []


def test_deferred_constraint_speaks_at_the_commit(program):
    """A purchase of a member who does not exist is noticed by the commit that travels along."""
    purchase = Rows(
        Purchase, "id", "member_id", "state", "source", "external_id", "fingerprint", "branch", "till", "staff",
        "agent", "origin", "at", "recorded_at", "version", "net_minor", "paid_minor", "receipt", "decision",
        "returned_minor",
    )  # fmt: skip
    row = (
        new_id(), new_id(), "confirmed", "s", "1", b"", "", "", "", "", "till", NOON, NOON, 1, 0, 0, "", "", 0,
    )  # fmt: skip

    def fail():
        with transaction.atomic(durable=True), store.together(last=True):
            store.enter(program.id)
            store.insert(purchase, program.id, [row])

    with pytest.raises(IntegrityError, match="foreign key"):
        fail()

    assert status() == TransactionStatus.IDLE
    assert rows(program.id, Purchase, "id") == []


def test_statements_are_prepared_once(program):
    for _ in range(3):
        with store.together():
            store.enter(program.id)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%rulebook_number%"])
        assert cursor.fetchone() == (1,)


def test_statement_that_failed_is_prepared_anew(program):
    with pytest.raises(DataError):
        store_event(program, event("x" * 41))

    store_event(program, event("test1"))

    assert kinds(program) == ["test1"]


def store_event(program, row):
    with store.together():
        store.enter(program.id)
        store.insert(EVENTS, program.id, [row])


def test_rollback_of_django_undoes_what_was_sent(program):
    def fail():
        with transaction.atomic():
            with store.together():
                store.enter(program.id)
                store.insert(EVENTS, program.id, [event("test1")])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert kinds(program) == []
    assert not postgres.is_open()


def test_burst_of_one_thread_is_not_another_ones(program):
    elsewhere = []
    with transaction.atomic(), store.together():
        store.enter(program.id)
        thread = Thread(target=lambda: elsewhere.append(postgres.is_open()))
        thread.start()
        thread.join()
        here = postgres.is_open()

    assert (here, elsewhere) == (True, [False])


def test_statement_outside_a_block_goes_at_once(program):
    with transaction.atomic():
        store.enter(program.id)
        store.insert(EVENTS, program.id, [event("test1")])
        assert status() == TransactionStatus.INTRANS

    assert kinds(program) == ["test1"]
