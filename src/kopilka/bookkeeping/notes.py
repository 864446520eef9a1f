"""Requests that move no points and yet happen once: the answer is kept as an operation's, and told again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from kopilka.bookkeeping.documents import from_text, to_text
from kopilka.bookkeeping.idempotency import CREATED, NO_KEY, Request, find_answered
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.engine.actor import Actor
from kopilka.engine.ledger import Kind
from kopilka.engine.refusal import Code, Refusal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, when, and the request that may be repeated."""

    by: Actor
    at: datetime
    request: Request = NO_KEY
    request_id: str = ""


def told_before(program_id: UUID, asking: Asking, what: str, kind: type[T]) -> T | None:
    """What this very request was answered before; `idempotency_key_reused` when its key was for something else."""
    found = find_answered(program_id, asking.request)
    if found is None:
        return None
    if found.kind != Kind.NOTE or found.answer is None:
        raise Refusal(Code.KEY_REUSED, key=asking.request.key)
    kept = from_text(found.answer, _Kept)
    if kept.what != what:
        raise Refusal(Code.KEY_REUSED, key=asking.request.key)
    return from_text(kept.answer, kind)


def keep_answer(
    program_id: UUID, asking: Asking, what: str, answer: object, *, member_id: UUID | None, subject_id: UUID | None
) -> None:
    """Write the operation down, inside the transaction of what was asked; without a key there is nothing to repeat."""
    if asking.request.key is None:
        return
    written = Written(
        Kind.NOTE, member_id, subject_id, asking.at, asking.at, asking.by, reason=what, request=asking.request,
        request_id=asking.request_id, status=CREATED, answer=to_text(_Kept(what, to_text(answer))),
    )  # fmt: skip
    write_acts(program_id, [written])


@dataclass(frozen=True, slots=True)
class _Kept:
    what: str
    answer: str
