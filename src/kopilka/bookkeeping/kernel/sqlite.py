"""Statements of the kernel on SQLite: executemany on Django's connection, values written the way Django writes them.

The write lock is the transaction's: every transaction begins IMMEDIATE (settings).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import repeat
from typing import Any
from uuid import UUID

from django.db import connection

from kopilka.bookkeeping.kernel.rows import ColumnKind, Rows


def raw_cursor() -> Any:
    """sqlite3's own cursor: Django's rewrites every statement for its placeholders."""
    connection.ensure_connection()
    return connection.connection.cursor()


def insert(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    columns = [repeat(program_id.hex, len(values)), *_columns(rows, values)]
    raw_cursor().executemany(_insert_statement(rows), list(zip(*columns, strict=True)))


def update(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    ids, *others = _columns(rows, values)
    given = zip(*others, ids, repeat(program_id.hex, len(values)), strict=True)
    raw_cursor().executemany(_update_statement(rows), list(given))


def text_of(moment: datetime) -> str:
    """As Django keeps times: UTC without saying so, a space between day and hour."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def moment_of(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


_WRITERS: dict[ColumnKind, Callable[[Any], Any]] = {
    ColumnKind.UUID: lambda value: value.hex,
    ColumnKind.TIME: text_of,
}


def _columns(rows: Rows, values: Sequence[tuple[Any, ...]]) -> list[Sequence[Any]]:
    found: list[Sequence[Any]] = []
    for kind, column in zip(rows.kinds, zip(*values, strict=True), strict=True):
        write = _WRITERS.get(kind)
        found.append([None if v is None else write(v) for v in column] if write else column)
    return found


@cache
def _insert_statement(rows: Rows) -> str:
    names = ("program_id", *rows.columns)
    return f"INSERT INTO {rows.table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


@cache
def _update_statement(rows: Rows) -> str:
    sets = ", ".join(f"{name} = ?" for name in rows.columns[1:])
    return f"UPDATE {rows.table} SET {sets} WHERE id = ? AND program_id = ?"
