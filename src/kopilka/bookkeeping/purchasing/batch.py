"""One durable transaction for a batch; when the database refuses it, each request gets a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from django.db import OperationalError, transaction

from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.locking import reading_before_writing
from kopilka.bookkeeping.purchasing.books import read_books
from kopilka.bookkeeping.purchasing.confirming import Confirming, Spoiled
from kopilka.bookkeeping.purchasing.requests import PurchaseRequest, PurchaseResult
from kopilka.bookkeeping.purchasing.transactions import is_reachable, try_again
from kopilka.engine.refusal import Code, Refusal

_log = logging.getLogger(__name__)


def confirm_batch(program_id: UUID, requests: Sequence[PurchaseRequest]) -> list[PurchaseResult | Refusal]:
    """Book these purchases of one program, one after another, in one transaction; answers only after its commit.

    A refusal concerns its request only. Never raises for one request: what fails in the database fails alone, as
    `busy` when it may be repeated, else as `ledger_integrity`.
    """
    if not requests:
        return []
    try:
        return try_again(lambda: _confirm_once(program_id, requests))
    except Refusal as refusal:
        return [refusal] * len(requests)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not take the others of the batch with it
        if not is_reachable():
            return [Refusal(Code.BUSY)] * len(requests)
        if len(requests) > 1:
            return [answer for one in requests for answer in confirm_batch(program_id, [one])]
        return [_refusal_of(error)]


def _confirm_once(program_id: UUID, requests: Sequence[PurchaseRequest]) -> list[PurchaseResult | Refusal]:
    with transaction.atomic(durable=True), store.together(last=True):
        with reading_before_writing():
            confirming = Confirming(read_books(program_id, requests))
            answers = confirming.confirm_all(requests)
        confirming.outcome.write(program_id)
    return answers


def _refusal_of(error: Exception) -> Refusal:
    if isinstance(error, Spoiled) and isinstance(error.__cause__, Refusal):
        return error.__cause__
    _log.error("A purchase could not be booked", exc_info=error)
    if isinstance(error, OperationalError):
        return Refusal(Code.BUSY)
    return Refusal(Code.LEDGER_INTEGRITY, what=type(error.__cause__ or error).__name__)
