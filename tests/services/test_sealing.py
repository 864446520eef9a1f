"""The worker chains committed entries; nothing of an open transaction, nothing twice (I3)."""

import threading
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, connections, transaction

from kopilka.bookkeeping import sealing
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.ledger import DaySeal, EntrySeal, LedgerEntry
from kopilka.engine.chain import START, canonical_bytes, link
from kopilka.services.books import check_books
from kopilka.services.sealing import seal_entries
from tests.factories import NOON, make_member, make_program
from tests.tills import FREE_RULES, buy, rows

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_margin(monkeypatch):
    monkeypatch.setattr(sealing, "MARGIN", timedelta(0))


@pytest.fixture
def program():
    return make_program(rulebook=FREE_RULES)


def test_canonical_bytes_are_the_columns_line_by_line():
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)

    assert canonical_bytes(UUID(int=1), UUID(int=2), None, "expense", "bonus", -75, at) == (
        b"00000000-0000-0000-0000-000000000001\n00000000-0000-0000-0000-000000000002\n-\nexpense\nbonus\n-75\n"
        b"2026-03-02T12:00:00.000000+00:00"
    )


def test_entries_are_chained_in_the_order_of_their_ids(program):
    member_id = make_member(program)
    buy(program.id, member_id, "100")
    buy(program.id, member_id, "200")

    first = seal_entries(program_id=program.id, at=NOON)
    again = seal_entries(program_id=program.id, at=NOON)
    buy(program.id, member_id, "300")
    second = seal_entries(program_id=program.id, at=NOON + DAY)

    assert (first.entries, again.entries, second.entries, second.number) == (4, 0, 2, 6)
    entries = rows(program.id, LedgerEntry, *sealing.ENTRY)
    expected = START
    for number, (entry, sealed) in enumerate(
        zip(entries, rows(program.id, EntrySeal, "number", "entry_id", "chain_hash", order="number"), strict=True), 1
    ):
        expected = link(expected, canonical_bytes(*entry))
        assert (sealed[0], sealed[1], bytes(sealed[2])) == (number, entry[0], expected)
    assert second.chain_hash == expected


def test_a_day_is_closed_when_it_is_over(program):
    member_id = make_member(program)
    buy(program.id, member_id, "100")
    first = seal_entries(program_id=program.id, at=NOON)
    open_day = rows(program.id, DaySeal, "day")

    seal_entries(program_id=program.id, at=NOON + DAY)
    buy(program.id, member_id, "100")
    seal_entries(program_id=program.id, at=NOON + 2 * DAY)
    seal_entries(program_id=program.id, at=NOON + 3 * DAY)

    closed = [
        (day, number, bytes(chain)) for day, number, chain in rows(program.id, DaySeal, "day", "number", "chain_hash")
    ]
    assert open_day == []
    assert [one[:2] for one in closed] == [(date(2026, 3, 2), 2), (date(2026, 3, 4), 4)]
    assert closed[0][2] == first.chain_hash


def test_entries_sealed_before_the_last_run_are_not_looked_at(program):
    buy(program.id, make_member(program), "100")
    later = datetime.now(UTC) + 2 * DAY

    assert seal_entries(program_id=program.id, at=NOON, since=later).entries == 0
    assert seal_entries(program_id=program.id, at=NOON, since=datetime.now(UTC)).entries == 2


def test_many_entries_are_sealed_in_portions_each_once(program, monkeypatch):
    monkeypatch.setattr("kopilka.services.sealing.ENTRIES_AT_ONCE", 2)
    member_id = make_member(program)
    for _ in range(3):
        buy(program.id, member_id, "100")

    sealed = seal_entries(program_id=program.id, at=NOON)

    assert (sealed.entries, sealed.number) == (6, 6)
    assert [number for (number,) in rows(program.id, EntrySeal, "number", order="number")] == [1, 2, 3, 4, 5, 6]


def test_programs_have_chains_of_their_own(program):
    other = make_program("other", rulebook=FREE_RULES)
    for one in (program, other):
        buy(one.id, make_member(one), "100")

    assert [seal_entries(program_id=one.id, at=NOON).number for one in (program, other)] == [2, 2]


@pytest.mark.usefixtures("only_on_postgres")
def test_nothing_is_sealed_past_the_oldest_open_transaction(program):
    member_id = make_member(program)
    buy(program.id, member_id, "100")
    began, end = threading.Event(), threading.Event()

    def linger() -> None:
        with transaction.atomic():
            enter_program(program.id)
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            began.set()
            end.wait(10)
        connections.close_all()

    thread = threading.Thread(target=linger)
    thread.start()
    began.wait(10)
    buy(program.id, member_id, "200")
    while_open = seal_entries(program_id=program.id, at=NOON).entries
    end.set()
    thread.join()

    assert while_open == 2
    assert seal_entries(program_id=program.id, at=NOON).entries == 2


def test_two_workers_cannot_fork_the_chain(program):
    member_id = make_member(program)
    for _ in range(4):
        buy(program.id, member_id, "100")
        threads = [threading.Thread(target=seal_and_close, args=(program.id,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    seal_entries(program_id=program.id, at=NOON)

    assert [number for (number,) in rows(program.id, EntrySeal, "number", order="number")] == list(range(1, 9))
    assert [one.findings for one in check_books(program_id=program.id, only=["I3"])] == [()]


def seal_and_close(program_id) -> None:
    try:
        seal_entries(program_id=program_id, at=NOON)
    finally:
        connections.close_all()
