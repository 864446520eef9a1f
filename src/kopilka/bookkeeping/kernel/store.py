"""The database under the kernel: one multi-row statement per table, whichever database it is.

psycopg's and sqlite3's errors leave as Django's, and Django's connection knows of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, cast
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections

from kopilka.bookkeeping.kernel import postgres, sqlite
from kopilka.bookkeeping.kernel.query import Found, Query
from kopilka.bookkeeping.kernel.rows import Rows


def together(*, last: bool = False) -> AbstractContextManager[None]:
    """On PostgreSQL statements inside travel in bursts, the last at the end at latest; errors may show only then.

    A block inside a block is the same. With `last` nothing of the transaction follows this block, and its commit
    travels along.
    """
    if postgres.is_open():
        return _INSIDE
    django = connections[DEFAULT_DB_ALIAS]  # asked once: every question to `connection` costs several look-ups
    if django.vendor == "postgresql":
        return postgres.Burst(django, last=last)
    return cast("AbstractContextManager[None]", django.wrap_database_errors)


_INSIDE = nullcontext()


def enter(program_id: UUID) -> Found:
    """The transaction's first statement: see this program's rows only. Gives the numbers of its rulebook and
    of its switches."""
    found: Found = _database().enter(program_id)
    return found


def ask(query: Query, program_id: UUID, *given: Sequence[Any], lock: bool = False) -> Found:
    """Ask for rows; inside `together` they are on their way until they are fetched."""
    found: Found = _database().ask(query, program_id, given, lock=lock)
    return found


def insert(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    """Insert these rows of one program by one statement; to be called inside `together`."""
    if values:
        _database().insert(rows, program_id, values)


def replace(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    """Insert these rows, or where their ids are known overwrite what may change; to be called inside `together`.

    The fastest way to change many rows: nothing is planned. Whoever gives a known row must give all of it.
    """
    if values:
        _database().replace(rows, program_id, values)


def update(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    """Overwrite the named columns of these rows, found by program and id, row by row; inside `together`."""
    if values:
        _database().update(rows, program_id, values)


def insert_missing_counters(program_id: UUID, rows: Sequence[tuple[UUID, str, str, UUID | None]]) -> None:
    """Make the counters (id, kind, code, member) that do not exist yet; to be called inside `together`."""
    _database().insert_missing_counters(program_id, rows)


def _database() -> Any:
    return postgres if postgres.is_open() or connection.vendor == "postgresql" else sqlite
