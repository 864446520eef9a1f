"""Lives of points: longer by hand, ended by silence."""

from datetime import timedelta

import pytest

from kopilka.data.models.events import AuditRecord
from kopilka.data.models.ledger import Lot
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.period import Life
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.entries import statement_of_member
from kopilka.services.expiry import expire_idle_points, settle_due_lots
from kopilka.services.explanations import explain_entry
from kopilka.services.lots import ExtendRequest, extend_lots
from kopilka.services.wallets import AdjustRequest, adjust_points
from tests.factories import NOON, make_member, make_program
from tests.tills import FREE_RULES, RULES, TILL_1, books_agree, buy, rows, wallet, with_key

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    return make_program(rulebook=FREE_RULES)


def give(program, member_id, units, days):
    request = AdjustRequest(member_id, "bonus", units, "подарок", SYSTEM_ACTOR, NOON, life=Life(days=days))
    return adjust_points(program_id=program.id, request=request)


def extend(program, member_id, **facts):
    facts = {"life": Life(days=10), "reason": "касса не работала", "by": SYSTEM_ACTOR, "at": NOON, **facts}
    return extend_lots(program_id=program.id, request=ExtendRequest(member_id, "bonus", **facts))


def test_points_that_would_expire_soon_live_longer(program):
    member_id = make_member(program)
    give(program, member_id, 10, 5)
    give(program, member_id, 20, 50)

    done = extend(program, member_id, before=NOON + timedelta(days=6), request=with_key("x"))
    again = extend(program, member_id, before=NOON + timedelta(days=6), request=with_key("x"))
    settle_due_lots(program_id=program.id, at=NOON + timedelta(days=14))

    assert [(one.units, one.before, one.after) for one in done.lots] == [
        (10, NOON + timedelta(days=5), NOON + timedelta(days=15))
    ]
    assert (again.operation_id, again.replayed) == (done.operation_id, True)
    assert [end for (end,) in rows(program.id, Lot, "expires_at")] == [
        NOON + timedelta(days=15), NOON + timedelta(days=50),
    ]  # fmt: skip
    assert wallet(program.id, member_id) == (30, 0, 0, 0)
    assert rows(program.id, AuditRecord, "act", "reason")[-1] == ("points_extended", "касса не работала")
    assert books_agree(program.id)


def test_what_has_expired_stays_so(program):
    member_id = make_member(program)
    give(program, member_id, 10, 5)

    with pytest.raises(Refusal) as refused:
        extend(program, member_id, at=NOON + timedelta(days=5))

    assert (refused.value.code, refused.value.params) == (Code.NOT_FOUND, {"what": "lot"})


def test_extending_needs_a_reason_and_the_right(program):
    member_id = make_member(program)
    give(program, member_id, 10, 5)

    for facts, code in (({"reason": " "}, Code.MISSING), ({"by": TILL_1}, Code.NOT_ALLOWED)):
        with pytest.raises(Refusal) as refused:
            extend(program, member_id, **facts)
        assert refused.value.code == code


IDLE = RULES.replace("life: {days: 365}", "life: {days: 365}, idle: {days: 60}") + "spending_proof: {by: none}\n"


def test_silence_ends_all_points_once():
    program = make_program(rulebook=IDLE)
    quiet, busy = make_member(program, "+79161111111"), make_member(program, "+79162222222")
    buy(program.id, quiet, "100")
    buy(program.id, busy, "100")
    buy(program.id, busy, "100", at=NOON + timedelta(days=10))

    at_last = expire_idle_points(program_id=program.id, at=NOON + timedelta(days=60))
    then = expire_idle_points(program_id=program.id, at=NOON + timedelta(days=60, seconds=1))
    again = expire_idle_points(program_id=program.id, at=NOON + timedelta(days=60, seconds=1))

    assert (at_last, then, again) == (0, 1, 0)
    assert (wallet(program.id, quiet), wallet(program.id, busy)) == ((0, 0, 0, 0), (20, 0, 0, 0))
    assert books_agree(program.id)


def test_points_that_silence_ended_are_explained_by_their_lots():
    program = make_program(rulebook=IDLE)
    member_id = make_member(program)
    buy(program.id, member_id, "100")
    expire_idle_points(program_id=program.id, at=NOON + timedelta(days=61))
    entry = statement_of_member(program.id, member_id).entries[0]

    told = explain_entry(program_id=program.id, entry_id=entry.id, by=SYSTEM_ACTOR)

    assert (entry.kind, entry.units) == ("expire", -10)
    assert [(lot.units, lot.granted) for lot in told.lots] == [(10, 10)]
