"""Enrolling, changing, finding: identifiers are one person's, requests may be repeated (S2.1, I14, T64, S3.20)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from kopilka.bookkeeping.idempotency import NO_KEY, Request
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.events import AuditRecord, Event
from kopilka.data.models.ledger import Operation
from kopilka.data.models.members import Identifier, Member, Profile
from kopilka.engine.actor import SHOP, SYSTEM_ACTOR, Actor, ActorKind, Capability
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.codes import issue_code
from kopilka.services.members import MemberChange, change_member, enrol_member, find_member, read_member
from kopilka.services.profiles import MemberFacts
from tests.factories import NOON, make_member, make_program

pytestmark = pytest.mark.django_db(transaction=True)

SELLER = Actor(ActorKind.KEY, UUID(int=7), "касса 1", SHOP)
READER = Actor(ActorKind.KEY, UUID(int=8), "экран", frozenset({Capability.READ}))
LATER = NOON + timedelta(days=3)


@pytest.fixture
def program():
    return make_program()


def enrol(program, request=NO_KEY, by=SELLER, at=NOON, **facts):
    return enrol_member(program_id=program.id, facts=MemberFacts(**facts), request=request, by=by, at=at)


def change(program, member_id, request=NO_KEY, by=SELLER, **fields):
    return change_member(
        program_id=program.id, member_id=member_id, change=MemberChange(**fields), request=request, by=by, at=LATER
    )


def rows_of(model, program):
    with transaction.atomic():
        enter_program(program.id)
        return list(model.objects.of(program.id).order_by("pk"))


def refused(act, *arguments, **fields):
    with pytest.raises(Refusal) as caught:
        act(*arguments, **fields)
    return caught.value.code, caught.value.params


def test_enrol_writes_the_member_with_clean_data(program):
    answer = enrol(
        program, phone="8 (916) 123-45-67", card="908-424-2890", email="Anna@Example.com", external="A-1",
        name=" Анна  Ёлкина ", birth_date=date(2000, 2, 29), gender="f", language="ru", tags=("vip", "b2b"),
    )  # fmt: skip

    member = answer.member
    assert answer.replayed is False
    assert (member.phone, member.card, member.email, member.external) == (
        "+79161234567", "9084242890", "anna@example.com", "A-1",
    )  # fmt: skip
    assert (member.name, member.birth_date, member.gender) == ("Анна Ёлкина", date(2000, 2, 29), "f")
    assert (member.tags, member.status, member.enrolled_at) == (("b2b", "vip"), "active", NOON)
    assert [row.search for row in rows_of(Profile, program)] == ["анна елкина"]
    assert [(row.kind, row.member_id) for row in rows_of(Operation, program)] == [("enrol", member.id)]
    assert [(row.kind, row.member_id) for row in rows_of(Event, program)] == [("member_enrolled", member.id)]


def test_enrol_knows_a_phone_in_another_spelling(program):
    enrol(program, phone="+7 916 123-45-67")

    told = refused(enrol, program, phone="8 916 123 45 67", card="5")

    assert told == (Code.IDENTIFIER_TAKEN, {"kind": "phone"})
    assert [row.value for row in rows_of(Identifier, program)] == ["+79161234567"]


def test_enrol_in_another_program_takes_the_same_phone(program):
    other = make_program("drugaya")

    enrol(program, phone="+79161234567")
    answer = enrol(other, phone="+79161234567")

    assert answer.member.phone == "+79161234567"


def test_enrol_needs_something_to_recognise_by(program):
    assert refused(enrol, program, name="Анна") == (Code.MISSING, {"field": "phone"})
    assert rows_of(Member, program) == []


def test_enrol_needs_the_right(program):
    assert refused(enrol, program, by=READER, phone="+79161234567") == (Code.NOT_ALLOWED, {"capability": "enrol"})


@pytest.mark.parametrize("born", [date(1899, 12, 31), date(2026, 3, 3)])
def test_enrol_refuses_an_impossible_birth_date(program, born):
    code, params = refused(enrol, program, phone="+79161234567", birth_date=born)

    assert code == Code.OUT_OF_RANGE
    assert params == {"field": "birth_date", "minimum": "1900-01-01", "maximum": "2026-03-02"}


def test_enrol_takes_today_in_the_programs_zone_as_a_birth_date(program):
    late = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)  # already the 3rd in Moscow

    assert enrol(program, at=late, phone="+79161234567", birth_date=date(2026, 3, 3)).member.birth_date == date(
        2026, 3, 3
    )


@pytest.mark.parametrize(
    "facts",
    [{"gender": "x"}, {"language": "de"}, {"tags": ("два слова",)}, {"tags": ("",)}, {"tags": ("a" * 65,)}],
)
def test_enrol_refuses_what_it_does_not_know(program, facts):
    code, params = refused(enrol, program, phone="+79161234567", **facts)

    assert (code, params["field"]) == (Code.INVALID, next(iter(facts)))


def test_enrol_repeated_answers_as_before(program):
    request = Request(SELLER.id, "k1", b"a" * 32)
    first = enrol(program, request, phone="+79161234567", name="Анна")
    change(program, first.member.id, name="Инна")

    second = enrol(program, request, at=LATER, phone="+79161234567", name="Анна")

    assert (second.member, second.replayed) == (first.member, True)
    assert len(rows_of(Member, program)) == 1


def test_enrol_with_a_used_key_and_other_content_is_refused(program):
    enrol(program, Request(SELLER.id, "k1", b"a" * 32), phone="+79161234567")

    told = refused(enrol, program, Request(SELLER.id, "k1", b"b" * 32), phone="+79161234568")

    assert told == (Code.KEY_REUSED, {"key": "k1"})
    assert len(rows_of(Member, program)) == 1


def test_a_refused_enrolment_burns_no_key(program):
    request = Request(SELLER.id, "k1", b"a" * 32)
    refused(enrol, program, request, phone="123")

    assert enrol(program, request, phone="+79161234567").replayed is False


def test_change_touches_only_what_is_given(program):
    member_id = enrol(program, phone="+79161234567", card="1", name="Анна", tags=("vip",)).member.id

    changed = change(program, member_id, card="2", email="a@b.co", birth_date=date(1990, 5, 1)).member

    assert (changed.phone, changed.card, changed.email, changed.name) == ("+79161234567", "2", "a@b.co", "Анна")
    assert (changed.birth_date, changed.tags) == (date(1990, 5, 1), ("vip",))
    assert sorted(row.value for row in rows_of(Identifier, program)) == ["+79161234567", "2", "a@b.co"]


def test_change_takes_values_away(program):
    member_id = enrol(program, phone="+79161234567", card="1", name="Анна", birth_date=date(1990, 5, 1)).member.id

    changed = change(program, member_id, phone="", name="", birth_date=None).member

    assert (changed.phone, changed.card, changed.name, changed.birth_date) == ("", "1", "", None)


def test_change_may_not_take_the_last_identifier(program):
    member_id = enrol(program, phone="+79161234567").member.id

    assert refused(change, program, member_id, phone="") == (Code.MISSING, {"field": "phone"})
    assert [row.value for row in rows_of(Identifier, program)] == ["+79161234567"]


def test_change_refuses_the_phone_of_another(program):
    make_member(program, "+79160000001")
    member_id = enrol(program, phone="+79161234567").member.id

    told = refused(change, program, member_id, phone="8 916 000 00 01", name="Яна")

    assert told == (Code.IDENTIFIER_TAKEN, {"kind": "phone"})
    assert read_member(program_id=program.id, member_id=member_id, by=READER).name == ""


def test_change_keeps_a_trail_without_personal_data(program):
    member_id = enrol(program, phone="+79161234567").member.id

    change(program, member_id, name="Анна", tags=("vip",), phone="+79161234568")

    trail = [row for row in rows_of(AuditRecord, program) if row.act == "member_changed"]
    assert [(row.actor_name, row.before, row.after) for row in trail] == [
        (
            "касса 1",
            '{"status": "active", "tags": ""}',
            '{"fields": ["name", "phone"], "status": "active", "tags": "vip"}',
        )
    ]


def test_change_of_status_needs_the_right_to_adjust(program):
    member_id = enrol(program, phone="+79161234567").member.id

    assert refused(change, program, member_id, status="blocked") == (Code.NOT_ALLOWED, {"capability": "adjust"})
    assert change(program, member_id, by=SYSTEM_ACTOR, status="blocked").member.status == "blocked"


def test_change_of_somebody_unknown_is_not_found(program):
    stranger = make_member(make_program("drugaya"))

    assert refused(change, program, uuid4(), name="Анна") == (Code.NOT_FOUND, {"what": "member"})
    assert refused(change, program, stranger, name="Анна") == (Code.NOT_FOUND, {"what": "member"})


def test_change_repeated_answers_as_before(program):
    member_id = enrol(program, phone="+79161234567").member.id
    request = Request(SELLER.id, "k2", b"c" * 32)
    first = change(program, member_id, request, name="Анна")

    second = change(program, member_id, request, name="Анна")

    assert (second.member, second.replayed) == (first.member, True)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("phone", "8 (916) 123-45-67"), ("card", "908-424-2890"), ("email", "ANNA@example.com"), ("external", "A-1")],
)
def test_find_by_any_identifier(program, kind, value):
    enrolled = enrol(program, phone="+79161234567", card="9084242890", email="anna@example.com", external="A-1").member

    assert find_member(program=program, kind=kind, value=value, by=READER, at=NOON) == enrolled


def test_find_by_id_does_not_see_other_programs(program):
    enrolled = enrol(program, phone="+79161234567").member
    other = make_program("drugaya")

    assert find_member(program=program, kind="id", value=str(enrolled.id), by=READER, at=NOON) == enrolled
    for kind, value in [("id", str(enrolled.id)), ("id", "nonsense"), ("phone", "+79161234567")]:
        told = refused(find_member, program=other, kind=kind, value=value, by=READER, at=NOON)
        assert told == (Code.NOT_FOUND, {"what": "member"})


def test_find_by_a_broken_phone_says_so(program):
    assert refused(find_member, program=program, kind="phone", value="123", by=READER, at=NOON) == (
        Code.PHONE_INVALID,
        {},
    )


def test_find_by_a_live_code(program):
    member_id = make_member(program)
    issued = issue_code(program_id=program.id, member_id=member_id, by=SELLER, at=NOON)

    found = find_member(program=program, kind="code", value=issued.code, by=READER, at=NOON)

    assert found.id == member_id
    for value, at in [(issued.code, issued.expires_at), ("000000" if issued.code != "000000" else "1", NOON)]:
        told = refused(find_member, program=program, kind="code", value=value, by=READER, at=at)
        assert told == (Code.NOT_FOUND, {"what": "member"})
