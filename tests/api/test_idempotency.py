"""Repeating a request (I14): one effect, the same bytes."""

from concurrent.futures import ThreadPoolExecutor

from tests.api.shop import API, receipt, table_counts
from tests.tills import RULES


def test_replay_is_byte_equal_and_says_so(shop):
    body = receipt("R-1", shop.member())

    first = shop.post("purchases", body, repeat="k")
    second = shop.post("purchases", body, repeat="k")

    assert second.content == first.content
    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.headers.get("idempotent-replayed"), second.headers["idempotent-replayed"]) == (None, "true")
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


def test_replay_speaks_the_first_language(shop):
    body = receipt("R-1", shop.member())

    first = shop.post("purchases", body, repeat="k", accept_language="en")
    second = shop.post("purchases", body, repeat="k", accept_language="ru")

    assert second.content == first.content


def test_replay_does_not_mind_the_order_of_fields(shop):
    body = receipt("R-1", shop.member())

    first = shop.post("purchases", body, repeat="k")
    second = shop.post("purchases", dict(reversed(body.items())), repeat="k")

    assert second.content == first.content


def test_every_write_is_replayed_byte_equal(shop):
    anna = shop.member()
    bought = shop.sell("R-1", anna)
    opened = shop.sell("R-2", anna, final=False)
    dropped = shop.sell("R-3", anna, final=False)
    writes = [
        ("members", {"phone": "+79160000001", "name": "Боря"}),
        ("holds", {"member": {"id": str(anna)}, "points": 2}),
        (f"purchases/{opened['id']}/confirm", None),
        (f"purchases/{dropped['id']}/cancel", None),
        ("returns", {"purchase_id": bought["id"], "external_id": "B-1"}),
        (f"members/{anna}/adjustments", {"currency": "bonus", "points": 7, "reason": "подарок"}),
        ("program/versions", {"source": RULES, "note": "снова"}),
    ]

    for number, (path, body) in enumerate(writes):
        first = shop.post(path, body, repeat=f"w-{number}")
        before = table_counts()
        second = shop.post(path, body, repeat=f"w-{number}")

        assert first.status_code in {200, 201}, (path, first.text)
        assert (second.status_code, second.content) == (first.status_code, first.content), path
        assert second.headers["idempotent-replayed"] == "true", path
        assert table_counts() == before, path


def test_member_change_is_replayed(shop):
    anna = shop.member()

    first = shop.send("PATCH", f"members/{anna}", {"name": "Анна"}, repeat="k")
    shop.send("PATCH", f"members/{anna}", {"name": "Аня"})
    again = shop.send("PATCH", f"members/{anna}", {"name": "Анна"}, repeat="k")

    assert again.content == first.content


def test_key_with_other_body_is_refused(shop):
    shop.post("purchases", receipt("R-1"), repeat="k")
    before = table_counts()

    other = shop.post("purchases", receipt("R-2"), repeat="k")
    elsewhere = shop.post("members", {"phone": "+79160000001"}, repeat="k")

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "idempotency_key_reused")
    assert table_counts() == before


def test_keys_differ_by_case(shop):
    shop.post("purchases", receipt("R-1"), repeat="key")

    assert shop.post("purchases", receipt("R-2"), repeat="KEY").status_code == 201


def test_key_of_another_program_is_independent(shop, other_shop):
    shop.post("purchases", receipt("R-1"), repeat="k")

    assert other_shop.post("purchases", receipt("R-2"), repeat="k").status_code == 201


def test_refusal_does_not_burn_the_key(shop):
    anna = shop.member()
    body = receipt("R-1", anna, spend={"mode": "amount", "points": 5})

    refused = shop.post("purchases", body, repeat="k")
    shop.sell("R-0", anna)
    done = shop.post("purchases", body, repeat="k")

    assert (refused.status_code, refused.json()["code"]) == (422, "insufficient_points")
    assert done.status_code == 201


def test_same_receipt_under_another_key_is_the_same_purchase(shop):
    body = receipt("R-1", shop.member(), occurred_at="2026-03-02T12:00:00+03:00")
    now = shop.sell("R-2")["occurred_at"]
    body["occurred_at"] = now

    first = shop.post("purchases", body)
    second = shop.post("purchases", body)
    other = shop.post("purchases", body | {"lines": [{"sku": "BREAD", "price": 9900}]})

    assert second.content == first.content
    assert (other.status_code, other.json()["code"]) == (409, "receipt_exists")
    assert other.json()["purchase_id"] == first.json()["id"]


def test_fifty_at_once_with_one_new_key_make_one_purchase(shop):
    anna = shop.member()
    body = receipt("R-1", anna)

    with ThreadPoolExecutor(50) as tills:
        answers = list(tills.map(lambda _: shop.post("purchases", body, repeat="k"), range(50)))

    done = {answer.content for answer in answers if answer.status_code == 201}
    waiting = [answer for answer in answers if answer.status_code == 409]
    assert (len(done), len(waiting) + sum(answer.status_code == 201 for answer in answers)) == (1, 50)
    assert {(one.json()["code"], one.headers["retry-after"]) for one in waiting} <= {("idempotency_in_flight", "1")}
    assert table_counts()["kopilka_purchase"] == 1
    assert shop.get(f"members/{anna}/wallets").json()["wallets"][0]["available"] == 10


def test_fifty_tills_at_once_share_batches_and_all_are_answered(shop):
    members = [shop.member(f"+7916100{number:04}") for number in range(5)]
    headers = {"authorization": f"Bearer {shop.keys['till']}"}
    requests = [
        (
            "POST",
            f"{API}/purchases",
            {
                "json": receipt(f"R-{number}", members[number % 5]),
                "headers": headers | {"idempotency-key": f"k-{number}"},
            },
        )
        for number in range(50)
    ]

    answers = shop.loop.send_all(requests)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 50
    wallets = [shop.get(f"members/{one}/wallets").json()["wallets"][0]["available"] for one in members]
    assert wallets == [100] * 5
