"""The shop most tests of the door go to."""

import pytest

from tests.api.server import running
from tests.api.shop import Shop, make_keys, open_shop
from tests.factories import make_program
from tests.tills import FREE_RULES


@pytest.fixture
def shop(transactional_db):
    with open_shop() as opened:
        yield opened


@pytest.fixture
def other_shop(shop):
    """Another program behind the same door."""
    program = make_program("drugaya", rulebook=FREE_RULES)
    return Shop(shop.loop, program, make_keys(program))


@pytest.fixture(scope="module")
def server(django_db_setup):
    """A real one for all tests of a file: what a program leaves behind is emptied between them, and a new one has
    another id."""
    with running() as started:
        yield started


@pytest.fixture
def key(transactional_db):
    """Of an admin, in a program with free rules."""
    return make_keys(make_program("lavka", rulebook=FREE_RULES))["admin"]
