"""Whatever is sent twice from a counter happens once, and the second answer says what the first one did."""

import pytest

from kopilka.bookkeeping.notes import Asking
from kopilka.data.models.club import GoodsRequest
from kopilka.data.models.purchases import Purchase, Return
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.services.goods import Asked, request_goods
from tests.factories import NOON, make_member
from tests.till.desk import at_counter, give_points, make_shop, once_of, text_of
from tests.till.test_returns import of, sell
from tests.tills import books_agree, rows

pytestmark = pytest.mark.django_db(transaction=True)

TILL = "/till/lavka/"


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def member_id(shop):
    return make_member(shop, name="Анна Ёлкина")


@pytest.fixture
def till(shop):
    return at_counter(shop)


def twice(till, place, given):
    return [till.post(place, given) for _ in range(2)]


@pytest.mark.parametrize("lines", [{"line_1": "2", "line_2": "1"}, {"line_1": "2"}], ids=["everything", "a part"])
def test_a_return_sent_twice_leads_to_the_same_slip(shop, member_id, till, lines):
    place = of(sell(shop, member_id))
    given = {"once": once_of(till.get(place)), "reason": "defect", **lines}

    first, second = twice(till, place, given)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert len(rows(shop.id, Return, "id")) == 1
    assert books_agree(shop.id)


def test_another_return_of_what_has_come_back_is_no_repetition(shop, member_id, till):
    place = of(sell(shop, member_id))
    till.post(place, {"once": once_of(till.get(place)), "reason": "defect", "line_1": "2"})

    answer = till.post(place, {"once": once_of(till.get(place)), "reason": "defect", "line_1": "2"})

    assert answer.status_code == 200
    assert len(rows(shop.id, Return, "id")) == 1


def test_the_last_pieces_of_points_handed_over_twice_are_handed_once(shop, member_id, till):
    give_points(shop, member_id, 2, "packs")
    place = f"{TILL}member/{member_id}/due/packs/"
    given = {"once": once_of(till.get(place)), "pieces": "2"}

    first, second = twice(till, place, given)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert len(rows(shop.id, Purchase, "id")) == 1


def test_pieces_nobody_has_are_not_found_however_they_are_asked_for(shop, member_id, till):
    place = f"{TILL}member/{member_id}/due/packs/"

    assert [till.get(place).status_code, till.post(place, {"pieces": "1"}).status_code] == [404, 404]


def test_everybody_who_waits_for_an_article_is_counted_before_they_are_told(shop, member_id, till):
    """Not only those among the first page of all requests."""
    for number in range(50):
        asked = Asked(f"SKU-{number}", "", 1000, "", "01", "")
        request_goods(program_id=shop.id, member_id=member_id, asked=asked, asking=Asking(SYSTEM_ACTOR, NOON))
    till.post(f"{TILL}request/", {"member": str(member_id), "article": "Чай", "quantity": "1"})

    told = text_of(till.post(f"{TILL}request/arrived/", {"sku": "Чай"}))

    assert "1 покупатель ждёт этот товар" in told
    assert len(rows(shop.id, GoodsRequest, "id")) == 51


def test_a_request_withdrawn_twice_is_withdrawn(shop, member_id, till):
    till.post(f"{TILL}request/", {"member": str(member_id), "article": "Чай", "quantity": "1"})
    ((request_id,),) = rows(shop.id, GoodsRequest, "id")

    answers = twice(till, f"{TILL}request/{request_id}/withdraw/", {"once": once_of(till.get(f"{TILL}request/"))})

    assert {one["Location"] for one in answers} == {f"{TILL}request/?done=withdrawn"}


def test_an_undo_sent_twice_undoes_once_and_shows_it(shop, member_id):
    sold, till = sell(shop, member_id), at_counter(shop, till="1")
    place = f"{TILL}purchase/{sold.purchase_id}/undo/"

    answers = twice(till, place, {"why": "mind", "words": ""})

    assert [one.status_code for one in answers] == [302, 302]
    assert len(rows(shop.id, Return, "id")) == 1
