"""How many questions a page asks the database: each figure is exact, so one more is noticed.

Beginnings and ends of transactions count as well. On PostgreSQL every reading is one, and names its program; what the
kernel asks goes past Django there and on SQLite alike, and is not counted.
"""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kopilka.card.access import COOKIE
from kopilka.services import devices, staff_access
from kopilka.services.demo import RULEBOOK
from kopilka.services.member_sessions import start_session
from tests.counter import let_in, make_cashier, signed_in_client
from tests.factories import make_member, make_program
from tests.tills import buy

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "+79161234567"
HIDDEN = ("receipt", "seen_paid", "seen_units")

SALE = {"sqlite": [6, 36, 24, 33], "postgresql": [21, 59, 40, 52]}
"""The page, then its answers: to a phone, to an amount, to Enter that books."""
CARD = {
    "": {"sqlite": 20, "postgresql": 29},
    "history/": {"sqlite": 10, "postgresql": 19},
    "gifts/": {"sqlite": 9, "postgresql": 24},
    "news/": {"sqlite": 4, "postgresql": 13},
    "more/": {"sqlite": 8, "postgresql": 20},
    "consents/": {"sqlite": 10, "postgresql": 37},
    "about/": {"sqlite": 19, "postgresql": 30},
}


@pytest.fixture(autouse=True)
def _nobody_is_noted_as_seen(monkeypatch):
    """Now and then an answer notes a sign of life: on a slow machine that would be during the test."""
    monkeypatch.setattr(staff_access, "SEEN_STEP", timedelta(days=1))
    monkeypatch.setattr(devices, "SEEN_STEP", timedelta(days=1))


@pytest.fixture
def program():
    made = make_program(rulebook=RULEBOOK.read_text(encoding="utf-8"))
    make_cashier(made)
    return made


@pytest.fixture
def member(program):
    found = make_member(program, name="Анна", phone=PHONE)
    for number in range(3):
        buy(program.id, found, f"{500 + number}.00", at=timezone.now())
    return found


@pytest.fixture
def card(program, member):
    """A browser with the member's card."""
    session = start_session(program_id=program.id, member_id=member, label="", came_by="code", at=timezone.now())
    client = Client(headers={"accept-language": "ru"})
    client.cookies[COOKIE] = session.token
    return client


def counted(ask):
    """What was answered, and how many questions it took."""
    with CaptureQueriesContext(connection) as seen:
        answer = ask()
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode(), len(seen)


def sell(client, path):
    """A whole sale; the number of questions of the page and of each answer."""
    html, first = counted(lambda: client.get(path))
    numbers = [first]
    for text in (PHONE, "350", ""):
        shown = {name: re.search(rf'name="{name}" value="([^"]*)"', html) for name in HIDDEN}
        given = {name: found[1] for name, found in shown.items() if found}
        html, number = counted(
            lambda: client.post(f"{path}find/", {**given, "text": text}, headers={"HX-Request": "true"})  # noqa: B023 - called at once
        )
        numbers.append(number)
    assert "data-done" in html
    return numbers


def test_a_sale_at_the_till(program, member):
    client, path = signed_in_client(program, enrolled=let_in(program)), f"/till/{program.slug}/"
    sell(client, path)

    assert sell(client, path) == SALE[connection.vendor]


@pytest.mark.parametrize("page", CARD)
def test_a_page_of_the_card(program, card, page):
    path = f"/card/{program.slug}/{page}"
    card.get(path)

    assert counted(lambda: card.get(path))[1] == CARD[page][connection.vendor]


@pytest.mark.parametrize("page", ["", "history/"])
def test_more_purchases_ask_no_more(program, member, card, page):
    path = f"/card/{program.slug}/{page}"
    card.get(path)
    few = counted(lambda: card.get(path))[1]

    for number in range(9):
        buy(program.id, member, f"{700 + number}.00", at=timezone.now())

    assert counted(lambda: card.get(path))[1] == few
