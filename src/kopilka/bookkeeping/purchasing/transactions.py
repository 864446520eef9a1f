"""Transactions that are repeated when another one was in their way, and acts that are a transaction of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connection, connections, transaction

from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.locking import reading_before_writing
from kopilka.bookkeeping.purchasing.outcome import Outcome
from kopilka.engine.refusal import Refusal

ATTEMPTS = 3

_AGAIN = frozenset({"23505", "40001", "40P01", "55P03"})
"""What may succeed at once: the same key or receipt was just committed by another, serialization, deadlock, timeout."""

T = TypeVar("T")


def try_again(work: Callable[[], T]) -> T:
    """Run a transaction, again when another one was in its way or the connection was lost.

    After a lost connection it is unknown whether the commit came through: the repetition finds what was booked.
    """
    for left in reversed(range(ATTEMPTS)):
        django = connections[DEFAULT_DB_ALIAS]
        django.ensure_connection()
        raw = django.connection
        try:
            return work()
        except (DatabaseError, InterfaceError) as error:
            lost = _is_lost(raw)
            if lost:
                connection.close()
            if not left or not (lost or getattr(error.__cause__, "sqlstate", None) in _AGAIN):
                raise
    raise AssertionError("unreachable")


def is_reachable() -> bool:
    """Is there a database to talk to?"""
    try:
        connection.ensure_connection()
    except DatabaseError:
        return False
    return True


def _is_lost(raw: object) -> bool:
    """Did the connection break that the transaction was begun on? Then Django has dropped it, or psycopg says so.

    One inside somebody else's transaction is his to judge.
    """
    if connection.in_atomic_block:
        return False
    return connection.connection is not raw or bool(getattr(raw, "closed", False))


def act_once(program_id: UUID, work: Callable[[Outcome], T]) -> T:
    """One act in one durable transaction: `work` reads, decides and fills the outcome, which is then written.

    When it refuses, what the outcome holds by then (a lost try of a code, lots that were due) is kept all the same;
    so a refusal must come before anything else is put there.
    """

    def once() -> T | Refusal:
        outcome = Outcome()
        answer: T | Refusal
        with transaction.atomic(durable=True), store.together(last=True):
            with reading_before_writing():
                try:
                    answer = work(outcome)
                except Refusal as refusal:
                    answer = refusal
            outcome.write(program_id)
        return answer

    answer = try_again(once)
    if isinstance(answer, Refusal):
        raise answer
    return answer
