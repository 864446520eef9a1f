"""Statements of the kernel on SQLite: executemany on Django's connection, values written the way Django writes them.

The write lock is the transaction's: every transaction begins IMMEDIATE (settings).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import repeat
from typing import Any
from uuid import UUID

from django.db import connection

from kopilka.bookkeeping.kernel.query import Query
from kopilka.bookkeeping.kernel.rows import ColumnKind, Rows
from kopilka.data.ids import uuid_of

STATEMENTS_MAX = 512
MOMENTS_MAX = 4_096


def raw_cursor() -> Any:
    """sqlite3's own cursor: Django's rewrites every statement for its placeholders."""
    connection.ensure_connection()
    return connection.connection.cursor()


class Answer:
    """A cursor whose rows come as values of the kinds a query gives."""

    def __init__(self, cursor: Any, gives: Sequence[ColumnKind]) -> None:
        self._cursor = cursor
        self._gives = gives

    def fetchall(self) -> list[tuple[Any, ...]]:
        columns: list[Sequence[Any]] = []
        for kind, column in zip(self._gives, zip(*self._cursor.fetchall(), strict=True), strict=False):
            read = _READERS.get(kind)
            columns.append([None if v is None else read(v) for v in column] if read else column)
        return list(zip(*columns, strict=True))


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
    empty, given = _to_write(rows, program_id, values)
    raw_cursor().executemany(_insert_statement(rows, empty), given)


def insert_missing_counters(program_id: UUID, rows: Sequence[tuple[UUID, str, str, UUID | None]]) -> None:
    """Counters (id, kind, code, member) that do not exist yet, at zero."""
    given = [(row[0].hex, program_id.hex, row[1], row[2], row[3].hex if row[3] else None) for row in rows]
    raw_cursor().executemany(_NEW_COUNTERS, given)


def replace(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    """Whole rows by their ids, in place of what stands there."""
    empty, given = _to_write(rows, program_id, values)
    raw_cursor().executemany(_replace_statement(rows, empty), given)


def update(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    ids, *others = _columns(rows, values)
    given = zip(*others, ids, repeat(program_id.hex, len(values)), strict=True)
    raw_cursor().executemany(_update_statement(rows), list(given))


def text_of(moment: datetime) -> str:
    """As Django keeps times: UTC without saying so, a space between day and hour. The moment of a purchase stands in a
    dozen of its cells: written once, it is found again."""
    if moment.tzinfo is not UTC:  # where clocks are turned back, two moments of a zone count as equal
        moment = moment.astimezone(UTC)
    found = _moments.get(moment)
    if found is None:
        if len(_moments) >= MOMENTS_MAX:
            _moments.clear()
        found = _moments[moment] = moment.isoformat(" ").removesuffix("+00:00")
    return found


_moments: dict[datetime, str] = {}


def moment_of(found: str | datetime) -> datetime:
    """A column declared as a time comes parsed by Django's converter, an expression comes as text."""
    naive = datetime.fromisoformat(found) if isinstance(found, str) else found
    return naive.replace(tzinfo=UTC)


# sqlite3 asks for an adapter for every value that is not exactly text or a number, which takes longer than writing it.
# So nothing else is given to it: no enum, no truth value, no bytes, and where a whole column is empty nothing at all.


def _uuids(values: Sequence[Any]) -> Sequence[Any]:
    return [None if v is None else v.int.to_bytes(16, "big").hex() for v in values]


def _texts(values: Sequence[Any]) -> Sequence[Any]:
    return [v if v is None or type(v) is str else str(v) for v in values]


def _times(values: Sequence[Any]) -> Sequence[Any]:
    return [None if v is None else text_of(v) for v in values]


def _flags(values: Sequence[Any]) -> Sequence[Any]:
    return [None if v is None else 1 if v else 0 for v in values]


def _blobs(values: Sequence[Any]) -> Sequence[Any]:
    return [None if v is None else bytearray(v) for v in values]


def _keys(values: Sequence[Any]) -> Sequence[Any]:
    return [v.hex() for v in values]


def _documents(values: Sequence[Any]) -> Sequence[Any]:
    return [None if v is None else v.decode() for v in values]


_WRITERS: dict[ColumnKind, Callable[[Sequence[Any]], Sequence[Any]]] = {
    ColumnKind.UUID: _uuids,
    ColumnKind.KEY: _keys,
    ColumnKind.TEXT: _texts,
    ColumnKind.TIME: _times,
    ColumnKind.FLAG: _flags,
    ColumnKind.BYTES: _blobs,
    ColumnKind.DOCUMENT: _documents,
}
_READERS: dict[ColumnKind, Callable[[Any], Any]] = {
    ColumnKind.UUID: lambda value: uuid_of(int(value, 16)),
    ColumnKind.TIME: moment_of,
    ColumnKind.FLAG: bool,
}


def _to_write(
    rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]
) -> tuple[tuple[str, ...], Iterator[tuple[Any, ...]]]:
    """The columns that hold nothing in any of the rows, and the rows without them."""
    empty: list[str] = []
    given: list[Any] = [repeat(program_id.hex, len(values))]
    for name, column in zip(rows.columns, _columns(rows, values), strict=True):
        if column[0] is None and column.count(None) == len(column):
            empty.append(name)
        else:
            given.append(column)
    return tuple(empty), zip(*given, strict=True)


def _columns(rows: Rows, values: Sequence[tuple[Any, ...]]) -> list[Sequence[Any]]:
    return _written(rows.kinds, rows.columns_of(values))


def _written(kinds: Sequence[ColumnKind], columns: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    found: list[Sequence[Any]] = []
    for kind, column in zip(kinds, columns, strict=True):
        write = _WRITERS.get(kind)
        found.append(write(column) if write else column)
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


@lru_cache(STATEMENTS_MAX)
def _insert_statement(rows: Rows, empty: tuple[str, ...]) -> str:
    names = ("program_id", *rows.columns)
    places = ["NULL" if name in empty else "?" for name in names]
    return f"INSERT INTO {rows.table} ({', '.join(names)}) VALUES ({', '.join(places)})"


@lru_cache(STATEMENTS_MAX)
def _replace_statement(rows: Rows, empty: tuple[str, ...]) -> str:
    sets = ", ".join(f"{name} = excluded.{name}" for name in rows.changes)
    return f"{_insert_statement(rows, empty)} ON CONFLICT (id) DO UPDATE SET {sets}"


@cache
def _update_statement(rows: Rows) -> str:
    sets = ", ".join(f"{name} = ?" for name in rows.columns[1:])
    return f"UPDATE {rows.table} SET {sets} WHERE id = ? AND program_id = ?"


_NEW_COUNTERS = """
INSERT INTO kopilka_ruleuse (id, program_id, kind, code, member_id, used) VALUES (?, ?, ?, ?, ?, 0)
ON CONFLICT DO NOTHING
"""
