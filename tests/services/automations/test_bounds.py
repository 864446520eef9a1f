"""What bounds an automation holds exactly: limits, budgets, members kept out to measure it."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from kopilka.bookkeeping.events import EventKind
from kopilka.bookkeeping.locking import without_locks_for_tests
from kopilka.data.models.members import Member
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.bounds import is_held_out
from kopilka.services.deeds import do_due_deeds
from kopilka.services.outbox import handle_events
from kopilka.services.rules import RuleState, read_rule
from kopilka.services.switches import switch
from tests.factories import NOON, make_member, make_program
from tests.services.automations.town import (
    DAY,
    bring_back,
    change_member,
    deeds,
    happen,
    live,
    points,
    rules,
    states,
    told,
)
from tests.tills import buy, rows

pytestmark = pytest.mark.django_db(transaction=True)


def members(program, count):
    return [make_member(program, f"+7916000{number:04}") for number in range(count)]


def test_limit_for_a_member():
    program = make_program(rulebook=rules("a: {event: purchase, grant: {points: 1}, limit: {times: 2}}"))
    anna, boris = members(program, 2)
    for _ in range(3):
        buy(program.id, anna)
    buy(program.id, boris)

    live(program.id)

    assert (points(program.id, anna), points(program.id, boris)) == (2, 1)
    assert sorted(states(program.id)) == ["done", "done", "done", "limited"]


def test_limit_for_a_member_and_day_is_of_the_calendar():
    program = make_program(
        rulebook=rules("a: {event: purchase, grant: {points: 1}, limit: {times: 1, within: {days: 1}}}")
    )
    (anna,) = members(program, 1)
    evening = NOON.replace(hour=20, minute=50)  # ten to midnight in Moscow
    for minutes in (0, 5, 15):
        at = evening + timedelta(minutes=minutes)
        buy(program.id, anna, at=at)
        live(program.id, at)

    assert states(program.id) == ["done", "limited", "done"]


def test_limit_for_everybody():
    program = make_program(
        rulebook=rules("a: {event: enrolled, grant: {points: 1}, limit: {times: 2, each: everybody}}")
    )
    members(program, 4)

    live(program.id)

    assert sorted(states(program.id)) == ["done", "done", "limited", "limited"]


def test_several_limits_hold_together():
    program = make_program(
        rulebook=rules("""
a: {event: purchase, grant: {points: 1}, limit: [{times: 2, each: everybody, within: {days: 7}}, {times: 1}]}
""")
    )
    one, two, three = members(program, 3)
    for member_id in (one, one, two, three):
        buy(program.id, member_id)

    live(program.id)

    assert sorted(states(program.id)) == ["done", "done", "limited", "limited"]


def test_budget_of_points_is_never_overstepped_and_said_once():
    program = make_program(rulebook=rules("a: {event: enrolled, grant: {points: 500}, budget: {points: 1200}}"))
    members(program, 4)

    live(program.id)

    assert sorted(states(program.id)) == ["done", "done", "over_budget", "over_budget"]
    assert told(program.id, EventKind.RULE_RAN_OUT) == [{"rule": "a"}]
    report = read_rule(program_id=program.id, named="a", by=SYSTEM_ACTOR, at=NOON)
    assert (report.rule.state, report.rule.units_left) == (RuleState.OVER_BUDGET, 200)


def test_budget_of_a_day_is_there_again_on_the_next():
    program = make_program(
        rulebook=rules("a: {event: purchase, grant: {points: 60}, budget: {points: 100, within: {days: 1}}}")
    )
    (anna,) = members(program, 1)
    for day in (0, 0, 1):
        buy(program.id, anna, at=NOON + day * DAY)
        live(program.id, NOON + day * DAY)

    assert states(program.id) == ["done", "over_budget", "done"]


def test_budget_in_money_counts_what_points_are_worth():
    program = make_program(
        rulebook=rules("a: {event: enrolled, grant: {points: 50}, budget: {money: '120.00'}}").replace(
            '"1.00"', '"0.50"'
        )
    )
    members(program, 6)

    live(program.id)

    assert sorted(states(program.id)) == ["done"] * 4 + ["over_budget"] * 2


def test_return_gives_the_budget_back():
    program = make_program(rulebook=rules("a: {event: purchase, grant: {percent: 10}, budget: {points: 100}}"))
    (anna,) = members(program, 1)
    sold = buy(program.id, anna, "1000")
    live(program.id)
    bring_back(program.id, sold.purchase_id, "1", None, NOON + timedelta(hours=1))
    live(program.id, NOON + timedelta(hours=1))

    buy(program.id, anna, "1000", at=NOON + timedelta(hours=2))
    live(program.id, NOON + timedelta(hours=2))

    assert [state for kind, _, state, _ in deeds(program.id) if kind == "automation"] == ["done", "done"]
    assert points(program.id, anna) == 100


def test_members_kept_out_get_nothing_and_are_told_apart():
    program = make_program(rulebook=rules("a: {event: enrolled, grant: {points: 1}, holdout: 50}"))
    everybody = members(program, 20)

    live(program.id)

    kept_out = {one for one in everybody if is_held_out("a", one, 5000)}
    assert 2 < len(kept_out) < 18
    assert {one for one in everybody if points(program.id, one) == 0} == kept_out
    assert states(program.id).count("holdout") == len(kept_out)


def test_rule_switched_off_between_the_event_and_the_doing_does_nothing():
    program = make_program(rulebook=rules("a: {event: enrolled, wait: {days: 1}, grant: {points: 1}}"))
    members(program, 1)
    live(program.id)
    switch(program_id=program.id, what="automations.a", on=False, reason="ошибка", by=SYSTEM_ACTOR, at=NOON)

    live(program.id, NOON + DAY)

    assert states(program.id) == ["nothing"]


def test_rule_waits_as_long_as_it_says():
    program = make_program(rulebook=rules("a: {event: enrolled, wait: {days: 1}, grant: {points: 1}}"))
    members(program, 1)

    live(program.id, NOON + timedelta(hours=23))
    early = states(program.id)
    live(program.id, NOON + DAY)

    assert (early, states(program.id)) == (["due"], ["done"])


def test_blocked_member_gets_nothing():
    program = make_program(rulebook=rules("a: {event: {custom: review}, grant: {points: 1}}"))
    (anna,) = members(program, 1)
    change_member(program.id, anna, status="blocked")
    happen(program.id, EventKind.CUSTOM, anna, name="review")

    live(program.id)

    assert states(program.id) == ["refused"]


def test_tags_and_segments_are_put_on_with_the_points():
    program = make_program(
        rulebook=rules(
            "a: {event: enrolled, grant: {points: 1}, mark: {add: [new, vip], remove: cold}, put_into: loved}"
        )
        + "segments: {loved: {by: hand}}\n"
    )
    make_member(program, tags=("cold",))

    live(program.id)

    assert rows(program.id, Member, "tags", "segments") == [("new vip", "loved")]


def _race(program, workers=4):
    """Several workers do what is due at once."""
    start = threading.Barrier(workers)

    def work():
        try:
            start.wait()
            do_due_deeds(program_id=program.id, at=NOON)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_limit_for_everybody_holds_when_workers_race(only_on_postgres):
    program = make_program(
        rulebook=rules("a: {event: enrolled, grant: {points: 1}, limit: {times: 3, each: everybody}}")
    )
    members(program, 24)
    handle_events(program_id=program.id, at=NOON)

    _race(program)

    assert states(program.id).count("done") == 3


def test_control_limit_is_overstepped_without_the_locks(only_on_postgres):
    """Without this, the race above might be no race."""
    for attempt in range(10):
        program = make_program(
            f"lavka-{attempt}",
            rulebook=rules("a: {event: enrolled, grant: {points: 1}, limit: {times: 3, each: everybody}}"),
        )
        members(program, 24)
        handle_events(program_id=program.id, at=NOON)
        with without_locks_for_tests():
            _race(program)
        if states(program.id).count("done") != 3:
            return
    pytest.fail("the race was never lost without locks")
