"""The rotating code of a card, wherever the door takes a member's code (T12, T39)."""

from datetime import UTC, datetime, timedelta

import pytest

from kopilka.data.models.card import LiveCodeUse, MemberSession
from kopilka.engine.live_codes import slot_of, write_code
from kopilka.services.live_codes import secret_of
from kopilka.services.member_sessions import start_session
from tests.api.shop import open_shop, receipt
from tests.tills import RULES, rows

SPEND = {"spend": {"mode": "amount", "points": 5}}
MORE_RULES = RULES + "transfers: {in: bonus}\ngifts:\n  cake: {name: Торт, sku: CAKE, for: {bonus: 5}}\n"


@pytest.fixture
def shop(transactional_db):
    with open_shop(rules=MORE_RULES) as opened:
        yield opened


@pytest.fixture
def anna(shop):
    member = shop.member()
    shop.sell(buyer=member)
    return member


@pytest.fixture
def shown(shop, anna):
    """Writes what her card shows now, or showed so many seconds ago."""
    now = datetime.now(UTC)
    session = start_session(program_id=shop.program.id, member_id=anna, label="", came_by="code", at=now)
    number = dict(rows(shop.program.id, MemberSession, "id", "live_number"))[session.id]

    def write(seconds_ago=0):
        at = datetime.now(UTC) - timedelta(seconds=seconds_ago)
        return write_code(secret_of(session.id), number, slot_of(at))

    return write


def spend(shop, number, member=None, **facts):
    body = receipt(number, **SPEND) | {"member": member} | facts
    parts = {name: facts.pop(name) for name in ("repeat", "key") if name in facts}
    for name in parts:
        body.pop(name)
    return shop.post("purchases", body, **parts)


def test_live_code_beside_a_phone_proves_once(shop, anna, shown):
    member = {"phone": "+79161234567", "code": shown()}

    paid, again = spend(shop, "R-2", member), spend(shop, "R-3", member)

    assert (paid.status_code, paid.json()["totals"]["points_minor"]) == (201, 500)
    assert (again.status_code, again.json()["code"]) == (403, "code_wrong")


def test_live_code_alone_names_and_proves(shop, anna, shown):
    paid = spend(shop, "R-2", {"code": shown()})

    assert (paid.status_code, paid.json()["member_id"]) == (201, str(anna))


def test_repetition_is_answered_as_the_first_time(shop, anna, shown):
    member = {"code": shown()}

    first = spend(shop, "R-2", member, repeat="once")
    again = spend(shop, "R-2", member, repeat="once")

    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert again.headers["idempotent-replayed"] == "true"


def test_second_key_is_refused_the_same_code(shop, anna, shown):
    code = shown()
    quoted = shop.post("quotes", receipt(None) | {"member": {"code": code}}, key="till")

    taken = spend(shop, "R-2", {"code": code}, key="shop")
    paid = spend(shop, "R-3", {"code": code}, key="till")

    assert (quoted.status_code, paid.status_code) == (200, 201)
    assert (taken.status_code, taken.json()["code"]) == (403, "code_expired")


def test_old_code_is_refused_and_a_static_number_does_not_spend(shop, anna, shown):
    old = spend(shop, "R-2", {"code": shown(seconds_ago=90)})
    spoken = spend(shop, "R-3", {"phone": "+79161234567"})

    assert (old.status_code, old.json()["code"]) == (403, "code_expired")
    assert (spoken.status_code, spoken.json()["code"]) == (403, "confirmation_required")


def test_forged_code_names_nobody(shop, anna, shown):
    code = shown()

    answer = spend(shop, "R-2", {"code": code[:-1] + str((int(code[-1]) + 1) % 10)})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert rows(shop.program.id, LiveCodeUse, "slot") == []


def test_live_code_sets_points_aside(shop, anna, shown):
    held = shop.post("holds", {"member": {"code": shown()}, "points": 5})

    assert held.status_code == 201


def test_two_different_codes_are_refused(shop, anna, shown):
    answer = spend(shop, "R-2", {"id": str(anna), "code": shown()}, code="123456")

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_same_code_in_both_places_is_one_code(shop, anna, shown):
    code = shown()

    assert spend(shop, "R-2", {"id": str(anna), "code": code}, code=code).status_code == 201


def test_live_code_chooses_a_gift(shop, anna, shown):
    chosen = shop.post(f"members/{anna}/gifts", {"gift": "cake", "code": shown()})

    assert chosen.status_code == 201


def test_live_code_hands_points_over(shop, anna, shown):
    taker = shop.member("+79160000002")
    body = {"to_member_id": str(taker), "currency": "bonus", "points": 1, "code": shown()}

    proposed = shop.post(f"members/{anna}/transfers", body, key="shop", repeat="t1")
    again = shop.post(f"members/{anna}/transfers", body, key="shop", repeat="t1")

    assert (proposed.status_code, again.status_code, again.json()) == (201, 201, proposed.json())
