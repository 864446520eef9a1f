"""Who may look at a card, and what a browser is told about it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kopilka.card.access import COOKIE
from kopilka.services.member_sessions import start_session
from tests.factories import NOON, make_member, make_program

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    return make_program()


def opened(program, member_id, **facts):
    told = {"label": "Firefox", "came_by": "code", "at": timezone.now(), **facts}
    session = start_session(program_id=program.id, member_id=member_id, **told)
    client = Client()
    client.cookies[COOKIE] = session.token
    return client


def test_a_stranger_is_led_to_the_login_and_back(program):
    answer = Client().get("/card/lavka/history/?wallet=points")

    assert (answer.status_code, answer["Location"]) == (
        302, "/card/lavka/login/?next=%2Fcard%2Flavka%2Fhistory%2F%3Fwallet%3Dpoints",
    )  # fmt: skip


def test_a_card_is_for_nobody_else_to_find(program):
    answer = opened(program, make_member(program)).get("/card/lavka/")

    assert answer.status_code == 200
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, no-store"


def test_a_token_of_one_program_opens_nothing_in_another(program):
    other = make_program("other")
    client = opened(program, make_member(program))

    assert client.get("/card/other/").status_code == 302
    assert other.slug == "other"


def test_a_session_ends_after_half_a_year_without_a_visit(program):
    client = opened(program, make_member(program), at=NOON - timedelta(days=365))

    assert client.get("/card/lavka/").status_code == 302
