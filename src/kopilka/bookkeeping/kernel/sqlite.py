"""Statements of the kernel on SQLite: executemany on Django's connection, values written the way Django writes them.

The write lock is the transaction's: every transaction begins IMMEDIATE (settings).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import repeat
from typing import Any
from uuid import UUID

from django.db import connection

from kopilka.bookkeeping.kernel.query import Query
from kopilka.bookkeeping.kernel.rows import ColumnKind, Rows


def raw_cursor() -> Any:
    """sqlite3's own cursor: Django's rewrites every statement for its placeholders."""
    connection.ensure_connection()
    return connection.connection.cursor()


class Answer:
    """A cursor whose rows come as values of the kinds a query gives."""

    def __init__(self, cursor: Any, gives: Sequence[ColumnKind]) -> None:
        self._cursor = cursor
        self._readers = [_READERS.get(kind) for kind in gives]

    def fetchall(self) -> list[tuple[Any, ...]]:
        return [
            tuple(
                read(value) if read and value is not None else value
                for read, value in zip(self._readers, row, strict=True)
            )
            for row in self._cursor.fetchall()
        ]


def enter(program_id: UUID) -> Answer:
    """The numbers of the program's rulebook and switches; every row of the file is in sight anyway."""
    text = "SELECT rulebook_number, switches_number, NULL FROM kopilka_program WHERE id = ?"
    found = raw_cursor().execute(text, [program_id.hex])
    return Answer(found, [ColumnKind.INTEGER] * 3)


def ask(query: Query, program_id: UUID, given: Sequence[Sequence[Any]], *, lock: bool) -> Answer:  # noqa: ARG001
    """Run a query; `given` holds the columns of its given table, one after another. The transaction is the lock."""
    kinds = [kind for _, kind in query.takes]
    rows = json.dumps(list(zip(*_written(kinds, given), strict=True)), ensure_ascii=False)
    params = {"program": program_id.hex, "given": rows}
    return Answer(raw_cursor().execute(_query_text(query), params), query.gives)


def insert(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    columns = [repeat(program_id.hex, len(values)), *_columns(rows, values)]
    raw_cursor().executemany(_insert_statement(rows), list(zip(*columns, strict=True)))


def insert_missing_counters(program_id: UUID, rows: Sequence[tuple[UUID, str, str, UUID | None]]) -> None:
    """Counters (id, kind, code, member) that do not exist yet, at zero."""
    given = [(row[0].hex, program_id.hex, row[1], row[2], row[3].hex if row[3] else None) for row in rows]
    raw_cursor().executemany(_NEW_COUNTERS, given)


def replace(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    """Whole rows by their ids, in place of what stands there."""
    columns = [repeat(program_id.hex, len(values)), *_columns(rows, values)]
    raw_cursor().executemany(_replace_statement(rows), list(zip(*columns, strict=True)))


def update(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    ids, *others = _columns(rows, values)
    given = zip(*others, ids, repeat(program_id.hex, len(values)), strict=True)
    raw_cursor().executemany(_update_statement(rows), list(given))


def text_of(moment: datetime) -> str:
    """As Django keeps times: UTC without saying so, a space between day and hour."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def moment_of(found: str | datetime) -> datetime:
    """A column declared as a time comes parsed by Django's converter, an expression comes as text."""
    naive = datetime.fromisoformat(found) if isinstance(found, str) else found
    return naive.replace(tzinfo=UTC)


_WRITERS: dict[ColumnKind, Callable[[Any], Any]] = {
    ColumnKind.UUID: lambda value: value.hex,
    ColumnKind.TIME: text_of,
    ColumnKind.DOCUMENT: bytes.decode,
}
_READERS: dict[ColumnKind, Callable[[Any], Any]] = {
    ColumnKind.UUID: UUID,
    ColumnKind.TIME: moment_of,
    ColumnKind.FLAG: bool,
}


def _columns(rows: Rows, values: Sequence[tuple[Any, ...]]) -> list[Sequence[Any]]:
    return _written(rows.kinds, list(zip(*values, strict=True)))


def _written(kinds: Sequence[ColumnKind], columns: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    found: list[Sequence[Any]] = []
    for kind, column in zip(kinds, columns, strict=True):
        write = _WRITERS.get(kind)
        found.append([None if v is None else write(v) for v in column] if write else column)
    return found


@cache
def _query_text(query: Query) -> str:
    if query.given is not None:
        source = f"FROM ({_query_text(query.given)}) AS given"
    else:
        names = ", ".join(f"value ->> {at} AS {name}" for at, (name, _) in enumerate(query.takes))
        source = f"FROM (SELECT {names} FROM json_each(:given)) AS given"
    conditions = []
    for step in query.steps:
        on = f"{step.alias}.program_id = :program AND {step.on}"
        if step.optional:
            source += f" LEFT JOIN {step.table} AS {step.alias} ON {on}"
        else:
            source += f" CROSS JOIN {step.table} AS {step.alias}"
            conditions.append(on)
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    order = f" ORDER BY {query.order_by}" if query.order_by else ""
    return f"SELECT {query.select} {source}{where}{order}"


@cache
def _insert_statement(rows: Rows) -> str:
    names = ("program_id", *rows.columns)
    return f"INSERT INTO {rows.table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


@cache
def _replace_statement(rows: Rows) -> str:
    sets = ", ".join(f"{name} = excluded.{name}" for name in rows.changes)
    return f"{_insert_statement(rows)} ON CONFLICT (id) DO UPDATE SET {sets}"


@cache
def _update_statement(rows: Rows) -> str:
    sets = ", ".join(f"{name} = ?" for name in rows.columns[1:])
    return f"UPDATE {rows.table} SET {sets} WHERE id = ? AND program_id = ?"


_NEW_COUNTERS = """
INSERT INTO kopilka_ruleuse (id, program_id, kind, code, member_id, used) VALUES (?, ?, ?, ?, ?, 0)
ON CONFLICT DO NOTHING
"""
