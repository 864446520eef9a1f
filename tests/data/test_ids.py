"""Ids: unique, in order, of the right version, and not repeated by a forked process."""

import subprocess
import sys
from uuid import UUID

import pytest

from kopilka.data.ids import DRAWN_AT_ONCE, id_at, id_of, new_id, new_keys

FORK = """
import os
from kopilka.data.ids import new_id
new_id()
reader, writer = os.pipe()
if os.fork() == 0:
    os.write(writer, new_id().bytes[8:])
    os._exit(0)
os.wait()
print(os.read(reader, 8) == new_id().bytes[8:])
"""


MADE = UUID("01a200a5-cfe8-7a3a-961a-df8a1cb563ad")


def test_ids_grow_and_are_of_version_seven():
    made = [new_id() for _ in range(3 * DRAWN_AT_ONCE)]

    assert made == sorted(made)
    assert len(set(made)) == 3 * DRAWN_AT_ONCE
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}


def test_keys_stand_in_the_same_order():
    first = new_id()
    made = [first, *(UUID(bytes=key) for key in new_keys(2 * DRAWN_AT_ONCE)), new_id()]

    assert made == sorted(made)
    assert len(set(made)) == 2 * DRAWN_AT_ONCE + 2
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert made[-1].int >> 80 >= first.int >> 80
    assert new_keys(0) == []


def test_id_at_sorts_before_every_id_of_its_moment():
    first = new_id()

    assert id_at(first.int >> 80) <= first
    assert id_at((first.int >> 80) + 1) > first


@pytest.mark.parametrize("text", [str(MADE), MADE.hex, str(MADE).upper(), f"{{{MADE}}}", MADE.urn])
def test_id_is_read_however_it_is_written(text):
    assert id_of(text) == MADE


@pytest.mark.parametrize("text", ["", "main", str(MADE)[:-1], str(MADE) + "0", str(MADE)[:-1] + "x", "х" * 32])
def test_what_is_no_id_is_an_error(text):
    with pytest.raises(ValueError, match=r"badly formed|invalid literal"):
        id_of(text)


def test_a_forked_process_draws_its_own_numbers():
    said = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True, check=True)

    assert said.stdout == "False\n"
