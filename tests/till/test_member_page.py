"""A member's page at the till: what he has, all he bought, why each point (S3.7)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kopilka.data.models.card import Consent
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.services.gifts import ChooseRequest, choose_gift
from kopilka.services.returns import return_purchase
from tests.counter import let_in, make_cashier, signed_in_client
from tests.factories import make_member, make_program
from tests.till.desk import RULES, at_counter, give_points, make_shop, text_of
from tests.tills import TILL_1, buy, rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def member_id(shop):
    return make_member(shop, name="Анна Ёлкина", card="1007")


def sell(shop, member_id, price="1000", **facts):
    at = facts.pop("at", timezone.now())
    return buy(shop.id, member_id, price, at=at, **facts)


def test_page_shows_what_he_has_with_a_masked_phone(shop, member_id):
    sell(shop, member_id)
    give_points(shop, member_id, 5, "packs")

    page = at_counter(shop).get(f"/till/lavka/member/{member_id}/")
    text = text_of(page)

    assert "Анна Ёлкина" in text
    assert "+7 ••• ••• 45-67" in text
    assert "+79161234567" not in page.content.decode()
    assert "100 Бонусы" in text
    assert "До уровня «Друг» осталось купить на 2\xa0000,00\xa0₽." in page.content.decode()
    assert "Пакетики × 5" in text


def test_all_purchases_are_listed_by_pages(shop, member_id):
    for number in range(23):
        sell(shop, member_id, number=f"k1-{number:06}")
    till = at_counter(shop)

    first = till.get(f"/till/lavka/member/{member_id}/").content.decode()
    older = first.split("before=")[1].split("#")[0]
    second = till.get(f"/till/lavka/member/{member_id}/?before={older}").content.decode()

    assert (first.count("№\xa0k1-"), second.count("№\xa0k1-")) == (20, 3)
    assert "before=" not in second


def test_purchases_are_searched_by_date(shop, member_id):
    now = timezone.now()
    sell(shop, member_id, number="old-1", at=now - timedelta(days=10))
    sell(shop, member_id, number="new-1", at=now)
    since = (now - timedelta(days=2)).date().isoformat()
    till = at_counter(shop)

    found = till.get(f"/till/lavka/member/{member_id}/?since={since}").content.decode()
    wrong = till.get(f"/till/lavka/member/{member_id}/?since=31.13.2026&until=9999-12-31")

    assert "№\xa0new-1" in found
    assert "№\xa0old-1" not in found
    assert wrong.status_code == 200
    assert 'id="id_since_error"' in wrong.content.decode()


def test_purchase_tells_the_reason_of_every_point(shop, member_id):
    done = sell(shop, member_id)

    text = text_of(at_counter(shop).get(f"/till/lavka/purchase/{done.purchase_id}/"))

    assert "За покупку начислено: 100" in text
    assert "Кэшбэк" in text


def test_purchase_tells_what_came_back(shop, member_id):
    done = sell(shop, member_id)
    return_purchase(
        program_id=shop.id, purchase_id=done.purchase_id, lines=None, source="till:1", external_id="r1", by=TILL_1,
        at=timezone.now(), reason="Не подошло",
    )  # fmt: skip

    text = text_of(at_counter(shop).get(f"/till/lavka/purchase/{done.purchase_id}/"))

    assert "Вернули всё." in text
    assert "Снято со счёта: 100" in text


def test_gifts_that_wait_lead_to_handing_over(shop, member_id):
    give_points(shop, member_id, 100)
    claim = choose_gift(program_id=shop.id, request=ChooseRequest(member_id, "cake", SYSTEM_ACTOR, timezone.now()))

    page = at_counter(shop).get(f"/till/lavka/member/{member_id}/").content.decode()

    assert f"/till/lavka/gift/{claim.claim_id}/" in page
    assert claim.code not in page


def test_own_page_and_own_purchase_are_refused(shop, member_id):
    done = sell(shop, member_id)
    make_cashier(shop, "07", name="Вера", person=member_id)
    till = signed_in_client(shop, "07", enrolled=let_in(shop, till="k1"))

    answers = [
        till.get(f"/till/lavka/member/{member_id}/"),
        till.post(f"/till/lavka/member/{member_id}/pick/"),
        till.get(f"/till/lavka/purchase/{done.purchase_id}/"),
        till.get(f"/till/lavka/return/of/{done.purchase_id}/"),
    ]

    assert [one.status_code for one in answers] == [403, 403, 403, 403]


def test_another_programs_member_and_purchase_are_not_there(shop):
    other = make_program("drugaya", rulebook=RULES)
    stranger = make_member(other)
    bought = buy(other.id, stranger, "100", at=timezone.now())
    till = at_counter(shop)

    assert till.get(f"/till/lavka/member/{stranger}/").status_code == 404
    assert till.post(f"/till/lavka/member/{stranger}/pick/").status_code == 404
    assert till.get(f"/till/lavka/purchase/{bought.purchase_id}/").status_code == 404
    assert till.get(f"/till/lavka/return/of/{bought.purchase_id}/").status_code == 404


def test_missing_consents_are_told_and_given_on_the_screen(shop, member_id):
    till = at_counter(shop)
    page, agree = f"/till/lavka/member/{member_id}/", f"/till/lavka/member/{member_id}/agree/"

    before, turned = text_of(till.get(page)), text_of(till.get(agree))
    half = till.post(agree, {"consent_terms": "on", "step": "agree"})
    done = till.post(agree, {"consent_terms": "on", "consent_privacy": "on", "ads_sms": "on", "step": "agree"})
    after = text_of(till.get(page))

    assert "Согласия ещё не даны: пусть откроет карту по QR-коду или отметит на экране." in before
    assert "Согласие на обработку персональных данных" in turned
    assert "+7 ••• ••• 45-67" in turned
    assert (half.status_code, 'id="id_consent_privacy_error"' in half.content.decode()) == (200, True)
    assert (done.status_code, done["Location"]) == (302, page)
    assert "Согласия ещё не даны" not in after
    assert sorted(rows(shop.id, Consent, "kind", "channel", "given", "door", "evidence")) == [
        ("ads", "sms", True, "till", "Касса у входа, Оля"),
        ("privacy", "", True, "till", "Касса у входа, Оля"),
        ("terms", "", True, "till", "Касса у входа, Оля"),
    ]


def test_way_back_from_the_consents_of_a_member_writes_nothing(shop, member_id):
    answer = at_counter(shop).post(f"/till/lavka/member/{member_id}/agree/", {"consent_terms": "on", "step": "start"})

    assert (answer.status_code, answer["Location"]) == (302, f"/till/lavka/member/{member_id}/")
    assert rows(shop.id, Consent, "id") == []


def test_in_training_a_member_agrees_to_nothing(shop, member_id):
    ticked = {"consent_terms": "on", "consent_privacy": "on", "step": "agree"}

    answer = at_counter(shop, training=True).post(f"/till/lavka/member/{member_id}/agree/", ticked)

    assert "Учёба: ничего не записано" in text_of(answer)
    assert rows(shop.id, Consent, "id") == []


def test_nobody_agrees_for_his_own_card_at_the_till(shop, member_id):
    make_cashier(shop, "07", name="Вера", person=member_id)
    till = signed_in_client(shop, "07", enrolled=let_in(shop, till="k1"))

    answer = till.post(f"/till/lavka/member/{member_id}/agree/", {"consent_terms": "on", "consent_privacy": "on"})

    assert answer.status_code == 403
    assert rows(shop.id, Consent, "id") == []
