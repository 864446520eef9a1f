"""Return by receipt number at the till: found, counted before it is booked, booked once."""

import pytest
from django.utils import timezone

from kopilka.data.models.ledger import Operation
from kopilka.data.models.purchases import Return
from kopilka.services.purchases import PurchaseRequest, cancel_open, confirm_purchase
from tests.factories import make_member, make_program
from tests.till.desk import RULES, at_counter, give_points, make_shop, once_of, text_of
from tests.tills import TILL_1, books_agree, by_id, receipt, rows, wallet

pytestmark = pytest.mark.django_db(transaction=True)

RETURN = "/till/lavka/return/"


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def member_id(shop):
    return make_member(shop, name="Анна Ёлкина")


def sell(shop, member_id, *lines, number="1-000007", source="till:1", **facts):
    at = timezone.now()
    sold = receipt(*(lines or (("TEA", "300", 2), ("CUP", "400", 1))), at=at, till="1", **facts)
    return confirm_purchase(
        program_id=shop.id, request=PurchaseRequest(source, number, TILL_1, at, receipt=sold, member=by_id(member_id))
    )


def of(done) -> str:
    return f"{RETURN}of/{done.purchase_id}/"


@pytest.mark.parametrize("typed", ["1-000007", "1-7", " №1-000007 ", "#1-000007"])
def test_receipt_of_another_till_is_found_by_its_number(shop, member_id, typed):
    done = sell(shop, member_id)

    answer = at_counter(shop).post(RETURN, {"number": typed})

    assert (answer.status_code, answer["Location"]) == (302, of(done))


def test_short_number_is_one_of_this_till(shop, member_id):
    mine = sell(shop, member_id, number="k1-000012", source="till:k1")
    sell(shop, member_id, number="1-000012")

    answer = at_counter(shop).post(RETURN, {"number": "12"})

    assert answer["Location"] == of(mine)


def test_number_of_several_tills_is_asked_again(shop, member_id):
    sell(shop, member_id, number="77", source="till:1")
    sell(shop, member_id, number="77", source="till:k1")

    answer = at_counter(shop).post(RETURN, {"number": "77"})

    assert "С таким номером несколько чеков" in text_of(answer)


@pytest.mark.parametrize("typed", ["404", "", "x" * 101, "<b>", "\u202e1", "1-", "-", "1e9999", "٣"])
def test_unknown_number_is_told_beside_it(shop, typed):
    answer = at_counter(shop).post(RETURN, {"number": typed})

    assert answer.status_code == 200
    assert 'id="id_number_error"' in answer.content.decode()


def test_receipt_of_another_program_is_not_found(shop):
    other = make_program("drugaya", rulebook=RULES)
    sell(other, make_member(other), number="1-000099")

    answer = at_counter(shop).post(RETURN, {"number": "1-000099"})

    assert "В этой программе нет чека с таким номером." in text_of(answer)


def test_figures_are_shown_while_quantities_are_typed(shop, member_id):
    done = sell(shop, member_id)

    answer = at_counter(shop).post(of(done), {"line_1": "1"}, headers={"HX-Request": "true"})

    assert "300,00\xa0₽" in answer.content.decode()
    assert "−30\xa0бонусов" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert rows(shop.id, Return, "id") == []


def test_part_comes_back_then_the_rest_then_nothing(shop, member_id):
    done = sell(shop, member_id)
    till = at_counter(shop)
    key = once_of(till.get(of(done)))

    part = till.post(of(done), {"once": key, "line_1": "1", "reason": "unsuitable", "note": "мала чашка"})
    slip = till.get(part["Location"])
    rest = till.post(of(done), {"line_1": "1", "line_2": "1", "reason": "defect"})
    nothing = till.get(of(done))

    assert part.status_code == 302
    assert "300,00\xa0₽" in slip.content.decode()
    assert "по чеку № 1-000007" in text_of(slip)
    assert rest.status_code == 302
    assert "По этому чеку уже вернули всё." in text_of(nothing)
    assert rows(shop.id, Return, "refund_minor", order="at") == [(30000,), (70000,)]
    assert rows(shop.id, Operation, "reason", order="-id")[0] == ("Брак",)
    assert wallet(shop.id, member_id) == (0, 0, 0, 0)
    assert books_agree(shop.id)


def test_spent_points_come_back_too(shop, member_id):
    give_points(shop, member_id, 100)
    done = sell(shop, member_id, ("TEA", "1000", 1), spend=100)

    figures = at_counter(shop).post(of(done), {"line_1": "1"}, headers={"HX-Request": "true"}).content.decode()

    assert "900,00\xa0₽" in figures
    assert "+100\xa0бонусов" in figures


def test_double_click_returns_once(shop, member_id):
    done = sell(shop, member_id)
    till = at_counter(shop)
    asked = {"once": once_of(till.get(of(done))), "line_1": "1", "reason": "defect"}

    first, second = till.post(of(done), asked), till.post(of(done), asked)

    assert first["Location"] == second["Location"]
    assert len(rows(shop.id, Return, "id")) == 1


def test_everything_is_filled_in_by_one_key_and_booked_by_another(shop, member_id):
    done = sell(shop, member_id)

    page = at_counter(shop).post(of(done), {"step": "all", "note": "размер"}).content.decode()

    assert 'name="line_1" value="2"' in page
    assert 'name="line_2" value="1"' in page
    assert 'value="размер"' in page
    assert "1\xa0000,00\xa0₽" in page
    assert rows(shop.id, Return, "id") == []


@pytest.mark.parametrize("quantity", ["3", "-1", "1e3", "много", "0,0001", "9" * 20, "½"])
def test_wrong_quantity_is_told_beside_its_line(shop, member_id, quantity):
    done = sell(shop, member_id)

    answer = at_counter(shop).post(of(done), {"line_1": quantity, "line_2": "1", "reason": "defect", "note": "заметка"})

    assert answer.status_code == 200
    assert 'id="id_line_1_error"' in answer.content.decode()
    assert 'value="заметка"' in answer.content.decode()
    assert rows(shop.id, Return, "id") == []


def test_reason_and_something_to_return_are_needed(shop, member_id):
    done = sell(shop, member_id)
    till = at_counter(shop)

    no_reason = till.post(of(done), {"line_1": "1"})
    no_lines = till.post(of(done), {"reason": "defect"})

    assert 'id="id_reason_error"' in no_reason.content.decode()
    assert "Пока ничего не возвращается" in text_of(no_lines)
    assert rows(shop.id, Return, "id") == []


def test_open_and_cancelled_purchases_are_not_returned(shop, member_id):
    at = timezone.now()
    sold = receipt(("TEA", "100", 1), at=at)
    asked = PurchaseRequest("till:1", "open-1", TILL_1, at, receipt=sold, member=by_id(member_id), final=False)
    done = confirm_purchase(program_id=shop.id, request=asked)
    till = at_counter(shop)
    while_open = till.get(of(done))
    cancel_open(program_id=shop.id, purchase_id=done.purchase_id, by=TILL_1, at=at)

    assert "Покупка ещё не завершена" in text_of(while_open)
    assert "Покупка отменена: возвращать нечего." in text_of(till.get(of(done)))


def test_in_training_figures_are_shown_and_nothing_is_booked(shop, member_id):
    done = sell(shop, member_id)

    answer = at_counter(shop, training=True).post(of(done), {"line_1": "1", "reason": "defect"})

    assert "Учёба: ничего не записано" in text_of(answer)
    assert "300,00\xa0₽" in answer.content.decode()
    assert rows(shop.id, Return, "id") == []
    assert wallet(shop.id, member_id) == (100, 0, 0, 0)


def test_receipt_without_a_customer_comes_back_too(shop):
    done = sell(shop, None)

    answer = at_counter(shop).post(of(done), {"line_1": "2", "reason": "mistake"})

    assert answer.status_code == 302
    assert rows(shop.id, Return, "member_id", "refund_minor") == [(None, 60000)]
