"""The receipt a till is at: what was typed so far, whom it is for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from kopilka.data.kept_secrets import show
from kopilka.data.models.doors import OpenReceipt
from kopilka.data.prepared import Hole, Prepared
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading


class Spend(StrEnum):
    """What the member wants to pay with points, as the cashier chose it."""

    NONE = "none"
    SOME = "some"
    ALL = "all"


class How(StrEnum):
    """How the member of a receipt was named. TAIL needs a second fact before he spends; NOBODY: sold without a card."""

    UNKNOWN = ""
    NOBODY = "nobody"
    PHONE = "phone"
    CARD = "card"
    EMAIL = "email"
    CODE = "code"
    LIVE = "live"
    PIN = "pin"
    TAIL = "tail"
    KIOSK = "kiosk"
    ENROLLED = "enrolled"


@dataclass(frozen=True, slots=True)
class DraftLine:
    """An article: `price` in 1/10,000 of the currency unit, `quantity` thousandths, `vat` hundredths of a percent."""

    sku: str
    name: str
    price: int
    quantity: int = 1000
    category: str = ""
    brand: str = ""
    kind: str = "goods"
    vat: int | None = None


@dataclass(frozen=True, slots=True)
class ReceiptDraft:
    """What was typed: an amount in minor units or lines, codes of coupons and gifts, points to pay with.

    `units` (smallest units of the first currency that pays) counts for Spend.SOME only. `paper`: the number on the
    receipt of the till beside, where somebody typed it.
    """

    amount_minor: int | None = None
    lines: tuple[DraftLine, ...] = ()
    codes: tuple[str, ...] = ()
    spend: Spend = Spend.NONE
    units: int = 0
    paper: str = ""

    @property
    def is_empty(self) -> bool:
        return self.amount_minor is None and not self.lines


@dataclass(frozen=True, slots=True)
class Kept:
    """A receipt's document as stored; `proof` hidden (data/kept_secrets.py)."""

    draft: ReceiptDraft = field(default_factory=ReceiptDraft)
    how: How = How.UNKNOWN
    proof: str = ""


@dataclass(frozen=True, slots=True)
class OpenReceiptView:
    """`proof` is a one-time code that shows the member himself is there (empty: none yet); state: open, done, dropped.

    `number` is our own, taken where no number of a paper receipt was typed.
    """

    id: UUID
    device_id: UUID
    number: str
    state: str
    member_id: UUID | None
    how: How
    proof: str
    document: ReceiptDraft
    training: bool
    started_at: datetime
    changed_at: datetime
    purchase_id: UUID | None


_OPEN = Prepared(
    lambda: OpenReceipt.objects.of(Hole("program_id")).filter(device_id=Hole("device_id"), state="open")[:1]
)
_OF_DEVICE = Prepared(
    lambda: OpenReceipt.objects.of(Hole("program_id")).filter(device_id=Hole("device_id"), id=Hole("receipt_id"))[:1]
)
_CHANGED_AT = Prepared(
    lambda: (
        OpenReceipt.objects.of(Hole("program_id"))
        .filter(device_id=Hole("device_id"), state="open")
        .values_list("changed_at", flat=True)[:1]
    )
)
_LAST_DONE = Prepared(
    lambda: (
        OpenReceipt.objects.of(Hole("program_id"))
        .filter(device_id=Hole("device_id"), state="done", started_at__gt=Hole("since"))
        .order_by("-started_at")
        .values_list("id", "purchase_id", "number", "changed_at")[:1]
    )
)


def open_receipt(program_id: UUID, device_id: UUID) -> OpenReceiptView | None:
    """The receipt this device is at, None where it has begun none."""
    with reading(program_id):
        row = _OPEN.first(program_id=program_id, device_id=device_id)
    return None if row is None else receipt_view(row)


def receipt_of_device(program_id: UUID, device_id: UUID, receipt_id: UUID) -> OpenReceiptView:
    """One of this device's receipts, whatever its state; `not_found`."""
    with reading(program_id):
        row = _OF_DEVICE.first(program_id=program_id, device_id=device_id, receipt_id=receipt_id)
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="receipt")
    return receipt_view(row)


def receipt_changed_at(program_id: UUID, device_id: UUID) -> datetime | None:
    """When the receipt this device is at was last changed: what a waiting page asks for, again and again."""
    with reading(program_id):
        found: datetime | None = _CHANGED_AT.first(program_id=program_id, device_id=device_id)
    return found


def receipt_view(row: OpenReceipt) -> OpenReceiptView:
    kept = msgspec.json.decode(row.document, type=Kept) if row.document else Kept()
    return OpenReceiptView(
        row.id, row.device_id, row.number, row.state, row.member_id, kept.how, show(kept.proof), kept.draft,
        row.training, row.started_at, row.changed_at, row.purchase_id,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LastSale:
    """The sale a device has finished last."""

    receipt_id: UUID
    purchase_id: UUID | None
    number: str
    at: datetime


def last_sale(program_id: UUID, device_id: UUID, *, since: datetime) -> LastSale | None:
    """The latest finished receipt of this device begun after that moment."""
    with reading(program_id):
        row = _LAST_DONE.first(program_id=program_id, device_id=device_id, since=since)
    return LastSale(*row) if row else None
