"""Tiers in the books: by purchases, by time, by hand, taken back by returns."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kopilka.bookkeeping.returning.requests import ALL, ReturnRequest
from kopilka.data.models.events import AuditRecord, Event
from kopilka.data.models.purchases import Purchase
from kopilka.data.models.tiers import TierChange
from kopilka.engine.actor import ADMIN, SYSTEM_ACTOR, Actor, ActorKind, Capability
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.books import check_books
from kopilka.services.programs import publish_rulebook
from kopilka.services.purchases import confirm_purchases
from kopilka.services.returns import return_many
from kopilka.services.tier_reviews import review_due_tiers
from kopilka.services.tiers import TierRequest, set_tier
from tests.factories import NOON, make_member, make_program
from tests.tills import TILL_1, bread, buy, member_row, receipt, request, rows

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = "rulebook: 1\nprogram: Лавка\nmoney: RUB\ntimezone: Europe/Moscow\nreturns: {tiers: review}\n"
RULES = (
    HEAD
    + """\
tiers:
  bronze: {}
  silver: {enter: {spent: {at_least: "1000.00"}}}
  gold:
    enter: {spent: {at_least: "5000.00"}}
    keep: {when: {spent: {at_least: "2000.00"}}, within: {months: 12}}
"""
)
OWNER = Actor(ActorKind.STAFF, None, "Мария", ADMIN)
YEAR_LATER = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
TWO_YEARS_LATER = datetime(2028, 3, 2, 9, 0, tzinfo=UTC)
BACKDATED = Actor(ActorKind.SYSTEM, None, "history", frozenset(ADMIN | {Capability.BACKDATE}))


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


@pytest.fixture
def member(program):
    return make_member(program)


def tier(program, member):
    return member_row(program.id, member).tier


def changes(program):
    return rows(program.id, TierChange, "before", "after", "why")


def told(program):
    found = rows(program.id, Event, "kind", "payload")
    return [json.loads(payload) for kind, payload in found if kind == "tier_changed"]


def bring_back(program, purchase, lines=ALL, number="r1", at=NOON):
    asked = ReturnRequest("till:1", number, TILL_1, at, purchase_id=purchase, lines=lines)
    return return_many(program_id=program.id, requests=[asked])[0]


def test_a_purchase_that_lifts_a_member_is_history_and_told_once(program, member):
    bought = buy(program.id, member, "5000")

    assert tier(program, member) == "gold"
    assert rows(program.id, TierChange, "before", "after", "why", "cause", "at") == [
        ("bronze", "gold", "purchase", bought.purchase_id, NOON)
    ]
    assert told(program) == [{"before": "bronze", "after": "gold", "why": "purchase"}]


def test_purchases_of_one_batch_see_each_others_changes(program, member):
    asked = [request(member, bread("600"), str(number)) for number in range(3)]

    done = confirm_purchases(program_id=program.id, requests=asked)

    assert [one.decision.tier_after for one in done] == ["bronze", "silver", "silver"]
    assert changes(program) == [("bronze", "silver", "purchase")]


def test_the_worker_lowers_at_the_planned_moment_however_late_it_is(program, member):
    buy(program.id, member, "5000")
    review_due_tiers(program_id=program.id, at=NOON)
    buy(program.id, member, "1999.99", at=NOON + timedelta(days=366), by=BACKDATED)

    kept = review_due_tiers(program_id=program.id, at=YEAR_LATER + timedelta(days=3))
    lost = review_due_tiers(program_id=program.id, at=TWO_YEARS_LATER + timedelta(days=3))

    row = member_row(program.id, member)
    assert (kept, lost) == (0, 1), "the first stretch holds the purchase that lifted him, the second one too little"
    assert (row.tier, row.tier_since, row.tier_review_at) == ("silver", TWO_YEARS_LATER, None)
    assert changes(program) == [("bronze", "gold", "purchase"), ("gold", "silver", "review")]


def test_a_review_happens_once_however_often_the_worker_runs(program, member):
    buy(program.id, member, "5000")
    at = datetime(2028, 4, 1, tzinfo=UTC)

    assert [review_due_tiers(program_id=program.id, at=at) for _ in range(3)] == [1, 0, 0]
    assert len(told(program)) == 2


def test_two_workers_review_a_member_once(program, only_on_postgres):
    for number in range(5):
        buy(program.id, make_member(program, f"+7916000000{number}"), "5000")
    at, ready, done = datetime(2028, 4, 1, tzinfo=UTC), Barrier(2), []

    def work():
        ready.wait()
        done.append(review_due_tiers(program_id=program.id, at=at))
        connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    assert sum(done) == 5
    assert len([one for one in told(program) if one["why"] == "review"]) == 5


def test_purchases_count_once_they_cannot_be_brought_back_any_more(db):
    program = make_program(rulebook=RULES + "counting: {after: {days: 14}}\n")
    member = make_member(program)
    buy(program.id, member, "5000")

    assert tier(program, member) == "bronze"
    assert review_due_tiers(program_id=program.id, at=NOON + timedelta(days=14, seconds=-1)) == 0
    assert review_due_tiers(program_id=program.id, at=NOON + timedelta(days=14)) == 1
    assert tier(program, member) == "gold"


def test_windows_count_what_was_bought_in_them(db):
    rules = HEAD + 'tiers: {bronze: {}, gold: {enter: {spent: {at_least: "1000.00"}}, within: {months: 1}}}\n'
    program = make_program(rulebook=rules)
    member = make_member(program)
    buy(program.id, member, "600")

    later = buy(program.id, member, "400", at=NOON + timedelta(days=32), by=BACKDATED)
    again = buy(program.id, member, "600", at=NOON + timedelta(days=33), by=BACKDATED)

    assert [later.decision.tier_after, again.decision.tier_after] == ["bronze", "gold"]


def test_new_rules_are_looked_through_once(program, member, django_assert_max_num_queries):
    buy(program.id, member, "5000")
    review_due_tiers(program_id=program.id, at=NOON)
    shorter = RULES.replace("months: 12", "months: 3")
    publish_rulebook(program_id=program.id, source=shorter, by=SYSTEM_ACTOR, at=NOON)

    review_due_tiers(program_id=program.id, at=NOON + timedelta(days=1))

    assert member_row(program.id, member).tier_review_at == datetime(2026, 6, 2, 9, 0, tzinfo=UTC)
    with django_assert_max_num_queries(8):
        review_due_tiers(program_id=program.id, at=NOON + timedelta(days=1))


def by_hand(program, member, to, **facts):
    asked = TierRequest(member, to, "просьба директора", OWNER, NOON)
    return set_tier(program_id=program.id, request=replace(asked, **facts))


def test_a_tier_is_set_by_hand_with_a_reason_that_stays(program, member):
    done = by_hand(program, member, "gold", until=YEAR_LATER)

    row = member_row(program.id, member)
    assert (done.before, row.tier, row.tier_until) == ("bronze", "gold", YEAR_LATER)
    assert rows(program.id, TierChange, "after", "why", "by", "reason") == [
        ("gold", "hand", "Мария", "просьба директора")
    ]
    assert ("tier_set", "просьба директора") in rows(program.id, AuditRecord, "act", "reason")
    assert told(program) == [{"before": "bronze", "after": "gold", "why": "hand"}]


def test_what_was_set_until_a_date_ends_with_it(program, member):
    by_hand(program, member, "gold", until=YEAR_LATER)

    assert review_due_tiers(program_id=program.id, at=YEAR_LATER) == 1
    row = member_row(program.id, member)
    assert (row.tier, row.tier_until) == ("bronze", None)


def test_what_was_set_for_ever_stays(program, member):
    by_hand(program, member, "gold", for_ever=True)

    assert review_due_tiers(program_id=program.id, at=datetime(2040, 1, 1, tzinfo=UTC)) == 0
    assert tier(program, member) == "gold"


def test_who_was_lowered_by_hand_is_not_lifted_by_a_purchase(program, member):
    buy(program.id, member, "5000")
    by_hand(program, member, "bronze", until=YEAR_LATER)

    assert buy(program.id, member, "100").decision.tier_after == "bronze"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"tier": "platinum"}, Code.INVALID),
        ({"reason": " "}, Code.MISSING),
        ({"until": NOON}, Code.INVALID),
        ({"until": YEAR_LATER, "for_ever": True}, Code.INVALID),
        ({"by": TILL_1}, Code.NOT_ALLOWED),
    ],
)
def test_what_cannot_be_set_changes_nothing(program, member, facts, code):
    with pytest.raises(Refusal) as refused:
        by_hand(program, member, facts.pop("tier", "gold"), **facts)

    assert refused.value.code is code
    assert (tier(program, member), changes(program)) == ("", [])


def test_a_return_takes_the_tier_back_by_policy(program, member):
    buy(program.id, member, "900")
    bought = buy(program.id, member, "4500").purchase_id

    bring_back(program, bought)

    row = member_row(program.id, member)
    assert (row.tier, row.purchases, row.spent_minor, row.last_purchase_minor) == ("bronze", 1, 90_000, 90_000)
    assert changes(program) == [("bronze", "gold", "purchase"), ("gold", "bronze", "return")]


def test_a_return_leaves_the_tier_where_the_rules_say_so(db):
    program = make_program(rulebook=RULES.replace("review", "keep"))
    member = make_member(program)
    bought = buy(program.id, member, "5000").purchase_id

    bring_back(program, bought)

    row = member_row(program.id, member)
    assert (row.tier, row.purchases, row.last_purchase_at) == ("gold", 0, None)


def test_a_return_takes_no_tier_that_was_set_by_hand(program, member):
    by_hand(program, member, "gold")
    bought = buy(program.id, member, "5000").purchase_id

    bring_back(program, bought)

    assert tier(program, member) == "gold"


def test_a_return_of_what_was_not_needed_leaves_the_tier(program, member):
    buy(program.id, member, "5000")
    more = buy(program.id, member, "300").purchase_id

    bring_back(program, more)

    assert tier(program, member) == "gold"


PRICES = st.sampled_from(["1", "400", "999.99", "1000", "4000", "5000", "7000"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(PRICES, max_size=3), price=PRICES, pieces=st.integers(1, 4), data=st.data())
def test_a_full_return_in_any_partition_leaves_tier_and_counters_as_before(program, before, price, pieces, data):
    member = make_member(program, phone="", card=str(datetime.now(UTC).timestamp()))
    moment = NOON
    for one in before:
        moment += timedelta(hours=1)
        buy(program.id, member, one, at=moment, by=BACKDATED)
    was = counters(program, member)
    moment += timedelta(hours=1)
    sold = receipt(("TEA", price, pieces), at=moment)
    bought = confirm_purchases(program_id=program.id, requests=[request(member, sold, f"{member}", by=BACKDATED)])[
        0
    ].purchase_id

    left, part = pieces, 0
    while left:
        count = data.draw(st.integers(1, left))
        part, left = part + 1, left - count
        bring_back(program, bought, {1: count * 1000}, f"{member}-{part}", at=moment + timedelta(hours=part))

    assert counters(program, member) == was


def counters(program, member):
    row = member_row(program.id, member)
    return (
        row.tier or "bronze",
        row.purchases,
        row.spent_minor,
        row.last_purchase_minor,
        row.last_purchase_at,
        row.tier_since if row.tier not in {"", "bronze"} else None,
    )


def test_the_books_know_what_came_back_whole(program, member):
    bought = buy(program.id, member, "5000").purchase_id
    buy(program.id, member, "100")
    bring_back(program, bought)

    assert rows(program.id, Purchase, "is_back") == [(True,), (False,)]
    assert [one for one in check_books(program_id=program.id) if one.findings] == []
