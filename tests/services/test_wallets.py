"""Points given and taken by hand (I7, I14, I26)."""

from datetime import timedelta

import pytest

from kopilka.data.models.events import AuditRecord, Event
from kopilka.data.models.ledger import LedgerEntry, Lot, Operation
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.period import Life
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.wallets import AdjustRequest, adjust_points
from tests.factories import NOON, make_member, make_program
from tests.tills import FREE_RULES, TILL_1, books_agree, rows, wallet, with_key

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    return make_program(rulebook=FREE_RULES)


def adjust(program, member_id, units, reason="извинение", **facts):
    facts = {"by": SYSTEM_ACTOR, "at": NOON, "currency": "bonus", **facts}
    return adjust_points(
        program_id=program.id, request=AdjustRequest(member_id=member_id, units=units, reason=reason, **facts)
    )


def test_given_points_are_a_lot_of_their_own(program):
    member_id = make_member(program)

    done = adjust(program, member_id, 300, life=Life(days=14))

    assert (done.units, done.expires_at, done.balances["bonus"].available) == (300, NOON + timedelta(days=14), 300)
    assert rows(program.id, Lot, "amount", "expires_at", "purchase_id") == [(300, NOON + timedelta(days=14), None)]
    assert sorted(rows(program.id, LedgerEntry, "account", "units")) == [("adjusted", -300), ("available", 300)]
    assert rows(program.id, Operation, "id", "kind", "reason")[-1] == (done.operation_id, "adjust", "извинение")
    assert rows(program.id, Event, "kind", "subject_id")[-1] == ("points_adjusted", done.operation_id)
    assert rows(program.id, AuditRecord, "act", "before", "after", "reason")[-1] == (
        "points_adjusted", '{"bonus": 0}', '{"bonus": 300}', "извинение",
    )  # fmt: skip
    assert books_agree(program.id)


def test_given_points_live_as_the_currency_says(program):
    assert adjust(program, make_member(program), 1).expires_at == NOON + timedelta(days=365)


def test_taken_points_leave_the_lots_that_expire_first(program):
    member_id = make_member(program)
    adjust(program, member_id, 100)
    adjust(program, member_id, 50, life=Life(days=3))

    adjust(program, member_id, -80)

    assert rows(program.id, Lot, "remaining") == [(70,), (0,)]
    assert wallet(program.id, member_id) == (70, 0, 0, 0)
    assert books_agree(program.id)


def test_nobody_is_adjusted_below_zero(program):
    member_id = make_member(program)
    adjust(program, member_id, 10)

    with pytest.raises(Refusal) as refused:
        adjust(program, member_id, -11)

    assert (refused.value.code, refused.value.params["available"]) == (Code.INSUFFICIENT_POINTS, 10)
    assert wallet(program.id, member_id) == (10, 0, 0, 0)


@pytest.mark.parametrize(
    ("units", "reason", "currency", "code"),
    [
        (0, "r", "bonus", Code.OUT_OF_RANGE),
        (10**9 + 1, "r", "bonus", Code.OUT_OF_RANGE),
        (5, " ", "bonus", Code.MISSING),
        (5, "r" * 501, "bonus", Code.OUT_OF_RANGE),
        (5, "r", "stars", Code.INVALID),
    ],
)
def test_bad_adjustments_are_refused(program, units, reason, currency, code):
    member_id = make_member(program)

    with pytest.raises(Refusal) as refused:
        adjust(program, member_id, units, reason, currency=currency)

    assert refused.value.code is code
    assert rows(program.id, LedgerEntry, "id") == []


def test_a_till_may_not_adjust(program):
    with pytest.raises(Refusal, match="not_allowed"):
        adjust(program, make_member(program), 5, by=TILL_1)


def test_repeated_adjustment_happens_once(program):
    member_id = make_member(program)

    first = adjust(program, member_id, 5, request=with_key("k"))
    again = adjust(program, member_id, 5, request=with_key("k"))

    assert (again.operation_id, again.balances, again.replayed) == (first.operation_id, first.balances, True)
    assert wallet(program.id, member_id) == (5, 0, 0, 0)
