"""Bursts of prepared statements on Django's PostgreSQL connection: many statements, one journey.

Statements wait until somebody asks for rows, or until the last is sent; then all of them go out in libpq's pipeline
mode, and all answers come back. psycopg's own pipeline would talk to the server at every statement, which costs more
than the statement, and each time another thread may take the interpreter away. Between two bursts the connection is in
its ordinary state, so Django's and psycopg's own calls work beside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg import errors, generators
from psycopg.abc import Buffer, PQGen
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

_FAILED = frozenset({ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED, ExecStatus.BAD_RESPONSE})


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value in PostgreSQL's binary form (None: NULL), with its type's oid."""

    oid: int
    value: Buffer | None


class Reply:
    """The rows of one statement; asking for them sends what waits."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.result: PGresult | None = None

    def fetchall(self) -> list[tuple[Any, ...]]:
        if self.result is None:
            self._wire.exchange()
        assert self.result is not None, "its burst has failed"
        rows = Transformer.from_context(self._wire.raw)
        rows.set_pgresult(self.result, format=Format.BINARY)
        return rows.load_rows(0, self.result.ntuples, tuple)


@dataclass(frozen=True, slots=True)
class _Command:
    statement: bytes
    parameters: Sequence[Parameter]
    reply: Reply


class Wire:
    """One connection's statements: those prepared on it, and those that wait to be sent."""

    def __init__(self, raw: psycopg.Connection[Any]) -> None:
        self.raw = raw
        self.depth = 0
        self._prepared: dict[bytes, bytes] = {}
        self._names = count(1)
        self._waiting: list[_Command] = []

    def send(self, statement: bytes, parameters: Sequence[Parameter] = ()) -> Reply:
        reply = Reply(self)
        self._waiting.append(_Command(statement, parameters, reply))
        return reply

    def forget(self) -> None:
        """Drop what waits: the work it belongs to has failed."""
        self._waiting.clear()

    def exchange(self) -> None:
        """Send what waits and read all answers; raises the first error. Begins a transaction where there is none."""
        commands, self._waiting = self._waiting, []
        if not commands:
            return
        with self.raw.lock:
            if self.raw.pgconn.transaction_status == TransactionStatus.IDLE:
                commands.insert(0, _Command(b"BEGIN", (), Reply(self)))
            self.raw.pgconn.enter_pipeline_mode()
            try:
                error = self.raw.wait(self._burst(commands))
            finally:
                if not self.raw.closed:
                    self.raw.pgconn.exit_pipeline_mode()
        if error is not None:
            raise error

    def _burst(self, commands: list[_Command]) -> PQGen[errors.Error | None]:
        pgconn = self.raw.pgconn
        fresh = dict(self._send_all(commands))
        pgconn.pipeline_sync()
        yield from generators.send(pgconn)
        error: errors.Error | None = None
        for command in commands:
            if command.statement in fresh:
                results = yield from generators.fetch_many(pgconn)
                error = error or self._error_of(results)
                name = fresh.pop(command.statement)
                if error is None:
                    self._prepared[command.statement] = name
            results = yield from generators.fetch_many(pgconn)
            error = error or self._error_of(results)
            command.reply.result = results[-1]
        yield from generators.fetch_many(pgconn)  # the end of the pipeline
        return error

    def _send_all(self, commands: list[_Command]) -> Iterator[tuple[bytes, bytes]]:
        """Names of statements that are prepared here for the first time."""
        pgconn, fresh = self.raw.pgconn, dict[bytes, bytes]()
        for command in commands:
            statement = command.statement
            name = self._prepared.get(statement) or fresh.get(statement)
            if name is None:
                name = fresh[statement] = b"kopilka%d" % next(self._names)
                pgconn.send_prepare(name, statement, [one.oid for one in command.parameters])
                yield statement, name
            values = [one.value for one in command.parameters]
            pgconn.send_query_prepared(name, values, [Format.BINARY] * len(values), Format.BINARY)

    def _error_of(self, results: list[PGresult]) -> errors.Error | None:
        result = results[-1]
        if result.status in _FAILED:
            return errors.error_from_result(result, encoding=self.raw.info.encoding)
        return None


_wires: WeakKeyDictionary[psycopg.Connection[Any], Wire] = WeakKeyDictionary()


def wire_of(raw: psycopg.Connection[Any]) -> Wire:
    found = _wires.get(raw)
    if found is None:
        found = _wires[raw] = Wire(raw)
    return found
