"""Gift certificates, as bodies and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from kopilka.api.schemas.fields import In, Label, Minor, Out

Reason = Annotated[str, Meta(min_length=1, max_length=500)]


class CertificateNew(In):
    """A certificate made beside any receipt, as for one sold elsewhere."""

    kind: Annotated[Label, Meta(min_length=1)]
    amount_minor: Minor
    reason: Reason


class CertificateMadeOut(Out):
    """A certificate just made; `pin` empty: none is asked."""

    number: str
    pin: str
    kind: str
    amount_minor: int
    valid_until: datetime | None


class TopUpIn(In):
    amount_minor: Minor
    reason: Reason


class WhyIn(In):
    reason: Reason


class BlockIn(In):
    blocked: bool
    reason: Reason


class CertificateMovedOut(Out):
    """Money came onto a certificate or left it; `balance_minor` is on it now. `number` by its last digits."""

    number: str
    amount_minor: int
    balance_minor: int


class CertificateOut(Out):
    """`state`: active, blocked, closed, expired. `held_minor` stands in open purchases, beside the balance."""

    number: str
    kind: str
    state: str
    asks_pin: bool
    balance_minor: int
    held_minor: int
    issued_at: datetime
    valid_until: datetime | None
    purchase_id: UUID | None
    line: int | None


class CertificateSoldByOut(CertificateOut):
    """One a purchase has sold, to be printed for the buyer; `pin` empty: none is asked."""

    pin: str


class CertificatesOut(Out):
    items: list[CertificateSoldByOut]
