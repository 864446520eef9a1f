"""The main walk through the door: enrol, quote, buy, spend, hold, return, read it all back."""

from tests.api.shop import receipt

UNKNOWN = "00000000-0000-7000-8000-000000000000"


def test_purchase_earns_points(shop):
    anna = shop.member()

    answer = shop.post("purchases", receipt("R-1", anna))

    told = answer.json()
    assert answer.status_code == 201
    assert told["state"] == "confirmed"
    assert told["source"] == "till:t1"
    assert told["totals"] == {
        "amount_minor": 10000,
        "manual_discount_minor": 0,
        "discount_minor": 0,
        "net_minor": 10000,
        "points_minor": 0,
        "paid_minor": 10000,
        "advance_minor": 0,
    }
    assert [(one["currency"], one["points"]) for one in told["earn"]] == [("bonus", 10)]
    assert told["fiscal_lines"] == [
        {
            "line": 1,
            "sku": "BREAD",
            "name": "",
            "quantity": "1",
            "price": 10000,
            "total_minor": 10000,
            "counter_provision_minor": 0,
            "vat": None,
            "gift": False,
        }
    ]
    assert told["slip_text"] == "Начислено: 10 бонусов\nНа счёте: 10 бонусов"


def test_purchase_speaks_the_language_asked_for(shop):
    anna = shop.member()

    told = shop.post("purchases", receipt("R-1", anna), accept_language="en").json()

    assert told["slip_text"].splitlines()[0].startswith("Earned: 10")


def test_purchase_by_phone_in_any_spelling(shop):
    anna = shop.member("+79161234567")

    told = shop.sell("R-1", None, member={"phone": "8 (916) 123-45-67"})

    assert told["member_id"] == str(anna)


def test_purchase_without_member_earns_nothing(shop):
    told = shop.sell("R-1")

    assert (told["member_id"], told["earn"], told["slip_text"]) == (None, [], "")


def test_spending_takes_points_and_pays(shop):
    anna = shop.member()
    shop.sell("R-1", anna)

    told = shop.sell("R-2", anna, spend={"mode": "max"})

    (spent,) = told["spend"]
    assert (spent["applied"], spent["applied_minor"], spent["limited_by"]) == (10, 1000, "balance")
    assert told["totals"]["paid_minor"] == 9000


def test_weighed_goods_and_manual_discount(shop):
    told = shop.sell(
        "R-1",
        None,
        lines=[{"sku": "CHEESE", "price": 80000, "quantity": "0.355", "discount_minor": 400, "vat": "10"}],
        total_minor=28000,
    )

    (line,) = told["lines"]
    assert (line["quantity"], line["amount_minor"], line["manual_discount_minor"]) == ("0.355", 28400, 400)
    assert (line["net_minor"], line["vat"]) == (28000, "10")


def test_kept_quote_is_confirmed_by_its_id(shop):
    anna = shop.member()
    quote = shop.post("quotes", receipt(None, anna)).json()

    bought = shop.post("purchases", {"quote_id": quote["id"], "external_id": "R-1", "till": "t1"})

    told = bought.json()
    assert bought.status_code == 201
    assert (told["member_id"], told["lines"], told["totals"]) == (str(anna), quote["lines"], quote["totals"])
    assert shop.get(f"quotes/{quote['id']}").json()["lines"] == quote["lines"]


def test_quote_that_is_not_kept_has_no_id(shop):
    answer = shop.post("quotes", receipt(None, keep=False), idempotency_key=None)

    assert (answer.status_code, answer.json()["id"], answer.json()["expires_at"]) == (200, None, None)


def test_open_purchase_is_confirmed(shop):
    anna = shop.member()
    opened = shop.sell("R-1", anna, final=False)

    done = shop.post(f"purchases/{opened['id']}/confirm")

    assert opened["state"] == "open"
    assert (done.status_code, done.json()["state"]) == (200, "confirmed")
    assert shop.get(f"purchases/{opened['id']}").json()["state"] == "confirmed"


def test_open_purchase_is_cancelled_and_not_confirmed_afterwards(shop):
    opened = shop.sell("R-1", shop.member(), final=False)

    done = shop.post(f"purchases/{opened['id']}/cancel")
    late = shop.post(f"purchases/{opened['id']}/confirm")

    assert (done.status_code, done.json()["state"]) == (200, "cancelled")
    assert (late.status_code, late.json()["code"]) == (409, "purchase_cancelled")


def test_hold_is_placed_read_and_released(shop):
    anna = shop.member()
    shop.sell("R-1", anna)

    placed = shop.post("holds", {"member": {"id": str(anna)}, "points": 4})
    held = shop.get(f"members/{anna}/wallets").json()["wallets"][0]
    released = shop.post(f"holds/{placed.json()['id']}/release")

    assert (placed.status_code, placed.json()["state"]) == (201, "open")
    assert (held["available"], held["held"]) == (6, 4)
    assert (released.status_code, released.json()["state"]) == (200, "released")
    assert shop.get(f"holds/{placed.json()['id']}").json()["state"] == "released"


def test_purchase_pays_from_a_hold(shop):
    anna = shop.member()
    shop.sell("R-1", anna)
    hold = shop.post("holds", {"member": {"id": str(anna)}, "points": 4}).json()

    told = shop.sell("R-2", anna, hold_id=hold["id"], spend={"mode": "max"})

    assert told["spend"][0]["applied"] == 4
    assert shop.get(f"holds/{hold['id']}").json()["state"] == "captured"


def test_return_tried_then_booked(shop):
    bought = shop.sell("R-1", shop.member(), lines=[{"sku": "BUN", "price": 5000, "quantity": 2}])
    body = {"purchase_id": bought["id"], "external_id": "B-1", "lines": [{"line": 1, "quantity": 1}]}

    tried = shop.post("returns", body | {"dry_run": True})
    booked = shop.post("returns", body)

    assert (tried.status_code, tried.json()["id"], tried.json()["refund_minor"]) == (200, None, 5000)
    assert (booked.status_code, booked.json()["refund_minor"]) == (201, 5000)
    (points,) = booked.json()["points"]
    assert (points["earned"], points["taken_back"]) == (5, 5)
    assert shop.get(f"returns/{booked.json()['id']}").json() == booked.json()
    assert shop.get("returns").json() == {"items": [booked.json()], "next": None}


def test_return_without_purchase_is_matched(shop):
    anna = shop.member()
    bought = shop.sell("R-1", anna)

    told = shop.post(
        "returns",
        {
            "member": {"id": str(anna)},
            "external_id": "B-1",
            "articles": [{"sku": "BREAD", "amount_minor": 10000}, {"sku": "UNKNOWN", "amount_minor": 500}],
        },
    ).json()

    assert [(one["purchase_id"], one["sku"]) for one in told["lines"]] == [(bought["id"], "BREAD")]
    assert [one["sku"] for one in told["unmatched"]] == ["UNKNOWN"]


def test_wallets_tell_what_expires(shop):
    anna = shop.member()
    shop.sell("R-1", anna)

    (wallet,) = shop.get(f"members/{anna}/wallets").json()["wallets"]

    assert (wallet["name"], wallet["balance"], wallet["available"], wallet["worth_minor"]) == ("Бонусы", 10, 10, 100)
    assert [one["points"] for one in wallet["expiring_by_date"]] == [10]


def test_statement_and_explanation(shop):
    anna = shop.member()
    bought = shop.sell("R-1", anna)

    (entry,) = shop.get(f"members/{anna}/entries").json()["items"]
    told = shop.get(f"entries/{entry['id']}/explanation").json()

    assert (entry["kind"], entry["points"], entry["subject_id"]) == ("purchase", 10, bought["id"])
    assert told["entry"] == entry == shop.get(f"entries/{entry['id']}").json()
    assert told["text"][0] == "За покупку начислено: 10\u00a0бонусов."


def test_statement_goes_on_by_cursor(shop):
    anna = shop.member()
    for number in range(3):
        shop.sell(f"R-{number}", anna)

    first = shop.get(f"members/{anna}/entries?limit=2").json()
    second = shop.get(f"members/{anna}/entries?limit=2&cursor={first['next']}").json()

    assert (len(first["items"]), len(second["items"]), second["next"]) == (2, 1, None)


def test_purchases_are_listed_newest_first(shop):
    anna = shop.member()
    old, new = shop.sell("R-1", anna), shop.sell("R-2", anna)
    shop.sell("R-3")

    first = shop.get(f"purchases?member_id={anna}&limit=1").json()
    second = shop.get(f"purchases?member_id={anna}&limit=1&cursor={first['next']}").json()
    later = shop.get("purchases?from=2100-01-01T00:00:00Z").json()

    assert [one["id"] for one in first["items"] + second["items"]] == [new["id"], old["id"]]
    assert (second["next"], later["items"]) == (None, [])


def test_adjustment_by_hand(shop):
    anna = shop.member()

    answer = shop.post(f"members/{anna}/adjustments", {"currency": "bonus", "points": 50, "reason": "подарок"})
    taken = shop.post(f"members/{anna}/adjustments", {"currency": "bonus", "points": -60, "reason": "ошибка"})

    assert (answer.status_code, answer.json()["balances"][0]["available"]) == (201, 50)
    assert (taken.status_code, taken.json()["code"]) == (422, "insufficient_points")


def test_unknown_things_are_not_found(shop):
    paths = ("members", "quotes", "holds", "purchases", "returns", "entries")

    answers = {path: shop.get(f"{path}/{UNKNOWN}") for path in paths}

    assert {path: (one.status_code, one.json()["code"]) for path, one in answers.items()} == dict.fromkeys(
        paths, (404, "not_found")
    )
