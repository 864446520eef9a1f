"""Tills at the same moment (I6, I8, I11, I14, I19). Each race has a control: with its guard off it must go wrong."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections

from kopilka.bookkeeping.locking import without_locks_for_tests
from kopilka.data.models.ledger import Operation
from kopilka.data.models.purchases import Purchase
from kopilka.data.models.rulebooks import RuleUse
from kopilka.data.row_counts import tell_row_counts
from kopilka.engine.refusal import Code, Refusal
from kopilka.project.database_roles import as_owner
from kopilka.services.holds import HoldRequest, place_hold, release_hold
from kopilka.services.purchases import confirm_purchase, confirm_purchases
from tests.factories import NOON, make_member, make_program
from tests.tills import TILL_1, VOUCHED, books_agree, bread, buy, by_id, request, rows, wallet, with_key

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00"}
spending:
  bonus: {}
spending_proof: {by: none}
promotions:
  big: {when: {total: {at_least: "1000.00"}}, earn: {percent: 10}}
  spring: {when: {coupon: spring}, discount: {percent: 10}}
coupons:
  spring: {words: [ВЕСНА], uses: 10}
"""
"""Points are earned on big receipts only, so that spending on small ones changes nothing else."""

TILLS = 8
CONTROL_ROUNDS = 25


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Run all acts from threads that start together, each with a connection of its own; refusals are answers too."""
    answers: list[Any] = [None] * len(acts)
    start = Barrier(len(acts))

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            answers[place] = act()
        except Exception as error:  # noqa: BLE001 - whatever happened is what the test looks at
            answers[place] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def happened(answers: list[Any]) -> list[Any]:
    return [answer for answer in answers if not isinstance(answer, Exception)]


def codes_of(answers: list[Any]) -> set[Any]:
    return {
        answer.code if isinstance(answer, Refusal) else answer for answer in answers if isinstance(answer, Exception)
    }


def goes_wrong(race: Callable[[], bool]) -> bool:
    """Does a race whose guard is off go wrong, within some rounds?"""
    return any(race() for _ in range(CONTROL_ROUNDS))


# --- two tills spend one balance ----------------------------------------------------------------------------------
def spend_at_once(program, phone: int) -> tuple[Any, list[Any]]:
    """A member with 100 points; eight tills want 30 of them each: three can have them."""
    member_id = make_member(program, f"+7916{phone:07}")
    buy(program.id, member_id, "1000")
    return member_id, at_once([lambda: buy(program.id, member_id, "100", spend=30) for _ in range(TILLS)])


def test_tills_spend_one_balance_once(program):
    for phone in range(3):
        member_id, answers = spend_at_once(program, phone)

        assert len(happened(answers)) == 3
        assert codes_of(answers) == {Code.INSUFFICIENT_POINTS}
        assert wallet(program.id, member_id) == (10, 0, 0, 0)
    assert books_agree(program.id)


def test_control_without_the_lock_one_balance_is_spent_twice(program):
    phones = iter(range(CONTROL_ROUNDS))

    def overspent() -> bool:
        return len(happened(spend_at_once(program, next(phones))[1])) > 3

    with without_locks_for_tests():
        assert goes_wrong(overspent)


# --- the same receipt at once -------------------------------------------------------------------------------------
def confirm_at_once(program_id, member_id, number) -> list[Any]:
    asked = [request(member_id, bread(), number, request=with_key(f"{number}-{till}")) for till in range(TILLS)]
    return at_once([lambda one=one: confirm_purchase(program_id=program_id, request=one) for one in asked])


@pytest.mark.parametrize("named", [True, False])
def test_receipt_confirmed_at_once_is_one_purchase(program, named):
    member_id = make_member(program) if named else None

    for number in ("1", "2", "3"):
        answers = confirm_at_once(program.id, member_id, number)

        assert len({answer.purchase_id for answer in answers}) == 1
        assert sorted(answer.replayed for answer in answers) == [False] + [True] * (TILLS - 1)
    assert len(rows(program.id, Purchase, "id")) == 3
    assert books_agree(program.id)


def test_unique_index_alone_keeps_a_receipt_single(program):
    member_id = make_member(program)

    with without_locks_for_tests():
        for number in ("1", "2", "3"):
            answers = confirm_at_once(program.id, member_id, number)
            assert len({answer.purchase_id for answer in answers if not isinstance(answer, Refusal)}) == 1

    assert len(rows(program.id, Purchase, "id")) == 3


@contextmanager
def without_unique_receipts() -> Iterator[None]:
    meta, constraints = Purchase._meta, Purchase._meta.constraints
    unique = next(one for one in constraints if one.name == "receipt_once")
    meta.constraints = [one for one in constraints if one is not unique]  # SQLite makes the table anew from these
    try:
        with as_owner() as owner, owner.schema_editor() as editor:
            editor.remove_constraint(Purchase, unique)
        yield
    finally:
        meta.constraints = constraints
        connection.close()
        with as_owner() as owner:
            _empty(owner)
            with owner.schema_editor() as editor:
                editor.add_constraint(Purchase, unique)
            tell_row_counts(owner.alias, plan=True)  # SQLite has made the table anew, and forgotten its size


def _empty(owner: Any) -> None:
    """The index comes back only when nothing is there twice."""
    with owner.cursor() as cursor:
        if owner.vendor == "postgresql":
            cursor.execute("TRUNCATE kopilka_purchase CASCADE")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute("DELETE FROM kopilka_purchase")
            cursor.execute("PRAGMA foreign_keys = ON")


def test_control_without_index_and_lock_a_receipt_is_booked_twice(program):
    member_id = make_member(program)
    numbers = iter(range(100, 1000))

    def booked_twice() -> bool:
        answers = confirm_at_once(program.id, member_id, str(next(numbers)))
        return len({answer.purchase_id for answer in happened(answers)}) > 1

    with without_unique_receipts(), without_locks_for_tests():
        assert goes_wrong(booked_twice)


def test_key_used_at_once_is_one_operation(program):
    """The same request, key and all, from many threads."""
    member_id = make_member(program)
    asked = request(member_id, bread(), request=with_key("k1"))

    answers = at_once([lambda: confirm_purchase(program_id=program.id, request=asked)] * 20)

    assert len({answer.purchase_id for answer in answers}) == 1
    assert [kind for kind, key in rows(program.id, Operation, "kind", "key") if key == "k1"] == ["purchase"]


# --- one coupon with ten uses -------------------------------------------------------------------------------------
def use_coupon_at_once(program_id, tills: int, each: int) -> int:
    """How often the coupon worked when so many tills named it so many times each, for nobody in particular."""

    def sell(till: int) -> int:
        batch = [request(None, bread(codes=("ВЕСНА",)), f"{till}-{number}-{random.random()}") for number in range(each)]
        answers = [confirm_purchase(program_id=program_id, request=one) for one in batch]
        return sum(answer.decision.coupons == ["spring"] for answer in answers)

    return sum(at_once([lambda till=till: sell(till) for till in range(tills)]))


def test_coupon_with_ten_uses_works_ten_times_for_a_hundred_tills(program):
    assert use_coupon_at_once(program.id, tills=20, each=5) == 10
    assert rows(program.id, RuleUse, "used") == [(10,)]


def test_coupon_is_counted_within_a_batch(program):
    batch = [request(None, bread(codes=("ВЕСНА",)), str(number)) for number in range(15)]

    answers = confirm_purchases(program_id=program.id, requests=batch)

    assert [answer.decision.coupons for answer in answers] == [["spring"]] * 10 + [[]] * 5
    assert [answer.decision.coupons_refused for answer in answers][-1] == ["ВЕСНА"]


def test_control_without_the_lock_a_coupon_works_too_often():
    rounds = iter(range(CONTROL_ROUNDS))

    def worked_too_often() -> bool:
        program_id = make_program(f"lavka-{next(rounds)}", rulebook=RULES).id
        used = sum(use_coupon_at_once(program_id, tills=1, each=1) for _ in range(2))
        return used + use_coupon_at_once(program_id, tills=TILLS, each=4) > 10

    with without_locks_for_tests():
        assert goes_wrong(worked_too_often)


# --- holds, batches -----------------------------------------------------------------------------------------------
def test_hold_ends_exactly_once(program):
    """Two purchases and two releases reach for one hold."""
    for number in range(3):
        member_id = make_member(program, f"+7916000000{number}")
        buy(program.id, member_id, "1000")
        held = place_hold(
            program_id=program.id,
            request=HoldRequest(by_id(member_id), "bonus", 50, TILL_1, NOON, proof=VOUCHED),
        )

        def pay(till: int, member_id=member_id, hold_id=held.hold_id) -> Any:
            asked = request(member_id, bread("50"), f"{hold_id}-{till}", hold_id=hold_id)
            return confirm_purchase(program_id=program.id, request=asked)

        def let_go(hold_id=held.hold_id) -> Any:
            return release_hold(program_id=program.id, hold_id=hold_id, by=TILL_1, at=NOON)

        answers = at_once([lambda pay=pay: pay(1), lambda pay=pay: pay(2), let_go, let_go])

        paid = happened(answers[:2])
        released = [answer for answer in happened(answers[2:]) if not answer.replayed]
        assert len(paid) + len(released) == 1
        assert codes_of(answers) <= {Code.HOLD_CLOSED}
        assert wallet(program.id, member_id) == ((50, 0, 0, 0) if paid else (100, 0, 0, 0))
    assert books_agree(program.id)


def test_batches_of_the_same_members_in_any_order_do_not_stop_each_other(program):
    members = [make_member(program, f"+791600000{number:02}") for number in range(10)]
    chance = random.Random(7)

    def sell(till: int) -> list[Any]:
        answers = []
        for number in range(5):
            chosen = chance.sample(members, len(members))
            batch = [
                request(member_id, bread("1000", spend="max"), f"{till}-{number}-{place}")
                for place, member_id in enumerate(chosen)
            ]
            answers += confirm_purchases(program_id=program.id, requests=batch)
        return answers

    answers = [answer for sold in at_once([lambda till=till: sell(till) for till in range(4)]) for answer in sold]

    assert len(happened(answers)) == len(answers) == 200
    assert books_agree(program.id)
