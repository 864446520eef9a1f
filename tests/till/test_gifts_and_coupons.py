"""Codes at the till's desk: gifts handed over once (S4.39, S4.40), coupons bound to a phone (S2.22)."""

import pytest
from django.utils import timezone

from kopilka.bookkeeping.notes import Asking
from kopilka.data.models.coupons import CouponCode
from kopilka.data.models.purchases import Purchase
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.gifts import claim_for_till
from kopilka.services.coupon_batches import issue_codes
from kopilka.services.gifts import ChooseRequest, cancel_gift, choose_gift
from tests.counter import let_in, make_cashier, signed_in_client
from tests.factories import make_member
from tests.till.desk import RULES, at_counter, give_points, make_shop, once_of, text_of
from tests.tills import rows

pytestmark = pytest.mark.django_db(transaction=True)

GIFT, COUPON = "/till/lavka/gift/", "/till/lavka/coupon/"


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def member_id(shop):
    found = make_member(shop, name="Анна Ёлкина")
    give_points(shop, found, 300)
    give_points(shop, found, 5, "packs")
    return found


def chosen(shop, member_id, gift="mug"):
    return choose_gift(program_id=shop.id, request=ChooseRequest(member_id, gift, SYSTEM_ACTOR, timezone.now()))


def coupon_word(shop) -> str:
    issue_codes(program_id=shop.id, coupon="spring", count=1, asking=Asking(SYSTEM_ACTOR, timezone.now()))
    return rows(shop.id, CouponCode, "word")[0][0]


def test_code_of_a_gift_leads_to_it_and_it_is_handed_over(shop, member_id):
    claim = chosen(shop, member_id)
    till = at_counter(shop)

    found = till.post(GIFT, {"code": claim.code.lower()})
    page = till.get(found["Location"])
    done = till.post(found["Location"], {"once": once_of(page)})
    shown = till.get(done["Location"])

    assert found["Location"] == f"/till/lavka/gift/{claim.claim_id}/"
    assert claim.code not in found["Location"]
    assert "50,00\xa0₽" in page.content.decode()
    assert claim_for_till(shop.id, claim.code).state == "collected"
    assert "Подарок выдан и закрыт" in text_of(shown)


def test_second_till_cannot_give_the_same_gift(shop, member_id):
    claim = chosen(shop, member_id)
    first, second = at_counter(shop), at_counter(shop, till="k2")
    place = f"/till/lavka/gift/{claim.claim_id}/"
    keys = once_of(first.get(place)), once_of(second.get(place))

    done = first.post(place, {"once": keys[0]})
    late = second.post(place, {"once": keys[1]})

    assert done.status_code == 302
    assert late.status_code == 200
    assert "Этот подарок уже получен. Он выдаётся один раз." in text_of(late)
    assert len(rows(shop.id, Purchase, "id")) == 1


def test_double_click_gives_the_gift_once(shop, member_id):
    place = f"/till/lavka/gift/{chosen(shop, member_id).claim_id}/"
    till = at_counter(shop)
    key = once_of(till.get(place))

    first, second = till.post(place, {"once": key}), till.post(place, {"once": key})

    assert first["Location"] == second["Location"]
    assert len(rows(shop.id, Purchase, "id")) == 1


def test_gift_that_was_called_off_says_so(shop, member_id):
    claim = chosen(shop, member_id)
    cancel_gift(program_id=shop.id, claim_id=claim.claim_id, by=SYSTEM_ACTOR, at=timezone.now())

    page = at_counter(shop).get(f"/till/lavka/gift/{claim.claim_id}/")

    assert "Покупатель отказался от подарка" in text_of(page)
    assert '<button class="button button-main' not in page.content.decode()


def test_five_packs_are_handed_over_at_zero_price_s4_40(shop, member_id):
    place = f"/till/lavka/member/{member_id}/due/packs/"
    till = at_counter(shop)
    page = till.get(place)

    done = till.post(place, {"once": once_of(page), "pieces": "5"})

    assert 'value="5"' in page.content.decode()
    assert done.status_code == 302
    assert till.get(place).status_code == 404


@pytest.mark.parametrize("pieces", ["6", "0", "-1", "1.5", "много", "", "99999"])
def test_wrong_number_of_pieces_is_told_beside_it(shop, member_id, pieces):
    answer = at_counter(shop).post(f"/till/lavka/member/{member_id}/due/packs/", {"pieces": pieces})

    assert answer.status_code == 200
    assert 'id="id_pieces_error"' in answer.content.decode()
    assert rows(shop.id, Purchase, "id") == []


def test_own_gift_is_refused(shop, member_id):
    claim = chosen(shop, member_id)
    make_cashier(shop, "07", name="Вера", person=member_id)
    till = signed_in_client(shop, "07", enrolled=let_in(shop, till="k1"))

    answers = [
        till.get(f"/till/lavka/gift/{claim.claim_id}/"),
        till.post(f"/till/lavka/gift/{claim.claim_id}/"),
        till.post(f"/till/lavka/member/{member_id}/due/packs/", {"pieces": "1"}),
    ]

    assert [one.status_code for one in answers] == [403, 403, 403]
    assert claim_for_till(shop.id, claim.code).state == "open"


def test_gifts_of_the_customer_on_the_receipt_are_listed(shop, member_id):
    claim = chosen(shop, member_id, "cake")
    till = at_counter(shop)
    till.post(f"/till/lavka/member/{member_id}/pick/")

    text = text_of(till.get(GIFT))

    assert "Ждёт: Анна Ё." in text
    assert "Торт" in text
    assert f"/gift/{claim.claim_id}/" in till.get(GIFT).content.decode()


@pytest.mark.parametrize("code", ["НЕТ-ТАКОГО", "<script>", "' OR 1=1 --", "\u202e", "🎁", "A" * 65, ""])
def test_unknown_code_is_told_beside_it_and_stays(shop, code):
    answer = at_counter(shop).post(GIFT, {"code": code})

    assert answer.status_code == 200
    assert 'id="id_code_error"' in answer.content.decode()


def test_guessing_codes_makes_the_till_wait(shop):
    till = at_counter(shop)

    answers = [till.post(GIFT, {"code": f"GUESS{number}"}) for number in range(32)]

    assert "слишком много неизвестных кодов" in text_of(answers[-1])


def test_coupon_is_bound_to_a_phone_s2_22(shop, member_id):
    word = coupon_word(shop)
    till = at_counter(shop)
    shown = till.post(GIFT, {"code": word})

    done = till.post(COUPON, {"once": once_of(shown), "code": word, "phone": "8 916 123-45-67"})
    again = till.post(GIFT, {"code": word})

    assert "Привязать к этому телефону" in text_of(shown)
    assert "Купон привязан." in text_of(done)
    assert "+7 ••• ••• 45-67" in text_of(done)
    assert rows(shop.id, CouponCode, "state", "member_id") == [("bound", member_id)]
    assert "Купон привязан к этому покупателю" in text_of(again)
    assert "+79161234567" not in done.content.decode() + again.content.decode()


def test_coupon_makes_a_card_for_a_new_phone(shop):
    word = coupon_word(shop)

    done = at_counter(shop).post(COUPON, {"code": word, "phone": "+7 900 000-00-09"})

    assert "теперь она есть" in text_of(done)


def test_wrong_phone_of_a_coupon_is_told_beside_it(shop):
    word = coupon_word(shop)

    answer = at_counter(shop).post(COUPON, {"code": word, "phone": "нет"})

    assert 'id="id_phone_error"' in answer.content.decode()
    assert word in answer.content.decode()
    assert rows(shop.id, CouponCode, "state") == [("new",)]


def test_coupon_is_not_bound_to_the_cashier_himself(shop, member_id):
    word = coupon_word(shop)
    make_cashier(shop, "07", name="Вера", person=member_id)
    till = signed_in_client(shop, "07", enrolled=let_in(shop, till="k1"))

    answer = till.post(COUPON, {"code": word, "phone": "+79161234567"})

    assert "Сотрудник не обслуживает" in text_of(answer)
    assert rows(shop.id, CouponCode, "state") == [("new",)]


def test_in_training_gifts_and_coupons_stay_as_they_are(shop, member_id):
    claim, word = chosen(shop, member_id), coupon_word(shop)
    till = at_counter(shop, training=True)

    handed = till.post(f"/till/lavka/gift/{claim.claim_id}/")
    bound = till.post(COUPON, {"code": word, "phone": "+79161234567"})

    assert "Учёба: ничего не записано" in text_of(handed)
    assert "50,00\xa0₽" in handed.content.decode()
    assert "Учёба: ничего не записано" in text_of(bound)
    assert claim_for_till(shop.id, claim.code).state == "open"
    assert rows(shop.id, CouponCode, "state") == [("new",)]


def test_word_of_a_flyer_is_sent_to_the_sale():
    shop = make_shop(RULES.replace("coupons:", "coupons:\n  flyer: {words: [КОФЕ100]}"))

    answer = at_counter(shop).post(GIFT, {"code": "кофе100"})

    assert "Это слово действует в чеке: введите его на странице продажи" in text_of(answer)
