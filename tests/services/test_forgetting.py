"""What the doors kept for a while is deleted when it has been over for long, in batches; the rest stays."""

from datetime import timedelta

import pytest
from django.db import transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.card import CardLink, LiveCodeUse, LoginCode, LoginFailure, MemberSession
from kopilka.data.models.deeds import Beneficiary
from kopilka.data.models.doors import DeviceCode, LookUpHour, OpenReceipt, QueuedSale, StaffSession
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.jobs.work import Worker
from kopilka.services.devices import make_device_code
from kopilka.services.forgetting import PASSING, forget_what_is_over
from kopilka.services.member_sessions import end_session, list_sessions, make_card_link, member_by_token, start_session
from kopilka.services.open_receipts import current_receipt, name_member
from tests.counter import let_in, make_cashier
from tests.factories import NOON, make_member, make_program
from tests.tills import rows

pytestmark = pytest.mark.django_db(transaction=True)

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
KEPT = {one.model: one.kept for one in PASSING}


@pytest.fixture
def program():
    return make_program()


@pytest.fixture
def till(program):
    return let_in(program).device


def forget(program, at, **facts):
    return forget_what_is_over(program_id=program.id, at=at, **facts)


def write(program, model, **values):
    with transaction.atomic():
        enter_program(program.id)
        model.objects.create(id=new_id(), program_id=program.id, **values)


def count(program, model):
    return len(rows(program.id, model, "id"))


def session(program, member, at=NOON, label="Firefox"):
    return start_session(program_id=program.id, member_id=member, label=label, came_by="code", at=at)


def a_login(program, at):
    hashes = {"contact_hash": b"c" * 32, "place_hash": b"p" * 32}
    write(program, LoginCode, kind="phone", code_hash=b"h" * 32, created_at=at, expires_at=at, **hashes)
    write(program, LoginFailure, at=at, **hashes)


def a_queued_sale(program, till, key, state):
    write(
        program, QueuedSale, device_id=till.id, key=key, document="{}", occurred_at=NOON, arrived_at=NOON, state=state
    )


def test_the_past_of_logins_goes_after_two_days(program):
    a_login(program, NOON)
    a_login(program, NOON + HOUR)

    assert forget(program, NOON + 2 * DAY) == 0
    assert forget(program, NOON + 2 * DAY + HOUR) == 2
    assert (count(program, LoginCode), count(program, LoginFailure)) == (1, 1)


def test_sessions_that_ended_or_expired_go_with_their_codes_and_living_ones_stay(program):
    member = make_member(program)
    left, old = session(program, member), session(program, member)
    end_session(program_id=program.id, member_id=member, session_id=left.id, at=NOON)
    living = session(program, member, at=NOON + 180 * DAY)
    write(program, LiveCodeUse, session_id=old.id, slot=1, at=NOON)

    deleted = [forget(program, NOON + days * DAY + HOUR) for days in (29, 30, 209, 210)]

    assert deleted == [0, 1, 0, 1]
    assert rows(program.id, MemberSession, "id") == [(living.id,)]
    assert count(program, LiveCodeUse) == 0
    at = NOON + 211 * DAY
    assert member_by_token(program_id=program.id, token=living.token, at=at).member_id == member
    assert len(list_sessions(program_id=program.id, member_id=member, at=at)) == 1


def test_links_codes_and_counted_hours_go_in_their_time(program, till):
    make_card_link(program_id=program.id, member_id=make_member(program), by=SYSTEM_ACTOR, at=NOON)
    make_device_code(program_id=program.id, kind="till", name="К", branch="", till="", by=SYSTEM_ACTOR, at=NOON)
    write(program, LookUpHour, employee=new_id(), hour=NOON, last_at=NOON)

    assert [forget(program, NOON + days * DAY + HOUR) for days in (1, 2, 30, 59, 60)] == [0, 1, 2, 0, 1]
    assert [count(program, model) for model in (CardLink, DeviceCode, LookUpHour)] == [0, 0, 0]


def test_receipts_of_a_till_go_and_its_numbers_go_on(program, till):
    member = make_member(program)
    first = name_member(program_id=program.id, device_id=till.id, member_id=member, at=NOON)

    forget(program, NOON + 31 * DAY)  # the code the till came with
    deleted = [forget(program, NOON + 60 * DAY), forget(program, NOON + 61 * DAY)]
    begun = current_receipt(program_id=program.id, device_id=till.id, training=False, at=NOON + 61 * DAY)

    assert deleted == [0, 1]
    assert (first.number, begun.number, begun.member_id) == ("1-000001", "1-000002", None)
    assert count(program, OpenReceipt) == 1


def test_shifts_go_after_half_a_year(program, till):
    make_cashier(program)
    (employee,) = [one for (one,) in rows(program.id, Beneficiary, "id")]
    who = {"device_id": till.id, "employee_id": employee}
    write(program, StaffSession, token_hash=b"1" * 32, started_at=NOON, seen_at=NOON, ended_at=NOON, **who)
    write(program, StaffSession, token_hash=b"2" * 32, started_at=NOON, seen_at=NOON + DAY, **who)

    assert [forget(program, NOON + days * DAY + HOUR) for days in (179, 180, 181)][1:] == [1, 1]


def test_booked_sales_go_and_those_a_person_must_know_of_stay(program, till):
    for key, state in (("a", "booked"), ("b", "waiting"), ("c", "dropped")):
        a_queued_sale(program, till, key, state)

    forget(program, NOON + 181 * DAY)

    assert sorted(rows(program.id, QueuedSale, "key")) == [("b",), ("c",)]


def test_much_goes_in_batches_and_a_worker_may_stop_between_them(program):
    for _ in range(7):
        write(program, LoginFailure, contact_hash=b"c" * 32, place_hash=b"p" * 32, at=NOON)
    batches = []

    forget(program, NOON + 3 * DAY, at_once=3, progress=batches.append)

    assert batches == [3, 3, 1]


def test_only_the_programs_own_rows_go(program):
    other = make_program("other")
    a_login(other, NOON)

    assert forget(program, NOON + 9 * DAY) == 0
    assert count(other, LoginCode) == 1


def test_the_worker_does_it_by_itself(program):
    a_login(program, NOON)

    done = Worker(lambda: NOON + 3 * DAY, lambda _at: None).run_once()

    assert done["passed_rows_deleted"] == 2
