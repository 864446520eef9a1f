"""Points begin and end by themselves; holds, quotes and codes live out (I8, I9, I10)."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.holds import Hold
from kopilka.data.models.ledger import LedgerEntry, Lot, Operation
from kopilka.data.models.members import MemberCode
from kopilka.data.models.purchases import Purchase, Quote
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.services.codes import issue_code
from kopilka.services.expiry import (
    ClockInDoubt,
    delete_old_codes,
    delete_old_quotes,
    must_agree,
    must_not_be_ahead,
    release_due_holds,
    settle_due_lots,
)
from kopilka.services.returns import return_purchase
from tests.factories import NOON, make_member, make_program
from tests.tills import FREE_RULES, TILL_1, books_agree, buy, rows, wallet

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
WAITING = FREE_RULES.replace("life: {days: 365}", "life: {days: 30}, starts_after: {days: 10}")


@pytest.fixture
def program():
    return make_program(rulebook=WAITING)


def settle(program, days, **facts):
    done = settle_due_lots(program_id=program.id, at=NOON + days * DAY, **facts)
    return done.members, done.activated, done.expired


def test_points_begin_when_their_day_has_come(program):
    member_id = make_member(program)
    buy(program.id, member_id, "1000")

    assert settle(program, 9) == (0, {}, {})
    assert wallet(program.id, member_id) == (0, 100, 0, 0)
    assert settle(program, 10) == (1, {"bonus": 100}, {})
    assert wallet(program.id, member_id) == (100, 0, 0, 0)
    assert books_agree(program.id)


def test_points_end_once_however_often_the_worker_comes(program):
    member_id = make_member(program)
    buy(program.id, member_id, "1000")
    settle(program, 10)
    end = (rows(program.id, Lot, "expires_at")[0][0] - NOON).days

    assert [settle(program, day) for day in (end, end, end + 100)] == [
        (1, {}, {"bonus": 100}),
        (0, {}, {}),
        (0, {}, {}),
    ]
    assert rows(program.id, Lot, "remaining", "expired") == [(0, 100)]
    assert [units for account, units in rows(program.id, LedgerEntry, "account", "units") if account == "expired"] == [
        100
    ]
    assert [kind for (kind,) in rows(program.id, Operation, "kind")][-3:] == ["purchase", "activate", "expire"]
    assert books_agree(program.id)


def test_lots_that_ended_before_the_last_run_are_not_looked_at(program):
    member_id = make_member(program)
    buy(program.id, member_id, "1000")
    end = (rows(program.id, Lot, "expires_at")[0][0] - NOON).days

    settle(program, 10)

    assert settle(program, end + 2, since=NOON + (end + 1) * DAY) == (0, {}, {})
    assert settle(program, end + 2, since=NOON + (end - 1) * DAY) == (1, {}, {"bonus": 100})


def test_emptied_pending_lot_is_not_found_for_ever(program):
    member_id = make_member(program)
    bought = buy(program.id, member_id, "1000")
    return_purchase(
        program_id=program.id, purchase_id=bought.purchase_id, lines=None, source="till:1", external_id="r",
        by=TILL_1, at=NOON + DAY,
    )  # fmt: skip

    assert settle(program, 10) == (0, {}, {})
    assert rows(program.id, Lot, "remaining", "active") == [(0, True)]
    assert books_agree(program.id)


def test_many_members_are_settled_batch_by_batch(program, monkeypatch):
    monkeypatch.setattr("kopilka.services.expiry.LOTS_AT_ONCE", 2)
    for number in range(5):
        buy(program.id, make_member(program, f"+7916123450{number}"), "1000")
    seen = []

    assert settle(program, 10, progress=seen.append) == (5, {"bonus": 500}, {})
    assert seen == [2, 2, 1]


def hold(program, member_id, **facts):
    return buy(program.id, member_id, "100", spend=50, final=False, **facts)


def test_open_purchase_ends_with_its_hold():
    program = make_program(rulebook=FREE_RULES)
    member_id = make_member(program)
    buy(program.id, member_id, "1000")
    hold(program, member_id, life_minutes=30)

    early = release_due_holds(program_id=program.id, at=NOON + timedelta(minutes=29))
    held = wallet(program.id, member_id)
    done = release_due_holds(program_id=program.id, at=NOON + timedelta(minutes=30))

    assert (early, held, done) == (0, (50, 0, 50, 0), 1)
    assert wallet(program.id, member_id) == (100, 0, 0, 0)
    assert [state for (state,) in rows(program.id, Hold, "state")] == ["expired"]
    assert [state for (state,) in rows(program.id, Purchase, "state")] == ["confirmed", "cancelled"]
    assert release_due_holds(program_id=program.id, at=NOON + DAY) == 0
    assert books_agree(program.id)


def test_held_points_do_not_expire_before_their_hold_ends():
    program = make_program(rulebook=FREE_RULES)
    member_id = make_member(program)
    buy(program.id, member_id, "1000")
    at = NOON + 365 * DAY - timedelta(minutes=10)
    hold(program, member_id, at=at, life_minutes=60)

    first = settle_due_lots(program_id=program.id, at=NOON + 365 * DAY)
    between = wallet(program.id, member_id)
    release_due_holds(program_id=program.id, at=at + timedelta(hours=1))

    assert (first.expired, between) == ({"bonus": 50}, (0, 0, 50, 0))
    assert wallet(program.id, member_id) == (0, 0, 0, 0)
    assert rows(program.id, Lot, "remaining", "expired") == [(0, 100)]
    assert books_agree(program.id)


def test_old_quotes_and_codes_are_forgotten(program):
    member_id = make_member(program)
    issue_code(program_id=program.id, member_id=member_id, by=SYSTEM_ACTOR, at=NOON)
    with transaction.atomic():
        enter_program(program.id)
        Quote.objects.create(
            program_id=program.id, at=NOON, expires_at=NOON + DAY, version=1, receipt="{}", decision="{}"
        )

    assert delete_old_quotes(program_id=program.id, at=NOON) == 0
    assert delete_old_quotes(program_id=program.id, at=NOON + DAY) == 1
    assert delete_old_codes(program_id=program.id, at=NOON + DAY) == 0
    assert delete_old_codes(program_id=program.id, at=NOON + 3 * DAY) == 1
    assert (rows(program.id, Quote, "id"), rows(program.id, MemberCode, "id")) == ([], [])


@pytest.mark.usefixtures("only_on_postgres")
def test_clocks_that_differ_are_noticed():
    now, six = timezone.now(), timedelta(minutes=6)

    for ask, at in [(must_agree, now + six), (must_agree, now - six), (must_not_be_ahead, now + six)]:
        with pytest.raises(ClockInDoubt):
            ask(at)
    must_agree(now)
    must_not_be_ahead(now - six)
