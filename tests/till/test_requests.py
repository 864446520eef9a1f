"""Requests for absent goods at the till (S4.42)."""

import pytest

from kopilka.data.models.club import GoodsRequest
from tests.counter import let_in, make_cashier, signed_in_client
from tests.factories import make_member
from tests.till.desk import at_counter, make_shop, once_of, text_of
from tests.tills import rows

pytestmark = pytest.mark.django_db(transaction=True)

REQUEST = "/till/lavka/request/"


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def member_id(shop):
    return make_member(shop, name="Анна Ёлкина")


def written(shop):
    return rows(shop.id, GoodsRequest, "sku", "name", "quantity", "branch", "staff", "state")


def test_request_is_written_down_and_listed_with_a_masked_phone(shop, member_id):
    till = at_counter(shop)

    done = till.post(
        REQUEST, {"phone": "8 916 123-45-67", "article": "Чай  зелёный", "quantity": "1,5", "note": "в жестянке"}
    )
    page = till.get(REQUEST)

    assert (done.status_code, done["Location"]) == (302, f"{REQUEST}?done=written")
    assert written(shop) == [("Чай зелёный", "Чай зелёный", 1500, "", "01", "open")]
    assert "Чай зелёный × 1,5" in text_of(page)
    assert "Анна Ё. +7 ••• ••• 45-67" in text_of(page)
    assert "+79161234567" not in page.content.decode()


def test_double_click_writes_one_request(shop, member_id):
    till = at_counter(shop)
    asked = {"once": once_of(till.get(REQUEST)), "phone": "+79161234567", "article": "Чай", "quantity": "1"}

    answers = [till.post(REQUEST, asked), till.post(REQUEST, asked)]

    assert [one.status_code for one in answers] == [302, 302]
    assert len(written(shop)) == 1


def test_second_request_for_the_same_is_refused_beside_it(shop, member_id):
    till = at_counter(shop)
    till.post(REQUEST, {"phone": "+79161234567", "article": "Чай", "quantity": "1"})

    answer = till.post(REQUEST, {"phone": "+79161234567", "article": "Чай", "quantity": "2"})

    assert 'id="id_article_error"' in answer.content.decode()
    assert len(written(shop)) == 1


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("phone", ""), ("phone", "123"), ("phone", "+79990000000"), ("article", ""), ("article", "x" * 201),
        ("quantity", "0"), ("quantity", "-1"), ("quantity", "1e5"), ("quantity", "много"), ("note", "x" * 501),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_beside_it_and_nothing_is_lost(shop, member_id, field, text):
    asked = {"phone": "+79161234567", "article": "Чай", "quantity": "1", "note": "зелёный", field: text}

    answer = at_counter(shop).post(REQUEST, asked)
    page = answer.content.decode()

    assert answer.status_code == 200
    assert f'id="id_{field}_error"' in page
    assert ('value="Чай"' in page) is (field != "article")
    assert written(shop) == []


def test_customer_on_the_receipt_need_not_be_named_again(shop, member_id):
    till = at_counter(shop)
    till.post(f"/till/lavka/member/{member_id}/pick/")
    page = till.get(REQUEST)

    done = till.post(REQUEST, {"member": str(member_id), "article": "Чай", "quantity": "1"})

    assert "Анна Ё." in text_of(page)
    assert f'value="{member_id}"' in page.content.decode()
    assert done.status_code == 302


def test_everybody_who_waits_here_is_told_after_a_question(shop, member_id):
    till = at_counter(shop)
    till.post(REQUEST, {"phone": "+79161234567", "article": "Чай", "quantity": "1"})

    asked = till.post(f"{REQUEST}arrived/", {"sku": "Чай"})
    before = written(shop)
    done = till.post(f"{REQUEST}arrived/", {"sku": "Чай", "step": "yes"})

    assert "1 покупатель ждёт этот товар здесь" in text_of(asked)
    assert before[0][-1] == "open"
    assert done.status_code == 302
    assert written(shop)[0][-1] == "arrived"


def test_request_is_struck_off(shop, member_id):
    till = at_counter(shop)
    till.post(REQUEST, {"phone": "+79161234567", "article": "Чай", "quantity": "1"})
    (key,) = rows(shop.id, GoodsRequest, "id")[0]

    done = till.post(f"{REQUEST}{key}/withdraw/")

    assert done.status_code == 302
    assert written(shop)[0][-1] == "withdrawn"


def test_own_request_is_refused(shop, member_id):
    make_cashier(shop, "07", name="Вера", person=member_id)
    till = signed_in_client(shop, "07", enrolled=let_in(shop, till="k1"))

    answer = till.post(REQUEST, {"phone": "+79161234567", "article": "Чай", "quantity": "1"})

    assert "Сотрудник не обслуживает" in text_of(answer)
    assert written(shop) == []


def test_in_training_nothing_is_written_or_told(shop, member_id):
    at_counter(shop).post(REQUEST, {"phone": "+79161234567", "article": "Чай", "quantity": "1"})
    till = at_counter(shop, till="k2", training=True)
    (key,) = rows(shop.id, GoodsRequest, "id")[0]

    answers = [
        till.post(REQUEST, {"phone": "+79161234567", "article": "Кофе", "quantity": "1"}),
        till.post(f"{REQUEST}arrived/", {"sku": "Чай", "step": "yes"}),
        till.post(f"{REQUEST}{key}/withdraw/"),
    ]

    assert all("Учёба: ничего не записано" in text_of(one) for one in answers)
    assert [row[-1] for row in written(shop)] == ["open"]
