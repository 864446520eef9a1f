"""Enrolling at the till: phone, name, consents; known phones; friends and agents; twice is once."""

import pytest

from kopilka.data.models.card import CardLink, Consent
from kopilka.data.models.members import Member
from kopilka.data.models.shares import EnrolledBy
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.devices import list_devices
from kopilka.queries.open_receipts import open_receipt
from kopilka.services.enrolling import find_by_phone
from tests.counter import let_in, make_cashier, signed_in_client
from tests.factories import make_member
from tests.till.desk import at_counter, make_shop, once_of, text_of
from tests.tills import rows

pytestmark = pytest.mark.django_db(transaction=True)

ENROL = "/till/lavka/enrol/"
PHONE = "8 (916) 123-45-67"
TICKED = {"consent_terms": "on", "consent_privacy": "on"}


@pytest.fixture
def shop():
    return make_shop()


def people(shop) -> int:
    return len(rows(shop.id, Member, "id")) - 1  # the cashier has an account


def named(shop):
    (device,) = list_devices(shop.id)
    receipt = open_receipt(shop.id, device.id)
    return receipt.member_id if receipt else None


def test_customer_agrees_and_stands_on_the_receipt(shop):
    till = at_counter(shop)
    asked = {"phone": PHONE, "name": "Анна Ёлкина", "once": once_of(till.get(ENROL))}

    turned = till.post(ENROL, {**asked, "step": "check"})
    done = till.post(ENROL, {**asked, **TICKED, "ads_sms": "on", "step": "agree"})

    assert "Согласие на обработку персональных данных" in text_of(turned)
    assert (done.status_code, done["Location"]) == (302, "/till/lavka/")
    member_id = find_by_phone(program=shop, phone="+79161234567", by=SYSTEM_ACTOR)
    assert named(shop) == member_id
    assert rows(shop.id, EnrolledBy, "member_id", "staff") == [(member_id, "01")]
    assert sorted(rows(shop.id, Consent, "kind", "channel", "given", "door", "evidence")) == [
        ("ads", "sms", True, "till", "Касса у входа, Оля"),
        ("privacy", "", True, "till", "Касса у входа, Оля"),
        ("terms", "", True, "till", "Касса у входа, Оля"),
    ]


def test_double_click_enrols_once(shop):
    till = at_counter(shop)
    asked = {"phone": PHONE, "once": once_of(till.get(ENROL)), **TICKED, "step": "agree"}

    first, second = till.post(ENROL, asked), till.post(ENROL, asked)

    assert (first.status_code, second.status_code) == (302, 302)
    assert people(shop) == 1


def test_nobody_is_enrolled_without_the_needed_consents(shop):
    till = at_counter(shop)

    answer = till.post(ENROL, {"phone": PHONE, "name": "Анна", "consent_terms": "on", "step": "agree"})

    assert answer.status_code == 200
    assert "Без этого согласия карту завести нельзя." in text_of(answer)
    assert 'value="Анна"' in answer.content.decode()
    assert people(shop) == 0


def test_customer_finishes_on_his_own_phone_by_a_link(shop):
    answer = at_counter(shop).post(ENROL, {"phone": PHONE, "name": "Анна", "step": "own-phone"})

    assert answer.status_code == 200
    assert "<svg" in answer.content.decode()
    assert named(shop) == find_by_phone(program=shop, phone=PHONE, by=SYSTEM_ACTOR)
    assert len(rows(shop.id, CardLink, "id")) == 1
    assert rows(shop.id, Consent, "id") == []


def test_known_phone_is_told_by_its_mask_and_leads_to_its_member(shop):
    member_id = make_member(shop, name="Анна Ёлкина")
    till = at_counter(shop)

    told = till.post(ENROL, {"phone": PHONE, "name": "Кто-то", "step": "check"})
    taken = till.post(ENROL, {"phone": PHONE, "step": "known"})

    assert "Анна Ё." in text_of(told)
    assert "+7 ••• ••• 45-67" in text_of(told)
    assert "Ёлкина" not in told.content.decode()
    assert (taken.status_code, named(shop)) == (302, member_id)
    assert people(shop) == 1


def test_cashier_does_not_take_his_own_card(shop):
    own = make_member(shop)
    make_cashier(shop, "07", name="Вера", person=own)
    till = signed_in_client(shop, "07", enrolled=let_in(shop, till="k1"))

    answer = till.post(ENROL, {"phone": PHONE, "step": "known"})

    assert "Сотрудник не обслуживает на кассе самого себя" in text_of(answer)
    assert named(shop) is None


@pytest.mark.parametrize("phone", ["", "123", "+7-916-FLOWERS", "доб. 5", "🐖", "9" * 30, "null", "000"])
def test_wrong_phone_is_told_beside_it_and_nothing_is_lost(shop, phone):
    answer = at_counter(shop).post(ENROL, {"phone": phone, "name": "Анна", "invited_by": "", "step": "check"})

    assert answer.status_code == 200
    assert 'id="id_phone_error"' in answer.content.decode()
    assert 'value="Анна"' in answer.content.decode()
    assert people(shop) == 0


@pytest.mark.parametrize("name", ["\u202eanna", "a" * 201, "z\u0301" + "\u0301" * 20])
def test_wrong_name_is_told_beside_it(shop, name):
    answer = at_counter(shop).post(ENROL, {"phone": PHONE, "name": name, "step": "check"})

    assert 'id="id_name_error"' in answer.content.decode()


@pytest.mark.parametrize("field", ["invited_by", "agent"])
def test_unknown_friend_or_agent_is_told_beside_the_code(shop, field):
    answer = at_counter(shop).post(ENROL, {"phone": PHONE, field: "NOBODY", "step": "check"})

    assert f'id="id_{field}_error"' in answer.content.decode()
    assert "<details" in answer.content.decode()
    assert " open>" in answer.content.decode()


def test_name_with_markup_is_shown_as_it_is(shop):
    name = "<script>alert(1)</script>"

    answer = at_counter(shop).post(ENROL, {"phone": PHONE, "name": name, "step": "check"})

    assert "<script>alert(1)" not in answer.content.decode()
    assert "&lt;script&gt;alert(1)" in answer.content.decode()


def test_phone_typed_at_the_sale_is_there_already(shop):
    answer = at_counter(shop).post(ENROL, {"phone": "+79161234567", "step": "start"})

    assert 'value="+79161234567"' in answer.content.decode()


def test_way_back_from_the_consents_loses_nothing(shop):
    typed = {"phone": PHONE, "name": "Анна", "invited_by": "", "step": "start"}

    answer = at_counter(shop).post(ENROL, typed)

    assert 'value="Анна"' in answer.content.decode()
    assert people(shop) == 0


def test_in_training_nobody_is_enrolled(shop):
    till = at_counter(shop, training=True)

    turned = till.post(ENROL, {"phone": PHONE, "step": "check"})
    done = till.post(ENROL, {"phone": PHONE, **TICKED, "step": "agree"})
    by_link = till.post(ENROL, {"phone": PHONE, "step": "own-phone"})

    assert turned.status_code == 200
    assert "Учёба: ничего не записано" in text_of(done)
    assert "Учёба: ничего не записано" in text_of(by_link)
    assert people(shop) == 0
