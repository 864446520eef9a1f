"""Raffles, as bodies and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from kopilka.api.schemas.fields import CurrencyCode, In, Label, Out, Title


class RaffleNew(In):
    """`currency`: points that pay nothing; each whole one is a ticket. `one_each`: a member wins one prize at most."""

    code: Annotated[Label, Meta(min_length=1)]
    currency: CurrencyCode
    prizes: Annotated[list[Title], Meta(min_length=1, max_length=1_000)]
    name: Title = ""
    one_each: bool = True


class EntrantOut(Out):
    mark: str
    tickets: int


class WinOut(Out):
    prize: str
    ticket: int
    mark: str


class RaffleOut(Out):
    """What is published by now. `state`: announced, closed (entrants), drawn (secret and wins)."""

    code: str
    name: str
    currency: str
    prizes: list[str]
    one_each: bool
    state: str
    secret_hash: str
    announced_at: datetime
    closed_at: datetime | None
    list_hash: str
    entrants: list[EntrantOut]
    drawn_at: datetime | None
    secret: str
    wins: list[WinOut]
