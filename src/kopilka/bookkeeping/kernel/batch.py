"""One durable transaction for a batch; when the database refuses it, each request gets a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from kopilka.bookkeeping.kernel.books import read_books
from kopilka.bookkeeping.kernel.confirming import Confirming, Spoiled
from kopilka.bookkeeping.kernel.requests import PurchaseRequest, PurchaseResult
from kopilka.bookkeeping.locking import reading_before_writing
from kopilka.engine.refusal import Code, Refusal

ATTEMPTS = 3

_AGAIN = frozenset({"40001", "40P01", "55P03"})
"""Serialization failure, deadlock, lock timeout: the same may succeed at once."""

_log = logging.getLogger(__name__)

T = TypeVar("T")


def confirm_batch(program_id: UUID, requests: Sequence[PurchaseRequest]) -> list[PurchaseResult | Refusal]:
    """Book these purchases of one program, one after another, in one transaction; answers only after its commit.

    A refusal concerns its request only. Never raises for one request: what fails in the database fails alone, as
    `busy` when it may be repeated, else as `ledger_integrity`.
    """
    if not requests:
        return []
    try:
        return _try_again(lambda: _confirm_once(program_id, requests))
    except Refusal as refusal:
        return [refusal] * len(requests)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not take the others of the batch with it
        if len(requests) > 1:
            return [answer for one in requests for answer in confirm_batch(program_id, [one])]
        return [_refusal_of(error)]


def _confirm_once(program_id: UUID, requests: Sequence[PurchaseRequest]) -> list[PurchaseResult | Refusal]:
    with transaction.atomic(durable=True):
        with reading_before_writing():
            confirming = Confirming(read_books(program_id, requests))
            answers = confirming.confirm_all(requests)
        confirming.outcome.write(program_id)
    return answers


def _try_again(work: Callable[[], T]) -> T:
    """Run a transaction, again when another one was in its way or the connection was lost.

    After a lost connection it is unknown whether the commit came through: the repetition finds what was booked.
    """
    for left in reversed(range(ATTEMPTS)):
        try:
            return work()
        except DatabaseError as error:
            if not left or not _is_passing(error):
                raise
        except InterfaceError:
            if not left:
                raise
        if not connection.in_atomic_block and not connection.is_usable():
            connection.close()
    raise AssertionError("unreachable")


def _is_passing(error: DatabaseError) -> bool:
    if getattr(error.__cause__, "sqlstate", None) in _AGAIN:
        return True
    return isinstance(error, OperationalError) and not connection.in_atomic_block and not connection.is_usable()


def _refusal_of(error: Exception) -> Refusal:
    if isinstance(error, Spoiled) and isinstance(error.__cause__, Refusal):
        return error.__cause__
    _log.error("A purchase could not be booked", exc_info=error)
    if isinstance(error, OperationalError | InterfaceError):
        return Refusal(Code.BUSY)
    return Refusal(Code.LEDGER_INTEGRITY, what=type(error.__cause__ or error).__name__)
