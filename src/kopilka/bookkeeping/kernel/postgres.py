"""Statements of the kernel on PostgreSQL: set-based, bound as binary arrays, prepared once, sent in a pipeline.

Everything goes through psycopg's own cursor on Django's connection: Django's binds on the client, so that binary
parameters and prepared statements would do nothing there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from kopilka.bookkeeping.kernel import arrays
from kopilka.bookkeeping.kernel.query import Found, Query
from kopilka.bookkeeping.kernel.rows import ColumnKind, Rows


def raw_connection() -> psycopg.Connection[Any]:
    """psycopg's connection under Django's, ready for prepared statements and packed arrays."""
    connection.ensure_connection()
    raw: psycopg.Connection[Any] = connection.connection
    if raw.prepare_threshold is None:
        raw.prepare_threshold = 5  # every statement here asks for it by itself; None would forbid it
        arrays.register(raw)
    return raw


def pipeline() -> AbstractContextManager[object]:
    """Statements inside are sent without waiting for each other's answer; one inside another is the outer one."""
    raw = raw_connection()
    return nullcontext() if raw.pgconn.pipeline_status else raw.pipeline()


def execute(statement: bytes, params: Mapping[str, object] | Sequence[object]) -> psycopg.Cursor[Any]:
    return psycopg.Cursor(raw_connection()).execute(statement, params, prepare=True, binary=True)


def enter(program_id: UUID) -> Found:
    """Name the program for row-level security until the transaction ends; gives its rulebook's number.

    Sequential scans are off: a plan made while a table was empty would stay for good and read all of it later.
    """
    return execute(_ENTER, {"program": program_id, "text": str(program_id)})


def ask(query: Query, program_id: UUID, given: Sequence[Sequence[Any]], *, lock: bool) -> Found:
    """Send a query; `given` holds the columns of its given table, one after another."""
    params: dict[str, object] = {
        name: arrays.BY_KIND[kind](column) for (name, kind), column in zip(query.takes, given, strict=True)
    }
    params["program"] = program_id
    return execute(_query_text(query, lock=lock), params)


def insert(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    execute(_insert_statement(rows), [program_id, *_columns(rows, values)])


def update(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    execute(_update_statement(rows), [*_columns(rows, values), program_id])


def _columns(rows: Rows, values: Sequence[tuple[Any, ...]]) -> list[arrays.Packed]:
    return [arrays.BY_KIND[kind](column) for kind, column in zip(rows.kinds, zip(*values, strict=True), strict=True)]


def _unnest(kinds: Sequence[ColumnKind]) -> str:
    return ", ".join(f"%s::{kind}[]" for kind in kinds)


_ENTER = b"""
SELECT (SELECT rulebook_number FROM kopilka_program WHERE id = %(program)s),
    set_config('kopilka.program', %(text)s, true), set_config('enable_seqscan', 'off', true)
"""


@cache
def _query_text(query: Query, *, lock: bool) -> bytes:
    names = ", ".join(name for name, _ in query.takes)
    columns = ", ".join(f"%({name})s::{kind}[]" for name, kind in query.takes)
    text = query.text.format(given=f"unnest({columns}) AS given ({names})", program="%(program)s")
    return f"{text} FOR UPDATE OF {query.locks}".encode() if lock and query.locks else text.encode()


@cache
def _insert_statement(rows: Rows) -> bytes:
    names = ", ".join(rows.columns)
    return (
        f"INSERT INTO {rows.table} (program_id, {names})"
        f" SELECT %s, new.* FROM unnest({_unnest(rows.kinds)}) AS new ({names})"
    ).encode()


@cache
def _update_statement(rows: Rows) -> bytes:
    sets = ", ".join(f"{name} = new.{name}" for name in rows.columns[1:])
    return (
        f"UPDATE {rows.table} AS old SET {sets}"
        f" FROM unnest({_unnest(rows.kinds)}) AS new ({', '.join(rows.columns)})"
        " WHERE old.program_id = %s AND old.id = new.id"
    ).encode()
