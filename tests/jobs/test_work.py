"""The worker: what is due runs, what is not waits; it stops when asked and believes no doubtful clock."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError

from kopilka.data.models.events import Event
from kopilka.data.models.ledger import EntrySeal
from kopilka.engine.refusal import Code, Refusal
from kopilka.jobs.schedule import TASKS, Task
from kopilka.jobs.work import Stopped, Worker
from kopilka.services import outbox
from kopilka.services.expiry import ClockInDoubt
from tests.factories import NOON, make_member, make_program
from tests.tills import FREE_RULES, buy, rows, wallet

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)


class Clock:
    def __init__(self, at):
        self.at = at

    def __call__(self):
        return self.at


@pytest.fixture(autouse=True)
def _no_margin(monkeypatch):
    monkeypatch.setattr("kopilka.bookkeeping.sealing.MARGIN", timedelta(0))


@pytest.fixture
def program():
    return make_program(rulebook=FREE_RULES)


def believe(_at):
    return None


def test_one_round_does_everything_that_is_due(program):
    member_id = make_member(program)
    buy(program.id, member_id, "1000")
    buy(program.id, member_id, "100", spend=50, final=False, life_minutes=10)
    clock = Clock(NOON + timedelta(minutes=10))
    worker = Worker(clock, believe)

    first = dict(worker.run_once())
    clock.at = NOON + 366 * DAY
    second = dict(worker.run_once())

    assert (first["holds_released"], first["points_expired"], first["entries_sealed"]) == (1, 0, 6)
    assert (second["points_expired"], second["entries_sealed"]) == (100, 8)
    assert wallet(program.id, member_id) == (0, 0, 0, 0)
    assert {handled is not None for (handled,) in rows(program.id, Event, "handled_at")} == {True}


def test_a_task_waits_for_its_turn(program):
    member_id = make_member(program)
    clock = Clock(NOON)
    worker = Worker(clock, believe)
    worker.run_once()
    buy(program.id, member_id, "100")

    clock.at = NOON + timedelta(seconds=30)
    early = dict(worker.run_once())["entries_sealed"]
    clock.at = NOON + timedelta(seconds=60)

    assert (early, worker.run_once()["entries_sealed"]) == (0, 2)


def test_a_doubtful_clock_ends_nothing_but_seals_go_on(program):
    member_id = make_member(program)
    buy(program.id, member_id, "1000")

    def doubt(_at):
        raise ClockInDoubt("the clocks differ")

    worker = Worker(Clock(NOON + 366 * DAY), doubt)
    with pytest.raises(ClockInDoubt):
        worker.run_once()

    assert wallet(program.id, member_id) == (100, 0, 0, 0)
    assert len(rows(program.id, EntrySeal, "id")) == 2


def test_the_worker_stops_between_batches(program):
    for number in range(3):
        buy(program.id, make_member(program, f"+7916123450{number}"), "100")
    worker = Worker(Clock(NOON), believe)
    worker.stop.set()

    with pytest.raises(Stopped):
        worker.run_once()


def test_the_loop_ends_when_asked(program):
    worker = Worker(Clock(NOON), believe)
    threading.Timer(0.2, worker.stop.set).start()

    worker.run_for_ever()

    assert worker.figures["events_handled"] > 0


def test_events_reach_their_handlers_once_and_in_order(program, monkeypatch):
    seen = []

    def note(program_id, events):
        seen.extend((program_id, event.at) for event in events)

    monkeypatch.setattr(
        outbox,
        "ANSWERS",
        (outbox.Answer(["purchase_confirmed"], note),),
    )
    member_id = make_member(program)
    for minute in range(3):
        buy(program.id, member_id, "100", at=NOON + timedelta(minutes=minute))

    handled = [outbox.handle_events(program_id=program.id, at=NOON + DAY) for _ in range(2)]

    assert handled[1] == 0
    assert seen == [(program.id, NOON + timedelta(minutes=minute)) for minute in range(3)]


def test_a_failing_handler_leaves_its_events_open(program, monkeypatch):
    def fail(_program_id, _event):
        raise ZeroDivisionError

    monkeypatch.setattr(outbox, "ANSWERS", (outbox.Answer(["purchase_confirmed"], fail),))
    buy(program.id, make_member(program), "100")

    with pytest.raises(ZeroDivisionError):
        outbox.handle_events(program_id=program.id, at=NOON)

    assert {handled for (handled,) in rows(program.id, Event, "handled_at")} == {None}


def test_tasks_have_names_of_their_own():
    assert len({task.name for task in TASKS}) == len(TASKS)


def test_the_loop_outlives_a_doubtful_clock_and_a_database_that_is_away(program, monkeypatch):
    monkeypatch.setattr("kopilka.jobs.work.REST_SECONDS", 0)
    worker = Worker(Clock(NOON), believe)
    troubles = [OperationalError("away"), ClockInDoubt("the clocks differ")]

    def clock():
        if troubles:
            raise troubles.pop()
        worker.stop.set()
        return NOON

    worker.clock = clock
    worker.run_for_ever()

    assert troubles == []


def test_a_refused_task_leaves_the_others_running(program, monkeypatch):
    def refuse(_turn):
        raise Refusal(Code.RULEBOOK_MISSING)

    broken = Task("broken", timedelta(seconds=1), refuse)
    monkeypatch.setattr("kopilka.jobs.work.TASKS", (broken, *TASKS))

    assert Worker(Clock(NOON), believe).run_once()["events_handled"] > 0
