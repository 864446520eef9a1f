"""Browsers in which a card is open: whose they are, how long they last, how they end."""

from datetime import timedelta

import pytest
from django.db import transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.members import Identifier, Member
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Refusal
from kopilka.services.member_sessions import (
    SESSIONS_MAX,
    end_session,
    list_sessions,
    make_card_link,
    member_by_token,
    open_card_link,
    start_session,
)
from tests.factories import NOON, make_member, make_program

pytestmark = pytest.mark.django_db(transaction=True)

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def program():
    return make_program()


def start(program, member, *, at=NOON, label="Firefox"):
    return start_session(program_id=program.id, member_id=member, label=label, came_by="code", at=at)


def who(program, token, at=NOON):
    found = member_by_token(program_id=program.id, token=token, at=at)
    return found and found.member_id


def test_a_visit_prolongs_a_session_by_half_a_year(program):
    member = make_member(program)
    session = start(program, member)

    assert who(program, session.token, NOON + 179 * DAY) == member
    assert who(program, session.token, NOON + 358 * DAY) == member
    assert who(program, session.token, NOON + 539 * DAY) is None


def test_nothing_opens_without_its_token(program):
    session = start(program, make_member(program))

    assert [who(program, token) for token in ("", "x", session.token[:-1], f"{session.token}x")] == [None] * 4
    assert who(make_program("other"), session.token) is None


def test_the_eldest_of_too_many_browsers_goes(program):
    member = make_member(program)
    first = start(program, member)
    for number in range(SESSIONS_MAX):
        start(program, member, at=NOON + (number + 1) * MINUTE)

    assert who(program, first.token, NOON + DAY) is None
    assert len(list_sessions(program_id=program.id, member_id=member, at=NOON + DAY)) == SESSIONS_MAX


def test_nobody_ends_the_session_of_another(program):
    member, other = make_member(program), make_member(program, "+79160000000")
    session = start(program, member)

    with pytest.raises(Refusal, match="not_found"):
        end_session(program_id=program.id, member_id=other, session_id=session.id, at=NOON)
    assert who(program, session.token) == member

    end_session(program_id=program.id, member_id=member, session_id=session.id, at=NOON)
    assert who(program, session.token) is None


def test_whoever_joined_a_family_sees_the_card_of_its_head(program):
    head, joined = make_member(program), make_member(program, "+79160000000")
    session = start(program, joined)
    with transaction.atomic():
        enter_program(program.id)
        Identifier.objects.of(program.id).filter(member_id=joined).update(member_id=head, owner_id=joined)
        Member.objects.of(program.id).filter(id=joined).update(status="in_family")

    assert who(program, session.token) == head
    assert [one.id for one in list_sessions(program_id=program.id, member_id=head, at=NOON)] == [session.id]


def test_what_a_browser_says_of_itself_is_cut_and_cleaned(program):
    member = make_member(program)
    start(program, member, label="Fire\nfox\u202e" + "x" * 500)

    (shown,) = list_sessions(program_id=program.id, member_id=member, at=NOON)

    assert shown.label == "Firefox" + "x" * 193


@pytest.mark.parametrize("minutes", [0, 9])
def test_a_link_opens_the_card_within_ten_minutes(program, minutes):
    member = make_member(program)
    link = make_card_link(program_id=program.id, member_id=member, by=SYSTEM_ACTOR, at=NOON)

    opened = open_card_link(program_id=program.id, token=link, label="", at=NOON + minutes * MINUTE)

    assert who(program, opened.token) == member


def test_an_old_a_used_and_a_replaced_link_open_nothing(program):
    member = make_member(program)
    first = make_card_link(program_id=program.id, member_id=member, by=SYSTEM_ACTOR, at=NOON)
    second = make_card_link(program_id=program.id, member_id=member, by=SYSTEM_ACTOR, at=NOON + MINUTE)
    for token, minutes in ((first, 2), (second, 11), ("nobody's", 2)):
        with pytest.raises(Refusal, match="code_expired"):
            open_card_link(program_id=program.id, token=token, label="", at=NOON + minutes * MINUTE)

    with pytest.raises(Refusal, match="code_expired"):
        make_card_link(program_id=program.id, member_id=member, by=SYSTEM_ACTOR, at=NOON + 31 * MINUTE)
