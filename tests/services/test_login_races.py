"""A thousand guesses at one code at the same time: five are evaluated; with nobody counting in turn, more would be."""

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import pytest
from django.db import OperationalError, connections

from kopilka.bookkeeping.locking import without_locks_for_tests
from kopilka.data.models.card import LoginFailure
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.demo_messages import demo_messages
from kopilka.services.logins import ask_code, enter_code
from kopilka.wording.languages import Language
from tests.factories import NOON, make_program
from tests.tills import rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PHONE = "+79161234567"
GUESSERS, GUESSES = 8, 1_000


@pytest.fixture
def program():
    return make_program(is_demo=True)


def ask(program, phone):
    facts = {"kind": "phone", "network": phone, "language": Language.RU, "at": NOON}
    return ask_code(program=program, contact=phone, **facts).login_id


def guess(program, login, phone, codes, *, locked=True):
    """What each of the guessers was told, all at once."""

    def one(code):
        try:
            found = enter_code(
                program=program, login_id=login, kind="phone", contact=phone, code=code, network="n", at=NOON
            )
        except Refusal as told:
            return told.code
        except OperationalError:  # without the locks SQLite may be what notices
            return None
        else:
            return found.contact
        finally:
            connections.close_all()

    with nullcontext() if locked else without_locks_for_tests(), ThreadPoolExecutor(GUESSERS) as crowd:
        return list(crowd.map(one, codes))


def test_of_a_thousand_guesses_at_once_five_are_evaluated(program):
    login = ask(program, PHONE)
    code = re.search(r"\d{6}", demo_messages(program.id, since=NOON)[0].text)[0]
    codes = [f"{(int(code) + number) % 1_000_000:06}" for number in range(1, GUESSES + 1)]

    told = guess(program, login, PHONE, codes)

    assert (told.count(Code.CODE_WRONG), told.count(Code.TOO_MANY_TRIES)) == (4, 996)
    assert len(rows(program.id, LoginFailure, "id")) == 5
    assert guess(program, login, PHONE, [code]) == [Code.TOO_MANY_TRIES]


def test_without_the_locks_more_would_be_evaluated(program):
    """The control: if this passed quietly, the race above would prove nothing."""
    for number in range(30):
        phone = f"+7916{number:07}"
        before = len(rows(program.id, LoginFailure, "id"))
        guess(program, ask(program, phone), phone, ["x"] * 24, locked=False)
        if len(rows(program.id, LoginFailure, "id")) - before > 5:
            return
    pytest.fail("nobody was evaluated too often")
