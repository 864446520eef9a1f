"""How much of the trace an answer tells: what did something, and all of it to those who ask."""

import msgspec
import pytest

from kopilka.api.answers import encode
from kopilka.api.schemas.decisions import PurchaseOut, QuoteOut
from tests.api.shop import open_shop, receipt

RULES = """
rulebook: 1
program: "Shop \\"Fish\\""
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: {ru: 'Бонусы "Плюс"', en: Points}, worth: "1.00"}
spending:
  bonus: {share_of_receipt: 50}
spending_proof: {by: none}
promotions:
  bread: {name: {ru: 'Хлеб \\ «да»', en: Bread}, lines: {sku: BREAD}, discount: {percent: 10}}
  cashback: {earn: {percent: 5}}
  milk: {name: {ru: Молоко}, lines: {sku: MILK}, discount: {percent: 20}}
  rich: {when: {total: {above: "500.00"}}, discount: {amount: "5.00"}}
"""
DID = ["discounted", "earned", "rounded"]
DID_NOTHING = {("no_lines", "milk"), ("condition", "rich")}


@pytest.fixture
def shop(transactional_db):
    with open_shop(rules=RULES) as shop:
        yield shop


def codes(told):
    return [step["code"] for step in told["trace"]]


def idle(told):
    return {(step["code"], step["promotion"]) for step in told["trace"]} & DID_NOTHING


def test_quote_tells_what_did_something(shop):
    anna = shop.member()

    told = shop.post("quotes", {"member": {"id": str(anna)}, "lines": receipt("")["lines"]}).json()

    assert codes(told) == DID
    assert told["trace"][0]["text"].startswith("Скидка 10\u00a0% по акции «Хлеб \\ «да»»: \u2212")


def test_quote_tells_everything_to_who_asks(shop):
    body = {"member": {"id": str(shop.member())}, "lines": receipt("")["lines"], "explain": True}

    told = shop.post("quotes", body).json()

    assert codes(told)[:3] == DID
    assert idle(told) == DID_NOTHING


def test_quote_read_later_tells_everything(shop):
    quote = shop.post("quotes", {"lines": receipt("")["lines"]}).json()

    assert idle(quote) == set()
    assert idle(shop.get(f"quotes/{quote['id']}").json()) == DID_NOTHING


def test_purchase_tells_what_did_something_and_all_where_it_is_read(shop):
    told = shop.sell("R-1", shop.member())

    read = shop.get(f"purchases/{told['id']}").json()

    assert codes(told) == DID
    assert codes(read)[:3] == DID
    assert idle(read) == DID_NOTHING


def test_purchase_tells_everything_to_who_asks(shop):
    told = shop.sell("R-1", shop.member(), explain=True)

    assert codes(told)[:3] == DID
    assert idle(told) == DID_NOTHING


def test_open_purchase_that_is_ended_tells_what_did_something(shop):
    opened = shop.sell("R-1", shop.member(), final=False)

    told = shop.post(f"purchases/{opened['id']}/confirm").json()

    assert codes(told) == DID


def test_repetition_tells_as_much_as_the_first_answer(shop):
    body = receipt("R-1", shop.member(), explain=True)

    first = shop.post("purchases", body, repeat="k")
    second = shop.post("purchases", body, repeat="k")

    assert second.content == first.content
    assert idle(second.json()) == DID_NOTHING


def test_key_of_a_short_answer_is_not_good_for_a_long_one(shop):
    body = receipt("R-1", shop.member())
    shop.post("purchases", body, repeat="k")

    other = shop.post("purchases", {**body, "explain": True}, repeat="k")

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


def test_same_receipt_under_another_key_tells_what_it_asks_for(shop):
    body = receipt("R-1", shop.member())
    first = shop.post("purchases", body)

    asking = shop.post("purchases", {**body, "explain": True})

    assert asking.json()["id"] == first.json()["id"]
    assert idle(first.json()) == set()
    assert idle(asking.json()) == DID_NOTHING


@pytest.mark.parametrize("explain", [False, True])
def test_answers_read_back_as_their_schemas(shop, explain):
    body = receipt("R-1", shop.member(), explain=explain)
    purchase = shop.post("purchases", body).content
    quote = shop.post("quotes", {"lines": body["lines"], "explain": explain}).content

    assert encode(msgspec.json.decode(purchase, type=PurchaseOut)) == purchase
    assert encode(msgspec.json.decode(quote, type=QuoteOut)) == quote
