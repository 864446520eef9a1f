"""Who may come in, and what each may do: keys, capabilities, programs that know nothing of each other."""

import pytest

from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.services.access import revoke_key
from tests.api.shop import receipt, table_counts
from tests.factories import NOON

KEYS = {
    "missing": None,
    "empty": "",
    "another scheme": "Basic a3A6eA==",
    "no scheme": "kp_1",
    "unknown key": "Bearer kp_0123456789_" + "0" * 64,
    "key of another kind": "Bearer sk_live_1",
    "very long": "Bearer kp_" + "x" * 5_000,
    "with a space": "Bearer  kp_0123456789",
}


@pytest.mark.parametrize("header", KEYS.values(), ids=KEYS.keys())
def test_nobody_comes_in_without_a_key(shop, header):
    answers = [
        shop.get("program", authorization=header),
        shop.post("purchases", receipt("R-1"), authorization=header),
        shop.post("purchases", b"not read at all", authorization=header),
    ]

    assert [(one.status_code, one.json()["code"]) for one in answers] == [(401, "unauthorized")] * 3
    assert {one.headers["www-authenticate"] for one in answers} == {'Bearer realm="kopilka"'}


def test_scheme_is_read_without_case(shop):
    assert shop.get("program", authorization=f"bearer {shop.keys['till']}").status_code == 200


def test_revoked_key_stops_within_five_seconds(shop):
    seconds = 0.0
    shop.loop.desk.keys._clock = lambda: seconds
    before = shop.get("program", key="till")

    prefix = shop.keys["till"].split("_")[1]
    revoke_key(program_id=shop.program.id, key=prefix, by=SYSTEM_ACTOR, at=NOON)
    seconds = 5.0
    after = shop.get("program", key="till")

    assert (before.status_code, after.status_code) == (200, 401)


def test_key_in_use_is_asked_for_again_beside_the_requests(shop):
    seconds = 0.0
    shop.loop.desk.keys._clock = lambda: seconds
    shop.get("program", key="till")
    revoke_key(program_id=shop.program.id, key=shop.keys["till"].split("_")[1], by=SYSTEM_ACTOR, at=NOON)

    seconds = 3.0
    still = shop.get("program", key="till").status_code
    seconds = 3.5
    later = {shop.get("program", key="till").status_code for _ in range(20)}

    assert still == 200
    assert 401 in later


WRITES = {
    "enrol": ("POST", "members", {"phone": "+79160000001"}),
    "quote": ("POST", "quotes", receipt(None)),
    "buy": ("POST", "purchases", receipt("R-1")),
    "hold": ("POST", "holds", {"member": {"phone": "+79161234567"}, "points": 1}),
    "return": ("POST", "returns", {"external_id": "B-1", "articles": [{"sku": "A", "amount_minor": 1}]}),
    "code": ("POST", "members/{member}/codes", None),
    "adjust": ("POST", "members/{member}/adjustments", {"currency": "bonus", "points": 1, "reason": "x"}),
    "publish": ("POST", "program/versions", {"source": "x: 1", "dry_run": True}),
    "read": ("GET", "members/{member}", None),
}
ALLOWED = {
    "reader": {"read"},
    "till": {"quote", "read", "enrol", "buy", "hold", "return"},
    "shop": {"quote", "read", "enrol", "buy", "hold", "return", "code"},
    "admin": set(WRITES),
}


@pytest.mark.parametrize("key", ALLOWED)
def test_bundles_open_their_operations_and_no_others(shop, key):
    anna = shop.member()
    shop.sell("R-0", anna)

    statuses = {
        name: shop.send(method, path.format(member=anna), body, key=key).status_code
        for name, (method, path, body) in WRITES.items()
    }

    assert {name for name, status in statuses.items() if status != 403} == ALLOWED[key]


def test_operation_not_allowed_names_the_capability(shop):
    before = table_counts()

    answer = shop.post("purchases", receipt("R-1"), key="reader")

    assert (answer.status_code, answer.json()["code"], answer.json()["capability"]) == (403, "not_allowed", "earn")
    assert table_counts() == before


def test_blocking_a_member_needs_the_right_to_adjust(shop):
    anna = shop.member()

    refused = shop.send("PATCH", f"members/{anna}", {"status": "blocked"}, key="till")
    blocked = shop.send("PATCH", f"members/{anna}", {"status": "blocked"})
    sale = shop.post("purchases", receipt("R-1", anna), key="till")

    assert (refused.status_code, refused.json()["capability"]) == (403, "adjust")
    assert (blocked.status_code, blocked.json()["status"]) == (200, "blocked")
    assert (sale.status_code, sale.json()["code"]) == (409, "member_blocked")


def without_id(answer) -> tuple[int, dict]:
    told = answer.json()
    del told["request_id"]
    return answer.status_code, told


def test_things_of_another_program_are_answered_like_unknown_ones(shop, other_shop):
    anna = shop.member()
    bought = shop.sell("R-1", anna)
    opened = shop.sell("R-2", anna, final=False)
    quote = shop.post("quotes", receipt(None, anna)).json()
    hold = shop.post("holds", {"member": {"id": str(anna)}, "points": 1}).json()
    back = shop.post("returns", {"purchase_id": bought["id"], "external_id": "B-1"}).json()
    entry = shop.get(f"members/{anna}/entries").json()["items"][0]
    unknown = "00000000-0000-7000-8000-000000000000"
    paths = {
        "GET members/{}": anna,
        "GET members/{}/wallets": anna,
        "GET members/{}/entries": anna,
        "POST members/{}/codes": anna,
        "GET quotes/{}": quote["id"],
        "GET holds/{}": hold["id"],
        "POST holds/{}/release": hold["id"],
        "GET purchases/{}": bought["id"],
        "POST purchases/{}/confirm": opened["id"],
        "POST purchases/{}/cancel": opened["id"],
        "GET returns/{}": back["id"],
        "GET entries/{}": entry["id"],
        "GET entries/{}/explanation": entry["id"],
    }
    before = table_counts()

    for address, known in paths.items():
        method, path = address.split()
        foreign = other_shop.send(method, path.format(known))
        missing = other_shop.send(method, path.format(unknown))
        assert foreign.status_code == 404, address
        assert without_id(foreign) == without_id(missing), address
    assert table_counts() == before


def test_bodies_naming_things_of_another_program_are_answered_like_unknown_ones(shop, other_shop):
    anna = shop.member()
    bought = shop.sell("R-1", anna)
    quote = shop.post("quotes", receipt(None, anna)).json()
    unknown = "00000000-0000-7000-8000-000000000000"
    bodies = {
        "purchases": lambda known: receipt("R-9", member={"id": known}),
        "quotes": lambda known: receipt(None, member={"id": known}),
        "holds": lambda known: {"member": {"id": known}, "points": 1},
    }
    before = table_counts()

    for path, body in bodies.items():
        foreign, missing = (other_shop.post(path, body(known)) for known in (str(anna), unknown))
        assert (foreign.status_code, without_id(foreign)) == (404, without_id(missing)), path
    for path, name, known in (("returns", "purchase_id", bought["id"]), ("purchases", "quote_id", quote["id"])):
        foreign, missing = (other_shop.post(path, {"external_id": "R-9", name: one}) for one in (known, unknown))
        assert (foreign.status_code, without_id(foreign)) == (404, without_id(missing)), path
    assert table_counts() == before


def test_key_of_a_till_speaks_for_no_other_till(shop):
    bound = shop.bound_key("k7")

    own = shop.post("purchases", receipt("R-1", till=""), key=bound)
    other = shop.post("purchases", receipt("R-2", till="k8"), key=bound)

    assert (own.status_code, own.json()["source"]) == (201, "till:k7")
    assert (other.status_code, other.json()["field"]) == (422, "till")
