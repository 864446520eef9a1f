"""What returns are asked and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from kopilka.bookkeeping.documents import Balance, to_text
from kopilka.bookkeeping.idempotency import CREATED, NO_KEY, Request
from kopilka.engine.actor import Actor
from kopilka.engine.returned import ReturnDecision

ALL = None
"""As the lines of a return: everything that has not been brought back yet."""


@dataclass(frozen=True, slots=True)
class Article:
    """Goods brought back without saying where they were bought: `quantity` thousandths, `amount_minor` given back."""

    sku: str
    quantity: int
    amount_minor: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class ReturnRequest:
    """A return to be booked: of a purchase (`lines` thousandths by line number, None for all), or of `articles`.

    (source, external_id) is unique for ever; an empty `external_id` becomes the return's own id. `at` is when it
    happened, `recorded_at` (None: the same) when it is booked. `member_id` counts for articles only. `reason` is what
    a person gave as one; it stands with the operation in the books.
    """

    source: str
    external_id: str
    by: Actor
    at: datetime
    purchase_id: UUID | None = None
    lines: Mapping[int, int] | None = ALL
    member_id: UUID | None = None
    articles: tuple[Article, ...] = ()
    recorded_at: datetime | None = None
    request: Request = NO_KEY
    language: str = "ru"
    request_id: str = ""
    status: int = CREATED
    reason: str = ""

    def fingerprint(self) -> bytes:
        """SHA-256 of what is brought back, without the moment."""
        lines = sorted(self.lines.items()) if self.lines is not None else None
        return sha256(to_text((self.purchase_id, lines, self.member_id, self.articles)).encode()).digest()


@dataclass(slots=True)
class UnmatchedLine:
    """Goods brought back of which the member bought none that could still be returned; `amount_minor` as stated."""

    sku: str
    quantity: int
    amount_minor: int
    name: str = ""


@dataclass(slots=True)
class ReturnDocument:
    """All that was decided about a return, as stored: one decision for each purchase it goes back to."""

    decisions: list[ReturnDecision]
    unmatched: list[UnmatchedLine] = field(default_factory=list)
    balances: dict[str, Balance] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReturnResult:
    """A booked return, or with `return_id` None what one would do. Money in minor units, `balances` afterwards.

    `decisions`: one per purchase the goods were bought in; `unmatched` is what could not be matched to any.
    """

    return_id: UUID | None
    purchase_id: UUID | None
    member_id: UUID | None
    source: str
    external_id: str
    at: datetime
    recorded_at: datetime
    refund_minor: int
    decisions: list[ReturnDecision]
    unmatched: list[UnmatchedLine]
    balances: dict[str, Balance]
    language: str
    status: int
    replayed: bool
