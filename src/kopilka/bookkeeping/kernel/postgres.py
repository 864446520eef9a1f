"""Statements of the kernel on PostgreSQL: set-based, bound as binary arrays, prepared once, sent in bursts.

They go past Django's cursor, which binds on the client, so that binary parameters and prepared statements would do
nothing there; the connection and its transaction are Django's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.abc import Buffer

from kopilka.bookkeeping.kernel.arrays import PACKERS, Packer
from kopilka.bookkeeping.kernel.query import Found, Query
from kopilka.bookkeeping.kernel.rows import ColumnKind, Rows
from kopilka.bookkeeping.kernel.wire import COMMIT, Reply, Statement, Wire


class Burst:
    """Statements inside are sent when rows are asked for, the rest at the end.

    What goes through Django's cursor meanwhile finds everything sent before it. Outside a transaction the block is
    one of its own. With `last` the commit of Django's transaction travels with the last statements.
    """

    def __init__(self, django: BaseDatabaseWrapper, *, last: bool) -> None:
        self._wire = _wire_on(django)
        self._last = last
        self._alone = False

    def __enter__(self) -> None:
        wire = self._wire
        self._alone = not wire.django.in_atomic_block
        wire.depth += 1
        wire.django.execute_wrappers.append(_send_first)

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        wire = self._wire
        wire.django.execute_wrappers.pop()
        try:
            if kind is None:
                if self._alone or (self._last and len(wire.django.atomic_blocks) == 1):
                    wire.send(COMMIT, [])
                wire.exchange()
            else:
                self._undo()
        except BaseException:
            self._undo()
            raise
        finally:
            wire.depth -= 1

    def _undo(self) -> None:
        self._wire.forget()
        if self._alone and not self._wire.raw.closed:
            self._wire.raw.rollback()


_here = threading.local()
"""`wire`: this thread's, kept while Django keeps its connection, and with it what was prepared there.

Not a class of our own: compiled, its fields would be the same for all threads.
"""


def is_open() -> bool:
    """Is a burst of this thread under way?"""
    wire: Wire | None = getattr(_here, "wire", None)
    return wire is not None and wire.depth > 0


def _wire() -> Wire:
    """Inside a burst its wire, else that of the connection Django has now."""
    wire: Wire | None = getattr(_here, "wire", None)
    if wire is not None and wire.depth:
        return wire
    return _wire_on(connections[DEFAULT_DB_ALIAS])


def _wire_on(django: BaseDatabaseWrapper) -> Wire:
    wire: Wire | None = getattr(_here, "wire", None)
    raw: Any = django.connection
    if raw is None:
        django.ensure_connection()
        raw = django.connection
    if wire is None or wire.raw is not raw:
        wire = _here.wire = Wire(django, raw)
    return wire


def _send_first(execute: Callable[..., Any], *args: Any) -> Any:
    _wire().exchange()
    return execute(*args)


class _Form:
    """A statement and how what is given to it is packed, after the program, which is always $1."""

    def __init__(self, text: str, kinds: Sequence[ColumnKind] = (), *, row_by_row: bool = False) -> None:
        self.packers: list[Packer] = [PACKERS[kind] for kind in kinds]
        of_program = PACKERS[ColumnKind.UUID].element
        given = [packer.element if row_by_row else packer.array for packer in self.packers]
        self.statement = Statement(text.encode(), [of_program, *given])

    def send_columns(self, program_id: UUID, columns: Sequence[Sequence[Any]]) -> Reply:
        values: list[Buffer | None] = [program_id.bytes]
        for at, packer in enumerate(self.packers):
            values.append(packer.column(columns[at]))
        return _send(self.statement, values)

    def send_row(self, program_id: UUID, row: Sequence[Any]) -> Reply:
        values: list[Buffer | None] = [program_id.bytes]
        for at, packer in enumerate(self.packers):
            values.append(packer.single(row[at]))
        return _send(self.statement, values)


def _send(statement: Statement, values: list[Buffer | None]) -> Reply:
    wire = _wire()
    reply = wire.send(statement, values)
    if not wire.depth:
        wire.exchange()
    return reply


def enter(program_id: UUID) -> Found:
    """Name the program for row-level security until the transaction ends; gives the numbers of
    its rulebook and switches.

    The planner is told to look rows up by index: a plan made while the tables were empty would stay for good and
    read all of the program's rows later.
    """
    return _ENTER.send_row(program_id, ())


def ask(query: Query, program_id: UUID, given: Sequence[Sequence[Any]], *, lock: bool) -> Found:
    """Send a query; `given` holds the columns of its given table, one after another."""
    forms = _locking if lock else _asking
    form = forms.get(query)
    if form is None:
        form = forms[query] = _Form(_query_text(query, lock=lock), [kind for _, kind in query.takes])
    return form.send_columns(program_id, given)


def insert(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    form = _inserts.get(rows)
    if form is None:
        form = _inserts[rows] = _Form(_insert_text(rows), rows.kinds)
    form.send_columns(program_id, rows.columns_of(values))


def insert_missing_counters(program_id: UUID, rows: Sequence[tuple[UUID, str, str, UUID | None]]) -> None:
    """Counters (id, kind, code, member) that do not exist yet, at zero; in the order given, for others wait on them."""
    _NEW_COUNTERS.send_columns(program_id, list(zip(*rows, strict=True)))


def replace(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    """Whole rows by their ids, in place of what stands there: by the primary key, without any plan."""
    form = _replacements.get(rows)
    if form is None:
        form = _replacements[rows] = _Form(_replace_text(rows), rows.kinds)
    form.send_columns(program_id, rows.columns_of(values))


def update(rows: Rows, program_id: UUID, values: Sequence[tuple[Any, ...]]) -> None:
    """Row by row, sent together: joined to arrays, a planner without statistics would read the whole program."""
    form = _updates.get(rows)
    if form is None:
        form = _updates[rows] = _Form(_update_text(rows), rows.kinds, row_by_row=True)
    for row in values:
        form.send_row(program_id, row)


_asking: dict[Query, _Form] = {}
_locking: dict[Query, _Form] = {}
_inserts: dict[Rows, _Form] = {}
_replacements: dict[Rows, _Form] = {}
_updates: dict[Rows, _Form] = {}


def _unnest(kinds: Sequence[ColumnKind]) -> str:
    return ", ".join(f"${at}::{kind}[]" for at, kind in enumerate(kinds, 2))


# Rows are looked up by index, whatever the statistics of a fresh table say; plans are made once.
_ENTER = _Form("""
SELECT program.rulebook_number, program.switches_number,
    set_config('kopilka.program', $1::text, true),
    set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
    set_config('plan_cache_mode', 'force_generic_plan', true)
FROM (SELECT) AS once LEFT JOIN kopilka_program AS program ON program.id = $1
""")


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


def _insert_text(rows: Rows) -> str:
    names = ", ".join(rows.columns)
    return (
        f"INSERT INTO {rows.table} (program_id, {names})"
        f" SELECT $1, new.* FROM unnest({_unnest(rows.kinds)}) AS new ({names})"
    )


def _replace_text(rows: Rows) -> str:
    sets = ", ".join(f"{name} = excluded.{name}" for name in rows.changes)
    return f"{_insert_text(rows)} ON CONFLICT (id) DO UPDATE SET {sets}"


def _update_text(rows: Rows) -> str:
    sets = ", ".join(f"{name} = ${at}" for at, name in enumerate(rows.columns[1:], 3))
    return f"UPDATE {rows.table} SET {sets} WHERE program_id = $1 AND id = $2"


_NEW_COUNTERS = _Form("""
INSERT INTO kopilka_ruleuse (id, program_id, kind, code, member_id, used)
SELECT new.id, $1, new.kind, new.code, new.member_id, 0
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::uuid[]) AS new (id, kind, code, member_id)
ON CONFLICT DO NOTHING
""", (ColumnKind.UUID, ColumnKind.TEXT, ColumnKind.TEXT, ColumnKind.UUID))  # fmt: skip
