"""Gifts and privileges through the door."""

import pytest

from kopilka.services.deeds import do_due_deeds
from kopilka.services.outbox import handle_events
from tests.api.shop import open_shop
from tests.factories import NOON
from tests.tills import FREE_RULES

RULES = (
    FREE_RULES.replace(
        "promotions:\n",
        "promotions:\n  tea-time:\n    name: {ru: Чай дешевле, en: Tea}\n    locked: true\n    lines: {sku: TEA}\n"
        "    discount: {percent: 50}\n",
    )
    + """\
gifts:
  cake: {name: {ru: Торт, en: Cake}, sku: CAKE, for: {bonus: 5}, stock: 1}
automations:
  cup: {event: purchase, lines: {sku: CUP}, unlock: {tea-time: {times: 2}}}
"""
)


@pytest.fixture
def shop(transactional_db):
    with open_shop(rules=RULES) as opened:
        yield opened


@pytest.fixture
def anna(shop):
    member = shop.member()
    shop.sell(buyer=member)
    return member


def test_gift_is_seen_chosen_collected_and_seen_again_s1_10(shop, anna):
    offered = shop.get(f"members/{anna}/gifts").json()
    chosen = shop.post(f"members/{anna}/gifts", {"gift": "cake"})
    code = chosen.json()["code"]
    sold = shop.sell("R-2", anna, codes=[code])

    assert [(one["gift"], one["name"], one["left"], one["can_choose"]) for one in offered["offered"]] == [
        ("cake", "Торт", 1, True)
    ]
    assert (chosen.status_code, chosen.json()["paid"]) == (201, [{"currency": "bonus", "decimals": 0, "points": 5}])
    assert sold["gifts"] == [
        {"line": 2, "sku": "CAKE", "name": "Торт", "quantity": "1", "worth_minor": 0, "rule": "gifts.cake"}
    ]
    assert "Подарок «Торт» × 1" in sold["slip_text"]
    assert shop.get(f"claims/{code}").json()["state"] == "collected"
    assert [one["state"] for one in shop.get(f"members/{anna}/gifts").json()["claims"]] == ["collected"]
    assert [one["left"] for one in shop.get("gifts").json()["items"]] == [0]


def test_gift_is_called_off(shop, anna):
    claim = shop.post(f"members/{anna}/gifts", {"gift": "cake"}, repeat="c1").json()
    again = shop.post(f"members/{anna}/gifts", {"gift": "cake"}, repeat="c1")

    cancelled = shop.post(f"claims/{claim['id']}/cancel")
    refused = shop.post(f"members/{anna}/gifts", {"gift": "pie"})

    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == claim
    assert (cancelled.json()["state"], cancelled.json()["balances"][0]["available"]) == ("cancelled", 10)
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


def test_last_gift_is_gone(shop, anna):
    shop.post(f"members/{anna}/gifts", {"gift": "cake"})

    refused = shop.post(f"members/{anna}/gifts", {"gift": "cake"})

    assert (refused.status_code, refused.json()["code"]) == (409, "gift_unavailable")
    assert "кончились" in refused.json()["detail"]


def test_till_that_may_only_read_chooses_nothing(shop, anna):
    refused = shop.post(f"members/{anna}/gifts", {"gift": "cake"}, key="reader")

    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_privilege_is_told_at_the_till_and_listed_s4_33(shop, anna):
    sold = shop.sell("R-2", anna, lines=[{"sku": "CUP", "price": 30000}])
    handle_events(program_id=shop.program.id, at=NOON)
    do_due_deeds(program_id=shop.program.id, at=NOON.replace(year=2030))
    used = shop.sell("R-3", anna, lines=[{"sku": "TEA", "price": 10000}])

    (hint,) = [one for one in sold["hints"] if one["code"] == "privilege"]
    assert (hint["code"], hint["subject"], hint["count"]) == ("privilege", "tea-time", 2)
    assert hint["text"] == "Открыто: «Чай дешевле», осталось покупок: 2"
    assert hint["text"] in sold["slip_text"]
    assert used["totals"]["paid_minor"] == 5000
    (open_one,) = shop.get(f"members/{anna}/privileges").json()["items"]
    assert used["privileges_used"] == [open_one["id"]]
    assert (open_one["promotion"], open_one["left"], open_one["state"]) == ("tea-time", 1, "open")
    (figures,) = shop.get("privileges").json()["items"]
    assert (figures["opened"], figures["used"], figures["revenue_minor"], figures["conversion"]) == (1, 1, 5000, "100")
