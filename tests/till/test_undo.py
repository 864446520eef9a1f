"""Undoing a sale of another till: a manager's page, with a reason."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.events import AuditRecord
from kopilka.services.purchases import PurchaseRequest, confirm_purchase
from kopilka.services.returns import return_purchase
from tests.counter import make_manager
from tests.factories import make_member
from tests.till.desk import at_counter, make_shop, text_of
from tests.tills import TILL_1, books_agree, by_id, receipt, wallet

pytestmark = pytest.mark.django_db(transaction=True)

MANAGE = "/till/lavka/manage/"


@pytest.fixture
def shop():
    made = make_shop()
    make_manager(made)
    return made


@pytest.fixture
def member_id(shop):
    return make_member(shop, name="Анна Ёлкина")


def manager(shop, **options):
    return at_counter(shop, till="k2", code="02", pin="9073", **options)


def sell(shop, member_id, *, minutes_ago=3):
    at = timezone.now() - timedelta(minutes=minutes_ago)
    sold = receipt(("TEA", "300", 1), at=at, till="1")
    asked = PurchaseRequest("till:1", "1-000007", TILL_1, at, receipt=sold, member=by_id(member_id))
    return confirm_purchase(program_id=shop.id, request=asked).purchase_id


def page_of(purchase_id):
    return f"/till/lavka/purchase/{purchase_id}/"


def trail(shop):
    with transaction.atomic():
        enter_program(shop.id)
        told = AuditRecord.objects.of(shop.id).filter(act="sale_undone")
        return list(told.values_list("actor_name", "reason"))


def test_manager_undoes_what_another_till_has_just_sold(shop, member_id):
    sale = sell(shop, member_id)
    mira = manager(shop)
    assert f'href="{page_of(sale)}undo/"' in mira.get(MANAGE).content.decode()
    assert f'href="{page_of(sale)}undo/"' in mira.get(page_of(sale)).content.decode()
    assert "Её провела касса 1" in text_of(mira.get(f"{page_of(sale)}undo/"))

    done = mira.post(f"{page_of(sale)}undo/", {"why": "customer", "words": "соседка"})

    assert (done.status_code, done["Location"]) == (302, f"{page_of(sale)}?done=undone")
    after = text_of(mira.get(done["Location"]))
    assert "Продажа отменена: деньги, баллы, купоны и подарки снова такие, как до неё." in after
    assert trail(shop) == [("Мира", "Не тот покупатель: соседка")]
    assert wallet(shop.id, member_id) == (0, 0, 0, 0)
    assert f'href="{page_of(sale)}undo/"' not in mira.get(MANAGE).content.decode()
    assert books_agree(shop.id)


def test_manager_without_a_reason_undoes_nothing_and_keeps_his_words(shop, member_id):
    sale = sell(shop, member_id)
    mira = manager(shop)

    answer = mira.post(f"{page_of(sale)}undo/", {"words": "не то"})

    assert answer.status_code == 422
    assert 'value="не то"' in answer.content.decode()
    assert wallet(shop.id, member_id) == (30, 0, 0, 0)


def test_manager_undoes_nothing_after_the_time_is_over(shop, member_id):
    sale = sell(shop, member_id, minutes_ago=16)
    mira = manager(shop)
    assert "undo/" not in mira.get(MANAGE).content.decode()
    assert "undo/" not in mira.get(page_of(sale)).content.decode()

    answer = mira.post(f"{page_of(sale)}undo/", {"why": "customer"})

    assert answer.status_code == 422
    assert "Продажу отменяет та же касса или управляющий в течение 15 минут." in text_of(answer)
    assert wallet(shop.id, member_id) == (30, 0, 0, 0)


def test_cashier_of_another_till_is_not_offered_it_and_refused(shop, member_id):
    sale = sell(shop, member_id)
    olya = at_counter(shop, till="k2")
    assert "undo/" not in olya.get(page_of(sale)).content.decode()

    answer = olya.post(f"{page_of(sale)}undo/", {"why": "customer"})

    assert answer.status_code == 422
    assert wallet(shop.id, member_id) == (30, 0, 0, 0)
    assert trail(shop) == []


def test_cashier_undoes_a_sale_of_his_own_till_by_its_page(shop, member_id):
    sale = sell(shop, member_id)
    olya = at_counter(shop, till="1")
    assert "Её провела" not in text_of(olya.get(f"{page_of(sale)}undo/"))

    olya.post(f"{page_of(sale)}undo/", {"why": "amount"})

    assert trail(shop) == [("Оля", "Не та сумма или товар")]


def test_manager_in_training_undoes_nothing(shop, member_id):
    sale = sell(shop, member_id)
    mira = manager(shop, training=True)

    done = mira.post(f"{page_of(sale)}undo/", {"why": "customer"})

    assert "Учёба: ничего не записано" in text_of(mira.get(done["Location"]))
    assert wallet(shop.id, member_id) == (30, 0, 0, 0)


def test_sale_that_came_back_in_part_is_not_offered_to_be_undone(shop, member_id):
    sale = sell(shop, member_id)
    return_purchase(
        program_id=shop.id, purchase_id=sale, lines={1: 500}, source="till:1", external_id="1-R1", by=TILL_1,
        at=timezone.now(), reason="брак",
    )  # fmt: skip

    page = manager(shop).get(page_of(sale)).content.decode()

    assert f"{page_of(sale)}undo/" not in page
