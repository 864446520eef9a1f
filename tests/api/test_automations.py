"""Rules, deeds, answers, events of the shop's own and webhooks, spoken to over the API."""

from datetime import UTC, datetime

import pytest

from tests.api.shop import open_shop
from tests.services.automations.town import live, rules

pytestmark = pytest.mark.django_db(transaction=True)

RULES = (
    rules("""
welcome:
  name: {ru: Приветственные баллы, en: Welcome points}
  event: enrolled
  grant: {points: 500}
  budget: {points: 900}
review: {event: {custom: review}, grant: {points: 30}}
friends: {event: {entered_segment: friends}, grant: {points: 5}}
percent: {event: purchase, grant: {percent: 10}}
""").replace("name: Бонусы", "name: {ru: Бонусы, en: Points}")
    + """\
segments: {friends: {name: {ru: Друзья, en: Friends}, by: hand}}
profile: {pets: {name: Питомцы, kind: date, many: yes, required: yes}}
"""
)


@pytest.fixture
def shop():
    with open_shop(rules=RULES) as opened:
        yield opened


def test_rule_tells_what_it_has_done_and_that_it_ran_out(shop):
    for number in range(2):
        shop.member(f"+7916000000{number}")
    live(shop.program.id)

    told = shop.get("rules/welcome").json()
    states = {rule["code"]: rule["state"] for rule in shop.get("rules").json()["items"]}

    assert told["deeds"] == {"done": 1, "over_budget": 1}
    assert (told["points"], told["members"]) == ({"bonus": 500}, 1)
    assert (told["rule"]["state"], told["rule"]["points_left"], told["rule"]["name"]) == (
        "over_budget", 400, "Приветственные баллы",
    )  # fmt: skip
    assert states == {"welcome": "over_budget", "review": "on", "friends": "on", "percent": "on"}


def test_deeds_of_a_member_come_page_by_page(shop):
    member_id = shop.member()
    for subject in ("a", "b"):
        body = {"name": "review", "member": {"id": str(member_id)}, "subject": subject}
        assert shop.post("events", body).status_code == 201
    live(shop.program.id)

    first = shop.get(f"members/{member_id}/deeds?limit=2").json()
    second = shop.get(f"members/{member_id}/deeds?limit=2&cursor={first['next']}").json()
    one_rule = shop.get(f"members/{member_id}/deeds?rule=welcome").json()

    assert [deed["rule"] for deed in first["items"] + second["items"]] == ["review", "review", "welcome"]
    assert second["next"] is None
    assert [(deed["state"], deed["points"]) for deed in one_rule["items"]] == [("done", 500)]


def test_event_is_told_by_phone_and_repeated_without_harm(shop):
    member_id = shop.member("+79161234567")
    body = {"name": "review", "member": {"phone": "8 916 123-45-67"}, "subject": "order-17", "facts": {"stars": 5}}

    first, again = (shop.post("events", body, repeat="k-event") for _ in range(2))

    assert (first.status_code, first.json()["member_id"]) == (201, str(member_id))
    assert (again.json(), again.headers["idempotent-replayed"]) == (first.json(), "true")


def test_answers_are_given_at_enrolment_and_changed_later(shop):
    given = {"pets": [{"value": "2024-11-20", "name": "Барсик"}]}
    member_id = shop.post("members", {"phone": "+79161234567", "answers": given}).json()["id"]
    before = shop.get(f"members/{member_id}/answers").json()

    after = shop.send("PATCH", f"members/{member_id}/answers", {"answers": {"pets": []}}).json()
    wrong = shop.send("PATCH", f"members/{member_id}/answers", {"answers": {"pets": [{"value": "soon"}]}})

    assert (before["answers"], before["missing"]) == (given, [])
    assert (after["answers"], after["missing"]) == ({}, ["pets"])
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "ru",
            [
                "Начислено по правилу «Приветственные баллы»: 500\u00a0бонусов.",
                "За что: регистрация, 02.03.2026 12:00.",
            ],
        ),
        ("en", ["Given by the rule “Welcome points”: 500 points.", "For: registration, 2 Mar 2026 12:00."]),
    ],
)
def test_entry_of_a_deed_is_explained(shop, language, text):
    member_id = shop.member()
    live(shop.program.id)
    (entry,) = shop.get(f"members/{member_id}/entries").json()["items"]

    told = shop.get(f"entries/{entry['id']}/explanation", accept_language=language).json()

    assert entry["kind"] == "grant"
    assert [line.replace("\u00a0", " ") for line in told["text"]] == [line.replace("\u00a0", " ") for line in text]


def test_points_taken_back_with_goods_are_explained(shop):
    member_id = shop.member()
    sold = shop.sell(buyer=member_id)
    live(shop.program.id, datetime.now(UTC))
    assert shop.post("returns", {"till": "t1", "external_id": "1", "purchase_id": sold["id"]}).status_code == 201
    live(shop.program.id, datetime.now(UTC))
    entry = shop.get(f"members/{member_id}/entries").json()["items"][0]

    told = shop.get(f"entries/{entry['id']}/explanation").json()["text"]

    assert [line.replace("\u00a0", " ") for line in told] == [
        "Товар вернули, и начисленное за него снято: 10 бонусов.", "Правило: «percent».",
    ]  # fmt: skip


def test_webhook_is_registered_listed_and_stopped(shop):
    body = {"code": "crm", "url": "https://crm.example.com/hook", "events": ["custom"]}
    made = shop.post("webhooks", body)
    listed = shop.get("webhooks").json()["items"]
    shop.post("events", {"name": "review", "member": {"id": str(shop.member())}})
    live(shop.program.id)
    (call,) = shop.get("webhooks/crm/calls").json()["items"]

    again = shop.post(f"webhooks/calls/{call['id']}/replay")
    stopped = shop.send("PATCH", "webhooks/crm", {"active": False}).json()

    assert (made.status_code, len(made.json()["secret"])) == (201, 64)
    assert [(one["code"], "secret" in one) for one in listed] == [("crm", False)]
    assert (call["state"], again.status_code) == ("due", 200)
    assert stopped["active"] is False


@pytest.mark.parametrize("url", ["http://crm.example.com/", "https://10.0.0.1:x/", "https://me@crm.example.com/"])
def test_webhook_needs_an_https_address(shop, url):
    answer = shop.post("webhooks", {"code": "crm", "url": url})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_webhooks_are_for_whoever_publishes(shop):
    assert [shop.get("webhooks", key=key).status_code for key in ("till", "shop", "reader")] == [403] * 3
