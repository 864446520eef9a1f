"""Letting a till in, signing in at it, and what a manager looks after."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.doors import StaffSession
from kopilka.data.models.purchases import Purchase
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.devices import TILL, list_devices, people_at
from kopilka.queries.open_receipts import open_receipt
from kopilka.services.devices import make_device_code, revoke_device
from tests.counter import let_in, make_cashier, make_manager, signed_in_client, till_client
from tests.factories import make_member, make_program
from tests.tills import rows

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00"}
"""
HOME = "/till/lavka/"


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def a_code(program, *, name="Касса у окна", till="", at=None):
    return make_device_code(
        program_id=program.id, kind=TILL, name=name, branch="", till=till, by=SYSTEM_ACTOR, at=at or timezone.now()
    )


def text(answer):
    """What a person reads, without tags and double spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


# --- letting a device in ----------------------------------------------------------------------------------------------
def test_unknown_browser_is_asked_for_a_code(program):
    answer = Client().get(f"{HOME}sign-in/")

    assert (answer.status_code, answer["Location"]) == (302, f"{HOME}device/")


def test_code_makes_the_browser_a_till(program):
    client = Client()
    code = a_code(program).code

    answer = client.post(f"{HOME}device/", {"code": f"{code[:4].lower()} {code[4:]}"})

    cookie = answer.cookies["kopilka_till"]
    assert (answer.status_code, answer["Location"]) == (302, HOME)
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (HOME, True, "Lax")
    assert [device.name for device in list_devices(program.id)] == ["Касса у окна"]
    assert client.get(f"{HOME}sign-in/").status_code == 200


def test_wrong_code_is_told_beside_the_field_and_kept(program):
    answer = Client(headers={"accept-language": "ru"}).post(f"{HOME}device/", {"code": "WRONG123"})

    assert answer.status_code == 200
    assert "Такого кода нет, он уже использован или устарел" in text(answer)
    assert 'value="WRONG123"' in answer.content.decode()


# --- signing in -------------------------------------------------------------------------------------------------------
def test_people_of_the_till_sign_in_by_pin(program):
    make_cashier(program)
    make_manager(program)
    client = till_client(program)

    page = client.get(f"{HOME}sign-in/")
    answer = client.post(f"{HOME}sign-in/", {"person": "01", "pin": "4826", "next": f"{HOME}shift/"})

    assert "Оля" in text(page)
    assert "Мира" in text(page)
    assert (answer.status_code, answer["Location"]) == (302, f"{HOME}shift/")
    cookie = answer.cookies["kopilka_staff"]
    assert (cookie["path"], cookie["httponly"], cookie["max-age"]) == (HOME, True, "")


def test_sign_in_leads_to_pages_of_this_till_only_t54(program):
    make_cashier(program)
    client = till_client(program)

    for place in ("//evil.example/", "https://evil.example/", "/card/lavka/", "/till/other/", "\\evil"):
        answer = client.post(f"{HOME}sign-in/", {"person": "01", "pin": "4826", "next": place})
        assert answer["Location"] == HOME


def test_last_person_is_chosen_and_the_pin_is_never_shown_again(program):
    make_cashier(program)
    make_manager(program)
    client = till_client(program)
    client.post(f"{HOME}sign-in/", {"person": "01", "pin": "4826"})

    page = client.post(f"{HOME}sign-in/", {"person": "02", "pin": "8128"}).content.decode()
    fresh = client.get(f"{HOME}sign-in/").content.decode()

    assert re.search(r'value="02"[^>]*checked', page)
    assert "8128" not in page
    assert re.search(r'value="01"[^>]*checked', fresh)


def test_wrong_pins_are_counted_down_and_the_lock_tells_its_time(program):
    make_cashier(program)
    client = till_client(program)

    told = [text(client.post(f"{HOME}sign-in/", {"person": "01", "pin": "0000"})) for _ in range(6)]

    assert "PIN-код не тот. Осталось 4 попытки." in told[0]
    assert "PIN-код не тот. Осталась 1 попытка." in told[3]
    assert "вход закрыт, подождите 1 минуту" in told[4]
    assert "вход закрыт, подождите" in told[5]


def test_nobody_with_a_pin_is_told_what_to_do(program):
    answer = till_client(program).get(f"{HOME}sign-in/")

    assert "PIN-кодов пока ни у кого нет" in text(answer)


def test_page_without_a_person_leads_to_the_pin_and_back(program):
    make_cashier(program)
    client = till_client(program)

    page = client.get(f"{HOME}shift/")
    sent = client.post(f"{HOME}enrol/", headers={"referer": f"http://testserver{HOME}return/"})

    assert page["Location"] == f"{HOME}sign-in/?next=%2Ftill%2Flavka%2Fshift%2F"
    assert sent["Location"] == f"{HOME}sign-in/?next=%2Ftill%2Flavka%2Freturn%2F"


def test_script_is_told_where_to_sign_in(program):
    make_cashier(program)
    client = till_client(program)

    swapped = client.get(f"{HOME}shift/", headers={"hx-request": "true"})
    asked = client.get(f"{HOME}shift/", headers={"accept": "application/json"})

    assert (swapped.status_code, swapped["HX-Redirect"]) == (401, f"{HOME}sign-in/")
    assert (asked.status_code, asked.json()) == (401, {"sign_in": f"{HOME}sign-in/?next=%2Ftill%2Flavka%2Fshift%2F"})


def test_signed_out_till_asks_for_a_pin_t10(program):
    make_cashier(program)
    client = signed_in_client(program)
    stolen = client.cookies["kopilka_staff"].value

    client.post(f"{HOME}sign-out/")
    client.cookies["kopilka_staff"] = stolen

    assert client.get(f"{HOME}shift/").status_code == 302
    assert client.get(f"{HOME}sign-out/").status_code == 405


def test_new_person_gets_a_new_token_t10(program):
    make_cashier(program)
    client = signed_in_client(program)
    first = client.cookies["kopilka_staff"].value

    client.post(f"{HOME}sign-in/", {"person": "01", "pin": "4826"})

    assert client.cookies["kopilka_staff"].value != first
    assert len(rows(program.id, StaffSession, "ended_at")) == 2


def test_idle_till_asks_for_a_pin_again(program):
    make_cashier(program)
    client = signed_in_client(program)
    assert client.get(f"{HOME}shift/").status_code == 200

    _shift_back(program, timedelta(minutes=31))

    assert client.get(f"{HOME}shift/").status_code == 302


def test_revoked_till_is_thrown_out_at_its_next_click_t37(program):
    make_cashier(program)
    enrolled = let_in(program)
    client = signed_in_client(program, enrolled=enrolled)
    assert client.get(f"{HOME}shift/").status_code == 200

    revoke_device(program_id=program.id, device_id=enrolled.device.id, by=SYSTEM_ACTOR, at=timezone.now())

    assert client.get(f"{HOME}shift/")["Location"] == f"{HOME}device/"
    assert "больше не касса" in text(client.get(f"{HOME}device/", headers={"accept-language": "ru"}))


def test_till_of_one_program_is_nothing_in_another_t33(program):
    other = make_program("other", rulebook=RULES)
    make_cashier(other)
    client = till_client(program)
    client.cookies["kopilka_till"]["path"] = "/"

    assert client.get("/till/other/sign-in/")["Location"] == "/till/other/device/"


# --- what a manager looks after ---------------------------------------------------------------------------------------
def manager_client(program):
    make_cashier(program)
    make_manager(program)
    return signed_in_client(program, "02", "9073")


def test_cashier_may_not_look_after_devices_t27(program):
    make_cashier(program)
    client = signed_in_client(program)
    device = list_devices(program.id)[0]

    pages = ("", "till/", "kiosk/", f"device/{device.id}/", "person/01/")
    assert [client.get(f"{HOME}manage/{page}").status_code for page in pages] == [403] * 5
    sent = ("till/", "kiosk/", f"device/{device.id}/", "person/01/", "person/01/take/")
    assert [client.post(f"{HOME}manage/{page}").status_code for page in sent] == [403] * 5


def test_manager_makes_a_code_that_lets_a_kiosk_in_beside_his_till(program):
    client = manager_client(program)
    till = list_devices(program.id)[0]

    page = client.post(f"{HOME}manage/kiosk/", {"name": "Планшет", "beside": str(till.id)})
    code = re.search(r'device-code">([^<]+)<', page.content.decode())[1]
    answer = Client().post(f"{HOME}device/", {"code": code})

    assert "http://testserver/kiosk/lavka/device/" in page.content.decode()
    assert answer["Location"] == "/kiosk/lavka/"
    assert [(one.name, one.beside_id) for one in list_devices(program.id) if one.kind == "kiosk"] == [
        ("Планшет", till.id)
    ]


def test_manager_makes_a_code_for_a_till_and_hears_when_its_number_is_taken(program):
    client = manager_client(program)

    taken = client.post(f"{HOME}manage/till/", {"name": "Вторая", "till": "1"})
    made = client.post(f"{HOME}manage/till/", {"name": "Вторая", "till": ""})

    assert "Такое уже есть" in text(taken)
    assert 'value="Вторая"' in taken.content.decode()
    assert "Её чеки получат номер кассы 2" in text(made)


def test_manager_sees_devices_people_and_who_is_at_work(program):
    client = manager_client(program)

    page = text(client.get(f"{HOME}manage/"))

    assert "Касса у входа" in page
    assert "управляющий" in page
    assert "кассир" in page


def test_manager_takes_a_device_away_after_a_second_look(program):
    client = manager_client(program)
    other = let_in(program, name="Касса в углу").device

    asked = client.get(f"{HOME}manage/device/{other.id}/")
    assert [one.revoked_at for one in list_devices(program.id)] == [None, None]
    done = client.post(f"{HOME}manage/device/{other.id}/")

    assert "Отключить «Касса в углу»?" in text(asked)
    assert (done.status_code, done["Location"]) == (302, f"{HOME}manage/")
    assert [one.name for one in list_devices(program.id) if one.revoked_at] == ["Касса в углу"]
    assert client.get(f"{HOME}manage/device/{program.id}/").status_code == 404


def test_manager_gives_and_takes_pins(program):
    client = manager_client(program)

    simple = client.post(f"{HOME}manage/person/01/", {"pin": "1234"})
    given = client.post(f"{HOME}manage/person/01/", {"pin": "5297"})
    other = client.post(f"{HOME}sign-in/", {"person": "01", "pin": "5297"})

    assert "Такой легко угадать" in text(simple)
    assert given.status_code == other.status_code == 302
    client.post(f"{HOME}sign-in/", {"person": "02", "pin": "9073"})
    assert client.post(f"{HOME}manage/person/01/take/").status_code == 302
    assert [one.code for one in people_at(program.id, "")] == ["02"]
    assert client.get(f"{HOME}manage/person/99/").status_code == 404


def _shift_back(program, span):

    with transaction.atomic():
        enter_program(program.id)
        for row in StaffSession.objects.of(program.id):
            StaffSession.objects.of(program.id).filter(id=row.id).update(seen_at=row.seen_at - span)


# --- the cashier's own card -------------------------------------------------------------------------------------------
def test_cashier_books_no_receipt_of_his_own_whoever_named_him_t25(program):
    mine = make_member(program)
    make_cashier(program, person=mine)
    make_manager(program)
    enrolled = let_in(program)
    colleague = signed_in_client(program, "02", "9073", enrolled=enrolled)
    colleague.post(f"{HOME}find/", {"text": "89161234567"})
    colleague.post(f"{HOME}find/", {"text": "350"})
    receipt = open_receipt(program.id, enrolled.device.id)
    himself = signed_in_client(program, enrolled=enrolled)

    answer = himself.post(f"{HOME}confirm/", {"receipt": str(receipt.id), "seen_paid": "35000", "seen_units": "0"})

    assert receipt.member_id == mine
    assert "Пусть чек проведёт коллега" in text(answer)
    assert rows(program.id, Purchase, "id") == []
