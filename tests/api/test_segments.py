"""Segments, invite links, the club and goods asked for, through the door."""

import base64

import pytest

from tests.api.shop import open_shop
from tests.tills import FREE_RULES

RULES = (
    FREE_RULES
    + """\
segments:
  friends: {name: {ru: Друзья, en: Friends}, by: hand}
  buyers: {when: {purchases: {at_least: 1}}}
links:
  poster: {name: {ru: Плакат, en: Poster}, segment: friends, cost: "100.00"}
club:
  repair: {name: {ru: Ремонт, en: Repair}, when: {segment: friends}, cost: "3.00", limit: {times: 1}}
"""
)


@pytest.fixture
def shop(transactional_db):
    with open_shop(rules=RULES) as opened:
        yield opened


def put(shop, member, body, repeat="p1"):
    return shop.send("PUT", f"members/{member}/segments/friends", body, idempotency_key=repeat)


def test_member_goes_into_a_segment_and_out_of_it(shop):
    anna = shop.member()

    told = put(shop, anna, {"next_sale": True})

    assert told.status_code == 200
    assert told.json() == {
        "member_id": str(anna),
        "segment": "friends",
        "is_in": True,
        "until": None,
        "next_sale": True,
    }
    assert put(shop, anna, {"next_sale": True}).headers["idempotent-replayed"] == "true"
    assert put(shop, anna, {}).json()["code"] == "idempotency_key_reused"
    (stay,) = shop.get(f"members/{anna}/segments").json()["items"]
    assert (stay["segment"], stay["source"], stay["next_sale"]) == ("friends", "hand", True)
    out = shop.send("DELETE", f"members/{anna}/segments/friends", idempotency_key="d1")
    assert (out.status_code, out.json()["is_in"]) == (200, False)


def test_members_are_counted_and_listed(shop):
    anna, boris = shop.member(), shop.member("+79161234568")
    shop.sell(buyer=anna)
    put(shop, boris, {})
    when = {"any": [{"segment": "buyers"}, {"segment": "friends"}]}

    first = shop.post("segments/list", {"when": when, "limit": 1}).json()
    second = shop.post("segments/list", {"when": when, "limit": 1, "cursor": first["next"]}).json()

    assert shop.post("segments/count", {"when": when}).json() == {"members": 2}
    assert shop.post("segments/count", {}).json() == {"members": 2}
    assert [one["id"] for one in first["items"] + second["items"]] == sorted([str(anna), str(boris)])
    assert second["next"] is None
    assert shop.post("segments/list", {"cursor": first["next"]}).json()["code"] == "cursor_invalid"
    wrong = shop.post("segments/count", {"when": {"hours": {"from": "10:00", "until": "11:00"}}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "rulebook_invalid")
    assert shop.get("segments", accept_language="ru").json()["items"] == [
        {"code": "friends", "name": "Друзья", "by": "hand", "members": 1},
        {"code": "buyers", "name": "buyers", "by": "condition", "members": 1},
    ]
    assert [one["id"] for one in shop.get("segments/buyers/members").json()["items"]] == [str(anna)]


def test_invite_link_from_its_making_to_its_figures(shop):
    made = shop.post("links", {"code": "youtube", "labels": ["video"], "tags_on": ["cold"], "cost_minor": 500})

    assert (made.status_code, made.json()["in_rulebook"]) == (201, False)
    slug = made.json()["slug"]
    assert shop.get(f"links/{slug}").json()["code"] == "youtube"
    assert [one["code"] for one in shop.get("links").json()["items"]] == ["poster", "youtube"]
    for visitor in ("a", "b", "a"):
        shop.post(f"links/{slug}/views", {"visitor": visitor})
    enrolled = shop.post("members", {"phone": "+79161234567", "link": slug}).json()
    assert enrolled["tags"] == ["cold"]
    shop.sell(buyer=enrolled["id"])
    figures = shop.get("links/figures?code=youtube").json()["items"]
    assert figures == [
        {
            "code": "youtube",
            "labels": ["video"],
            "partner": "",
            "views": 2,
            "enrolled": 1,
            "buyers": 1,
            "receipts": 1,
            "revenue_minor": 10000,
            "average_minor": 10000,
            "cost_minor": 500,
            "conversion": 10000,
            "cost_per_buyer_minor": 500,
        }
    ]
    assert shop.post("links/youtube/close").json()["expires_at"] is not None
    assert shop.post("members", {"phone": "+79161234568", "link": "youtube"}).json()["code"] == "link_unusable"


def test_link_has_its_qr_code(shop):
    slug = shop.get("links/poster").json()["slug"]

    drawn = shop.get("links/poster/qr?page=https://shop.example/i/").json()

    assert drawn["address"] == f"https://shop.example/i/{slug}"
    assert drawn["svg"].startswith("<svg")
    assert base64.b64decode(drawn["png"]).startswith(b"\x89PNG")


def test_service_of_the_club_is_used_once(shop):
    anna = shop.member()
    uses = f"members/{anna}/club/repair/uses"

    assert shop.post(uses, {}).json()["code"] == "service_not_open"
    put(shop, anna, {})
    assert (shop.post(uses, {}).json()["cost_minor"], shop.post(uses, {}).json()["code"]) == (300, "service_used_up")
    assert shop.get(f"members/{anna}/club", accept_language="ru").json()["items"] == [
        {"code": "repair", "name": "Ремонт", "is_open": True, "left": 0}
    ]
    shop.sell(buyer=anna)
    told = shop.get("club/economics?segment=friends").json()
    assert (told["club"]["receipts"], told["others"]["receipts"], told["services_minor"]) == (1, 0, 300)


def test_goods_are_asked_for_arrive_and_are_withdrawn(shop):
    anna = shop.member()
    asked = shop.post("goods/requests", {"member_id": str(anna), "sku": "PHONE", "quantity": "1.5"}).json()

    assert (asked["state"], asked["quantity"]) == ("open", 1500)
    assert shop.post("goods/arrivals", {"skus": ["PHONE", "LAMP"]}).json() == {"told": {"PHONE": 1, "LAMP": 0}}
    assert [one["state"] for one in shop.get("goods/requests?state=arrived").json()["items"]] == ["arrived"]
    assert shop.post(f"goods/requests/{asked['id']}/withdraw").json()["state"] == "withdrawn"


def test_ambassadors_are_listed(shop):
    shop.member()

    assert shop.get("ambassadors?rank=revenue").json() == {"items": []}
    assert shop.get("ambassadors?rank=loud").status_code == 422


def test_till_may_not_make_links_and_reader_may_not_put_into_segments(shop):
    anna = shop.member()

    assert shop.post("links", {"code": "x"}, key="till").status_code == 403
    refused = shop.send("PUT", f"members/{anna}/segments/friends", {}, key="reader", idempotency_key="a")
    assert refused.status_code == 403
