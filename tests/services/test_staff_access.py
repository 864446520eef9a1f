"""People at the tills: PINs, locks that grow, sessions that end by themselves."""

from datetime import timedelta

import pytest

from kopilka.bookkeeping.locking import without_locks_for_tests
from kopilka.bookkeeping.notes import Asking
from kopilka.data.models.doors import StaffAccess, StaffSession
from kopilka.data.models.programs import Program
from kopilka.engine.actor import MANAGER, SYSTEM_ACTOR, TILL, Actor, ActorKind, Capability
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.devices import last_person_at, people_at, signed_in_now
from kopilka.services.beneficiaries import BeneficiaryChange, change_beneficiary
from kopilka.services.devices import revoke_device
from kopilka.services.staff_access import (
    give_access,
    must_not_be_own,
    person_by_token,
    sign_in,
    sign_out,
    staff_of_tills,
    take_access,
)
from tests.counter import PIN, let_in, make_cashier, make_manager
from tests.factories import NOON, make_member, make_program
from tests.journeys.test_races import at_once, codes_of, goes_wrong
from tests.tills import rows

pytestmark = pytest.mark.django_db(transaction=True)

MANAGER_ACTOR = Actor(ActorKind.STAFF, None, "Мира", MANAGER)


@pytest.fixture
def program():
    return make_program()


@pytest.fixture
def till(program):
    return let_in(program, branch="mira-1").device


def come_in(program, till, pin=PIN, code="01", *, at=NOON, training=False):
    return sign_in(program_id=program.id, device=till, employee_code=code, pin=pin, training=training, at=at)


def who(program, till, token, *, at=NOON, touches=True):
    return person_by_token(
        program_id=program.id, device=till, token=token, idle_minutes=30, at=at, touches=touches
    )  # fmt: skip


def refused(act):
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value.code, refusal.value.params


def later(**time):
    return NOON + timedelta(**time)


# --- signing in -------------------------------------------------------------------------------------------------------
def test_cashier_signs_in_and_acts_for_his_till(program, till):
    make_cashier(program)

    staff = who(program, till, come_in(program, till).token)

    assert (staff.code, staff.name, staff.role, staff.training) == ("01", "Оля", "cashier", False)
    assert (staff.actor.kind, staff.actor.till, staff.actor.branch) == (ActorKind.STAFF, "1", "mira-1")
    assert staff.actor.capabilities == TILL
    assert last_person_at(program.id, till.id) == "01"


def test_manager_may_look_after_devices_and_a_cashier_may_not_t27(program, till):
    make_cashier(program)
    make_manager(program)

    manager = who(program, till, come_in(program, till, "9073", "02").token)

    assert manager.actor.may(Capability.DEVICES)
    cashier = who(program, till, come_in(program, till).token)
    assert not cashier.actor.may(Capability.DEVICES)
    assert not cashier.actor.may(Capability.ADJUST)
    assert not manager.actor.may(Capability.ADJUST)


def test_whoever_signs_in_takes_over_the_till(program, till):
    make_cashier(program)
    make_manager(program)
    first = come_in(program, till).token

    second = come_in(program, till, "9073", "02", training=True).token

    assert who(program, till, first) is None
    assert who(program, till, second).training is True
    assert [(one.code, one.training) for one in signed_in_now(program.id, idle_minutes=30, at=NOON)] == [("02", True)]


def test_token_of_one_till_is_nobody_at_another_t10(program, till):
    make_cashier(program)
    token = come_in(program, till).token

    assert who(program, let_in(program).device, token) is None
    assert who(program, till, "") is None
    assert who(program, till, token + "x") is None


def test_session_ends_after_idleness_and_lives_on_by_work(program, till):
    make_cashier(program)
    token = come_in(program, till).token

    assert who(program, till, token, at=later(minutes=29)) is not None
    assert who(program, till, token, at=later(minutes=58)) is not None
    assert who(program, till, token, at=later(minutes=88)) is None
    assert who(program, till, token, at=later(minutes=70), touches=False) is not None
    assert who(program, till, token, at=later(minutes=88, seconds=1)) is None


def test_page_that_asks_by_itself_keeps_nobody_signed_in(program, till):
    make_cashier(program)
    token = come_in(program, till).token

    for minutes in (10, 20, 29):
        assert who(program, till, token, at=later(minutes=minutes), touches=False) is not None

    assert who(program, till, token, at=later(minutes=30)) is None


def test_signed_out_is_out(program, till):
    make_cashier(program)
    token = come_in(program, till).token
    sign_out(program_id=program.id, session_id=who(program, till, token).session_id, at=NOON)

    assert who(program, till, token) is None
    assert signed_in_now(program.id, idle_minutes=30, at=NOON) == []


def test_revoked_till_throws_its_cashier_out_t37(program, till):
    make_cashier(program)
    come_in(program, till)

    revoke_device(program_id=program.id, device_id=till.id, by=MANAGER_ACTOR, at=later(minutes=1))

    assert rows(program.id, StaffSession, "ended_at") == [(later(minutes=1),)]


def test_people_of_other_shops_do_not_sign_in_here(program, till):
    make_cashier(program, branch="lenina-2")
    make_cashier(program, "03", name="Яна", branch="mira-1")

    assert [person.code for person in people_at(program.id, "mira-1")] == ["03"]
    assert refused(lambda: come_in(program, till)) == (Code.NOT_FOUND, {"what": "employee"})


def test_employee_who_left_is_out(program, till):
    make_cashier(program)
    token = come_in(program, till).token
    closing = BeneficiaryChange(active=False)
    change_beneficiary(
        program_id=program.id, kind="employee", code="01", change=closing, asking=Asking(SYSTEM_ACTOR, NOON)
    )

    assert who(program, till, token) is None
    assert people_at(program.id, "") == []
    assert refused(lambda: come_in(program, till)) == (Code.NOT_FOUND, {"what": "employee"})


# --- wrong PINs -------------------------------------------------------------------------------------------------------
def test_wrong_pins_are_counted_and_lock_for_longer_each_time(program, till):
    make_cashier(program)
    at, told = NOON, []

    for _ in range(4):
        answers = [refused(lambda now=at: come_in(program, till, "0000", at=now)) for _ in range(6)]
        assert [params["tries_left"] for code, params in answers[:4] if code == Code.CODE_WRONG] == [4, 3, 2, 1]
        told.append((answers[4], answers[5][0], answers[5][1]["retry_after_seconds"] - 1))
        assert refused(lambda now=at: come_in(program, till, PIN, at=now))[0] == Code.TOO_MANY_TRIES
        at += timedelta(minutes=31)

    assert [params["retry_after_seconds"] for (_, params), _, _ in told] == [60, 300, 1800, 1800]
    assert [(code, wait) for _, code, wait in told] == [(Code.TOO_MANY_TRIES, wait) for wait in (60, 300, 1800, 1800)]


def test_right_pin_forgets_the_wrong_ones(program, till):
    make_cashier(program)
    for _ in range(4):
        refused(lambda: come_in(program, till, "0000"))

    come_in(program, till)

    assert refused(lambda: come_in(program, till, "0000")) == (Code.CODE_WRONG, {"tries_left": 4})


def test_manager_gives_a_new_pin_and_the_lock_is_gone(program, till):
    make_cashier(program)
    for _ in range(5):
        refused(lambda: come_in(program, till, "0000"))

    give_access(program_id=program.id, employee_code="01", role="cashier", pin="5297", by=MANAGER_ACTOR, at=NOON)

    assert come_in(program, till, "5297").person.code == "01"
    assert refused(lambda: come_in(program, till, PIN)) == (Code.CODE_WRONG, {"tries_left": 4})


def guess_at_once(program, till, code):
    """How many of ten wrong PINs typed at one moment were looked at."""
    make_cashier(program, code)
    answers = at_once([lambda: come_in(program, till, "0000", code) for _ in range(10)])
    looked_at = [one for one in answers if isinstance(one, Refusal) and one.code == Code.CODE_WRONG]
    return len(looked_at), codes_of(answers)


@pytest.mark.slow
@pytest.mark.usefixtures("costly_pins")
def test_wrong_pins_at_once_are_never_looked_at_more_than_five_times_t29(program, till):
    for number in range(3):
        looked_at, codes = guess_at_once(program, till, f"r{number}")

        assert (looked_at, codes) == (4, {Code.CODE_WRONG, Code.TOO_MANY_TRIES})  # the fifth is told that it locks
    assert set(rows(program.id, StaffAccess, "wrong_tries", "locks")) == {(5, 1)}


@pytest.mark.slow
@pytest.mark.usefixtures("costly_pins")
def test_control_without_the_lock_more_pins_are_looked_at(program, till):
    numbers = iter(range(1000))

    with without_locks_for_tests():
        assert goes_wrong(lambda: guess_at_once(program, till, f"c{next(numbers)}")[0] > 4)


@pytest.mark.usefixtures("costly_pins")
def test_pin_is_kept_as_a_hash_that_is_slow_to_guess(program):
    make_cashier(program)

    assert rows(program.id, StaffAccess, "pin_hash")[0][0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


# --- who gives PINs ---------------------------------------------------------------------------------------------------


def test_pin_that_is_easy_to_guess_is_refused_but_not_in_a_demo(program):
    assert refused(lambda: make_cashier(program, pin="1111"))[1] == {"field": "pin", "reason": "pin_too_simple"}
    demo = make_program("demo")
    Program.objects.filter(id=demo.id).update(is_demo=True)

    make_cashier(demo, pin="1111")


def test_manager_gives_no_manager_a_pin_t27(program):
    make_cashier(program)
    make_manager(program)

    def give(code, role):
        give_access(program_id=program.id, employee_code=code, role=role, pin="5297", by=MANAGER_ACTOR, at=NOON)

    assert refused(lambda: give("02", "manager")) == (Code.NOT_ALLOWED, {"capability": "adjust"})
    assert refused(lambda: give("02", "cashier")) == (Code.NOT_ALLOWED, {"capability": "adjust"})
    assert refused(lambda: give("01", "manager")) == (Code.NOT_ALLOWED, {"capability": "adjust"})
    assert refused(lambda: give("99", "cashier")) == (Code.NOT_FOUND, {"what": "employee"})
    assert refused(lambda: give("01", "owner")) == (Code.INVALID, {"field": "role", "reason": "unknown_value"})
    give("01", "cashier")


def test_cashier_gives_nobody_a_pin_t27(program):
    cashier = Actor(ActorKind.STAFF, None, "Оля", TILL)

    assert refused(
        lambda: give_access(program_id=program.id, employee_code="01", role="cashier", pin=PIN, by=cashier, at=NOON)
    ) == (Code.NOT_ALLOWED, {"capability": "devices"})
    assert refused(lambda: staff_of_tills(program_id=program.id, by=cashier)) == (
        Code.NOT_ALLOWED,
        {"capability": "devices"},
    )


def test_taken_pin_opens_nothing(program, till):
    make_cashier(program)
    token = come_in(program, till).token

    take_access(program_id=program.id, employee_code="01", by=MANAGER_ACTOR, at=NOON)

    assert who(program, till, token) is None
    assert people_at(program.id, "") == []
    assert [(one.code, one.role) for one in staff_of_tills(program_id=program.id, by=MANAGER_ACTOR)] == [("01", "")]
    assert refused(lambda: come_in(program, till)) == (Code.NOT_FOUND, {"what": "employee"})


# --- the cashier's own card -------------------------------------------------------------------------------------------
def test_cashier_does_not_serve_himself_t25(program, till):
    mine, other = make_member(program), make_member(program, "+79160000002")
    make_cashier(program, person=mine)
    staff = who(program, till, come_in(program, till).token)

    assert staff.person_member_id == mine
    assert refused(lambda: must_not_be_own(staff, mine)) == (Code.OWN_CARD, {})
    must_not_be_own(staff, other)
