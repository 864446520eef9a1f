"""Invite links: whoever enrols by one is marked, and the link's figures say what it brought (S4.32)."""

import sys
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import count

import pytest

from kopilka.bookkeeping.idempotency import NO_KEY, Request
from kopilka.bookkeeping.locking import without_locks_for_tests
from kopilka.bookkeeping.notes import Asking
from kopilka.data.models.links import LinkView
from kopilka.data.models.members import Member
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.links import (
    NewLink,
    close_link,
    count_view,
    create_link,
    link_figures,
    links_of_program,
    read_link,
)
from kopilka.services.members import enrol_member
from kopilka.services.profiles import MemberFacts
from kopilka.services.returns import ALL, return_purchase
from tests.factories import NOON, make_member, make_program
from tests.journeys.test_races import at_once, goes_wrong
from tests.tills import TILL_1, buy, member_row, rows

pytestmark = pytest.mark.django_db(transaction=True)

RULES = """
rulebook: 1
program: Мускулы
money: RUB
timezone: Europe/Moscow
segments:
  fitmaster: {by: link, life: {days: 30}}
links:
  fitmaster: {segment: fitmaster, mark: {add: from-fitmaster}, cost: "1000.00"}
  week: {until: "2026-03-09 00:00", limit: 2}
"""


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def asking(at=NOON, key=None):
    return Asking(SYSTEM_ACTOR, at, Request(key=key, fingerprint=b"1" * 32))


def enrol(program, number, link, at=NOON, **facts):
    typed = MemberFacts(phone=f"+7916{number:07d}", link=link, **facts)
    return enrol_member(program_id=program.id, facts=typed, request=NO_KEY, by=SYSTEM_ACTOR, at=at).member


def make(program, code="youtube", key=None, **said):
    return create_link(program_id=program.id, new=NewLink(code, **said), asking=asking(key=key)).link


def figures(program, **asked):
    found = link_figures(program_id=program.id, by=SYSTEM_ACTOR, at=NOON, **asked)
    return {one.code: one for one in found}


def refused(act, *arguments, **facts):
    with pytest.raises(Refusal) as caught:
        act(*arguments, **facts)
    return caught.value.code, caught.value.params


def test_member_enrolled_by_a_link_is_marked(program):
    anna = enrol(program, 1, "fitmaster", tags=("cold",))

    row = member_row(program.id, anna.id)
    assert (row.link, row.tags, anna.segments) == ("fitmaster", "cold from-fitmaster", ("fitmaster",))
    assert row.segments == f"fitmaster@{int((NOON + timedelta(days=30)).timestamp()) * 1_000_000}"


def test_slug_names_a_link_too(program):
    link = make(program, tags_on=("video",))

    anna = enrol(program, 1, link.slug.upper())

    assert len(link.slug) == 8
    assert (member_row(program.id, anna.id).link, anna.tags) == ("youtube", ("video",))


def test_link_that_is_over_or_unknown_enrols_nobody(program):
    make(program, "later", starts_at=NOON + timedelta(days=1))

    assert refused(enrol, program, 1, "nowhere") == (Code.NOT_FOUND, {"what": "link"})
    assert refused(enrol, program, 1, "later") == (Code.LINK_UNUSABLE, {"link": "later", "reason": "not_begun"})
    assert refused(enrol, program, 1, "week", at=NOON + timedelta(days=7)) == (
        Code.LINK_UNUSABLE,
        {"link": "week", "reason": "over"},
    )
    assert rows(program.id, Member, "id") == []


def test_link_enrols_no_more_than_its_limit(program):
    enrol(program, 1, "week")
    enrol(program, 2, "week")

    assert refused(enrol, program, 3, "week") == (Code.LINK_UNUSABLE, {"link": "week", "reason": "full"})


def test_closed_link_enrols_nobody_and_one_of_the_document_is_not_closed_by_hand(program):
    make(program)

    close_link(program_id=program.id, code="youtube", asking=asking())

    assert refused(enrol, program, 1, "youtube")[0] is Code.LINK_UNUSABLE
    assert refused(close_link, program_id=program.id, code="week", asking=asking())[0] is Code.INVALID


@pytest.mark.parametrize(
    ("code", "said", "field"),
    [
        ("week", {}, "code"),
        ("Ютуб", {}, "code"),
        ("a", {"starts_at": NOON, "expires_at": NOON}, "expires_at"),
        ("a", {"tags_on": ("two words",)}, "tags_on"),
        ("a", {"limit": -1}, "limit"),
        ("a", {"cost_minor": -1}, "cost_minor"),
    ],
)
def test_link_that_makes_no_sense_is_not_made(program, code, said, field):
    assert refused(make, program, code, **said)[1]["field"] == field


def test_repeated_request_makes_one_link(program):
    first = create_link(program_id=program.id, new=NewLink("youtube"), asking=asking(key="k"))
    again = create_link(program_id=program.id, new=NewLink("youtube"), asking=asking(key="k"))

    assert (first.replayed, again.replayed, first.link.slug == again.link.slug) == (False, True, True)
    page = links_of_program(program_id=program.id, by=SYSTEM_ACTOR, at=NOON, limit=2)
    assert ([row.said.code for row in page.rows], page.after) == (["fitmaster", "week"], "week")


def test_visitor_is_counted_once(program):
    seen = [
        count_view(program_id=program.id, code="week", visitor=visitor, by=SYSTEM_ACTOR, at=NOON).is_new
        for visitor in ("anna", "anna", "boris")
    ]

    assert seen == [True, False, True]
    assert figures(program)["week"].views == 2
    assert figures(program, since=NOON + timedelta(days=1))["week"].views == 0
    assert "anna" not in str(rows(program.id, LinkView, "visitor"))


def test_figures_tell_what_a_link_brought(program):
    anna, boris = enrol(program, 1, "fitmaster"), enrol(program, 2, "fitmaster")
    enrol(program, 3, "fitmaster")
    other = make_member(program)
    buy(program.id, anna.id, "100")
    buy(program.id, anna.id, "250.01")
    whole = buy(program.id, boris.id, "500")
    buy(program.id, other, "999")
    return_purchase(
        program_id=program.id, purchase_id=whole.purchase_id, lines=ALL, source="till:1", external_id="r1",
        by=TILL_1, at=NOON,
    )  # fmt: skip

    found = figures(program)["fitmaster"]

    assert (found.enrolled, found.buyers, found.receipts) == (3, 1, 2)
    assert (found.revenue_minor, found.average_minor) == (35_001, 17_501)
    assert (found.conversion, found.cost_minor, found.cost_per_buyer_minor) == (3_333, 100_000, 100_000)


def test_figures_of_a_period_count_who_came_in_it_and_bought_in_it(program):
    anna = enrol(program, 1, "fitmaster")
    enrol(program, 2, "fitmaster", at=NOON + timedelta(days=2))
    buy(program.id, anna.id, "100")
    buy(program.id, anna.id, "100", at=NOON + timedelta(days=3))

    found = figures(program, since=NOON, until=NOON + timedelta(days=1), codes=("fitmaster",))["fitmaster"]

    assert (found.enrolled, found.buyers, found.receipts, found.revenue_minor) == (1, 1, 1, 10_000)


@contextmanager
def often_interrupted():
    """Threads take turns so often that what is not locked does go wrong."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(0.00001)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def come_at_once(program, link, numbers):
    """What each of these people was told who ask for a place of this link, all at once."""
    read_link(program_id=program.id, code=link, by=SYSTEM_ACTOR, at=NOON)
    answers = at_once([partial(enrol, program, number, link) for number in numbers])
    return [answer.code.value if isinstance(answer, Exception) else "enrolled" for answer in answers]


def test_race_for_the_last_place_of_a_link(program):
    """S4.28. Eight people and two places."""
    answers = come_at_once(program, "week", range(1, 9))

    assert sorted(answers) == ["enrolled"] * 2 + ["link_unusable"] * 6


def test_control_without_the_lock_a_link_has_more_places(program):
    """Round after round, because SQLite's one writer leaves the gap open for a moment only."""
    rounds = count()

    def overfilled():
        number = next(rounds)
        make(program, f"race-{number}", limit=2)
        people = range(16 * number + 1, 16 * number + 17)
        return come_at_once(program, f"race-{number}", people).count("enrolled") > 2

    with without_locks_for_tests(), often_interrupted():
        assert goes_wrong(overfilled)
