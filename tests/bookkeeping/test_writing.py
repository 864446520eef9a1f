"""Acts written down: exact rows, whatever happened to a lot within one call (I1, I2)."""

from datetime import timedelta

import pytest
from django.db import transaction

from kopilka.bookkeeping.loading import load_standing
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.data.ids import new_id
from kopilka.data.models.ledger import Draw, LedgerEntry, Lot, Operation, Wallet
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.ledger import Account, Act, Kind
from kopilka.engine.refusal import Code, Refusal
from tests.factories import NOON, make_member, make_program
from tests.tills import books_agree, rows, wallet

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    return make_program()


@pytest.fixture
def member_id(program):
    return make_member(program)


def written(kind, standing, act, **facts):
    return Written(kind, standing.member_id, None, NOON, NOON, SYSTEM_ACTOR, act, **facts)


def grant(standing, units, *, after=timedelta(0), at=NOON):
    act = Act(standing, at, new_id)
    act.grant("bonus", units, starts_at=at + after, expires_at=at + timedelta(days=30), against=Account.ADJUSTED)
    return act


def test_grant_makes_wallet_lot_and_entries(program, member_id):
    with transaction.atomic():
        standing = load_standing(program.id, member_id, at=NOON)
        act = grant(standing, 70)
        write_acts(program.id, [written(Kind.ADJUST, standing, act, reason="за терпение")])

    assert rows(program.id, Wallet, "member_id", "currency", "available") == [(member_id, "bonus", 70)]
    assert rows(program.id, Lot, "amount", "remaining", "active", "expires_at") == [
        (70, 70, True, NOON + timedelta(days=30))
    ]
    assert sorted(rows(program.id, LedgerEntry, "account", "units", "at")) == [
        ("adjusted", -70, NOON), ("available", 70, NOON),
    ]  # fmt: skip
    assert rows(program.id, Operation, "kind", "reason", "key", "fingerprint")[-1] == (
        "adjust",
        "за терпение",
        None,
        None,
    )


def test_lot_made_and_drawn_in_one_call_is_inserted_with_what_is_left(program, member_id):
    with transaction.atomic():
        standing = load_standing(program.id, member_id, at=NOON, lots=True)
        given = grant(standing, 70)
        taken = Act(standing, NOON, new_id)
        taken.adjust_down("bonus", 30)
        write_acts(program.id, [written(Kind.ADJUST, standing, given), written(Kind.ADJUST, standing, taken)])

    assert rows(program.id, Lot, "amount", "remaining") == [(70, 40)]
    assert rows(program.id, Draw, "units") == [(30,)]
    assert wallet(program.id, member_id) == (40, 0, 0, 0)
    assert books_agree(program.id)


def test_standing_may_go_on_being_used_after_writing(program, member_id):
    with transaction.atomic():
        standing = load_standing(program.id, member_id, at=NOON, lots=True)
        write_acts(program.id, [written(Kind.ADJUST, standing, grant(standing, 70))])
        act = Act(standing, NOON, new_id)
        act.adjust_down("bonus", 30)
        act.keep_fraction("bonus", 1, 3)
        write_acts(program.id, [written(Kind.ADJUST, standing, act)])

    assert rows(program.id, Lot, "amount", "remaining") == [(70, 40)]
    assert rows(program.id, Wallet, "available", "carry_num", "carry_den") == [(40, 1, 3)]
    assert books_agree(program.id)


def test_draws_that_cancel_out_leave_no_row(program, member_id):
    with transaction.atomic():
        standing = load_standing(program.id, member_id, at=NOON, lots=True)
        write_acts(program.id, [written(Kind.ADJUST, standing, grant(standing, 70))])
        act = Act(standing, NOON, new_id)
        drawn = act.hold("bonus", 30)
        act.release("bonus", [(one.lot, one.units) for one in list(drawn)])
        write_acts(program.id, [written(Kind.HOLD, standing, act)])

    assert rows(program.id, Draw, "units") == []
    assert len(rows(program.id, LedgerEntry, "id")) == 2
    assert books_agree(program.id)


def test_pending_lot_begins_and_ends(program, member_id):
    with transaction.atomic():
        standing = load_standing(program.id, member_id, at=NOON, lots=True)
        write_acts(program.id, [written(Kind.ADJUST, standing, grant(standing, 70, after=timedelta(days=1)))])
    assert wallet(program.id, member_id) == (0, 70, 0, 0)

    with transaction.atomic():
        standing = load_standing(program.id, member_id, at=NOON, lots=True)
        lot = standing.lots["bonus"][0]
        begins, ends = Act(standing, NOON, new_id), Act(standing, NOON, new_id)
        begins.activate(lot)
        ends.expire(lot)
        write_acts(program.id, [written(Kind.ACTIVATE, standing, begins), written(Kind.EXPIRE, standing, ends)])

    assert rows(program.id, Lot, "remaining", "expired", "active") == [(0, 70, True)]
    assert wallet(program.id, member_id) == (0, 0, 0, 0)
    assert books_agree(program.id)


def test_act_that_does_not_sum_to_zero_is_refused_and_nothing_is_written(program, member_id):
    before = rows(program.id, Operation, "id")
    with transaction.atomic():
        standing = load_standing(program.id, member_id, at=NOON)
        act = grant(standing, 70)
        act.postings.pop()
        with pytest.raises(Refusal) as caught:
            write_acts(program.id, [written(Kind.ADJUST, standing, act)])

    assert caught.value.code is Code.LEDGER_INTEGRITY
    assert rows(program.id, Operation, "id") == before


def test_operation_without_an_act_moves_nothing(program):
    with transaction.atomic():
        enter_program(program.id)
        write_acts(program.id, [Written(Kind.PUBLISH, None, program.id, NOON, NOON, SYSTEM_ACTOR)])

    assert rows(program.id, Operation, "kind", "subject_id")[-1] == ("publish", program.id)
    assert rows(program.id, LedgerEntry, "id") == []
