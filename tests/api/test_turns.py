import sys

import pytest

from kopilka.api.turns import LONG, SHORT, Turns


@pytest.fixture(autouse=True)
def long_turns():
    before = sys.getswitchinterval()
    sys.setswitchinterval(LONG)
    yield
    sys.setswitchinterval(before)


def test_turns_are_short_while_others_compute_and_long_after_the_last_of_them():
    turns = Turns()

    with turns:
        with turns:
            assert sys.getswitchinterval() == pytest.approx(SHORT)
        assert sys.getswitchinterval() == pytest.approx(SHORT)

    assert sys.getswitchinterval() == pytest.approx(LONG)


def test_turns_are_long_again_after_a_page_that_failed():
    turns = Turns()

    with pytest.raises(ValueError, match="page"), turns:
        raise ValueError("page")

    assert sys.getswitchinterval() == pytest.approx(LONG)


def test_turns_that_are_shorter_already_stay():
    sys.setswitchinterval(SHORT / 5)

    with Turns():
        assert sys.getswitchinterval() == pytest.approx(SHORT / 5, abs=1e-5)
