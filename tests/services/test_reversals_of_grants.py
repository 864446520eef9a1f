"""A share or an automation taken back between two moments: exact, once, undone, with returns before or after it."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from kopilka.bookkeeping.locking import without_locks_for_tests
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.services.reversals import Sums, continue_reversals, preview_reversal, reverse_rule, undo_reversal
from tests.factories import NOON, make_member, make_program
from tests.services.automations.town import bring_back, live, points
from tests.services.test_reversals import books_are_clean
from tests.sharing import set_member
from tests.tills import buy

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
WINDOW = {"since": NOON - DAY, "until": NOON + 30 * DAY}
RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
spending_proof: {by: none}
points:
  bonus: {name: Бонусы, worth: "1.00", life: {days: 365}}
  gold: {name: Золото}
spending:
  bonus: {share_of_receipt: 100}
referral: {code: digits, levels: 2, until_first_purchase: true}
shares:
  friends: {to: inviter, earn: {percent: 10, in: bonus}}
automations:
  thanks:
    event: purchase
    grant:
      - {percent: 5, in: bonus}
      - {points: 7, in: bonus}
      - {points: 3, in: gold}
      - {points: 20, to: inviter, in: bonus}
"""


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


@pytest.fixture
def pair(program):
    """Anna, and Artem whom she invited."""
    anna, artem = make_member(program, "+79160000001"), make_member(program, "+79160000002")
    set_member(program, artem, inviter_id=anna)
    return anna, artem


def reverse(program, rule, at=NOON + 2 * DAY, window=None, **facts):
    return reverse_rule(
        program_id=program.id, rule=rule, reason="ошибка", by=SYSTEM_ACTOR, at=at, **(window or WINDOW), **facts
    )


def undo(program, done, at=NOON + 3 * DAY):
    return undo_reversal(program_id=program.id, reversal_id=done.reversal_id, reason="зря", by=SYSTEM_ACTOR, at=at)


def preview(program, rule, at=NOON + 2 * DAY):
    return preview_reversal(program_id=program.id, rule=rule, by=SYSTEM_ACTOR, at=at, **WINDOW)


def sell(program, artem, minor="1000"):
    bought = buy(program.id, artem, minor)
    live(program.id)
    return bought.purchase_id


def test_share_is_taken_back_exactly_once_and_given_back(program, pair):
    anna, artem = pair
    sell(program, artem)
    before = points(program.id, anna)

    told, done, again = preview(program, "friends"), reverse(program, "friends"), reverse(program, "friends")
    taken = points(program.id, anna)
    undone = undo(program, done)

    assert told.sums == done.sums == {"bonus": Sums(given=100, taken=100)}
    assert (done.rule, done.members, done.items, again.items) == ("shares.friends", 1, 1, 0)
    assert (before, taken, points(program.id, anna)) == (120, 20, 120)
    assert undone.state == "undone"
    assert books_are_clean(program) == []


@pytest.mark.parametrize("rule", ["friends", "thanks"])
@pytest.mark.parametrize("undoing", ["", "before", "after"])
def test_return_after_a_reversal_takes_nothing_twice(program, pair, rule, undoing):
    anna, artem = pair
    sold = sell(program, artem)
    done = reverse(program, rule)

    if undoing == "before":
        undo(program, done, NOON + 3 * DAY)
    bring_back(program.id, sold, "r1", None, NOON + 4 * DAY)
    live(program.id, NOON + 4 * DAY)
    if undoing == "after":
        undo(program, done, NOON + 5 * DAY)

    taken_for_good = rule == "thanks" and not undoing
    assert (points(program.id, anna), points(program.id, artem)) == ((0, 0) if taken_for_good else (20, 7))
    assert books_are_clean(program) == []


@pytest.mark.parametrize("rule", ["friends", "thanks"])
def test_reversal_after_a_part_was_returned_takes_the_rest(program, pair, rule):
    anna, artem = pair
    sold = sell(program, artem)
    bring_back(program.id, sold, "r1", {1: 400}, NOON + DAY)
    live(program.id, NOON + DAY)
    before = points(program.id, anna), points(program.id, artem)

    told, done = preview(program, rule), reverse(program, rule)
    after = points(program.id, anna), points(program.id, artem)
    bring_back(program.id, sold, "r2", {1: 600}, NOON + 3 * DAY)
    live(program.id, NOON + 3 * DAY)
    last = points(program.id, anna), points(program.id, artem)

    assert told.sums == done.sums
    assert before == (80, 37)
    if rule == "friends":
        assert done.sums == {"bonus": Sums(given=100, taken=60, returned=40)}
        assert (after, last) == ((20, 37), (20, 7))
    else:
        assert done.sums == {"bonus": Sums(given=77, taken=57, returned=20), "gold": Sums(given=3, taken=3)}
        assert (after, last) == ((60, 0), (0, 0))
    assert books_are_clean(program) == []


def test_undo_after_a_part_was_returned_gives_back_what_is_still_bought(program, pair):
    anna, artem = pair
    sold = sell(program, artem)
    done = reverse(program, "thanks"), reverse(program, "friends")
    bring_back(program.id, sold, "r1", {1: 400}, NOON + 2 * DAY)
    live(program.id, NOON + 2 * DAY)

    for one in done:
        undo(program, one)
    live(program.id, NOON + 3 * DAY)

    assert (points(program.id, anna), points(program.id, artem)) == (80, 37)
    assert books_are_clean(program) == []


def test_automation_takes_back_what_it_gave_to_all_and_only_between_the_moments(program, pair):
    anna, artem = pair
    sell(program, artem)
    buy(program.id, artem, "500", at=NOON + 10 * DAY)
    live(program.id, NOON + 10 * DAY)
    window = {"since": NOON, "until": NOON + 10 * DAY}

    done = reverse(program, "automations.thanks", at=NOON + 11 * DAY, window=window)

    assert (done.members, done.items) == (2, 2)
    assert done.sums == {"bonus": Sums(given=77, taken=77), "gold": Sums(given=3, taken=3)}
    assert (points(program.id, anna), points(program.id, artem)) == (170, 32)
    assert points(program.id, artem, "gold") == 3
    assert books_are_clean(program) == []


@pytest.mark.parametrize("rule", ["friends", "thanks"])
def test_spent_points_are_owed_and_the_debt_is_forgiven_when_undone(program, pair, rule):
    anna, artem = pair
    sell(program, artem)
    for member_id in pair:
        left = points(program.id, member_id)
        buy(program.id, member_id, "1000", spend=left, at=NOON + timedelta(minutes=1))
    before = points(program.id, anna), points(program.id, artem)

    done = reverse(program, rule)
    owed = points(program.id, anna), points(program.id, artem)
    undo(program, done)

    assert before == (0, 0)
    assert owed == ((-100, 0) if rule == "friends" else (-20, -57))
    assert (points(program.id, anna), points(program.id, artem)) == (0, 0)
    assert books_are_clean(program) == []


def test_members_of_whom_there_is_nothing_to_take_do_not_hold_a_reversal_up(program):
    """Each turn of the worker goes on behind those it looked at, also where the rule had nothing to take."""
    program_rules = RULES.replace("shares:", "promotions:\n  big: {earn: {percent: 1, in: bonus}}\nshares:")
    shop = make_program("big", rulebook=program_rules)
    members = [make_member(shop, f"+7916111111{n}") for n in range(3)]
    for member_id in members:
        buy(shop.id, member_id, "100")
    reverse(shop, "promotions.big", members_max=2, window={"since": NOON, "until": NOON + DAY})
    reverse(shop, "promotions.big")
    longer = {"since": NOON, "until": NOON + 9 * DAY}
    begun = reverse(shop, "promotions.big", at=NOON + 4 * DAY, members_max=1, window=longer)

    turns = [continue_reversals(program_id=shop.id, at=NOON + 4 * DAY, members_max=1) for _ in range(6)]

    assert begun.state == "running"
    assert turns[-1] == 0


# --- two reversals of one rule at once ----------------------------------------------------------------------------
def reversed_at_once(program, rule):
    """Two people take the same rule back, each for a window of his own."""
    windows = [{"since": NOON - DAY, "until": NOON + (30 + n) * DAY} for n in range(2)]
    start, errors = Barrier(2), []

    def run(window):
        try:
            connection.ensure_connection()
            start.wait()
            reverse(program, rule, window=window)
        except Exception as error:  # noqa: BLE001 - whatever happened is what the test looks at
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(window,)) for window in windows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def crowd(program, number):
    """Four friends of one inviter with a purchase each."""
    anna = make_member(program, f"+7916{number:05}00")
    for n in range(1, 5):
        friend = make_member(program, f"+7916{number:05}{n:02}")
        set_member(program, friend, inviter_id=anna)
        buy(program.id, friend, "1000")
    live(program.id)
    return anna


@pytest.mark.slow
@pytest.mark.parametrize("rule", ["friends", "thanks"])
def test_two_reversals_at_once_take_once(rule):
    for number in range(3):
        program = make_program(f"at-once-{number}", rulebook=RULES)
        anna = crowd(program, number)

        errors = reversed_at_once(program, rule)

        assert errors == []
        assert points(program.id, anna) == (80 if rule == "friends" else 400)
        assert books_are_clean(program) == []


@pytest.mark.slow
@pytest.mark.usefixtures("only_on_postgres")
@pytest.mark.parametrize("rule", ["friends", "thanks"])
def test_control_without_the_locks_two_reversals_take_twice(rule):
    """On SQLite the transaction itself is the lock and cannot be switched off."""

    def went_wrong(number):
        program = make_program(f"no-locks-{number}", rulebook=RULES)
        anna = crowd(program, number)
        with without_locks_for_tests():
            errors = reversed_at_once(program, rule)
        fair = 80 if rule == "friends" else 400
        return bool(errors) or points(program.id, anna) != fair or books_are_clean(program) != []

    assert any(went_wrong(number) for number in range(15))
