"""One-time codes: shown once, hashed, few, short-lived (T1, T4)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from kopilka.bookkeeping.codes import hash_code
from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.members import MemberCode
from kopilka.engine.actor import SHOP, SYSTEM_ACTOR, TILL, Actor, ActorKind
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.codes import issue_code
from kopilka.services.members import MemberChange, change_member
from tests.factories import NOON, make_member, make_program

pytestmark = pytest.mark.django_db(transaction=True)

SHOP_KEY = Actor(ActorKind.KEY, uuid4(), "магазин", SHOP)


@pytest.fixture
def program():
    return make_program()


def issue(program, member_id, at=NOON, by=SHOP_KEY):
    return issue_code(program_id=program.id, member_id=member_id, by=by, at=at)


def codes_of(program):
    with transaction.atomic():
        enter_program(program.id)
        return list(MemberCode.objects.of(program.id).order_by("created_at", "id"))


def refused(act, *arguments, **fields):
    with pytest.raises(Refusal) as caught:
        act(*arguments, **fields)
    return caught.value.code, caught.value.params


def test_code_has_six_digits_and_is_stored_hashed(program):
    issued = issue(program, make_member(program))

    row = codes_of(program)[0]
    assert (len(issued.code), issued.code.isdigit(), issued.expires_at) == (6, True, NOON + timedelta(minutes=5))
    assert bytes(row.code_hash) == hash_code(program.id, issued.code)
    assert (row.tries_left, row.used_at, row.expires_at) == (5, None, issued.expires_at)


def test_a_newer_code_ends_the_older_ones(program):
    member_id = make_member(program)
    issue(program, member_id)

    issue(program, member_id, NOON + timedelta(minutes=1))

    assert [row.used_at for row in codes_of(program)] == [NOON + timedelta(minutes=1), None]


def test_codes_of_two_members_live_beside_each_other(program):
    first, second = make_member(program), make_member(program, "+79160000001")

    codes = {issue(program, first).code, issue(program, second).code}

    assert len(codes) == 2
    assert [row.used_at for row in codes_of(program)] == [None, None]


def test_fourth_code_within_an_hour_is_refused_until_the_hour_is_over(program):
    member_id = make_member(program)
    for minutes in (0, 10, 20):
        issue(program, member_id, NOON + timedelta(minutes=minutes))

    told = refused(issue, program, member_id, NOON + timedelta(minutes=50))

    assert told == (Code.TOO_MANY_CODES, {"retry_after_seconds": 601})
    assert len(codes_of(program)) == 3
    assert issue(program, member_id, NOON + timedelta(minutes=60)).code


def test_eleventh_code_within_a_day_is_refused(program):
    member_id = make_member(program)
    for hours in range(10):
        issue(program, member_id, NOON + timedelta(hours=hours * 2))

    code, _ = refused(issue, program, member_id, NOON + timedelta(hours=23))

    assert code == Code.TOO_MANY_CODES
    assert issue(program, member_id, NOON + timedelta(hours=24)).code


def test_code_needs_the_right(program):
    till = Actor(ActorKind.KEY, uuid4(), "касса", TILL)

    told = refused(issue, program, make_member(program), by=till)

    assert told == (Code.NOT_ALLOWED, {"capability": "issue_codes"})
    assert codes_of(program) == []


def test_no_code_for_a_stranger_or_a_blocked_member(program):
    stranger = make_member(make_program("drugaya"))
    member_id = make_member(program)
    change_member(
        program_id=program.id,
        member_id=member_id,
        change=MemberChange(status="blocked"),
        request=NO_KEY,
        by=SYSTEM_ACTOR,
        at=NOON,
    )

    assert refused(issue, program, stranger) == (Code.NOT_FOUND, {"what": "member"})
    assert refused(issue, program, member_id) == (Code.MEMBER_BLOCKED, {})
    assert codes_of(program) == []
