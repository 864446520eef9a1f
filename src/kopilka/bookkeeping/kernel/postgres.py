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

    The planner is told to look rows up by index: a plan made while the tables were empty would stay for good and
    read all of the program's rows later.
    """
    return execute(_ENTER, {"program": program_id, "text": str(program_id)})


def ask(query: Query, program_id: UUID, given: Sequence[Sequence[Any]], *, lock: bool) -> Found:
    """Send a query; `given` holds the columns of its given table, one after another."""
    params: dict[str, object] = {
        name: arrays.BY_KIND[kind](column) for (name, kind), column in zip(query.takes, given, strict=True)
    }
    params["program"] = program_id
    return execute(_query_bytes(query, lock=lock), params)


def insert(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    execute(_insert_statement(rows), [program_id, *_columns(rows, values)])


def insert_missing_counters(program_id: UUID, rows: Sequence[tuple[UUID, str, str, UUID | None]]) -> None:
    """Counters (id, kind, code, member) that do not exist yet, at zero; in the order given, for others wait on them."""
    ids, kinds, codes, members = zip(*rows, strict=True)
    columns = [arrays.uuids(ids), arrays.texts(kinds), arrays.texts(codes), arrays.uuids(members)]
    execute(_NEW_COUNTERS, [program_id, *columns])


def replace(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    """Whole rows by their ids, in place of what stands there: by the primary key, without any plan."""
    execute(_replace_statement(rows), [program_id, *_columns(rows, values)])


def update(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    """Row by row, sent together: joined to arrays, a planner without statistics would read the whole program."""
    statement = _update_statement(rows)
    for row in values:
        execute(statement, [*row[1:], program_id, row[0]])


def _columns(rows: Rows, values: Sequence[tuple[Any, ...]]) -> list[arrays.Packed]:
    return [arrays.BY_KIND[kind](column) for kind, column in zip(rows.kinds, zip(*values, strict=True), strict=True)]


def _unnest(kinds: Sequence[ColumnKind]) -> str:
    return ", ".join(f"%s::{kind}[]" for kind in kinds)


# Rows are looked up by index, whatever the statistics of a fresh table say; plans are made once.
_ENTER = b"""
SELECT (SELECT rulebook_number FROM kopilka_program WHERE id = %(program)s),
    set_config('kopilka.program', %(text)s, true),
    set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
    set_config('plan_cache_mode', 'force_generic_plan', true)
"""


@cache
def _query_bytes(query: Query, *, lock: bool) -> bytes:
    return _query_text(query, lock=lock).encode()


def _query_text(query: Query, *, lock: bool) -> str:
    if query.given is not None:
        source = f"FROM ({_query_text(query.given, lock=False)} OFFSET 0) AS given"
    else:
        names = ", ".join(name for name, _ in query.takes)
        columns = ", ".join(f"%({name})s::{kind}[]" for name, kind in query.takes)
        source = f"FROM unnest({columns}) AS given ({names})"
    for step in query.steps:
        locking = " FOR UPDATE" if lock and step.alias == query.locks else ""
        found = f"SELECT {step.alias}.* FROM {step.table} AS {step.alias}"
        where = f"WHERE {step.alias}.program_id = %(program)s AND {step.on}"
        join = "LEFT JOIN" if step.optional else "JOIN"
        source += f" {join} LATERAL ({found} {where} OFFSET 0{locking}) AS {step.alias} ON true"
    order = f" ORDER BY {query.order_by}" if query.order_by else ""
    return f"SELECT {query.select} {source}{order}"


@cache
def _insert_statement(rows: Rows) -> bytes:
    names = ", ".join(rows.columns)
    return (
        f"INSERT INTO {rows.table} (program_id, {names})"
        f" SELECT %s, new.* FROM unnest({_unnest(rows.kinds)}) AS new ({names})"
    ).encode()


@cache
def _replace_statement(rows: Rows) -> bytes:
    sets = ", ".join(f"{name} = excluded.{name}" for name in rows.changes)
    return _insert_statement(rows) + f" ON CONFLICT (id) DO UPDATE SET {sets}".encode()


@cache
def _update_statement(rows: Rows) -> bytes:
    sets = ", ".join(f"{name} = %s" for name in rows.columns[1:])
    return f"UPDATE {rows.table} SET {sets} WHERE program_id = %s AND id = %s".encode()


_NEW_COUNTERS = b"""
INSERT INTO kopilka_ruleuse (id, program_id, kind, code, member_id, used)
SELECT new.id, %s, new.kind, new.code, new.member_id, 0
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[]) AS new (id, kind, code, member_id)
ON CONFLICT DO NOTHING
"""
