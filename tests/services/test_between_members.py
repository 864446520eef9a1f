"""Points between members: handed over, pooled in a family, merged with a duplicate (S2.1)."""

from datetime import timedelta

import pytest

from kopilka.bookkeeping.merging import references_to_members
from kopilka.data.models.balances import Transfer
from kopilka.data.models.ledger import LedgerEntry, Lot
from kopilka.data.models.members import Identifier, Member
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.period import Life
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.codes import issue_code
from kopilka.services.families import join_family, leave_family
from kopilka.services.members import find_member
from kopilka.services.merging import merge_members
from kopilka.services.returns import return_purchase
from kopilka.services.transfers import Signed, accept_transfer, decline_transfer, propose_transfer
from kopilka.services.wallets import AdjustRequest, adjust_points
from tests.factories import NOON, make_member, make_program
from tests.tills import FREE_RULES, TILL_1, books_agree, buy, rows, wallet

pytestmark = pytest.mark.django_db(transaction=True)

RULES = FREE_RULES + "\ntransfers: {in: bonus, at_least: 10, each_day: 200, fee: 10}\nfamily: {size: 2}\n"
ANNA, BORIS = "+79161111111", "+79162222222"
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


@pytest.fixture
def anna(program):
    return make_member(program, ANNA)


@pytest.fixture
def boris(program):
    return make_member(program, BORIS)


def give(program, member_id, units, days=30):
    request = AdjustRequest(member_id, "bonus", units, "подарок", SYSTEM_ACTOR, NOON, life=Life(days=days))
    return adjust_points(program_id=program.id, request=request)


def code_of(program, member_id, at=NOON):
    return issue_code(program_id=program.id, member_id=member_id, by=SYSTEM_ACTOR, at=at).code


def propose(program, giver, taker, units, code=None, at=NOON, by=SYSTEM_ACTOR):
    signed = Signed(code, by, at)
    return propose_transfer(
        program_id=program.id, giver=giver, taker=taker, currency="bonus", units=units, signed=signed
    )


def refusal_of(act, *arguments, **facts):
    with pytest.raises(Refusal) as refused:
        act(*arguments, **facts)
    return refused.value.code, refused.value.params


def test_transfer_keeps_the_lives_of_points_and_the_fee_stays_with_the_program(program, anna, boris):
    give(program, anna, 60, days=5)
    give(program, anna, 100, days=30)

    proposed = propose(program, anna, boris, 100, code_of(program, anna))
    done = accept_transfer(
        program_id=program.id,
        transfer_id=proposed.id,
        signed=Signed(code_of(program, boris, LATER), SYSTEM_ACTOR, LATER),
    )

    assert (proposed.state, proposed.fee, done.state, done.ended_at) == ("proposed", 10, "done", LATER)
    assert wallet(program.id, anna) == (60, 0, 0, 0)
    assert wallet(program.id, boris) == (90, 0, 0, 0)
    taken = [(units, end) for units, end in rows(program.id, Lot, "amount", "expires_at")][2:]
    assert taken == [(60, NOON + timedelta(days=5)), (30, NOON + timedelta(days=30))]
    assert sum(units for account, units in rows(program.id, LedgerEntry, "account", "units") if account == "moved") == 0
    assert books_agree(program.id)


def test_transfer_needs_the_codes_of_both(program, anna, boris):
    give(program, anna, 100)

    nobody = refusal_of(propose, program, anna, boris, 50, by=TILL_1)
    wrong = refusal_of(propose, program, anna, boris, 50, "000000")
    proposed = propose(program, anna, boris, 50, code_of(program, anna))
    other = refusal_of(
        accept_transfer, program_id=program.id, transfer_id=proposed.id,
        signed=Signed(code_of(program, anna), SYSTEM_ACTOR, NOON),
    )  # fmt: skip

    assert [nobody[0], wrong[0], other[0]] == [Code.CONFIRMATION_REQUIRED, Code.CODE_WRONG, Code.CODE_WRONG]
    assert wallet(program.id, anna) == (100, 0, 0, 0)


def test_transfer_is_bounded_by_the_day_and_from_below(program, anna, boris):
    give(program, anna, 500)
    propose(program, anna, boris, 150)

    assert refusal_of(propose, program, anna, boris, 51)[1] == {"field": "units", "minimum": 10, "maximum": 50}
    assert refusal_of(propose, program, anna, boris, 9)[0] == Code.OUT_OF_RANGE
    assert propose(program, anna, boris, 200, at=NOON + timedelta(days=1)).units == 200


def test_transfer_that_was_spent_or_declined_meanwhile_moves_nothing(program, anna, boris):
    give(program, anna, 100)
    first, second = propose(program, anna, boris, 100), propose(program, anna, boris, 90)
    signed = Signed(None, SYSTEM_ACTOR, LATER)
    accept_transfer(program_id=program.id, transfer_id=first.id, signed=signed)

    spent = refusal_of(accept_transfer, program_id=program.id, transfer_id=second.id, signed=signed)
    decline_transfer(program_id=program.id, transfer_id=second.id, signed=signed)
    declined = refusal_of(accept_transfer, program_id=program.id, transfer_id=second.id, signed=signed)
    again = refusal_of(accept_transfer, program_id=program.id, transfer_id=first.id, signed=signed)

    assert spent == (Code.INSUFFICIENT_POINTS, {"currency": "bonus", "available": 0, "wanted": 90})
    assert (declined, again) == (
        (Code.TRANSFER_CLOSED, {"state": "declined"}), (Code.TRANSFER_CLOSED, {"state": "done"}),
    )  # fmt: skip
    assert rows(program.id, Transfer, "state") == [("done",), ("declined",)]


def test_transfer_is_off_unless_the_rules_say_so():
    program = make_program(rulebook=FREE_RULES)
    anna, boris = make_member(program, ANNA), make_member(program, BORIS)
    give(program, anna, 100)

    assert refusal_of(propose, program, anna, boris, 50) == (Code.NOT_OFFERED, {"what": "transfer"})


def join(program, head, joining):
    return join_family(
        program_id=program.id, head=head, joining=joining, head_code=code_of(program, head, NOON),
        signed=Signed(code_of(program, joining, NOON), SYSTEM_ACTOR, NOON),
    )  # fmt: skip


def test_family_earns_and_spends_in_one_account(program, anna, boris):
    give(program, anna, 100)
    give(program, boris, 40, days=3)

    joined = join(program, anna, boris)
    found = find_member(program=program, kind="phone", value=BORIS, by=SYSTEM_ACTOR, at=LATER)

    assert joined.members == (boris,)
    assert (found.id, wallet(program.id, anna), wallet(program.id, boris)) == (anna, (140, 0, 0, 0), (0, 0, 0, 0))
    assert books_agree(program.id)


def test_family_gives_the_phone_back_and_keeps_the_points(program, anna, boris):
    give(program, boris, 40)
    join(program, anna, boris)

    left = leave_family(program_id=program.id, head=anna, leaving=boris, signed=Signed(None, SYSTEM_ACTOR, LATER))

    found = find_member(program=program, kind="phone", value=BORIS, by=SYSTEM_ACTOR, at=LATER)
    assert (left.members, found.id, found.status) == ((), boris, "active")
    assert (wallet(program.id, anna), wallet(program.id, boris)) == ((40, 0, 0, 0), (0, 0, 0, 0))
    assert rows(program.id, Identifier, "value", "owner_id") == [(ANNA, None), (BORIS, None)]


def test_family_is_full_at_its_size_and_needs_both(program, anna, boris):
    third = make_member(program, "+79163333333")
    join(program, anna, boris)

    full = refusal_of(join, program, anna, third)
    nested = refusal_of(join, program, third, anna)

    assert full == (Code.OUT_OF_RANGE, {"field": "family", "minimum": 2, "maximum": 2})
    assert nested == (Code.INVALID, {"field": "member", "reason": "head_of_family"})


def merge(program, kept, gone, **facts):
    return merge_members(
        program_id=program.id, kept=kept, gone=gone, reason="один человек", by=SYSTEM_ACTOR, at=LATER, **facts
    )


def test_merge_keeps_every_lot_and_adds_what_was_bought(program, anna, boris):
    give(program, anna, 100, days=30)
    give(program, boris, 40, days=3)
    buy(program.id, anna, "100.00")
    buy(program.id, boris, "250.00")
    before = sorted(rows(program.id, Lot, "id", "remaining", "expires_at"))

    merge(program, anna, boris)

    assert sorted(rows(program.id, Lot, "id", "remaining", "expires_at")) == before
    assert wallet(program.id, boris) == (0, 0, 0, 0)
    (kept,) = (row for row in rows(program.id, Member, "id", "purchases", "spent_minor", "status") if row[0] == anna)
    assert kept[1:] == (2, 35_000, "active")
    assert find_member(program=program, kind="phone", value=BORIS, by=SYSTEM_ACTOR, at=LATER).id == anna
    assert books_agree(program.id)


def test_merged_purchases_are_returned_to_the_one_who_stays(program, anna, boris):
    give(program, anna, 5)
    bought = buy(program.id, boris, "250.00")
    earned = wallet(program.id, boris)[0]
    merge(program, anna, boris)

    return_purchase(
        program_id=program.id, purchase_id=bought.purchase_id, lines=None, source="till:1", external_id="r1",
        by=SYSTEM_ACTOR, at=LATER,
    )  # fmt: skip

    assert earned > 0
    assert wallet(program.id, anna) == (5, 0, 0, 0)
    assert books_agree(program.id)


def test_merge_tells_before_it_does(program, anna, boris):
    give(program, boris, 40)

    told = merge(program, anna, boris, dry_run=True)

    assert told.moved["bonus"].available == 40
    assert (wallet(program.id, anna), wallet(program.id, boris)) == ((0, 0, 0, 0), (40, 0, 0, 0))


def test_merge_of_merged_and_of_oneself_is_refused(program, anna, boris):
    merge(program, anna, boris)
    third = make_member(program, "+79163333333")

    assert refusal_of(merge, program, third, boris)[1] == {"field": "gone", "reason": "merged_already"}
    assert refusal_of(merge, program, anna, anna)[1] == {"field": "gone", "reason": "same_member"}


def test_every_table_that_names_a_member_is_thought_of_when_two_become_one():
    named = {f"{model.__name__}.{column}" for model, column in references_to_members()}

    assert {"Purchase.member", "Return.member", "Hold.member", "Transfer.giver", "Transfer.taker"} <= named
