"""So many guests an hour and no more, and no answer that tells whose phone is known (T7, T56)."""

import re
import statistics
from datetime import timedelta
from time import perf_counter

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from kopilka.bookkeeping.locking import without_locks_for_tests
from kopilka.data.models.kiosk import KioskGuest
from kopilka.data.models.members import Member
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.devices import KIOSK
from kopilka.services.kiosk_visits import (
    Done,
    begin_visit,
    claim_visit,
    finish_visit,
    forget_left_visits,
    rest_seconds,
    visit_at,
)
from kopilka.services.members import MemberChange, change_member
from kopilka.services.page_settings import PageChange, change_pages
from tests.counter import kiosk_client, let_in
from tests.factories import NOON, make_member, make_program
from tests.journeys.test_races import CONTROL_ROUNDS, at_once
from tests.tills import rows, with_key

pytestmark = pytest.mark.django_db(transaction=True)

HOME = "/kiosk/lavka/"
AGREED = {"terms": "on", "privacy": "on"}


@pytest.fixture
def program():
    return make_program()


@pytest.fixture
def kiosk(program):
    return let_in(program, KIOSK).device


def allow(program, guests):
    change_pages(program_id=program.id, change=PageChange(kiosk_guests=guests), by=SYSTEM_ACTOR, at=timezone.now())


def come(client, phone):
    """As far as the consents; what stands on each page he met."""
    client.post(f"{HOME}begin/")
    told = [send(client, "phone", typed=phone), client.get(f"{HOME}about-you/")]
    return [*told, send(client, "about-you", name="Анна"), client.get(f"{HOME}consents/")]


def send(client, page, **given):
    visit = re.search(r'name="visit" value="([^"]+)"', client.get(f"{HOME}phone/").content.decode())
    return client.post(f"{HOME}{page}/", {"visit": visit[1], **given})


def claim(program, kiosk, visit, at=NOON):
    return claim_visit(program_id=program.id, device_id=kiosk.id, visit_id=visit.id, at=at)


def serve(program, kiosk, at=NOON):
    """A whole visit but for the enrolment."""
    visit = begin_visit(program_id=program.id, device_id=kiosk.id, at=at)
    return claim(program, kiosk, visit, at)


def finish(program, kiosk, visit, done):
    finish_visit(program_id=program.id, device_id=kiosk.id, visit_id=visit.id, done=done, at=NOON)


# --- so many an hour --------------------------------------------------------------------------------------------------
def test_kiosk_rests_after_so_many_guests_and_says_kindly_where_to_go(program):
    allow(program, 1)
    client = kiosk_client(program)
    come(client, "89161234567")
    send(client, "consents", **AGREED)
    client.post(f"{HOME}wipe/")

    begun = client.post(f"{HOME}begin/")
    page = client.get(begun["Location"]).content.decode()

    assert begun["Location"] == f"{HOME}rest/"
    assert "Сколько гостей за час!" in page
    assert "Карту за десять секунд оформит кассир" in page
    assert 'data-idle="30"' in page


def test_a_kiosk_that_may_go_on_shows_no_page_of_rest(program):
    assert kiosk_client(program).get(f"{HOME}rest/")["Location"] == HOME


def test_whoever_had_begun_before_the_limit_was_reached_is_told_the_same_and_loses_nothing(program):
    client = kiosk_client(program)
    come(client, "89161234567")
    allow(program, 0)

    answer = send(client, "consents", **AGREED)
    allow(program, 5)
    again = send(client, "consents", **AGREED)

    assert (answer["Location"], again["Location"]) == (f"{HOME}rest/", f"{HOME}card/")
    assert len(rows(program.id, Member, "id")) == 1


def test_the_hour_runs_from_each_guest(program, kiosk):
    allow(program, 2)
    serve(program, kiosk)
    serve(program, kiosk, NOON + timedelta(minutes=20))

    rests = [rest_seconds(program.id, kiosk.id, at=NOON + timedelta(minutes=m)) for m in (30, 59, 60, 80)]

    assert rests == [1801, 61, 0, 0]


def test_each_kiosk_has_its_own_limit(program, kiosk):
    allow(program, 1)
    other = let_in(program, KIOSK, name="Второй").device
    serve(program, kiosk)

    assert (rest_seconds(program.id, kiosk.id, at=NOON), rest_seconds(program.id, other.id, at=NOON)) == (3601, 0)


def test_one_known_before_counts_like_a_new_member_t7(program):
    make_member(program, "+79161234567")
    client = kiosk_client(program)

    for phone in ("89161234567", "89161234568"):
        come(client, phone)
        send(client, "consents", **AGREED)

    assert len(rows(program.id, KioskGuest, "id")) == 2


def test_an_enrolment_that_was_refused_is_given_back(program, kiosk):
    allow(program, 1)
    visit = begin_visit(program_id=program.id, device_id=kiosk.id, at=NOON)
    claim(program, kiosk, visit)

    finish(program, kiosk, visit, None)

    assert (claim(program, kiosk, visit), claim(program, kiosk, visit)) == (True, False)


def test_a_visit_sent_again_is_counted_once_and_answered_while_the_kiosk_rests(program, kiosk):
    allow(program, 1)
    visit = begin_visit(program_id=program.id, device_id=kiosk.id, at=NOON)
    claim(program, kiosk, visit)
    finish(program, kiosk, visit, Done(make_member(program), "", on_receipt=False))

    assert claim(program, kiosk, visit) is False
    assert visit_at(program.id, kiosk.id, at=NOON).state == "done"


def test_guests_are_forgotten_after_a_day(program, kiosk):
    serve(program, kiosk)

    forget_left_visits(program_id=program.id, at=NOON + timedelta(days=1))

    assert rows(program.id, KioskGuest, "id") == []


# --- races ------------------------------------------------------------------------------------------------------------
def whole_visits(program, kiosk, at):
    """What browsers with the token of one kiosk are told that all go through a visit at once."""

    def visit():
        begun = begin_visit(program_id=program.id, device_id=kiosk.id, at=at)
        return claim(program, kiosk, begun, at)

    return at_once([visit] * 6)


@pytest.mark.slow
def test_kiosk_copied_into_many_browsers_serves_no_more_than_its_limit(program, kiosk):
    allow(program, 2)

    told = [one for _ in range(5) for one in whole_visits(program, kiosk, NOON)]

    refused = [one.code for one in told if isinstance(one, Refusal)]
    assert (told.count(True), len(rows(program.id, KioskGuest, "id"))) == (2, 2)
    assert set(refused) == {Code.TOO_MANY_TRIES}
    assert told.count(True) + told.count(False) + len(refused) == 30


@pytest.mark.slow
def test_without_the_lock_visits_would_break_each_other(program, kiosk):
    """The control: if this passed quietly, the race above would prove nothing."""
    with without_locks_for_tests():
        for _ in range(CONTROL_ROUNDS):
            told = whole_visits(program, kiosk, NOON)
            if [one for one in told if isinstance(one, DatabaseError)]:
                return
    pytest.fail("no visit was broken by another")


@pytest.mark.slow
def test_the_button_pressed_many_times_at_once_begins_one_visit(program):
    client = kiosk_client(program)

    def tap():
        mine = Client()
        mine.cookies = client.cookies
        return mine.post(f"{HOME}begin/")["Location"]

    assert set(at_once([tap] * 5)) == {f"{HOME}phone/"}


# --- nobody learns whose phone is known -------------------------------------------------------------------------------
RANDOM = (r'value="[^"]{30,}"', r"X-CSRFToken[^}]*", r"<path.*?/>")
"""Drawn anew for every customer, whoever he is: tokens, and with them the dots of the QR code and their length."""


def shape(answer):
    text = answer.content.decode()
    for what in RANDOM:
        text = re.sub(what, "", text, flags=re.DOTALL)
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
    return answer.status_code, headers, text


def test_nothing_at_the_kiosk_tells_whether_a_phone_is_known_t7(program):
    """Nor whether its card is blocked: status, headers and shape of every page and answer are alike."""
    make_member(program, "+79161234567", name="Пётр")
    blocked = make_member(program, "+79161234569")
    _block(program, blocked)
    seen = {}
    for phone in ("89161234567", "89161234568", "89161234569"):
        client = kiosk_client(program)
        answers = [*come(client, phone), send(client, "consents", terms="on"), send(client, "consents", **AGREED)]
        answers += [client.get(f"{HOME}card/"), client.post(f"{HOME}consents/", {"visit": "x"})]
        seen[phone] = [shape(one) for one in answers]

    assert seen["89161234567"] == seen["89161234568"] == seen["89161234569"]


@pytest.mark.slow
def test_kiosk_answers_as_late_for_a_known_phone_as_for_a_new_one_t7(program):
    """Medians of both, taken in turn; that of the slower may differ by a fifth of a step at most."""
    client, took = kiosk_client(program), {"known": [], "new": []}
    for number in range(9):
        make_member(program, f"+7916{number:07}")

    for number in range(9):
        for name, phone in (("known", f"+7916{number:07}"), ("new", f"+7903{number:07}")):
            come(client, phone)
            began = perf_counter()
            assert send(client, "consents", **AGREED)["Location"] == f"{HOME}card/"
            took[name].append(perf_counter() - began)

    known, new = statistics.median(took["known"]), statistics.median(took["new"])
    assert min(known, new) >= 0.3
    assert abs(known - new) < 0.06


def _block(program, member_id):
    change_member(
        program_id=program.id, member_id=member_id, change=MemberChange(status="blocked"), request=with_key("block"),
        by=SYSTEM_ACTOR, at=NOON,
    )  # fmt: skip
