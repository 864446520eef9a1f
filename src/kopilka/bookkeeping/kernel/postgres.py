"""Statements of the kernel on PostgreSQL: set-based, bound as binary arrays, prepared once, sent in a pipeline.

Everything goes through psycopg's own cursor on Django's connection: Django's binds on the client, so that binary
parameters and prepared statements would do nothing there.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection

from kopilka.bookkeeping.kernel import arrays
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
    """Statements inside are sent without waiting for each other's answer."""
    return raw_connection().pipeline()


def execute(statement: str, *params: object) -> psycopg.Cursor[Any]:
    cursor = psycopg.Cursor(raw_connection())
    return cursor.execute(statement.encode(), params, prepare=True, binary=True)


def insert(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    execute(_insert_statement(rows), program_id, *_columns(rows, values))


def update(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    execute(_update_statement(rows), *_columns(rows, values), program_id)


def _columns(rows: Rows, values: Sequence[tuple[Any, ...]]) -> list[arrays.Packed]:
    return [arrays.BY_KIND[kind](column) for kind, column in zip(rows.kinds, zip(*values, strict=True), strict=True)]


def _unnest(kinds: Sequence[ColumnKind]) -> str:
    return ", ".join(f"%s::{kind}[]" for kind in kinds)


@cache
def _insert_statement(rows: Rows) -> str:
    names = ", ".join(rows.columns)
    return (
        f"INSERT INTO {rows.table} (program_id, {names})"
        f" SELECT %s, new.* FROM unnest({_unnest(rows.kinds)}) AS new ({names})"
    )


@cache
def _update_statement(rows: Rows) -> str:
    sets = ", ".join(f"{name} = new.{name}" for name in rows.columns[1:])
    return (
        f"UPDATE {rows.table} AS old SET {sets}"
        f" FROM unnest({_unnest(rows.kinds)}) AS new ({', '.join(rows.columns)})"
        " WHERE old.program_id = %s AND old.id = new.id"
    )
