"""Clearing between partners, as bodies and answers."""

from __future__ import annotations

from datetime import datetime

from kopilka.api.schemas.fields import In, Moment, Out


class ClearingLineOut(Out):
    """Points of `issuer` taken by `acceptor` (codes of partners; empty: the owner), less returns; money in minor."""

    issuer: str
    acceptor: str
    currency: str
    points: int
    paid_minor: int
    fee_minor: int
    owed_minor: int


class PaymentOut(Out):
    payer: str
    payee: str
    minor: int


class ClearingOut(Out):
    """What partners owe each other; `balances` by partner sum to zero."""

    lines: list[ClearingLineOut]
    payments: list[PaymentOut]
    balances: dict[str, int]


class ActIn(In):
    """Close everything before this moment that no act has settled."""

    until: Moment


class ActOut(Out):
    """A numbered act. `csv` and `html` (to be printed) in the language of the request."""

    number: int
    since: datetime | None
    until: datetime
    made_at: datetime
    made_by: str
    clearing: ClearingOut
    csv: str
    html: str


class ActRowOut(Out):
    number: int
    since: datetime | None
    until: datetime
    made_at: datetime
    made_by: str


class ActsOut(Out):
    items: list[ActRowOut]
    next: str | None


class LiabilityOut(Out):
    """Points of one issuer that members hold, and what they can pay."""

    issuer: str
    currency: str
    decimals: int
    points: int
    minor: int


class LiabilitiesOut(Out):
    items: list[LiabilityOut]
