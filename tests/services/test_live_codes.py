"""A rotating code names its member and spends once (T12, T13, S2.2)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.bookkeeping.locking import without_locks_for_tests
from kopilka.data.models.card import LiveCodeUse, MemberSession
from kopilka.data.models.members import MemberCode
from kopilka.engine.actor import SHOP, SYSTEM_ACTOR, TILL, Actor, ActorKind
from kopilka.engine.live_codes import slot_of, write_code
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.codes import issue_code
from kopilka.services.expiry import delete_old_codes
from kopilka.services.live_codes import accept_live_code, member_by_live_code, secret_of
from kopilka.services.member_sessions import end_session, start_session
from kopilka.services.members import MemberChange, change_member
from kopilka.services.purchases import Proof, confirm_purchase
from tests.factories import NOON, make_member, make_program
from tests.journeys.test_races import at_once, goes_wrong, happened
from tests.tills import RULES, bread, buy, request, rows, wallet

pytestmark = pytest.mark.django_db(transaction=True)

FIRST, SECOND = (Actor(ActorKind.KEY, uuid4(), name, TILL) for name in ("касса 1", "касса 2"))


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


@pytest.fixture
def member_id(program):
    member_id = make_member(program)
    buy(program.id, member_id, "5000")
    return member_id


@pytest.fixture
def session(program, member_id):
    return start_session(program_id=program.id, member_id=member_id, label="Телефон", came_by="code", at=NOON)


def shown(program, session, at=NOON):
    number = dict(rows(program.id, MemberSession, "id", "live_number"))[session.id]
    return write_code(secret_of(session.id), number, slot_of(at))


def accept(program, text, by=FIRST, at=NOON):
    return accept_live_code(program_id=program.id, text=text, by=by, at=at)


def refused(act, *arguments, **fields):
    with pytest.raises(Refusal) as caught:
        act(*arguments, **fields)
    return caught.value.code


def test_code_names_its_member_as_often_as_asked(program, member_id, session):
    text = shown(program, session)

    found = [member_by_live_code(program_id=program.id, text=text, at=NOON) for _ in range(2)]

    assert found == [member_id, member_id]
    assert rows(program.id, LiveCodeUse, "slot") == []


def test_accepted_code_spends_once(program, member_id, session):
    proof = accept(program, shown(program, session))
    spend = request(member_id, bread(spend=10), "1", proof=Proof(proof.code))

    confirm_purchase(program_id=program.id, request=spend)

    assert (proof.member_id, proof.expires_at) == (member_id, NOON + timedelta(minutes=10))
    assert wallet(program.id, member_id) == (499, 0, 0, 0)
    again = request(member_id, bread(spend=10), "2", proof=Proof(proof.code))
    assert refused(confirm_purchase, program_id=program.id, request=again) is Code.CODE_WRONG
    assert wallet(program.id, member_id) == (499, 0, 0, 0)


def test_code_belongs_to_the_till_that_was_shown_it_first(program, session):
    text = shown(program, session)
    first = accept(program, text)

    assert refused(accept, program, text, by=SECOND) is Code.CODE_EXPIRED
    assert accept(program, text, at=NOON + timedelta(minutes=9)) == first
    assert len(rows(program.id, MemberCode, "id")) == 1


def test_cashiers_of_one_till_follow_each_other(program, session):
    olya, mira, far = (
        Actor(ActorKind.STAFF, uuid4(), name, TILL, till=till) for name, till in (("О", "1"), ("М", "1"), ("О", "2"))
    )
    text = shown(program, session)
    first = accept(program, text, by=olya)

    assert accept(program, text, by=mira) == first
    assert refused(accept, program, text, by=far) is Code.CODE_EXPIRED


@pytest.mark.parametrize("seconds", [-31, 60, 90])
def test_code_of_another_time_is_expired(program, session, seconds):
    text = shown(program, session)
    at = NOON + timedelta(seconds=seconds)

    assert refused(accept, program, text, at=at) is Code.CODE_EXPIRED
    assert refused(member_by_live_code, program_id=program.id, text=text, at=at) is Code.CODE_EXPIRED


def test_code_of_nobody_finds_nobody(program, session):
    other = make_program("drugaya")
    text = shown(program, session)
    forged = text[:-1] + str((int(text[-1]) + 1) % 10)

    assert refused(accept, program, forged) is Code.NOT_FOUND
    assert refused(accept, program, "77" + "0" * 46) is Code.NOT_FOUND
    assert refused(accept, other, text) is Code.NOT_FOUND
    assert refused(accept, program, "+79161234567") is Code.NOT_FOUND


def test_closed_card_shows_no_good_codes(program, member_id, session):
    end_session(program_id=program.id, member_id=member_id, session_id=session.id, at=NOON)

    assert refused(accept, program, shown(program, session)) is Code.CODE_EXPIRED


def test_blocked_member_proves_nothing(program, member_id, session):
    change_member(
        program_id=program.id, member_id=member_id, change=MemberChange(status="blocked"), request=NO_KEY,
        by=SYSTEM_ACTOR, at=NOON,
    )  # fmt: skip

    assert refused(accept, program, shown(program, session)) is Code.MEMBER_BLOCKED


def test_shown_codes_do_not_count_as_codes_sent(program, member_id, session):
    shop = Actor(ActorKind.KEY, uuid4(), "магазин", SHOP)
    for minute in range(5):
        at = NOON + timedelta(minutes=minute)
        accept(program, shown(program, session, at), at=at)

    assert issue_code(program_id=program.id, member_id=member_id, by=shop, at=at).code


def test_who_was_shown_a_code_is_forgotten_after_a_month(program, session):
    accept(program, shown(program, session))

    assert delete_old_codes(program_id=program.id, at=NOON + timedelta(days=29)) == 1
    assert len(rows(program.id, LiveCodeUse, "slot")) == 1
    assert delete_old_codes(program_id=program.id, at=NOON + timedelta(days=31)) == 1
    assert rows(program.id, LiveCodeUse, "slot") == []


# --- two tills are shown one code at the same moment --------------------------------------------------------------
def shown_at_once(program, session, at):
    text = shown(program, session, at)
    tills = [Actor(ActorKind.KEY, uuid4(), f"касса {n}", TILL) for n in range(4)]
    return at_once([lambda by=by: accept(program, text, by=by, at=at) for by in tills])


def test_one_of_the_tills_has_the_code(program, session):
    for minute in range(5):
        answers = shown_at_once(program, session, NOON + timedelta(minutes=minute))

        assert len(happened(answers)) == 1
        assert [one.code for one in answers if isinstance(one, Refusal)] == [Code.CODE_EXPIRED] * 3
    assert len(rows(program.id, LiveCodeUse, "slot")) == 5


def test_control_without_the_lock_a_till_runs_into_the_unique_rule(program, session):
    minutes = iter(range(25))

    def broke() -> bool:
        answers = shown_at_once(program, session, NOON + timedelta(minutes=next(minutes)))
        return any(isinstance(one, Exception) and not isinstance(one, Refusal) for one in answers)

    with without_locks_for_tests():
        assert goes_wrong(broke)
