"""Spending needs proof that the member himself is there (T1, T4, S2.2, S2.15)."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from kopilka.data.models.members import MemberCode
from kopilka.engine.actor import SHOP, Actor, ActorKind
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.codes import issue_code
from kopilka.services.purchases import MemberRef, Proof, RefKind, confirm_purchase, confirm_purchases
from tests.factories import NOON, make_member, make_program
from tests.tills import RULES, VOUCHED, bread, buy, request, rows, wallet, with_key

pytestmark = pytest.mark.django_db(transaction=True)

SHOP_KEY = Actor(ActorKind.KEY, uuid4(), "магазин", SHOP)


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


@pytest.fixture
def member_id(program):
    member_id = make_member(program)
    buy(program.id, member_id, "5000")
    return member_id


def code_for(program, member_id, at=NOON):
    return issue_code(program_id=program.id, member_id=member_id, by=SHOP_KEY, at=at).code


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def confirm(program, asked):
    return confirm_purchase(program_id=program.id, request=asked)


def refused(program, asked):
    with pytest.raises(Refusal) as caught:
        confirm(program, asked)
    return caught.value.code, caught.value.params


def codes(program):
    return rows(program.id, MemberCode, "tries_left", "used_at", order="created_at")


def test_points_are_not_spent_on_a_spoken_phone_number(program, member_id):
    asked = replace(request(member_id, bread(spend=10)), member=MemberRef(RefKind.PHONE, "+79161234567"))

    assert refused(program, asked) == (Code.CONFIRMATION_REQUIRED, {})
    assert wallet(program.id, member_id) == (500, 0, 0, 0)


def test_earning_asks_for_no_code(program, member_id):
    assert confirm(program, request(member_id, bread())).decision.totals.points == 0


def test_code_lets_spend_once(program, member_id):
    proof = Proof(code_for(program, member_id))

    confirm(program, request(member_id, bread(spend=10), "1", proof=proof))

    assert codes(program) == [(5, NOON)]
    assert refused(program, request(member_id, bread(spend=10), "2", proof=proof)) == (
        Code.CODE_WRONG, {"tries_left": 0},
    )  # fmt: skip
    assert wallet(program.id, member_id) == (499, 0, 0, 0)


def test_one_code_pays_one_purchase_of_a_batch(program, member_id):
    proof = Proof(code_for(program, member_id))
    batch = [request(member_id, bread(spend=10), number, proof=proof) for number in ("1", "2")]

    paid, denied = confirm_purchases(program_id=program.id, requests=batch)

    assert paid.decision.totals.points == 1_000
    assert denied.code is Code.CODE_WRONG


def test_wrong_code_loses_a_try_although_the_purchase_is_refused(program, member_id):
    code = code_for(program, member_id)
    asked = request(member_id, bread(spend=10), proof=Proof(wrong(code)))

    lost = [refused(program, asked)[1]["tries_left"] for _ in range(5)]

    assert lost == [4, 3, 2, 1, 0]
    assert codes(program) == [(0, None)]
    assert refused(program, replace(asked, proof=Proof(code)))[0] is Code.CODE_WRONG
    assert wallet(program.id, member_id) == (500, 0, 0, 0)


def test_code_has_five_minutes(program, member_id):
    proof = Proof(code_for(program, member_id))
    late = NOON + timedelta(minutes=5)

    asked = request(member_id, bread(spend=10, at=late), proof=proof, at=late)

    assert refused(program, asked)[0] is Code.CODE_EXPIRED


def test_code_stays_good_when_the_purchase_is_refused_for_something_else(program, member_id):
    proof = Proof(code_for(program, member_id))
    assert refused(program, request(member_id, bread(spend=51), "1", proof=proof))[0] is Code.SPEND_LIMIT

    assert confirm(program, request(member_id, bread(spend=50), "1", proof=proof)).decision.totals.points == 5_000


def test_code_of_somebody_else_proves_nothing(program, member_id):
    other = make_member(program, "+79160000002")
    proof = Proof(code_for(program, other))

    assert refused(program, request(member_id, bread(spend=10), proof=proof)) == (
        Code.CODE_WRONG, {"tries_left": 0},
    )  # fmt: skip


def test_code_names_the_member_and_proves_him(program, member_id):
    code = code_for(program, member_id)
    asked = replace(request(None, bread(spend=10)), member=MemberRef(RefKind.CODE, code))

    assert confirm(program, asked).member_id == member_id
    assert codes(program) == [(5, NOON)]


def test_purchase_named_by_a_code_is_repeated_by_key_and_by_receipt(program, member_id):
    ref = MemberRef(RefKind.CODE, code_for(program, member_id))
    asked = replace(request(None, bread(spend=10), request=with_key("k1")), member=ref)
    first = confirm(program, asked)

    assert confirm(program, asked) == replace(first, replayed=True)
    assert confirm(program, replace(asked, request=with_key("k2"))) == replace(first, replayed=True)


def test_unknown_code_names_nobody(program, member_id):
    wrong_code = wrong(code_for(program, member_id))
    asked = replace(request(None, bread()), member=MemberRef(RefKind.CODE, wrong_code))

    assert refused(program, asked) == (Code.CODE_WRONG, {"tries_left": 0})


def test_door_that_has_checked_the_member_vouches(program, member_id):
    asked = request(member_id, bread(spend=10), proof=VOUCHED)

    assert confirm(program, asked).decision.totals.points == 1_000


def test_small_sums_may_be_free():
    program = make_program(rulebook=RULES + 'spending_proof: {by: code, free_up_to: "20.00"}\n')
    member_id = make_member(program)
    buy(program.id, member_id, "5000")

    assert confirm(program, request(member_id, bread(spend=20), "1")).decision.totals.points == 2_000
    assert refused(program, request(member_id, bread(spend=21), "2"))[0] is Code.CONFIRMATION_REQUIRED


def test_wish_that_comes_to_nothing_needs_no_code(program):
    poor = make_member(program, "+79160000003")

    assert confirm(program, request(poor, bread(spend="max"))).decision.totals.points == 0
