"""Friends, agents, staff and partners through the door."""

from datetime import UTC, datetime, timedelta

import pytest

from kopilka.services.staff import judge_goals
from tests.api.shop import open_shop
from tests.sharing import SHARING_RULES, work

RULES = SHARING_RULES + (
    "goals:\n  quarter: {points: 2, in: staff, each: quarter, premium: '5000.00'}\n"
    "partners:\n  bakery: {name: {ru: Пекарня}, branches: [oven]}\n"
    "  books: {name: {ru: Книги}, branches: [shelf], fee: 5}\n"
)


@pytest.fixture
def shop(transactional_db):
    with open_shop(rules=RULES) as opened:
        yield opened


def later():
    return datetime.now(UTC) + timedelta(minutes=1)


def test_a_friend_is_invited_and_seen_in_the_network(shop):
    anna = shop.member()
    code = shop.post(f"members/{anna}/referral-code", {}).json()

    artem = shop.post("members", {"phone": "+79160000002", "invited_by": code["code"]}).json()
    shop.sell(buyer=artem["id"])
    work(shop.program.id, later())
    himself = shop.post(f"members/{anna}/inviter", {"invited_by": code["code"]})
    network = shop.get(f"members/{anna}/network").json()
    page = shop.get(f"members/{anna}/network/members?level=1").json()

    assert code == {"member_id": str(anna), "code": code["code"], "link": f"?invited_by={code['code']}"}
    assert (himself.status_code, himself.json()["code"]) == (422, "inviter_refused")
    assert network["levels"] == [
        {"level": 1, "members": 1, "buyers": 1, "turnover_minor": 10_000, "rewards": {"bonus": 1}}
    ]
    assert [(one["member_id"], one["inviter_id"]) for one in page["items"]] == [(artem["id"], str(anna))]
    assert page["next"] is None


def test_an_agent_and_the_split_of_his_share(shop):
    anna = shop.member()
    added = shop.post("beneficiaries", {"kind": "agent", "code": "petr", "name": "Пётр"})

    agent = shop.post(f"members/{anna}/agent", {"agent": "petr"}).json()
    split = shop.post(f"members/{anna}/splits", {"share": "designer", "split": "client-10-agent-5"}).json()
    sold = shop.sell(buyer=anna)
    closed = shop.send("PATCH", "beneficiaries/agent/petr", {"active": False}).json()
    listed = shop.get("beneficiaries?kind=agent").json()

    assert (added.status_code, agent["agent"], split["segment"]) == (201, "petr", "ten-five")
    assert sold["totals"]["paid_minor"] == 9_000
    assert (closed["active"], [one["code"] for one in listed["items"]]) == (False, ["petr"])


def test_an_employee_sees_himself_and_is_paid(shop):
    shop.post("beneficiaries", {"kind": "employee", "code": "olga", "name": "Ольга"})
    shop.sell(staff="olga")
    work(shop.program.id, later())

    judge_goals(program_id=shop.program.id, at=later())
    view = shop.get("staff/olga").json()
    due = shop.get("premiums").json()["items"]
    told = {"goal": "quarter", "period": due[0]["period"], "paid_minor": 500_000, "note": "касса"}
    paid = shop.post("staff/olga/payouts", told)
    today = datetime.now(UTC)
    since, until = (f"{one:%Y-%m-%dT%H:%M:%SZ}" for one in (today - timedelta(days=1), today + timedelta(days=1)))
    report = shop.get(f"staff?since={since}&until={until}").json()

    assert [(one["points"], one["points_needed"], one["is_reached"]) for one in view["goals"]] == [(200, 200, True)]
    assert view["balances"] == [{"currency": "staff", "decimals": 2, "available": 200, "pending": 0, "debt": 0}]
    assert (paid.status_code, paid.json()["paid_minor"]) == (201, 500_000)
    assert shop.get("premiums").json()["items"] == []
    assert [(one["code"], one["figures"]["receipts"], one["points"]) for one in report["items"]] == [
        ("olga", 1, {"staff": 200})
    ]


def test_partners_are_cleared_by_an_act(shop):
    anna = shop.member()
    shop.sell("1", anna, branch="oven", lines=[{"sku": "BREAD", "price": 1_000_000}])
    shop.sell("2", anna, branch="shelf", spend={"mode": "amount", "points": 50})
    work(shop.program.id, later())

    owed = shop.get("clearing").json()
    out = shop.get("clearing/liabilities").json()["items"]
    act = shop.post("clearing/acts", {"until": datetime.now(UTC).isoformat()}, accept_language="ru").json()
    empty = shop.get("clearing").json()
    again = shop.get("clearing/acts/1", accept_language="ru").json()
    acts = shop.get("clearing/acts").json()["items"]

    assert owed["payments"] == [{"payer": "bakery", "payee": "books", "minor": 4_750}]
    assert [(one["issuer"], one["points"]) for one in out] == [("bakery", 450), ("books", 2)]
    assert act == again
    assert (act["number"], act["clearing"], empty["payments"]) == (1, owed, [])
    assert act["csv"].splitlines()[1] == "Пекарня,Книги,bonus,50,5000,250,4750"
    assert "<h1>Акт взаиморасчётов № 1</h1>" in act["html"]
    assert [one["number"] for one in acts] == [1]
