"""What the kernel is asked and what it answers.

Those of which one is made for every request are plain values, because a frozen one takes four times as long to make;
they are never changed all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from kopilka.bookkeeping.documents import Balance, WrittenReceipt
from kopilka.bookkeeping.idempotency import CREATED, NO_KEY, Request
from kopilka.data.ids import id_of
from kopilka.engine.actor import Actor
from kopilka.engine.decision import Decision
from kopilka.engine.receipt import Receipt


class RefKind(StrEnum):
    """By what a till names a member; all but ID and CODE are kinds of identifiers."""

    ID = "id"
    PHONE = "phone"
    CARD = "card"
    EMAIL = "email"
    EXTERNAL = "external"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class MemberRef:
    """A member as named at the door; `value` is normalised (phones E.164). A one-time CODE also proves him."""

    kind: RefKind
    value: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that the member himself spends: his one-time code, or a door that has checked it (`vouched`)."""

    code: str | None = None
    vouched: bool = False


NO_PROOF = Proof()


class Ahead:
    """What can be worked out of a request before the books are read: whom an id names, how the receipt is stored."""

    def __init__(self, receipt: Receipt | None, member: MemberRef | None, *, final: bool) -> None:
        self.member = member
        self.member_id = _named(member)
        self.written = None if receipt is None else WrittenReceipt(receipt)
        if self.written is not None:
            self.written.fingerprint(self.member_id, final=final)


def _named(member: MemberRef | None) -> UUID | None:
    if member is None or member.kind is not RefKind.ID:
        return None
    try:
        return id_of(member.value)
    except ValueError:
        return None


class PurchaseState(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


@dataclass(slots=True)
class PurchaseRequest:
    """A purchase to be booked. `receipt` None takes that of the quote; (source, external_id) is unique for ever.

    Not `final`: the purchase stays open, its points held for `life_minutes`. With `hold_id` it spends from that hold
    (as much as the receipt wishes; no wish: as much as it can) and the rest goes back. `at` is the server's time,
    `receipt.at` the moment of the sale. `ahead` is for whoever makes requests in another thread than books them.
    """

    source: str
    external_id: str
    by: Actor
    at: datetime
    receipt: Receipt | None = None
    member: MemberRef | None = None
    quote_id: UUID | None = None
    hold_id: UUID | None = None
    final: bool = True
    life_minutes: int = 60
    proof: Proof = NO_PROOF
    request: Request = NO_KEY
    language: str = "ru"
    request_id: str = ""
    status: int = CREATED
    ahead: Ahead | None = None

    def prepare(self) -> None:
        """Work out what needs no books, so that nobody who waits for his commit waits for that."""
        self.ahead = Ahead(self.receipt, self.member, final=self.final)

    def member_named(self) -> UUID | None:
        """Whom an id names, where that was worked out."""
        ahead = self.ahead
        return ahead.member_id if ahead is not None and ahead.member is self.member else None

    def written(self, receipt: Receipt) -> WrittenReceipt:
        """The receipt, its own or its quote's, as it is stored."""
        known = self.ahead.written if self.ahead is not None else None
        return known if known is not None and known.receipt is receipt else WrittenReceipt(receipt)


@dataclass(slots=True)
class PurchaseResult:
    """A booked purchase. `replayed`: it had been booked before, and this is what was answered then.

    `balances` are the member's wallets after it, by currency (empty: anonymous); `status` and `language` are those of
    the first answer.
    """

    purchase_id: UUID
    state: PurchaseState
    source: str
    external_id: str
    at: datetime
    recorded_at: datetime
    decision: Decision
    language: str
    status: int
    replayed: bool
    member_id: UUID | None
    balances: dict[str, Balance] = field(default_factory=dict)


@dataclass(slots=True)
class QuoteRequest:
    """A receipt to be priced; `keep` stores the quote, so that it can be confirmed by its id."""

    receipt: Receipt
    by: Actor
    at: datetime
    member: MemberRef | None = None
    keep: bool = True


@dataclass(slots=True)
class QuoteResult:
    """`quote_id` and `expires_at` are None for a quote that was not kept."""

    quote_id: UUID | None
    expires_at: datetime | None
    decision: Decision
    member_id: UUID | None
    balances: dict[str, Balance] = field(default_factory=dict)
