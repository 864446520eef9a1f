"""The database names the same members as the engine, whatever is asked of whomever."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kopilka.bookkeeping.loading import BIRTH_DATE, load_standings
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.members import Member, Profile
from kopilka.data.models.segments import SegmentMember
from kopilka.engine import conditions
from kopilka.engine.conditions import All, Any, Not, Op
from kopilka.engine.facts import FACTS, Scope
from kopilka.engine.mechanics import Mechanics
from kopilka.engine.mechanics_things import Segment
from kopilka.engine.rulebook import Rulebook, Tier
from kopilka.engine.segments import holds_for, segments_at
from kopilka.engine.stays import Stay, text_of
from kopilka.queries.member_conditions.facts import ASKED
from kopilka.queries.member_conditions.moment import Moment
from kopilka.queries.member_conditions.tree import members_where
from kopilka.queries.scope import reading
from tests.factories import make_program

pytestmark = pytest.mark.django_db

MOSCOW = ZoneInfo("Europe/Moscow")
TAGS = ["coffee", "Coffee", "cof", "чай"]
TIERS = ["bronze", "gold"]
HAND = ["vip", "friends"]
LIVE = ["big", "sleepers"]
LINKS = ["", "youtube", "google"]

RULEBOOK = Rulebook(
    "members-of-conditions",
    "Лавка",
    "RUB",
    MOSCOW,
    tiers=(Tier("bronze"), Tier("gold", enter=conditions.Test("spent", Op.ABOVE, 1_000_000))),
    mechanics=Mechanics(
        segments={
            "sleepers": Segment(
                "sleepers",
                when=All(
                    (
                        conditions.Test("last_purchase_days", Op.AT_LEAST, 3),
                        conditions.Test("segment", Op.ONE_OF, ("big",)),
                    )
                ),
            ),
            "vip": Segment("vip", by="hand"),
            "friends": Segment("friends", by="link"),
            "big": Segment(
                "big",
                when=Any((conditions.Test("spent", Op.ABOVE, 50), conditions.Test("segment", Op.ONE_OF, ("vip",)))),
            ),
        }
    ),
)

DAYS_AGO = st.integers(-2, 5)
EDGE_DAYS = [date(2000, 2, 29), date(1996, 2, 28), date(1999, 3, 1), date(1990, 12, 31), date(1991, 1, 1)]
MOMENTS = [
    datetime(2026, 3, 1, 20, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 3, 1, 21, 0, tzinfo=UTC),
    datetime(2026, 2, 28, 12, 0, tzinfo=UTC),
    datetime(2028, 2, 29, 1, 0, tzinfo=UTC),
    datetime(2028, 2, 28, 22, 0, tzinfo=UTC),
    datetime(2027, 1, 1, 0, 0, tzinfo=UTC),
]


@st.composite
def near(draw, at):
    """A moment close to `at`, often on the edge of a local day."""
    if draw(st.booleans()):
        day = at.astimezone(MOSCOW).date() - timedelta(days=draw(DAYS_AGO))
        return datetime(day.year, day.month, day.day, tzinfo=MOSCOW) - timedelta(microseconds=draw(st.integers(0, 1)))
    return at - timedelta(days=draw(DAYS_AGO), minutes=draw(st.integers(0, 3_000)))


@st.composite
def people(draw, at):
    last = draw(st.none() | near(at))
    stays = [
        Stay(code, draw(st.none() | near(at) | st.just(at)), draw(st.booleans()))
        for code in draw(st.lists(st.sampled_from(HAND), unique=True))
    ]
    born = draw(st.none() | st.sampled_from(EDGE_DAYS) | st.dates(date(1989, 12, 1), date(1992, 2, 1)))
    return born, stays, {
        "enrolled_at": draw(near(at)),
        "tier": draw(st.sampled_from(["", *TIERS])),
        "tags": " ".join(draw(st.lists(st.sampled_from(TAGS), unique=True))),
        "segments": text_of(stays),
        "purchases": draw(st.integers(0, 3)),
        "spent_minor": draw(st.integers(-1, 100)),
        "last_purchase_minor": None if last is None else draw(st.integers(0, 4)),
        "last_purchase_at": last,
        "referrals": draw(st.integers(0, 3)),
        "link": draw(st.sampled_from(LINKS)),
        "agent": draw(st.sampled_from(["", "petr"])),
    }  # fmt: skip


def compared(fact, bounds):
    ops = st.sampled_from([Op.ABOVE, Op.AT_LEAST, Op.BELOW, Op.AT_MOST])
    return st.builds(conditions.Test, st.just(fact), ops, bounds) | st.builds(
        lambda values: conditions.Test(fact, Op.ONE_OF, tuple(values)), st.lists(bounds, min_size=1, max_size=3)
    )


def one_of(fact, values):
    return st.lists(st.sampled_from(values), min_size=1, max_size=3).map(
        lambda some: conditions.Test(fact, Op.ONE_OF, tuple(some))
    )


SMALL = st.integers(0, 4)
TESTS = (
    one_of("member", [True, False])
    | one_of("tier", TIERS)
    | one_of("segment", HAND + LIVE)
    | one_of("tags", [*TAGS, "", "coffee чай"])
    | one_of("link", LINKS)
    | one_of("invited", [True, False])
    | one_of("has_agent", [True, False])
    | compared("age", st.integers(24, 40) | st.just(10**9))
    | compared("enrolled_days", SMALL | st.just(10**9))
    | compared("purchases", SMALL)
    | compared("spent", st.sampled_from([0, 49, 50, 51, 99, 10**15]))
    | compared("last_purchase", SMALL)
    | compared("last_purchase_days", SMALL | st.just(10**9))
    | compared("referrals", SMALL)
    | st.builds(
        lambda b, a: conditions.Test("birthday", Op.WITHIN, (b, a)), st.sampled_from([0, 1, 7, 366]), st.integers(0, 3)
    )
)
CONDITIONS = st.recursive(
    TESTS,
    lambda inner: (
        st.builds(Not, inner)
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: All(tuple(parts)))
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: Any(tuple(parts)))
    ),
    max_leaves=5,
)


def write(program_id, at, persons):
    ids = []
    for born, stays, columns in persons:
        member = Member.objects.create(id=new_id(), program_id=program_id, **columns)
        Profile.objects.create(program_id=program_id, member=member, birth_date=born, changed_at=at)
        for stay in stays:
            SegmentMember.objects.create(
                program_id=program_id, member=member, segment=stay.segment, since=at, until=stay.until,
                next_sale=stay.next_sale, source="hand",
            )  # fmt: skip
        SegmentMember.objects.create(program_id=program_id, member=member, segment="big", since=at, source="live")
        if len(ids) % 2:
            Member.objects.of(program_id).filter(id=member.id).update(inviter_id=ids[0])
        ids.append(member.id)
    return ids


def named_by_engine(program_id, ids, condition, at):
    standings = load_standings(program_id, ids, at=at, lock=False, want=frozenset({BIRTH_DATE}))
    found = set()
    for member_id, standing in standings.items():
        standing.segments = segments_at(RULEBOOK, standing, at)
        if holds_for(RULEBOOK, standing, condition, at):
            found.add(member_id)
    return found


def named_by_database(program_id, condition, at):
    with reading(program_id):
        asked = members_where(condition, Moment(program_id, RULEBOOK, at))
        return set(Member.objects.of(program_id).filter(asked).values_list("id", flat=True))


@pytest.fixture
def program():
    return make_program()


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data(), at=st.sampled_from(MOMENTS), condition=CONDITIONS)
def test_database_and_engine_name_the_same_members(program, data, at, condition):
    persons = data.draw(st.lists(people(at), min_size=1, max_size=4))
    with transaction.atomic():
        enter_program(program.id)
        ids = write(program.id, at, persons)

        assert named_by_database(program.id, condition, at) == named_by_engine(program.id, ids, condition, at)

        transaction.set_rollback(True)


def test_every_fact_about_members_can_be_asked_of_the_database():
    assert {name for name, fact in FACTS.items() if fact.scope is Scope.MEMBER} == {*ASKED, "segment"}
