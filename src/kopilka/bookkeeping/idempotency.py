"""Repeating a request: the same key and content get the same answer, and nothing happens twice.

The record is the operation itself, kept for ever. Only what wrote something is recorded: a refusal burns no key.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.ledger import Operation
from kopilka.engine.refusal import Code, Refusal

CREATED = 201
DONE = 200

NOBODY = UUID(int=0)
"""Owner of keys that came without one: a unique index does not hold NULLs apart."""


@dataclass(slots=True, unsafe_hash=True)
class Request:
    """A request as its sender marked it; plain because one is made for each, and never changed.

    `key` is unique for one `owner` (the API key's or person's id).
    `fingerprint` is a SHA-256 of what was asked (method, path, canonical body). Without a key nothing is recognised.
    """

    owner: UUID | None = None
    key: str | None = None
    fingerprint: bytes = b""

    def __post_init__(self) -> None:
        if self.key is not None and self.owner is None:
            self.owner = NOBODY


NO_KEY = Request()


@dataclass(frozen=True, slots=True)
class Answered:
    """What an earlier request with this key did."""

    operation_id: UUID
    kind: str
    subject_id: UUID | None
    member_id: UUID | None
    status: int
    answer: str | None
    language: str


def same_content(known: bytes | memoryview | None, request: Request) -> None:
    """Refuse with `idempotency_key_reused` when the key was used for something else."""
    if known is None or bytes(known) != request.fingerprint:
        raise Refusal(Code.KEY_REUSED, key=request.key)


def find_answered(program_id: UUID, request: Request) -> Answered | None:
    """The operation an earlier request with this key made, or None; `idempotency_key_reused` for other content.

    To be called inside the transaction, after the member is locked: then nobody can be about to use the key.
    """
    if request.key is None:
        return None
    enter_program(program_id)
    found = Operation.objects.of(program_id).filter(key_owner=request.owner, key=request.key).first()
    if found is None:
        return None
    same_content(found.fingerprint, request)
    return Answered(found.id, found.kind, found.subject_id, found.member_id, found.status, found.answer, found.language)
