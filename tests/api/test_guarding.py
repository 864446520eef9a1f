"""Guard rails over HTTP: a walk through each, and what is refused."""

from tests.api.shop import receipt

RULES = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00"}
spending: {bonus: {}}
spending_proof: {by: none}
promotions:
  cashback: {earn: {percent: 5}}
  friday: {discount: {percent: 7}}
"""
OFF = {"on": False, "reason": "ошибка"}
TEN = RULES.replace("percent: 5", "percent: 10")


def published(shop, source=RULES):
    answer = shop.post("program/versions", {"source": source}, repeat=f"publish-{len(source)}")
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_findings_come_with_publishing_and_on_their_own(shop):
    told = published(shop)
    linted = shop.post("program/lint", {"source": RULES}, accept_language="ru").json()

    assert [(one["path"], one["code"], one["severity"]) for one in told["findings"]] == [
        ("promotions.friday.discount.percent", "odd_percent", "advice")
    ]
    assert linted["findings"][0]["text"].startswith("7\u00a0%") or linted["findings"][0]["text"].startswith("7 %")
    assert linted["findings"][0]["line"] == 11


def test_dry_run_tells_findings_and_writes_nothing(shop):
    before = shop.get("program/versions").json()

    told = shop.post("program/versions", {"source": TEN, "dry_run": True}, repeat="d").json()

    assert "earns_over_average" in [one["code"] for one in told["findings"]]
    assert shop.get("program/versions").json() == before


def test_switch_acts_on_the_very_next_purchase(shop):
    published(shop)
    anna = shop.member()

    put = shop.send("PATCH", "program/switches/friday", OFF, repeat="s")
    again = shop.send("PATCH", "program/switches/friday", OFF, repeat="s")
    sold = shop.sell("R-1", anna)

    assert put.json()["rules_off"] == ["promotions.friday"]
    assert again.content == put.content
    assert again.headers["idempotent-replayed"] == "true"
    assert sold["totals"]["discount_minor"] == 0
    assert shop.get("program/switches").json()["rules_off"] == ["promotions.friday"]


def test_switch_of_nothing_is_not_found(shop):
    answer = shop.send("PATCH", "program/switches/nothing", OFF, repeat="s")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_draft_is_saved_compared_approved_and_published(shop):
    published(shop)

    saved = shop.post("program/drafts", {"name": "весна", "source": TEN}, repeat="1").json()
    words = shop.get(f"program/drafts/{saved['id']}/diff", accept_language="ru").json()["differences"]
    own = shop.post(f"program/drafts/{saved['id']}/approve", {}, repeat="2")
    done = shop.post(f"program/drafts/{saved['id']}/publish", repeat="3").json()
    listed = shop.get("program/drafts").json()

    assert [one["text"].replace("\u00a0", " ") for one in words] == ["Начисление акции cashback: 10 % вместо 5 %."]
    assert (own.status_code, own.json()["code"]) == (403, "approval_by_author")
    assert (done["state"], done["number"]) == ("published", shop.get("program").json()["rulebook_number"])
    assert [one["state"] for one in listed["items"]] == ["published"]
    assert shop.get(f"program/drafts/{saved['id']}").json()["source"] == TEN


def test_rollout_walks_from_one_branch_to_everywhere(shop):
    number = published(shop)["number"]

    started = shop.post("program/rollout", {"branches": ["first"], "source": TEN}, repeat="1").json()
    wider = shop.post("program/rollout/branches", {"branches": ["second"]}, repeat="2").json()
    ahead = shop.get("program/switches").json()
    refused = shop.post("program/versions", {"source": RULES + "# \n"}, repeat="3")
    finished = shop.post("program/rollout/finish", repeat="4").json()

    assert started == {"number": number + 1, "current": number, "branches": ["first"]}
    assert wider["branches"] == ["first", "second"]
    assert (ahead["rollout_number"], ahead["rollout_branches"]) == (number + 1, ["first", "second"])
    assert (refused.status_code, refused.json()["code"]) == (409, "rollout_open")
    assert finished == {"number": number + 1, "current": number + 1, "branches": []}


def test_rollout_is_withdrawn_and_versions_rolled_back(shop):
    number = published(shop)["number"]
    shop.post("program/rollout", {"branches": ["first"], "source": TEN}, repeat="1")

    withdrawn = shop.post("program/rollout/withdraw", {"reason": "рано"}, repeat="2").json()
    back = shop.post(f"program/versions/{number}/publish", {"reason": "так лучше"}, repeat="3").json()

    assert withdrawn == {"number": number + 1, "current": number, "branches": []}
    assert back == {"number": number + 2, "current": number + 2, "branches": []}


def test_rule_is_taken_back_read_and_given_back(shop):
    published(shop)
    anna = shop.member()
    shop.sell("R-1", anna)
    window = {"rule": "cashback", "since": "2020-01-01T00:00:00Z", "until": "2090-01-01T00:00:00Z"}

    told = shop.post("program/reversals", window | {"dry_run": True}, repeat="0")
    done = shop.post("program/reversals", window | {"reason": "ошибка"}, repeat="1")
    again = shop.post("program/reversals", window | {"reason": "ошибка"}, repeat="1")
    read = shop.get(f"program/reversals/{done.json()['id']}").json()
    back = shop.post(f"program/reversals/{done.json()['id']}/undo", {"reason": "зря"}, repeat="2").json()

    assert (told.status_code, told.json()["state"], told.json()["id"]) == (200, "preview", None)
    assert done.status_code == 201
    assert again.json() == done.json()
    assert done.json()["sums"] == [
        {"currency": "bonus", "given": 4, "returned": 0, "taken": 4, "expired": 0, "owed": 0, "forgotten": 0}
    ]
    assert read == done.json()
    assert back["state"] == "undone"


def test_receipt_of_a_branch_that_is_ahead_earns_by_its_version(shop):
    number = published(shop)["number"]
    shop.post("program/rollout", {"branches": ["first"], "source": TEN}, repeat="1")

    quotes = [
        shop.post("quotes", receipt(None, shop.member(f"+791600000{n}0"), branch=branch)).json()
        for n, branch in enumerate(("first", "second"))
    ]

    assert [one["program_version"] for one in quotes] == [number + 1, number]
