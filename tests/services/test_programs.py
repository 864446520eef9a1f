"""Programs and the versions of their rules."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import transaction

from kopilka.bookkeeping.idempotency import Request
from kopilka.bookkeeping.rulebooks import load_rulebook, load_rulebook_version
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.ledger import Operation, Wallet
from kopilka.data.models.programs import Till
from kopilka.engine.actor import SYSTEM_ACTOR, TILL, Actor, ActorKind
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.programs import list_versions, program_by_slug, rulebook_source
from kopilka.services.programs import (
    Difference,
    add_branch,
    create_program,
    diff_trees,
    diff_versions,
    publish_rulebook,
)
from tests.factories import NOON, make_member, make_program

pytestmark = pytest.mark.django_db(transaction=True)

FIVE = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Asia/Omsk
points:
  bonus: {name: Бонусы, worth: "1.00"}
promotions:
  cashback: {earn: {percent: 5}}
"""
SEVEN = FIVE.replace("percent: 5", "percent: 7")


@pytest.fixture
def program():
    return make_program()


def publish(program, source, **facts):
    return publish_rulebook(program_id=program.id, source=source, by=SYSTEM_ACTOR, at=NOON, **facts)


def refused(act, *arguments, **fields):
    with pytest.raises(Refusal) as caught:
        act(*arguments, **fields)
    return caught.value.code, caught.value.params


@pytest.mark.parametrize(
    "slug",
    ["", "a", "..", "admin", "api", "xn--80a", "a" * 64, "кофе", "☕", "A", "-a", "a-", "a b", "a\n", "a/b"],
)
def test_program_needs_a_slug_for_addresses(slug):
    told = refused(create_program, slug=slug, name="x", by=SYSTEM_ACTOR, at=NOON)

    assert told == (Code.INVALID, {"field": "slug", "reason": "not_a_slug"})


def test_program_slug_is_taken_once(program):
    told = refused(create_program, slug="lavka", name="x", by=SYSTEM_ACTOR, at=NOON)

    assert told == (Code.INVALID, {"field": "slug", "reason": "taken"})


@pytest.mark.parametrize(
    ("field", "value"),
    [("currency", "RUR"), ("currency", "rub"), ("timezone", "Mars/Base"), ("timezone", "../etc"), ("language", "de"),
     ("country", "Россия"), ("country", "ru")],
)  # fmt: skip
def test_program_refuses_what_does_not_exist(field, value):
    told = refused(create_program, slug="shop", name="x", by=SYSTEM_ACTOR, at=NOON, **{field: value})

    assert told == (Code.INVALID, {"field": field, "reason": "unknown"})


def test_program_without_a_rulebook_has_nothing_to_play_by(program):
    with transaction.atomic():
        enter_program(program.id)
        told = refused(load_rulebook, program.id)

    assert told == (Code.RULEBOOK_MISSING, {})
    assert refused(rulebook_source, program.id) == (Code.NOT_FOUND, {"what": "rulebook"})


def test_publishing_puts_a_version_in_force(program):
    first, second = publish(program, FIVE, note="начало"), publish(program, SEVEN)

    with transaction.atomic():
        enter_program(program.id)
        number, rulebook = load_rulebook(program.id)
        before = load_rulebook_version(program.id, 1)
    assert (first.number, second.number, number) == (1, 2, 2)
    assert rulebook.fingerprint == second.fingerprint
    assert (before.promotions[0].earn[0].percent, rulebook.promotions[0].earn[0].percent) == (500, 700)
    assert program_by_slug("lavka").timezone == "Asia/Omsk"
    assert [(v.number, v.note, v.is_current) for v in list_versions(program.id)] == [
        (2, "", True),
        (1, "начало", False),
    ]
    assert (rulebook_source(program.id), rulebook_source(program.id, 1)) == ((2, SEVEN), (1, FIVE))


def test_publishing_the_current_text_again_makes_no_version(program):
    publish(program, FIVE)

    again = publish(program, FIVE)

    assert (again.number, again.is_new) == (1, False)
    assert len(list_versions(program.id)) == 1


def test_publishing_repeated_with_its_key_answers_as_before(program):
    request = Request(UUID(int=5), "k", b"a" * 32)
    first = publish(program, FIVE, request=request)
    publish(program, SEVEN)

    second = publish(program, FIVE, request=request)

    assert second == replace(first, replayed=True)
    assert len(list_versions(program.id)) == 2
    with transaction.atomic():
        enter_program(program.id)
        kinds = Operation.objects.of(program.id).order_by("id").values_list("kind", "key")
        assert list(kinds) == [("publish", "k"), ("publish", None)]


def test_publishing_tells_every_problem_with_its_place(program):
    source = FIVE.replace("percent: 5", "percent: lots").replace("worth:", "worht:")

    code, params = refused(publish, program, source)

    assert code == Code.RULEBOOK_INVALID
    assert [(p["path"], p["code"], p["line"]) for p in params["problems"]] == [
        ("points.bonus.worht", "unknown_key", 6),
        ("promotions.cashback.earn.percent", "not_a_number", 8),
    ]
    assert list_versions(program.id) == []


def test_publishing_keeps_the_money(program):
    code, params = refused(publish, program, FIVE.replace("RUB", "EUR"))

    assert code == Code.RULEBOOK_INVALID
    assert params == {
        "problems": [{"path": "money", "code": "other_money", "params": {"expected": "RUB", "given": "EUR"}, "line": 0}]
    }


@pytest.mark.parametrize(("before", "after"), [("bonus", "stars"), ('worth: "1.00"', 'worth: "1.00", decimals: 2')])
def test_publishing_keeps_points_that_members_hold(program, before, after):
    publish(program, FIVE)
    member_id = make_member(program)
    with transaction.atomic():
        enter_program(program.id)
        Wallet(id=new_id(), program_id=program.id, member_id=member_id, currency="bonus").save(force_insert=True)

    code, params = refused(publish, program, FIVE.replace(before, after))

    assert code == Code.RULEBOOK_INVALID
    assert [(p["path"], p["code"]) for p in params["problems"]] == [("points.bonus", "points_in_use")]


def test_publishing_needs_the_right(program):
    till = Actor(ActorKind.KEY, UUID(int=1), "касса", TILL)

    told = refused(publish_rulebook, program_id=program.id, source=FIVE, by=till, at=NOON)

    assert told == (Code.NOT_ALLOWED, {"capability": "publish"})


def test_diff_lists_changed_paths(program):
    publish(program, FIVE)
    publish(program, SEVEN.replace("promotions:", "promotions:\n  friday: {when: {weekday: fri}, earn: {percent: 1}}"))

    assert diff_versions(program_id=program.id, first=1, second=2, by=SYSTEM_ACTOR) == [
        Difference("promotions.cashback.earn.percent", "5", "7"),
        Difference("promotions.friday", None, {"when": {"weekday": "fri"}, "earn": {"percent": "1"}}),
    ]


def test_diff_sees_the_order_of_tiers_and_nothing_else():
    before = {"tiers": {"a": "1", "b": "2"}, "points": {"x": "1", "y": "1"}}
    after = {"tiers": {"b": "2", "a": "1"}, "points": {"y": "1", "x": "1"}}

    assert diff_trees(before, after) == [Difference("tiers", ["a", "b"], ["b", "a"])]
    assert diff_trees(before, before) == []


def test_branch_is_added_once_with_its_tills(program):
    first = add_branch(program_id=program.id, code="centre", tills=("k1", "k2"), by=SYSTEM_ACTOR, at=NOON)
    second = add_branch(program_id=program.id, code="centre", tills=("k2", "k3"), by=SYSTEM_ACTOR, at=NOON)

    assert first == second
    with transaction.atomic():
        enter_program(program.id)
        assert list(Till.objects.of(program.id).order_by("code").values_list("code", "branch_id")) == [
            ("k1", first), ("k2", first), ("k3", first),
        ]  # fmt: skip
