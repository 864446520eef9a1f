"""The hot lane and Litestar give the same answer to the same request."""

import pytest

from kopilka.api.routers import HOT, ROUTES
from tests.api.shop import open_shop, receipt

VARYING = {
    "id",
    "purchase_id",
    "occurred_at",
    "recorded_at",
    "expires_at",
    "starts_at",
    "request_id",
    "at",
    "member_id",
}


@pytest.fixture
def shops(transactional_db):
    with open_shop(slug="hot") as hot, open_shop(slug="cool", hot=False) as cool:
        yield hot, cool


def plain(told):
    """Without what differs between any two requests."""
    if isinstance(told, dict):
        return {name: plain(value) for name, value in told.items() if name not in VARYING}
    return [plain(one) for one in told] if isinstance(told, list) else told


def seen(answer):
    headers = {name: value for name, value in answer.headers.items() if name not in {"x-request-id", "content-length"}}
    return answer.status_code, headers, plain(answer.json())


BODIES = {
    "anonymous": receipt("R-1"),
    "by phone": receipt("R-1", member={"phone": "8 916 123 45 67"}),
    "unknown member": receipt("R-1", member={"card": "404"}),
    "spending without points": receipt("R-1", member={"phone": "+79161234567"}, spend={"mode": "max"}),
    "too many points": receipt("R-1", member={"phone": "+79161234567"}, spend={"mode": "amount", "points": 5}),
    "wrong total": receipt("R-1", total_minor=1),
    "other currency": receipt("R-1", currency="USD"),
    "no lines": {"external_id": "R-1"},
    "unknown field": receipt("R-1", x=1),
    "wrong type": receipt("R-1", lines=[{"sku": "A", "price": "1"}]),
    "open": receipt("R-1", member={"phone": "+79161234567"}, final=False),
    "empty": b"",
    "broken": b"{",
    "duplicate key": b'{"external_id":"1","external_id":"2"}',
    "deep": b'{"x":' + b"[" * 100 + b"]" * 100 + b"}",
    "not UTF-8": b'{"external_id":"\xff"}',
    "null": b"null",
    "too large": b'{"external_id":"' + b"x" * 1_000_001 + b'"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize("path", ["purchases", "quotes", "holds", "returns"])
def test_bodies_are_answered_alike(shops, path, body):
    hot, cool = (one.post(path, body, repeat="k") for one in with_anna(shops))

    assert seen(hot) == seen(cool)


HEADERS = {
    "no key": {"authorization": None},
    "no idempotency key": {"idempotency_key": None},
    "bad idempotency key": {"idempotency_key": "a b"},
    "text": {"content_type": "text/plain"},
    "no content type": {"content_type": None},
    "cp1251": {"content_type": "application/json; charset=cp1251"},
    "gzip": {"content_encoding": "gzip"},
    "English": {"accept_language": "en"},
    "own request id": {"x_request_id": "till-1/77"},
}


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS.keys())
@pytest.mark.parametrize("path", ["purchases", "quotes"])
def test_headers_are_understood_alike(shops, path, headers):
    hot, cool = (one.post(path, receipt("R-1" if path == "purchases" else None), **headers) for one in shops)

    assert seen(hot) == seen(cool)


def test_whole_walk_is_the_same(shops):
    def walk(shop):
        (anna,) = [shop.member()]
        first = shop.post("purchases", receipt("R-1", anna), repeat="k1")
        replay = shop.post("purchases", receipt("R-1", anna), repeat="k1")
        opened = shop.post("purchases", receipt("R-2", anna, spend={"mode": "max"}, final=False))
        confirmed = shop.post(f"purchases/{opened.json()['id']}/confirm", repeat="k2")
        again = shop.post(f"purchases/{opened.json()['id']}/confirm", repeat="k2")
        wallets = shop.get(f"members/{anna}/wallets")
        unknown = shop.get("members/zzz/wallets")
        asked = shop.get(f"members/{anna}/wallets?x=1")
        back = shop.post("returns", {"purchase_id": first.json()["id"], "external_id": "B-1", "till": "t1"})
        other = shop.send("PUT", "purchases", receipt("R-1"))
        slash = shop.post("purchases/", receipt("R-1", anna), repeat="k1")
        return [
            seen(one) for one in (first, replay, opened, confirmed, again, wallets, unknown, asked, back, other, slash)
        ]

    hot, cool = map(walk, shops)

    assert hot == cool


def test_every_hot_operation_stands_in_the_document_too():
    assert {handler.name for handler in HOT} <= {handler.name for handler in ROUTES}


def with_anna(shops):
    for shop in shops:
        shop.member("+79161234567")
    return shops
