"""Rotating codes: 48 digits, the same in Python and in the browser (T12, T13)."""

from datetime import UTC, datetime, timedelta

import pytest

from kopilka.engine.live_codes import LiveCode, looks_live, parse, slot_of, write_code

SECRET = bytes(range(32))

VECTORS = [
    (0, 0, "770000000000000000000000000004561673025425479760"),
    (1, 58_600_000, "770000000000000000001586000001719201029131897509"),
    (2**63 - 1, 59_999_999, "779223372036854775807599999996068002923718764086"),
    (2**62, 58_693_122, "774611686018427387904586931226897053371336886305"),
]


@pytest.mark.parametrize(("number", "slot", "written"), VECTORS)
def test_code_is_written_and_read(number, slot, written):
    assert write_code(SECRET, number, slot) == written

    read = parse(written)

    assert (read.number, read.slot, read.is_marked_by(SECRET)) == (number, slot, True)


def test_code_of_another_secret_is_not_marked():
    assert not parse(write_code(bytes(32), 1, 2)).is_marked_by(SECRET)


@pytest.mark.parametrize("place", [2, 20, 21, 28, 29, 47])
def test_one_changed_digit_spoils_the_mark(place):
    written = write_code(SECRET, 2**62, 58_693_122)
    changed = written[:place] + str((int(written[place]) + 1) % 10) + written[place + 1 :]

    assert not parse(changed).is_marked_by(SECRET)


@pytest.mark.parametrize(
    "text",
    ["", "77", "7" * 47, "7" * 49, "78" + "0" * 46, "77" + "0" * 45 + "x", "77" + "٣" * 46, "77" + "²" * 46, " " * 48],
)
def test_other_texts_are_no_rotating_codes(text):
    assert parse(text) is None
    assert not looks_live(text)


def test_code_is_shown_in_its_slot_and_the_two_around_it():
    begins = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    code = LiveCode(1, slot_of(begins), "")

    seconds = [-31, -30, 0, 29, 59, 60]

    assert [code.is_shown(begins + timedelta(seconds=one)) for one in seconds] == [
        False, True, True, True, True, False,
    ]  # fmt: skip
