"""Tills and kiosks: let in by a code that is good once and for minutes, taken away at once."""

from datetime import timedelta

import pytest
from django.db import transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.doors import Device
from kopilka.data.models.events import AuditRecord
from kopilka.engine.actor import MANAGER, SYSTEM_ACTOR, TILL, Actor, ActorKind
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.devices import KIOSK, device_by_token, list_devices, till_beside
from kopilka.services.devices import device_at_work, enrol_device, make_device_code, revoke_device
from tests.counter import HERE, let_in
from tests.factories import NOON, make_program
from tests.tills import rows

pytestmark = pytest.mark.django_db(transaction=True)

CASHIER_ACTOR = Actor(ActorKind.STAFF, None, "Оля", TILL)
MANAGER_ACTOR = Actor(ActorKind.STAFF, None, "Мира", MANAGER)


@pytest.fixture
def program():
    return make_program()


def a_code(program, *, kind="till", till="", beside=None, at=NOON, by=SYSTEM_ACTOR):
    return make_device_code(
        program_id=program.id, kind=kind, name="Касса", branch="mira-1", till=till, beside_id=beside, by=by, at=at
    )


def enrol(program, code, *, at=NOON, network=HERE):
    return enrol_device(program_id=program.id, code=code, network=network, at=at)


def refused(act):
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value.code, refusal.value.params


def test_code_of_a_manager_lets_one_browser_in(program):
    made = a_code(program, by=MANAGER_ACTOR)

    enrolled = enrol(program, f" {made.code[:4].lower()}-{made.code[4:]} ")

    assert (len(made.code), made.till, made.expires_at) == (8, "1", NOON + timedelta(minutes=15))
    assert device_by_token(program.id, enrolled.token) == enrolled.device
    assert (enrolled.device.name, enrolled.device.branch, enrolled.device.till) == ("Касса", "mira-1", "1")
    assert enrolled.device.created_by == "Мира"
    assert refused(lambda: enrol(program, made.code)) == (Code.DEVICE_CODE_WRONG, {})


def test_code_is_known_to_nobody_after_it_was_told(program):
    made = a_code(program)
    token = enrol(program, made.code).token

    told = " ".join(after for (after,) in rows(program.id, AuditRecord, "after"))

    assert made.code not in told
    assert [len(kept) for (kept,) in rows(program.id, Device, "token_hash")] == [32]
    assert token not in told


def test_code_is_good_for_a_quarter_of_an_hour(program):
    made = a_code(program)

    assert refused(lambda: enrol(program, made.code, at=NOON + timedelta(minutes=15))) == (Code.DEVICE_CODE_WRONG, {})
    assert enrol(program, made.code, at=NOON + timedelta(minutes=14)).device.till == "1"


def test_code_of_another_program_opens_nothing(program):
    other = make_program("other")

    made = a_code(other)

    assert refused(lambda: enrol(program, made.code)) == (Code.DEVICE_CODE_WRONG, {})


def test_who_guesses_codes_waits_and_others_do_not_t1(program):
    made = a_code(program)
    answers = [refused(lambda: enrol(program, "AAAAAAAA"))[0] for _ in range(11)]

    assert answers == [Code.DEVICE_CODE_WRONG] * 10 + [Code.TOO_MANY_TRIES]
    assert refused(lambda: enrol(program, made.code)) == (Code.TOO_MANY_TRIES, {"retry_after_seconds": 601})
    assert enrol(program, made.code, network="198.51.100.9").device.till == "1"


def test_cashier_makes_no_codes_t27(program):
    assert refused(lambda: a_code(program, by=CASHIER_ACTOR)) == (Code.NOT_ALLOWED, {"capability": "devices"})


def test_tills_are_numbered_and_one_till_is_one_browser(program):
    first, second = let_in(program), let_in(program)
    waiting = a_code(program, till="3")
    let_in(program, till="3")

    assert (first.device.till, second.device.till) == ("1", "2")
    assert refused(lambda: a_code(program, till="2")) == (Code.INVALID, {"field": "till", "reason": "taken"})
    assert refused(lambda: enrol(program, waiting.code)) == (Code.INVALID, {"field": "till", "reason": "taken"})
    assert refused(lambda: a_code(program, till="a b")) == (Code.INVALID, {"field": "till", "reason": "not_a_code"})


def test_revoked_device_opens_nothing_t37(program):
    enrolled = let_in(program)

    for _ in range(2):
        revoke_device(program_id=program.id, device_id=enrolled.device.id, by=MANAGER_ACTOR, at=NOON)

    assert device_by_token(program.id, enrolled.token) is None
    assert device_at_work(program_id=program.id, token=enrolled.token, at=NOON) is None
    assert [device.revoked_at for device in list_devices(program.id)] == [NOON]
    assert rows(program.id, AuditRecord, "act").count(("device_revoked",)) == 1


def test_browser_in_the_place_of_another_goes_on_with_its_numbers(program):
    first = let_in(program).device
    with transaction.atomic():
        enter_program(program.id)
        Device.objects.of(program.id).filter(id=first.id).update(receipts=41)
    revoke_device(program_id=program.id, device_id=first.id, by=SYSTEM_ACTOR, at=NOON)

    let_in(program, till="1")

    assert rows(program.id, Device, "till", "receipts", "revoked_at") == [("1", 41, NOON), ("1", 41, None)]


def test_kiosk_stands_beside_a_till_and_beside_whatever_takes_its_place(program):
    till = let_in(program, branch="mira-1").device

    kiosk = let_in(program, KIOSK, beside=till.id).device

    assert (kiosk.till, kiosk.branch) == ("1", "mira-1")
    assert till_beside(program.id, kiosk).id == till.id
    revoke_device(program_id=program.id, device_id=till.id, by=SYSTEM_ACTOR, at=NOON)
    assert till_beside(program.id, kiosk) is None
    assert refused(lambda: a_code(program, kind=KIOSK, beside=till.id)) == (Code.NOT_FOUND, {"what": "device"})
    replaced = let_in(program, till="1").device
    assert till_beside(program.id, kiosk).id == replaced.id


def test_sign_of_life_is_noted_once_a_minute(program):
    enrolled = let_in(program)

    seen = [
        device_at_work(program_id=program.id, token=enrolled.token, at=NOON + timedelta(seconds=seconds)).seen_at
        for seconds in (59, 61, 62)
    ]

    assert seen == [NOON, NOON, NOON + timedelta(seconds=61)]
