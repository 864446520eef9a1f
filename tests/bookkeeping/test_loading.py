"""From rows to standings."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.loading import (
    BIRTH_DATE,
    Refs,
    load_standing,
    load_standings,
    read_members,
    wanted_facts,
)
from kopilka.bookkeeping.rulebooks import check_rulebook
from kopilka.engine.refusal import Code, Refusal
from tests.factories import NOON, make_member, make_program
from tests.tills import FREE_RULES, buy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    return make_program(rulebook=FREE_RULES)


@pytest.fixture
def member_id(program):
    return make_member(program, birth_date=date(1990, 5, 17))


def load(program, member_id, **facts):
    with transaction.atomic():
        return load_standing(program.id, member_id, at=NOON, **facts)


def test_standing_knows_the_member_and_his_wallets(program, member_id):
    buy(program.id, member_id, "500")

    standing = load(program, member_id)

    assert (standing.member_id, standing.enrolled_at, standing.purchases, standing.spent) == (
        member_id, NOON, 1, 50_000,
    )  # fmt: skip
    assert (standing.last_purchase_minor, standing.last_purchase_at) == (50_000, NOON)
    wallet = standing.wallets["bonus"]
    assert (wallet.available, wallet.pending, wallet.carry_num, wallet.carry_den, wallet.is_new) == (50, 0, 0, 1, False)
    assert standing.lots == {}
    assert standing.birth_date is None


def test_lots_are_those_that_still_hold_points(program, member_id):
    buy(program.id, member_id, "500")
    buy(program.id, member_id, "300")
    buy(program.id, member_id, "100", spend=50)

    lots = load(program, member_id, lots=True).lots["bonus"]

    assert [(lot.amount, lot.remaining, lot.active) for lot in lots] == [(30, 30, True), (5, 5, True)]
    assert lots[0].expires_at == NOON + timedelta(days=365)


def test_birth_date_is_read_only_when_it_is_wanted(program, member_id):
    assert load(program, member_id, want=frozenset({BIRTH_DATE})).birth_date == date(1990, 5, 17)


def test_wallets_come_along_however_their_members_are_named(program, member_id):
    """By number, by phone and not at all; somebody who has no wallet yet has none."""
    other, fresh = make_member(program, "+79160000002"), make_member(program, "+79160000003")
    buy(program.id, member_id, "500")
    buy(program.id, other, "300")
    refs = Refs()
    refs.add(0, "", "", member_id)
    refs.add(1, "phone", "+79160000002", None)
    refs.add(2, "phone", "+79160000003", None)
    refs.add(3, "phone", "+79160000004", None)
    refs.add(4, "", "", other)

    with transaction.atomic(), store.together():
        store.enter(program.id)
        who, known = read_members(program.id, refs, lock=True)

    assert who == {0: member_id, 1: other, 2: fresh, 4: other}
    points = {one: {code: wallet.available for code, wallet in known[one].standing.wallets.items()} for one in known}
    assert points == {member_id: {"bonus": 50}, other: {"bonus": 30}, fresh: {}}


def test_several_members_at_once(program, member_id):
    other = make_member(program, "+79160000002")

    with transaction.atomic():
        found = load_standings(program.id, [member_id, other, other], at=NOON)

    assert set(found) == {member_id, other}


def test_missing_member_is_not_found(program, member_id):
    with transaction.atomic(), pytest.raises(Refusal) as caught:
        load_standings(program.id, [member_id, uuid4()], at=NOON)

    assert (caught.value.code, caught.value.params) == (Code.NOT_FOUND, {"what": "member"})


def test_member_of_another_program_is_not_found(program, member_id):
    with pytest.raises(Refusal):
        load(make_program("other"), member_id)


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("{earn: {percent: 1}}", set()),
        ("{when: {age: {at_least: 18}}, earn: {percent: 1}}", {BIRTH_DATE}),
        ("{when: {any: [{weekday: fri}, {not: {age: {below: 18}}}]}, earn: {percent: 1}}", {BIRTH_DATE}),
    ],
)
def test_rules_say_what_they_want_to_know(rule, wanted):
    text = FREE_RULES.replace("{earn: {percent: 10}}", rule)
    rulebook = check_rulebook(text).rulebook

    assert wanted_facts(rulebook) == wanted_facts(rulebook) == wanted
