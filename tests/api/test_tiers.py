"""A member's tier over the API: read with what is missing, set by hand; thresholds proposed."""

import pytest

from tests.api.shop import open_shop
from tests.tills import FREE_RULES

RULES = (
    FREE_RULES
    + """\
tiers:
  bronze: {name: {ru: Бронзовый, en: Bronze}}
  gold:
    name: {ru: Золотой, en: Gold}
    enter: {spent: {at_least: "1334.56"}}
    keep: {when: {spent: {at_least: "500.00"}}, within: {months: 12}}
"""
)


@pytest.fixture
def shop(transactional_db):
    with open_shop(rules=RULES) as opened:
        yield opened


def test_tier_tells_what_is_missing_to_the_next_one(shop):
    anna = shop.member()
    shop.sell("R-1", anna)

    told = shop.get(f"members/{anna}/tier", accept_language="ru").json()

    assert (told["tier"], told["name"], told["keep"], told["history"]) == ("bronze", "Бронзовый", None, [])
    assert told["next"] == {
        "tier": "gold",
        "name": "Золотой",
        "ways": [[{"fact": "spent", "currency": "", "amount": 123456, "has": 10000, "wanted": 133456}]],
        "until": None,
    }
    assert told["says"] == ["До уровня «Золотой» осталось купить на 1\u00a0234,56\u00a0₽."]
    english = shop.get(f"members/{anna}/tier", accept_language="en").json()
    assert english["says"] == ["To reach tier “Gold”: spend ₽1,234.56."]


def test_tier_is_set_by_hand_and_what_keeps_it_is_told(shop):
    anna = shop.member()
    body = {"tier": "gold", "reason": "Просьба директора", "until": "2100-01-01T00:00:00Z"}

    done = shop.post(f"members/{anna}/tier", body, repeat="t1")
    again = shop.post(f"members/{anna}/tier", body, repeat="t1")

    assert (done.status_code, done.json()["before"], done.json()["tier"]) == (200, "bronze", "gold")
    assert (again.json(), again.headers["idempotent-replayed"]) == (done.json(), "true")
    told = shop.get(f"members/{anna}/tier", accept_language="ru").json()
    assert (told["tier"], told["until"], told["next"]) == ("gold", "2100-01-01T00:00:00Z", None)
    assert told["says"] == ["Чтобы сохранить уровень «Золотой», осталось купить на 500,00\u00a0₽ до 01.01.2100."]
    (change,) = told["history"]
    assert (change["before"], change["after"], change["why"], change["reason"]) == (
        "bronze", "gold", "hand", "Просьба директора",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "key", "code"),
    [
        ({"tier": "platinum", "reason": "так надо"}, "admin", "invalid"),
        ({"tier": "gold", "reason": " "}, "admin", "missing"),
        ({"tier": "gold", "reason": "так надо", "until": "2020-01-01T00:00:00Z"}, "admin", "invalid"),
        ({"tier": "gold", "reason": "так надо"}, "till", "not_allowed"),
    ],
)
def test_tier_that_cannot_be_set_is_refused(shop, body, key, code):
    anna = shop.member()

    assert shop.post(f"members/{anna}/tier", body, key=key).json()["code"] == code
    assert shop.get(f"members/{anna}/tier").json()["tier"] == "bronze"


def test_thresholds_are_proposed_from_what_was_bought(shop):
    for number in range(10):
        shop.sell(f"R-{number}", shop.member(f"+7916000000{number}"), lines=[
            {"sku": "TEA", "price": 10000 * (number + 1)}
        ])  # fmt: skip

    told = shop.get("program/tier-proposal?levels=3").json()

    assert (told["members"], told["average_receipt_minor"]) == (10, 55000)
    assert [(one["from_minor"], one["members"]) for one in told["tiers"]] == [(0, 7), (75000, 2), (100000, 1)]
