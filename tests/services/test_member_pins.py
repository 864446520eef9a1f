"""A member's PIN proves him at a till; guessing locks it (T1, S2.2)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from kopilka.bookkeeping.locking import without_locks_for_tests
from kopilka.data.models.card import MemberPin
from kopilka.engine.actor import MEMBER, SYSTEM_ACTOR, TILL, Actor, ActorKind
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.member_pins import check_pin, has_pin, set_pin, take_pin
from kopilka.services.purchases import Proof, confirm_purchase
from tests.factories import NOON, make_member, make_program
from tests.journeys.test_races import at_once, codes_of, goes_wrong
from tests.tills import RULES, bread, buy, request, rows, wallet

pytestmark = pytest.mark.django_db(transaction=True)

OLYA = Actor(ActorKind.STAFF, uuid4(), "Оля", TILL, till="1")


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


@pytest.fixture
def member_id(program):
    member_id = make_member(program)
    buy(program.id, member_id, "5000")
    give(program, member_id)
    return member_id


def himself(member_id):
    return Actor(ActorKind.MEMBER, member_id, "member", MEMBER)


def give(program, member_id, pin="2580", by=None, at=NOON):
    set_pin(program_id=program.id, member_id=member_id, pin=pin, by=by or himself(member_id), at=at)


def check(program, member_id, pin="2580", at=NOON):
    return check_pin(program_id=program.id, member_id=member_id, pin=pin, by=OLYA, at=at)


def refused(act, *arguments, **fields):
    with pytest.raises(Refusal) as caught:
        act(*arguments, **fields)
    return caught.value.code, caught.value.params


def test_right_pin_spends_once(program, member_id):
    proof = check(program, member_id)
    confirm_purchase(program_id=program.id, request=request(member_id, bread(spend=10), "1", proof=Proof(proof.code)))

    again = request(member_id, bread(spend=10), "2", proof=Proof(proof.code))

    assert refused(confirm_purchase, program_id=program.id, request=again)[0] is Code.CODE_WRONG
    assert (wallet(program.id, member_id), proof.expires_at) == ((499, 0, 0, 0), NOON + timedelta(minutes=10))


def test_five_wrong_pins_lock_for_longer_each_time(program, member_id):
    at = NOON
    for minutes in (5, 30, 24 * 60, 24 * 60):
        left = [refused(check, program, member_id, "0852", at) for _ in range(4)]
        assert left == [(Code.CODE_WRONG, {"tries_left": one}) for one in (4, 3, 2, 1)]
        locked = (Code.TOO_MANY_TRIES, {"retry_after_seconds": minutes * 60})
        assert refused(check, program, member_id, "0852", at) == locked
        assert refused(check, program, member_id, "2580", at + timedelta(seconds=1))[0] is Code.TOO_MANY_TRIES
        at += timedelta(minutes=minutes)

    assert check(program, member_id, at=at).code
    assert rows(program.id, MemberPin, "wrong_tries", "locks", "locked_until") == [(0, 0, None)]


def test_new_pin_ends_the_old_one_and_its_lock(program, member_id):
    for _ in range(5):
        refused(check, program, member_id, "0852")

    give(program, member_id, "1379")

    assert refused(check, program, member_id, "2580")[0] is Code.CODE_WRONG
    assert check(program, member_id, "1379").code


@pytest.mark.parametrize(
    ("pin", "reason"), [("12a4", "not_digits"), ("", "not_digits"), ("123", "pin_length"), ("1111", "pin_too_simple")]
)
def test_bad_pins_are_not_taken(program, member_id, pin, reason):
    assert refused(give, program, member_id, pin) == (Code.INVALID, {"field": "pin", "reason": reason})
    assert check(program, member_id).code


def test_only_he_himself_sets_his_pin(program, member_id):
    other = make_member(program, "+79160000002")

    assert refused(give, program, member_id, "1379", himself(other))[0] is Code.NOT_ALLOWED
    assert refused(give, program, member_id, "1379", OLYA)[0] is Code.NOT_ALLOWED
    give(program, member_id, "1379", SYSTEM_ACTOR)


@pytest.mark.usefixtures("costly_pins")
def test_pin_is_kept_as_a_hash_that_is_slow_to_guess(program, member_id):
    give(program, member_id, "1379")

    assert rows(program.id, MemberPin, "pin_hash")[0][0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_member_without_a_pin(program, member_id):
    other = make_member(program, "+79160000002")
    take_pin(program_id=program.id, member_id=member_id, by=himself(member_id), at=NOON)

    assert refused(check, program, member_id) == (Code.NOT_FOUND, {"what": "pin"})
    assert refused(check, program, other) == (Code.NOT_FOUND, {"what": "pin"})
    assert not has_pin(program.id, member_id)


def test_program_whose_rules_take_no_pins(member_id):
    strict = make_program("strict", rulebook=RULES + "spending_proof: {by: code, pin: no}\n")
    other = make_member(strict)

    assert refused(give, strict, other) == (Code.NOT_OFFERED, {"what": "pin"})
    assert refused(check, strict, other) == (Code.NOT_OFFERED, {"what": "pin"})
    assert not has_pin(strict.id, other)


# --- many tries at the same moment --------------------------------------------------------------------------------
def tried_at_once(program, member_id):
    give(program, member_id)
    return at_once([lambda: check(program, member_id, "0852") for _ in range(8)])


@pytest.mark.usefixtures("costly_pins")
def test_tries_at_once_count_each(program, member_id):
    answers = tried_at_once(program, member_id)

    assert codes_of(answers) == {Code.CODE_WRONG, Code.TOO_MANY_TRIES}
    assert sorted(one.params["tries_left"] for one in answers if one.code is Code.CODE_WRONG) == [1, 2, 3, 4]
    assert len([one for one in answers if one.code is Code.TOO_MANY_TRIES]) == 4


@pytest.mark.usefixtures("costly_pins")
def test_control_without_the_lock_a_try_is_free(program, member_id):
    def was_free() -> bool:
        return len([one for one in tried_at_once(program, member_id) if one.code is Code.CODE_WRONG]) > 4

    with without_locks_for_tests():
        assert goes_wrong(was_free)
