"""Bringing goods back: what a purchase gave and took is undone, by line and quantity, for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.idempotency import NO_KEY, Request, find_answered
from kopilka.bookkeeping.locking import reading_before_writing
from kopilka.bookkeeping.purchasing.transactions import try_again
from kopilka.bookkeeping.returning.desk import open_desk
from kopilka.bookkeeping.returning.requests import ALL, Article, ReturnRequest, ReturnResult, UnmatchedLine
from kopilka.bookkeeping.scope import enter_program
from kopilka.engine.actor import Actor
from kopilka.engine.refusal import Refusal
from kopilka.queries.scope import reading

__all__ = [
    "ALL",
    "Article",
    "ReturnRequest",
    "ReturnResult",
    "UnmatchedLine",
    "return_made_by",
    "return_many",
    "return_purchase",
    "return_unnamed",
]


def return_purchase(
    *,
    program_id: UUID,
    purchase_id: UUID,
    lines: Mapping[int, int] | None,
    source: str,
    external_id: str,
    by: Actor,
    at: datetime,
    request: Request = NO_KEY,
    dry_run: bool = False,
    language: str = "ru",
    request_id: str = "",
    reason: str = "",
) -> ReturnResult:
    """Bring back `lines` (thousandths by line number; ALL: what is left) of a purchase.

    `reason` as a person gave it, at most 500 characters. Refuses with not_found, purchase_open, purchase_cancelled,
    line_unknown, return_exceeds, receipt_exists.
    """
    asked = ReturnRequest(
        source, external_id, by, at, purchase_id=purchase_id, lines=lines,
        request=request, language=language, request_id=request_id, reason=reason,
    )  # fmt: skip
    return _one(program_id, asked, dry_run=dry_run)


def return_made_by(program_id: UUID, request: Request) -> UUID | None:
    """The return this very request has brought about already. `idempotency_key_reused`."""
    with reading(program_id):
        found = find_answered(program_id, request)
    return found.subject_id if found else None


def return_unnamed(
    *,
    program_id: UUID,
    member_id: UUID | None,
    articles: Sequence[Article],
    source: str,
    external_id: str,
    by: Actor,
    at: datetime,
    request: Request = NO_KEY,
    dry_run: bool = False,
    language: str = "ru",
    request_id: str = "",
) -> ReturnResult:
    """Bring back articles without naming a purchase: matched to the member's own, the latest first.

    What he did not buy (or nobody is named) is recorded with the money the till gave, and moves no points.
    """
    asked = ReturnRequest(
        source, external_id, by, at, member_id=member_id, articles=tuple(articles),
        request=request, language=language, request_id=request_id,
    )  # fmt: skip
    return _one(program_id, asked, dry_run=dry_run)


def return_many(*, program_id: UUID, requests: Sequence[ReturnRequest]) -> list[ReturnResult | Refusal]:
    """Book returns in one transaction, in their order; a refusal concerns its own request only."""
    return try_again(lambda: _book(program_id, requests, dry_run=False))


def _one(program_id: UUID, asked: ReturnRequest, *, dry_run: bool) -> ReturnResult:
    if dry_run:
        (done,) = _book(program_id, [asked], dry_run=True)
    else:
        (done,) = return_many(program_id=program_id, requests=[asked])
    if isinstance(done, Refusal):
        raise done
    return done


@transaction.atomic(durable=True)
def _book(program_id: UUID, requests: Sequence[ReturnRequest], *, dry_run: bool) -> list[ReturnResult | Refusal]:
    enter_program(program_id)
    with reading_before_writing():
        desk = open_desk(program_id, requests, lock=not dry_run)
        done = [desk.serve(one, dry_run=dry_run) for one in requests]
    if not dry_run:
        desk.write()
    return done
