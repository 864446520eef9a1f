"""The shop most tests of the door go to."""

import pytest

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
