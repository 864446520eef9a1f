"""A customer at the kiosk: enrolled once, on the receipt of the till beside, and forgotten (S2.26, T7, T56)."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kopilka.bookkeeping.answers import Answer, answers_of
from kopilka.data.models.kiosk import KioskVisit
from kopilka.data.models.members import Member
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.kiosk.access import MAY
from kopilka.queries.devices import KIOSK, list_devices
from kopilka.queries.members import member_for_door, member_id_by
from kopilka.queries.open_receipts import How, open_receipt
from kopilka.queries.scope import reading
from kopilka.services.consents import consents_of
from kopilka.services.devices import revoke_device
from kopilka.services.kiosk_visits import begin_visit, forget_left_visits, visit_at
from kopilka.services.open_receipts import name_member
from tests.counter import kiosk_client, let_in
from tests.factories import NOON, make_member, make_program
from tests.journeys.test_races import at_once
from tests.tills import rows

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00"}
promotions:
  cashback: {name: {ru: Кэшбэк 5 %, en: 5 % cashback}, earn: {percent: 5}}
profile:
  pet: {name: {ru: Кто у вас живёт?, en: What pet do you have?}, kind: choice, choices: [кошка, рыбки], required: yes}
  child: {name: {ru: Дни рождения детей, en: Children}, kind: date, many: yes}
"""
HOME = "/kiosk/lavka/"
AGREED = {"terms": "on", "privacy": "on"}
PERSON = {
    "name": "Анна",
    "birth_date": "05.05.1990",
    "q-pet": "кошка",
    "q-child-0-name": "Ева",
    "q-child-0": "01022020",
}


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


@pytest.fixture
def till(program):
    return let_in(program).device


@pytest.fixture
def kiosk(program, till):
    return kiosk_client(program, till.id)


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def visit_id(client):
    return re.search(r'name="visit" value="([^"]+)"', client.get(f"{HOME}phone/").content.decode())[1]


def send(client, page, **given):
    return client.post(f"{HOME}{page}/", {"visit": visit_id(client), **given})


def come(client, phone="8 916 123-45-67", **person):
    """As far as the consents."""
    client.post(f"{HOME}begin/")
    send(client, "phone", typed=phone)
    return send(client, "about-you", **{**PERSON, **person})


def enrol(client, phone="8 916 123-45-67", **given):
    come(client, phone)
    return send(client, "consents", **{**AGREED, **given})


# --- a new member -----------------------------------------------------------------------------------------------------
def test_unknown_tablet_is_asked_for_a_code(program):
    assert Client().get(HOME)["Location"] == f"{HOME}device/"


def test_welcome_tells_the_rules_in_the_programs_own_words_s2_26(kiosk):
    page = text(kiosk.get(HOME))

    assert "Лавка: ваша карта" in page
    assert "5 %" in page


def test_customer_becomes_a_member_with_everything_he_told(program, kiosk):
    answer = enrol(kiosk, ads_push="on")

    assert answer["Location"] == f"{HOME}card/"
    member = member_for_door(program.id, member_id_by(program.id, "phone", "+79161234567"))
    assert (member.name, member.birth_date, member.language) == ("Анна", date(1990, 5, 5), "ru")
    with reading(program.id):
        answers = answers_of(program.id, member.id)
    assert answers == {"child": [Answer("2020-02-01", "Ева")], "pet": [Answer("кошка")]}
    given = [(one.kind, one.channel, one.door, one.evidence) for one in consents_of(program.id, member.id)]
    assert given == [
        ("terms", "", "kiosk", "Киоск, ticked by himself"),
        ("privacy", "", "kiosk", "Киоск, ticked by himself"),
        ("ads", "push", "kiosk", "Киоск, ticked by himself"),
    ]


def test_new_member_stands_on_the_receipt_of_the_till_beside_s2_26(program, till, kiosk):
    enrol(kiosk)

    receipt = open_receipt(program.id, till.id)
    assert receipt.member_id == member_id_by(program.id, "phone", "+79161234567")
    assert receipt.how is How.KIOSK
    assert "Кассир вас уже видит" in text(kiosk.get(f"{HOME}card/"))


def test_whoever_the_cashier_serves_stays_on_the_receipt(program, till, kiosk):
    served = make_member(program, "+79160000009")
    name_member(program_id=program.id, device_id=till.id, member_id=served, how=How.PHONE, at=NOON)

    enrol(kiosk)

    assert open_receipt(program.id, till.id).member_id == served
    assert "Назовите кассиру номер телефона" in text(kiosk.get(f"{HOME}card/"))


def test_kiosk_beside_no_till_enrols_too(program):
    client = kiosk_client(program)

    enrol(client)

    assert "Назовите кассиру номер телефона" in text(client.get(f"{HOME}card/"))
    assert member_id_by(program.id, "phone", "+79161234567")


def test_code_opens_the_card_of_a_new_member_once(program, kiosk):
    enrol(kiosk)
    device = visit_at(program.id, _kiosk_id(program), at=timezone.now())

    page = kiosk.get(f"{HOME}card/").content.decode()

    assert "<svg" in page
    assert len(device.link_token) == 43
    assert kiosk.get(f"{HOME}card/").content.decode().count("<svg") == page.count("<svg")


# --- one known before -------------------------------------------------------------------------------------------------
def test_known_phone_sees_the_same_pages_and_is_changed_in_nothing_t7(program, till):
    known = make_member(program, "+79161234567", name="Пётр")
    one, other = kiosk_client(program, till.id), kiosk_client(program)

    answers = [(come(client, phone), send(client, "consents", **AGREED)) for client, phone in
               ((one, "89161234567"), (other, "89161234568"))]  # fmt: skip
    pages = [client.get(f"{HOME}card/").content.decode() for client in (one, other)]

    assert [(a.status_code, b.status_code, b["Location"]) for a, b in answers] == [(302, 302, f"{HOME}card/")] * 2
    assert member_for_door(program.id, known).name == "Пётр"
    assert consents_of(program.id, known) == []
    shapes = [re.sub(r'<path.*?/>|value="[^"]*"|<p class="notice.*?</p>', "", page, flags=re.DOTALL) for page in pages]
    shapes = [re.sub(r"X-CSRFToken[^}]*", "", shape) for shape in shapes]
    assert shapes[0] == shapes[1]
    drawn = [re.search(r"<svg[^>]*width=.\d+.[^>]*>(?!.*<svg[^>]*width=)", page, re.DOTALL)[0] for page in pages]
    assert drawn[0] == drawn[1]


def test_known_member_stands_on_the_receipt_too(program, till, kiosk):
    known = make_member(program, "+79161234567")

    enrol(kiosk)

    assert open_receipt(program.id, till.id).member_id == known


# --- once, and by himself ---------------------------------------------------------------------------------------------
def test_double_tap_enrols_once(program, kiosk):
    come(kiosk)
    sent = {"visit": visit_id(kiosk), **AGREED}

    first = kiosk.post(f"{HOME}consents/", sent)
    second = kiosk.post(f"{HOME}consents/", sent)

    assert (first["Location"], second["Location"]) == (f"{HOME}card/", f"{HOME}card/")
    assert len(rows(program.id, Member, "id")) == 1


@pytest.mark.slow
def test_taps_at_once_enrol_once(program, kiosk):
    come(kiosk)
    sent = {"visit": visit_id(kiosk), **AGREED}
    cookies = kiosk.cookies

    def tap():
        client = Client()
        client.cookies = cookies
        return client.post(f"{HOME}consents/", sent)["Location"]

    assert set(at_once([tap] * 5)) == {f"{HOME}card/"}
    assert len(rows(program.id, Member, "id")) == 1
    assert rows(program.id, KioskVisit, "state", "document") == [("done", "")]


def test_consents_are_given_one_by_one_and_none_beforehand(kiosk):
    come(kiosk)

    page = kiosk.get(f"{HOME}consents/").content.decode()
    answer = send(kiosk, "consents", terms="on")

    assert "checked" not in page
    assert answer.status_code == 422
    assert "Без этого карту не завести" in text(answer)
    assert re.search(r'name="terms"[^>]*checked', answer.content.decode())


# --- what is typed ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("phone", ["", "123", "abc", "+7 999 ' OR 1=1", "٩", "8" * 60])
def test_bad_phone_is_told_beside_the_field_and_kept(kiosk, phone):
    kiosk.post(f"{HOME}begin/")

    answer = send(kiosk, "phone", typed=phone)

    assert answer.status_code == 422
    assert 'id="id_typed_error"' in answer.content.decode()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": ""}, "Напишите имя"),
        ({"name": "\u202eАнна"}, "Есть невидимый знак"),
        ({"birth_date": "31.02.1990"}, "Такого дня нет"),
        ({"birth_date": "01.01.2190"}, "Верно ли указан год?"),
        ({"q-pet": ""}, "Обязательное поле"),
        ({"q-child-0": "вчера"}, "Такого дня нет"),
    ],
)
def test_mistake_in_the_questions_is_told_and_nothing_is_lost(kiosk, given, told):
    kiosk.post(f"{HOME}begin/")
    send(kiosk, "phone", typed="89161234567")

    answer = send(kiosk, "about-you", **{**PERSON, **given})

    assert answer.status_code == 422
    assert told in text(answer)
    assert 'value="Ева"' in answer.content.decode()


def test_number_pad_types_without_scripts(kiosk):
    kiosk.post(f"{HOME}begin/")

    for key in ("8", "9", "1", "6", "7", "back"):
        typed = re.search(r'name="typed"[^>]*', kiosk.get(f"{HOME}phone/").content.decode())[0]
        value = (re.search(r'value="([^"]*)"', typed) or ["", ""])[1]
        assert send(kiosk, "phone", press=key, typed=value).status_code == 302

    assert 'value="8916"' in kiosk.get(f"{HOME}phone/").content.decode()


def test_way_back_shows_what_was_typed_to_himself(kiosk):
    come(kiosk)

    assert 'value="8 916 123-45-67"' in kiosk.get(f"{HOME}phone/").content.decode()
    assert 'value="Анна"' in kiosk.get(f"{HOME}about-you/").content.decode()


# --- forgetting -------------------------------------------------------------------------------------------------------
def test_wiped_kiosk_shows_nothing_of_the_last_customer_t56(program, kiosk):
    enrol(kiosk)
    kiosk.post(f"{HOME}wipe/")

    answers = [kiosk.get(f"{HOME}{page}/") for page in ("phone", "about-you", "consents", "card")]

    assert [answer["Location"] for answer in answers] == [HOME] * 4
    assert rows(program.id, KioskVisit, "id") == []
    assert {answer["Cache-Control"] for answer in answers} == {"private, no-store"}


def test_welcome_page_wipes_by_itself_where_no_script_does_t56(program, kiosk):
    come(kiosk)

    kiosk.get(HOME)

    assert rows(program.id, KioskVisit, "id") == []


def test_page_of_an_earlier_customer_sent_again_does_nothing_t56(program, kiosk):
    come(kiosk)
    old = {"visit": visit_id(kiosk), **AGREED}
    kiosk.post(f"{HOME}wipe/")
    kiosk.post(f"{HOME}begin/")

    answer = kiosk.post(f"{HOME}consents/", old)

    assert answer["Location"] == HOME
    assert rows(program.id, Member, "id") == []


def test_visit_is_over_after_ten_minutes_whatever_the_tablet_does(program, kiosk):
    kiosk_id = _kiosk_id(program)
    begin_visit(program_id=program.id, device_id=kiosk_id, at=NOON)

    assert visit_at(program.id, kiosk_id, at=NOON + timedelta(minutes=9)) is not None
    assert visit_at(program.id, kiosk_id, at=NOON + timedelta(minutes=10)) is None
    assert forget_left_visits(program_id=program.id, at=NOON + timedelta(minutes=10)) == 1


def test_next_customer_gets_the_language_of_the_tablet(kiosk):
    kiosk.post("/language/", {"language": "en", "next": HOME})
    assert "Get the card" in text(kiosk.get(HOME))

    kiosk.post(f"{HOME}wipe/")

    assert "Получить карту" in text(kiosk.get(HOME))


@pytest.mark.parametrize("page", ["", "phone/", "about-you/", "consents/"])
def test_no_page_leads_out_or_is_filled_in_by_the_browser_t56(kiosk, page):
    come(kiosk)

    shown = (kiosk.get(HOME + page) if page else kiosk.get(HOME)).content.decode()

    assert [link for link in re.findall(r'<a [^>]*href="([^"]*)"', shown) if not link.startswith((HOME, "#"))] == []
    for field in re.findall(r'<input type="text"[^>]*>', shown):
        assert 'autocomplete="off"' in field
    assert "localStorage" not in shown


def test_revoked_kiosk_is_thrown_out_at_its_next_tap_t37(program, kiosk):
    revoke_device(program_id=program.id, device_id=_kiosk_id(program), by=SYSTEM_ACTOR, at=timezone.now())

    assert kiosk.get(HOME)["Location"] == f"{HOME}device/"
    swapped = kiosk.get(HOME, headers={"hx-request": "true"})
    assert (swapped.status_code, swapped["HX-Redirect"]) == (401, f"{HOME}device/")


def test_kiosk_may_enrol_and_nothing_more_t56(program, kiosk):
    assert {str(one) for one in MAY} == {"read", "enrol"}
    assert kiosk.get("/till/lavka/sign-in/")["Location"] == "/till/lavka/device/"


def _kiosk_id(program):
    return next(one.id for one in list_devices(program.id) if one.kind == KIOSK)
