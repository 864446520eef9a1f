"""Decisions, receipts and answers as the compact texts that are stored, and back without loss."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

import msgspec

from kopilka.engine.decision import Decision
from kopilka.engine.receipt import Receipt

T = TypeVar("T")

_encoder = msgspec.json.Encoder()
_decision = msgspec.json.Decoder(Decision)
_receipt = msgspec.json.Decoder(Receipt)


def to_text(document: object) -> str:
    """The text of a decision, receipt or any other plain value."""
    return _encoder.encode(document).decode()


def decision_from_text(text: str) -> Decision:
    return _decision.decode(text)


def receipt_from_text(text: str) -> Receipt:
    return _receipt.decode(text)


def from_text(text: str, kind: type[T]) -> T:
    """A stored value of any other kind, as `to_text` wrote it."""
    return msgspec.json.decode(text, type=kind)


def receipt_fingerprint(receipt: Receipt, member_id: UUID | None, *, final: bool) -> bytes:
    """SHA-256 of what was sold to whom, without the moment: tills that send no time get the server's each time."""
    content = (
        member_id, final, receipt.lines, receipt.branch, receipt.till, receipt.staff, receipt.agent, receipt.brand,
        receipt.origin, receipt.codes, receipt.spend,
    )  # fmt: skip
    return sha256(_encoder.encode(content)).digest()


@dataclass(frozen=True, slots=True)
class Balance:
    """One wallet after an operation, in the currency's smallest unit."""

    available: int
    pending: int
    held: int
    debt: int


@dataclass(frozen=True, slots=True)
class PurchaseAnswer:
    """What a repetition cannot read from the decision: the state given at first, and the balances then."""

    state: str
    balances: dict[str, Balance]
