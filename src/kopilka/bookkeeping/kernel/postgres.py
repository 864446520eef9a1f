"""Statements of the kernel on PostgreSQL: set-based, bound as binary arrays, prepared once, sent in bursts.

They go past Django's cursor, which binds on the client, so that binary parameters and prepared statements would do
nothing there; the connection and its transaction are Django's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections

from kopilka.bookkeeping.kernel.arrays import column, single
from kopilka.bookkeeping.kernel.query import Found, Query
from kopilka.bookkeeping.kernel.rows import ColumnKind, Rows
from kopilka.bookkeeping.kernel.wire import Parameter, Reply, Wire, wire_of


@contextmanager
def together(*, last: bool) -> Iterator[None]:
    """Statements inside are sent when rows are asked for, the rest at the end of the outermost of such blocks.

    What goes through Django's cursor meanwhile finds everything sent before it. Outside a transaction the block is
    one of its own. With `last` the commit of Django's transaction travels with the last statements.
    """
    wire = _wire()
    if wire.depth:
        yield
        return
    alone = not connection.in_atomic_block
    wire.depth += 1
    try:
        with connection.execute_wrapper(_send_first):
            yield
        if alone or (last and _is_outermost()):
            wire.send(b"COMMIT")
        wire.exchange()
    except BaseException:
        wire.forget()
        if alone and not wire.raw.closed:
            wire.raw.rollback()
        raise
    finally:
        wire.depth -= 1


def _is_outermost() -> bool:
    """Is Django's transaction nobody's but ours?"""
    return len(connection.atomic_blocks) == 1


def _send_first(execute: Callable[..., Any], *args: Any) -> Any:
    _wire().exchange()
    return execute(*args)


def _wire() -> Wire:
    django = connections[DEFAULT_DB_ALIAS]  # asked once: every question to `connection` costs a look-up by thread
    if django.connection is None:
        django.ensure_connection()
    return wire_of(django.connection)


def enter(program_id: UUID) -> Found:
    """Name the program for row-level security until the transaction ends; gives the numbers of
    its rulebook and switches.

    The planner is told to look rows up by index: a plan made while the tables were empty would stay for good and
    read all of the program's rows later.
    """
    return _send(_ENTER, [_program(program_id), single(ColumnKind.TEXT, str(program_id))])


def ask(query: Query, program_id: UUID, given: Sequence[Sequence[Any]], *, lock: bool) -> Found:
    """Send a query; `given` holds the columns of its given table, one after another."""
    columns = [column(kind, values) for (_, kind), values in zip(query.takes, given, strict=True)]
    return _send(_query_bytes(query, lock=lock), [_program(program_id), *columns])


def insert(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    _send(_insert_statement(rows), [_program(program_id), *_columns(rows, values)])


def insert_missing_counters(program_id: UUID, rows: Sequence[tuple[UUID, str, str, UUID | None]]) -> None:
    """Counters (id, kind, code, member) that do not exist yet, at zero; in the order given, for others wait on them."""
    kinds = (ColumnKind.UUID, ColumnKind.TEXT, ColumnKind.TEXT, ColumnKind.UUID)
    columns = [column(kind, values) for kind, values in zip(kinds, zip(*rows, strict=True), strict=True)]
    _send(_NEW_COUNTERS, [_program(program_id), *columns])


def replace(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    """Whole rows by their ids, in place of what stands there: by the primary key, without any plan."""
    _send(_replace_statement(rows), [_program(program_id), *_columns(rows, values)])


def update(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    """Row by row, sent together: joined to arrays, a planner without statistics would read the whole program."""
    statement, program = _update_statement(rows), _program(program_id)
    for row in values:
        _send(statement, [program, *(single(kind, value) for kind, value in zip(rows.kinds, row, strict=True))])


def _send(statement: bytes, parameters: Sequence[Parameter]) -> Reply:
    wire = _wire()
    reply = wire.send(statement, parameters)
    if not wire.depth:
        wire.exchange()
    return reply


def _program(program_id: UUID) -> Parameter:
    return single(ColumnKind.UUID, program_id)


def _columns(rows: Rows, values: Sequence[tuple[Any, ...]]) -> list[Parameter]:
    return [column(kind, cells) for kind, cells in zip(rows.kinds, zip(*values, strict=True), strict=True)]


def _unnest(kinds: Sequence[ColumnKind]) -> str:
    """$1 is always the program."""
    return ", ".join(f"${at}::{kind}[]" for at, kind in enumerate(kinds, 2))


# Rows are looked up by index, whatever the statistics of a fresh table say; plans are made once.
_ENTER = b"""
SELECT program.rulebook_number, program.switches_number,
    set_config('kopilka.program', $2, true),
    set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
    set_config('plan_cache_mode', 'force_generic_plan', true)
FROM (SELECT) AS once LEFT JOIN kopilka_program AS program ON program.id = $1
"""


@cache
def _query_bytes(query: Query, *, lock: bool) -> bytes:
    return _query_text(query, lock=lock).encode()


def _query_text(query: Query, *, lock: bool) -> str:
    if query.given is not None:
        source = f"FROM ({_query_text(query.given, lock=False)} OFFSET 0) AS given"
    else:
        names = ", ".join(name for name, _ in query.takes)
        source = f"FROM unnest({_unnest([kind for _, kind in query.takes])}) AS given ({names})"
    for step in query.steps:
        locking = " FOR UPDATE" if lock and step.alias == query.locks else ""
        found = f"SELECT {step.alias}.* FROM {step.table} AS {step.alias}"
        where = f"WHERE {step.alias}.program_id = $1 AND {step.on}"
        join = "LEFT JOIN" if step.optional else "JOIN"
        source += f" {join} LATERAL ({found} {where} OFFSET 0{locking}) AS {step.alias} ON true"
    order = f" ORDER BY {query.order_by}" if query.order_by else ""
    return f"SELECT {query.select} {source}{order}"


@cache
def _insert_statement(rows: Rows) -> bytes:
    names = ", ".join(rows.columns)
    return (
        f"INSERT INTO {rows.table} (program_id, {names})"
        f" SELECT $1, new.* FROM unnest({_unnest(rows.kinds)}) AS new ({names})"
    ).encode()


@cache
def _replace_statement(rows: Rows) -> bytes:
    sets = ", ".join(f"{name} = excluded.{name}" for name in rows.changes)
    return _insert_statement(rows) + f" ON CONFLICT (id) DO UPDATE SET {sets}".encode()


@cache
def _update_statement(rows: Rows) -> bytes:
    sets = ", ".join(f"{name} = ${at}" for at, name in enumerate(rows.columns[1:], 3))
    return f"UPDATE {rows.table} SET {sets} WHERE program_id = $1 AND id = $2".encode()


_NEW_COUNTERS = b"""
INSERT INTO kopilka_ruleuse (id, program_id, kind, code, member_id, used)
SELECT new.id, $1, new.kind, new.code, new.member_id, 0
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[]) AS new (id, kind, code, member_id)
ON CONFLICT DO NOTHING
"""
