"""Bursts of prepared statements on Django's PostgreSQL connection: many statements, one journey.

Statements wait until somebody asks for rows, or until the last is sent; then all of them go out in libpq's pipeline
mode, and all answers come back. psycopg's own pipeline would talk to the server at every statement, which costs more
than the statement, and each time another thread may take the interpreter away. Between two bursts the connection is in
its ordinary state, so Django's and psycopg's own calls work beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import errors
from psycopg.abc import Buffer, PQGen
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.waiting import Ready, Wait

_FAILED = frozenset({ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED, ExecStatus.BAD_RESPONSE})
_IDLE, _BINARY = TransactionStatus.IDLE, Format.BINARY
_TO_READ, _TO_SEND, _READABLE = Wait.R, Wait.RW, int(Ready.R)

_names = count(1)
"""Of prepared statements; no two connections need the same, and one name is never used twice on a connection."""


class Statement:
    """A text with the types (oids) of its parameters, which all travel in PostgreSQL's binary form."""

    def __init__(self, text: bytes, oids: Sequence[int] = ()) -> None:
        self.text = text
        self.oids = list(oids)
        self.formats = [int(_BINARY)] * len(self.oids)


_BEGIN = Statement(b"BEGIN")
COMMIT = Statement(b"COMMIT")


class Reply:
    """The rows of one statement; asking for them sends what waits."""

    def __init__(self, wire: Wire, statement: Statement, values: list[Buffer | None], prepares: bytes = b"") -> None:
        self.wire = wire
        self.statement = statement
        self.values = values
        self.prepares = prepares  # the name that the statement gets by this, in place of being run
        self.result: PGresult | None = None

    def fetchall(self) -> list[tuple[Any, ...]]:
        if self.result is None:
            self.wire.exchange()
        assert self.result is not None, "its burst has failed"
        return self.wire.rows_of(self.result)


class Wire:
    """One connection's statements: those prepared on it, and those that wait to be sent."""

    def __init__(self, django: BaseDatabaseWrapper, raw: psycopg.Connection[Any]) -> None:
        self.django = django
        self.raw = raw
        self.depth = 0
        self._prepared: dict[Statement, bytes] = {}
        self._waiting: list[Reply] = []
        self._rows = Transformer.from_context(raw)

    def send(self, statement: Statement, values: list[Buffer | None]) -> Reply:
        reply = Reply(self, statement, values)
        self._waiting.append(reply)
        return reply

    def rows_of(self, result: PGresult) -> list[tuple[Any, ...]]:
        self._rows.set_pgresult(result, format=_BINARY)
        rows: list[tuple[Any, ...]] = self._rows.load_rows(0, result.ntuples, tuple)
        return rows

    def forget(self) -> None:
        """Drop what waits: the work it belongs to has failed."""
        self._waiting.clear()

    def exchange(self) -> None:
        """Send what waits and read all answers; raises the first error. Begins a transaction where there is none.

        psycopg's errors leave as Django's, and Django's connection knows of them.
        """
        replies, self._waiting = self._waiting, []
        if not replies:
            return
        with self.django.wrap_database_errors, self.raw.lock:
            if self.raw.pgconn.transaction_status == _IDLE:
                replies.insert(0, Reply(self, _BEGIN, []))
            self.raw.pgconn.enter_pipeline_mode()
            try:
                error = self.raw.wait(self._burst(replies))
            finally:
                if not self.raw.closed:
                    self.raw.pgconn.exit_pipeline_mode()
            if error is not None:
                raise error

    def _burst(self, replies: list[Reply]) -> PQGen[errors.Error | None]:
        """All statements go out before the first answer is read; the waiting itself is psycopg's."""
        pgconn = self.raw.pgconn
        answers = self._send_all(replies)
        while pgconn.flush():
            if (yield _TO_SEND) & _READABLE:
                pgconn.consume_input()
        error: errors.Error | None = None
        for answer in answers:
            while pgconn.is_busy():
                if (yield _TO_READ):
                    pgconn.consume_input()
            result = pgconn.get_result()
            if result is None:
                return error or errors.OperationalError("the connection was lost in the middle of a burst")
            if error is None and result.status in _FAILED:
                error = errors.error_from_result(result, encoding=self.raw.info.encoding)
            if answer is not answers[-1]:
                pgconn.get_result()  # None: the end of this answer; nothing follows the end of a burst
            answer.result = result
            if answer.prepares and error is None:
                self._prepared[answer.statement] = answer.prepares
        return error

    def _send_all(self, replies: list[Reply]) -> list[Reply]:
        """What will be answered, in its order: also preparations of new statements, and the end of the burst."""
        pgconn, fresh = self.raw.pgconn, dict[Statement, bytes]()
        answers: list[Reply] = []
        for reply in replies:
            statement = reply.statement
            name = self._prepared.get(statement) or fresh.get(statement)
            if name is None:
                name = fresh[statement] = b"kopilka%d" % next(_names)
                pgconn.send_prepare(name, statement.text, statement.oids)
                answers.append(Reply(self, statement, [], name))
            pgconn.send_query_prepared(name, reply.values, statement.formats, _BINARY)
            answers.append(reply)
        pgconn.pipeline_sync()
        answers.append(Reply(self, _BEGIN, []))
        return answers
