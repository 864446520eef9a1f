"""Sales a till made without a network: how they are written, and those that wait for a person."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from kopilka.data.models.doors import QueuedSale
from kopilka.engine.money import MAX_MINOR
from kopilka.queries.scope import reading

ARRIVED, BOOKED, WAITING, DROPPED = "arrived", "booked", "waiting", "dropped"
OPEN = (ARRIVED, WAITING)
SHOWN_MAX = 200


class Sale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the browser signed: `member` as typed, `session` of the cashier, `occurred_at` by the server's clock.

    `key` was drawn for it, or is the id of the receipt it was once sent as without an answer: then an empty `member` is
    that of the receipt.
    """

    key: Annotated[str, Meta(min_length=16, max_length=64, pattern="^[0-9a-zA-Z-]+$")]
    session: UUID
    member: Annotated[str, Meta(max_length=200)]
    amount_minor: Annotated[int, Meta(ge=1, le=MAX_MINOR)]
    occurred_at: Annotated[datetime, Meta(tz=True)]


read_sale = msgspec.json.Decoder(Sale).decode
"""From the text that was signed; `msgspec.DecodeError` for anything else."""


@dataclass(frozen=True, slots=True)
class WaitingSale:
    """A sale nobody has booked yet. `refused` with its `params` says why (empty: its sending broke off)."""

    id: UUID
    device: str
    staff: str
    member: str
    amount_minor: int
    occurred_at: datetime
    arrived_at: datetime
    refused: str
    params: dict[str, Any]


def waiting_sales(program_id: UUID) -> list[WaitingSale]:
    """All tills' of the program, the oldest first."""
    with reading(program_id):
        rows = QueuedSale.objects.of(program_id).filter(state__in=OPEN).select_related("device")
        return [_view(row) for row in rows.order_by("arrived_at", "id")[:SHOWN_MAX]]


def count_waiting(program_id: UUID) -> int:
    with reading(program_id):
        return QueuedSale.objects.of(program_id).filter(state__in=OPEN).count()


def _view(row: QueuedSale) -> WaitingSale:
    sale = read_sale(row.document)
    return WaitingSale(
        row.id, row.device.name, row.staff, sale.member, sale.amount_minor, row.occurred_at, row.arrived_at,
        row.refused, json.loads(row.told) if row.told else {},
    )  # fmt: skip
