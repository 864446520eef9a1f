"""The locks of every act: first the member's row, then the counters of limited rules, always in key order.

On SQLite there are no row locks: the transaction begins IMMEDIATE and is the lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from kopilka.data.models.members import Member
from kopilka.engine.refusal import Code, Refusal

_off_for_tests = False


def lock_members(program_id: UUID, member_ids: Iterable[UUID]) -> dict[UUID, Member]:
    """Lock these members' rows in the order of their ids, once per transaction; `not_found` when one is missing.

    Inside a transaction that entered the program. Two calls in one transaction could deadlock with another's.
    """
    wanted = set(member_ids)
    rows = Member.objects.of(program_id).filter(id__in=wanted).order_by("id")
    if locks_are_on():
        rows = rows.select_for_update()
    found = {row.id: row for row in rows}
    if len(found) != len(wanted):
        raise Refusal(Code.NOT_FOUND, what="member")
    return found


def locks_are_on() -> bool:
    return not _off_for_tests


@contextmanager
def without_locks_for_tests() -> Iterator[None]:
    """ONLY FOR TESTS: acts no longer lock, so that a race test can show that it would notice."""
    global _off_for_tests  # noqa: PLW0603 - a switch of the whole process, thrown only by race tests
    _off_for_tests = True
    try:
        yield
    finally:
        _off_for_tests = False


@contextmanager
def reading_before_writing() -> Iterator[None]:
    """Wraps all reading of a transaction of the kernel; nothing in real life.

    ONLY WHERE A TEST SWITCHED THE LOCKS OFF on SQLite: reading and writing become two transactions there, which is
    what a transaction without IMMEDIATE would be if SQLite let it be.
    """
    split = _off_for_tests and connection.vendor == "sqlite"
    if split:
        connection.cursor().execute("COMMIT")
    try:
        yield
    finally:
        if split:
            connection.cursor().execute("BEGIN IMMEDIATE")
