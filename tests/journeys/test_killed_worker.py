"""Two real workers, killed again and again: every deed is done once, none is lost, the books agree."""

import os
import subprocess
import sys
import threading
import time
from datetime import date, timedelta
from random import Random
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from kopilka.bookkeeping.events import EventKind
from kopilka.bookkeeping.locking import without_locks_for_tests
from kopilka.data.models.deeds import Deed
from kopilka.data.models.ledger import Operation
from kopilka.services.automations.moments import plan_moments
from kopilka.services.deeds import do_due_deeds
from kopilka.services.outbox import handle_events
from tests.factories import NOON, make_member, make_program
from tests.services.automations.town import happen, live, points, rules
from tests.tills import books_agree, rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

MEMBERS = 150
KILLS = 6
AT = NOON + timedelta(days=1)
RULES = rules("""
welcome: {event: enrolled, grant: {points: 300}, limit: {times: 1000, each: everybody}}
review: {event: {custom: review}, grant: {points: 30}}
birthday: {event: {date: {of: birthday}}, grant: {points: 200}, send: happy}
""")


def environment() -> dict[str, str]:
    """Of a process that works on the very database of this test."""
    name = connection.settings_dict["NAME"]
    found = dict(os.environ)
    if connection.vendor == "postgresql":
        for key in ("DATABASE_URL", "DATABASE_OWNER_URL"):
            found[key] = urlunsplit(urlsplit(os.environ[key])._replace(path=f"/{name}"))
    else:
        found["DATABASE_URL"] = f"sqlite:///{name}"
    return found


def command() -> list[str]:
    return [sys.executable, "-m", "kopilka.cli.main", "work", "--once", "--at", AT.isoformat()]


def start_worker() -> subprocess.Popen:
    return subprocess.Popen(command(), env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


@pytest.fixture
def program():
    made = make_program(rulebook=RULES)
    for number in range(MEMBERS):
        make_member(made, f"+7916{number:07}", birth_date=date(1990, 3, 3))
    return made


def done(program) -> list[str]:
    return [state for (state,) in rows(program.id, Deed, "state")]


def test_two_workers_that_are_killed_do_everything_once(program):
    chance = Random(7)
    kills = 0
    deadline = time.monotonic() + 240
    workers = [start_worker(), start_worker()]
    while any(worker.poll() is None for worker in workers) or kills < KILLS:
        assert time.monotonic() < deadline
        place = kills % 2
        if kills < KILLS:
            time.sleep(chance.uniform(0.8, 2.0))
            if workers[place].poll() is None:
                workers[place].kill()
            workers[place].communicate()
            kills += 1
            workers[place] = start_worker()
        else:
            time.sleep(0.1)
    errors = [worker.communicate()[1].decode() for worker in workers]
    last = subprocess.run(command(), env=environment(), capture_output=True, check=True)

    assert [worker.returncode for worker in workers] == [0, 0], errors
    assert last.stderr == b""
    assert sorted(set(done(program))) == ["done"]
    assert len(done(program)) == 2 * MEMBERS
    assert [kind for (kind,) in rows(program.id, Operation, "kind")].count("grant") == 2 * MEMBERS
    assert books_agree(program.id)


def _race(program) -> int:
    """Grants that four workers make of the reviews that are due, at the same moment."""
    start = threading.Barrier(4)
    before = [kind for (kind,) in rows(program.id, Operation, "kind")].count("grant")

    def work():
        try:
            start.wait()
            do_due_deeds(program_id=program.id, at=AT)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [kind for (kind,) in rows(program.id, Operation, "kind")].count("grant") - before


def _plan(name: str, members: int = 20):
    made = make_program(name, rulebook=RULES.replace(", limit: {times: 1000, each: everybody}", ""))
    found = [make_member(made, f"+7916{number:07}") for number in range(members)]
    live(made.id)  # their wallets are there: what is new to a database, it keeps from being doubled by itself
    for member_id in found:
        happen(made.id, EventKind.CUSTOM, member_id, name="review")
    handle_events(program_id=made.id, at=NOON)
    return made, found


def test_workers_that_race_do_each_deed_once(only_on_postgres):
    program, members = _plan("lavka")

    assert _race(program) == len(members)
    assert [points(program.id, one) for one in members] == [330] * len(members)


def test_control_deeds_are_doubled_without_the_locks(only_on_postgres):
    """Without this, the race above might be no race."""
    for attempt in range(10):
        program, members = _plan(f"lavka-{attempt}")
        with without_locks_for_tests():
            if _race(program) > len(members):
                return
    pytest.fail("the race was never lost without locks")


def test_workers_that_plan_one_moment_at_once_plan_it_once(program):
    start = threading.Barrier(3)

    def work():
        try:
            start.wait()
            plan_moments(program_id=program.id, at=AT)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(done(program)) == MEMBERS
