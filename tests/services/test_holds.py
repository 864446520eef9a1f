"""Holds: points set aside, paid with in part, let go, over (I8, I9)."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from kopilka.data.models.holds import Hold
from kopilka.data.models.ledger import Draw, LedgerEntry, Lot, Operation
from kopilka.engine.actor import SHOP, Actor, ActorKind
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.codes import issue_code
from kopilka.services.holds import HoldRequest, place_hold, release_hold
from kopilka.services.purchases import MemberRef, Proof, RefKind, confirm_purchase, confirm_purchases
from tests.factories import NOON, make_member, make_program
from tests.tills import RULES, TILL_1, VOUCHED, books_agree, bread, buy, by_id, request, rows, wallet, with_key

pytestmark = pytest.mark.django_db(transaction=True)

SHOP_KEY = Actor(ActorKind.KEY, uuid4(), "магазин", SHOP)


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


@pytest.fixture
def member_id(program):
    """A member with lots of 30 and 50 points."""
    member_id = make_member(program)
    buy(program.id, member_id, "300", at=NOON)
    buy(program.id, member_id, "500", at=NOON)
    return member_id


def ask(member_id, units=40, **facts):
    return replace(HoldRequest(by_id(member_id), "bonus", units, TILL_1, NOON, proof=VOUCHED), **facts)


def hold(program, member_id, units=40, **facts):
    return place_hold(program_id=program.id, request=ask(member_id, units, **facts))


def release(program, hold_id, at=NOON, **facts):
    return release_hold(program_id=program.id, hold_id=hold_id, by=TILL_1, at=at, **facts)


def confirm(program, asked):
    return confirm_purchase(program_id=program.id, request=asked)


def refused(act, *arguments, **facts):
    with pytest.raises(Refusal) as caught:
        act(*arguments, **facts)
    return caught.value.code, caught.value.params


def states(program):
    return rows(program.id, Hold, "units", "captured", "state")


def test_hold_sets_points_aside(program, member_id):
    placed = hold(program, member_id)

    assert (placed.units, placed.state, placed.expires_at) == (40, "open", NOON + timedelta(minutes=60))
    assert wallet(program.id, member_id) == (40, 0, 40, 0)
    assert sorted(rows(program.id, LedgerEntry, "account", "units"))[:2] == [("available", -40), ("available", 30)]
    assert rows(program.id, Draw, "units") == [(30,), (10,)]
    assert placed.balances["bonus"].held == 40
    assert books_agree(program.id)


def test_held_points_are_not_spent_twice(program, member_id):
    hold(program, member_id, 60)

    asked = request(member_id, bread(spend=21), proof=VOUCHED)

    assert refused(confirm, program, asked) == (
        Code.INSUFFICIENT_POINTS, {"currency": "bonus", "available": 20, "wanted": 21},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("units", "code"),
    [(81, Code.INSUFFICIENT_POINTS), (0, Code.OUT_OF_RANGE), (-1, Code.OUT_OF_RANGE)],
)
def test_hold_needs_points(program, member_id, units, code):
    assert refused(hold, program, member_id, units)[0] is code
    assert states(program) == []
    assert wallet(program.id, member_id) == (80, 0, 0, 0)


def test_hold_of_points_that_cannot_pay_is_refused(program, member_id):
    assert refused(hold, program, member_id, currency="stamps") == (
        Code.INVALID, {"field": "currency", "reason": "cannot_pay"},
    )  # fmt: skip


def test_hold_needs_the_members_code(program, member_id):
    nothing = Proof()
    assert refused(hold, program, member_id, proof=nothing)[0] is Code.CONFIRMATION_REQUIRED
    code = issue_code(program_id=program.id, member_id=member_id, by=SHOP_KEY, at=NOON).code
    assert refused(hold, program, member_id, proof=Proof("x")) == (Code.CODE_WRONG, {"tries_left": 4})

    assert hold(program, member_id, proof=Proof(code)).state == "open"


def test_purchase_pays_from_the_hold_and_the_rest_goes_back(program, member_id):
    placed = hold(program, member_id, 40)

    result = confirm(program, request(member_id, bread("50"), hold_id=placed.hold_id))

    assert result.decision.totals.points == 2_500
    assert states(program) == [(40, 25, "captured")]
    assert rows(program.id, Lot, "amount", "remaining") == [(30, 5), (50, 50), (2, 2)]
    assert wallet(program.id, member_id) == (57, 0, 0, 0)
    assert books_agree(program.id)


def test_purchase_may_wish_less_than_was_held(program, member_id):
    placed = hold(program, member_id, 40)

    result = confirm(program, request(member_id, bread(spend=5), hold_id=placed.hold_id))

    assert result.decision.totals.points == 500
    assert wallet(program.id, member_id) == (75 + 9, 0, 0, 0)


def test_purchase_may_not_pay_more_than_was_held(program, member_id):
    placed = hold(program, member_id, 40)

    asked = request(member_id, bread(spend=41), hold_id=placed.hold_id)

    assert refused(confirm, program, asked) == (
        Code.INSUFFICIENT_POINTS, {"currency": "bonus", "available": 40, "wanted": 41},
    )  # fmt: skip
    assert states(program) == [(40, 0, "open")]


def test_hold_pays_once(program, member_id):
    placed = hold(program, member_id, 40)
    batch = [request(member_id, bread(), number, hold_id=placed.hold_id) for number in ("1", "2")]

    paid, denied = confirm_purchases(program_id=program.id, requests=batch)

    assert paid.decision.totals.points == 4_000
    assert (denied.code, denied.params) == (Code.HOLD_CLOSED, {"state": "captured"})
    assert refused(release, program, placed.hold_id) == (Code.HOLD_CLOSED, {"state": "captured"})
    assert books_agree(program.id)


def test_hold_names_its_member(program, member_id):
    placed = hold(program, member_id, 40)

    assert confirm(program, request(None, bread(), hold_id=placed.hold_id)).member_id == member_id


def test_hold_of_another_member_is_not_found(program, member_id):
    placed = hold(program, member_id, 40)
    other = make_member(program, "+79160000002")

    asked = request(other, bread(), hold_id=placed.hold_id)

    assert refused(confirm, program, asked) == (Code.NOT_FOUND, {"what": "hold"})


def test_hold_whose_life_is_over_pays_nothing(program, member_id):
    placed = hold(program, member_id, 40, life_minutes=10)
    late = NOON + timedelta(minutes=10)

    asked = request(member_id, bread(at=late), hold_id=placed.hold_id, at=late)

    assert refused(confirm, program, asked) == (Code.HOLD_EXPIRED, {})


def test_released_points_go_back_to_their_lots(program, member_id):
    placed = hold(program, member_id, 40)

    released = release(program, placed.hold_id)

    assert (released.state, released.captured, released.replayed) == ("released", 0, False)
    assert wallet(program.id, member_id) == (80, 0, 0, 0)
    assert rows(program.id, Lot, "remaining") == [(30,), (50,)]
    assert rows(program.id, Draw, "units") == [(30,), (10,), (-30,), (-10,)]
    assert release(program, placed.hold_id).replayed is True
    assert [kind for (kind,) in rows(program.id, Operation, "kind")].count("release") == 1
    assert books_agree(program.id)


def test_points_whose_life_ended_while_held_are_paid_with_but_not_given_back(program):
    member_id = make_member(program)
    long_ago = NOON - timedelta(days=14)
    buy(program.id, member_id, "500", at=long_ago)
    almost = long_ago + timedelta(days=365) - timedelta(minutes=1)
    placed = hold(program, member_id, 50, at=almost)
    late = almost + timedelta(minutes=30)

    paid = confirm(program, request(member_id, bread("60", at=late), hold_id=placed.hold_id, at=late))

    assert paid.decision.totals.points == 3_000
    assert rows(program.id, Lot, "amount", "remaining", "expired") == [(50, 0, 20), (3, 3, 0)]
    assert wallet(program.id, member_id) == (3, 0, 0, 0)
    assert books_agree(program.id)


def test_hold_is_placed_once_for_its_key(program, member_id):
    first = hold(program, member_id, request=with_key("k1"))

    again = hold(program, member_id, request=with_key("k1"))

    assert again == replace(first, replayed=True)
    assert refused(hold, program, member_id, 10, request=with_key("k1", "other"))[0] is Code.KEY_REUSED
    assert len(states(program)) == 1


def test_hold_is_released_once_for_its_key(program, member_id):
    placed = hold(program, member_id)
    first = release(program, placed.hold_id, request=with_key("k2"))
    buy(program.id, member_id, "100")

    assert release(program, placed.hold_id, request=with_key("k2")) == replace(first, replayed=True)


def test_unknown_hold_is_not_found(program, member_id):
    assert refused(release, program, uuid4()) == (Code.NOT_FOUND, {"what": "hold"})
    assert refused(confirm, program, request(member_id, bread(), hold_id=uuid4())) == (
        Code.NOT_FOUND, {"what": "hold"},
    )  # fmt: skip


def test_open_purchase_does_not_pay_from_a_hold(program, member_id):
    placed = hold(program, member_id)

    asked = request(member_id, bread(), hold_id=placed.hold_id, final=False)

    assert refused(confirm, program, asked) == (Code.INVALID, {"field": "hold_id", "reason": "open_purchase"})


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [("phone", "+79990000000", Code.NOT_FOUND), ("code", "123456", Code.CODE_WRONG)],
)
def test_hold_of_nobody_is_refused(program, kind, value, code):
    asked = replace(ask(None), member=MemberRef(RefKind(kind), value))

    assert refused(place_hold, program_id=program.id, request=asked)[0] is code


def test_hold_without_rules_is_refused():
    bare = make_program("bare")

    assert refused(hold, bare, make_member(bare))[0] is Code.RULEBOOK_MISSING


def test_key_of_another_act_is_not_a_hold(program, member_id):
    confirm(program, request(member_id, bread(), request=with_key("k1")))
    placed = hold(program, member_id, request=with_key("k2"))

    assert refused(hold, program, member_id, request=with_key("k1"))[0] is Code.KEY_REUSED
    assert refused(release, program, placed.hold_id, request=with_key("k2"))[0] is Code.KEY_REUSED
