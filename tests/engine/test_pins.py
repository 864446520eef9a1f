"""PINs too easy to guess."""

import pytest

from kopilka.engine.pins import must_be_good_pin
from kopilka.engine.refusal import Refusal


@pytest.mark.parametrize("pin", ["4826", "1357", "90734", "12344321", "1223"])
def test_good_pin_is_taken(pin):
    must_be_good_pin(pin)


@pytest.mark.parametrize(
    ("pin", "reason"),
    [
        ("", "not_digits"),
        ("12a4", "not_digits"),
        ("１２５８", "not_digits"),
        ("123", "pin_length"),
        ("123456789", "pin_length"),
        ("7777", "pin_too_simple"),
        ("2345", "pin_too_simple"),
        ("7890", "pin_too_simple"),
        ("9876", "pin_too_simple"),
        ("1212", "pin_too_simple"),
        ("123123", "pin_too_simple"),
    ],
)
def test_bad_pin_is_refused_with_the_reason(pin, reason):
    with pytest.raises(Refusal) as refusal:
        must_be_good_pin(pin)

    assert refusal.value.params == {"field": "pin", "reason": reason}


def test_in_a_demo_a_simple_one_will_do():
    must_be_good_pin("1111", simple=True)
