"""What a one-time code proves."""

from datetime import timedelta
from uuid import UUID

import pytest

from kopilka.bookkeeping.codes import OneTimeCode, check_code, hash_code
from kopilka.engine.refusal import Code, Refusal
from tests.factories import NOON

PROGRAM = UUID(int=1)
OTHER = UUID(int=2)


def code(digits="123456", tries=5, minutes=5):
    return OneTimeCode(UUID(int=9), UUID(int=8), hash_code(PROGRAM, digits), tries, NOON + timedelta(minutes=minutes))


def refused(codes, digits):
    with pytest.raises(Refusal) as caught:
        check_code(codes, hash_code(PROGRAM, digits), at=NOON)
    return caught.value.code, caught.value.params


def test_hash_is_keyed_by_program_and_installation(settings):
    known = hash_code(PROGRAM, "123456")

    assert len(known) == 32
    assert hash_code(OTHER, "123456") != known
    settings.SECRET_KEY = "another installation"
    assert hash_code(PROGRAM, "123456") != known


def test_right_code_is_found():
    wanted = code("654321")

    assert check_code([code(), wanted], hash_code(PROGRAM, "654321"), at=NOON) is wanted


def test_wrong_code_costs_every_live_code_a_try():
    live, over = code(tries=3), code(minutes=0)

    assert refused([live, over], "000000") == (Code.CODE_WRONG, {"tries_left": 2})
    assert (live.tries_left, over.tries_left) == (2, 5)


def test_right_code_too_late_is_said_to_be_expired():
    assert refused([code(minutes=0)], "123456") == (Code.CODE_EXPIRED, {})


@pytest.mark.parametrize("spoiled", [{"tries": 0}, {"used": True}])
def test_spoiled_code_is_wrong_for_ever(spoiled):
    dead = code(tries=spoiled.get("tries", 5))
    dead.used_at = NOON if spoiled.get("used") else None

    assert refused([dead], "123456") == (Code.CODE_WRONG, {"tries_left": 0})
