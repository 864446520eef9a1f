"""Purchases as doors read them: one with its decision, and lists, the latest booked first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kopilka.data.models.purchases import Purchase
from kopilka.data.prepared import Hole, Prepared
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading

PAGE_MAX = 200


@dataclass(frozen=True, slots=True)
class PurchaseRow:
    """A purchase in a list. Money in minor units; `returned_minor` is what returns have paid back."""

    id: UUID
    member_id: UUID | None
    state: str
    source: str
    external_id: str
    at: datetime
    recorded_at: datetime
    branch: str
    till: str
    staff: str
    net_minor: int
    paid_minor: int
    returned_minor: int


@dataclass(frozen=True, slots=True)
class PurchaseView:
    """One purchase with its stored decision, as the text `bookkeeping.documents` reads, and its rules' version.

    `returned`: what returns have undone so far, a text too; None while nothing was.
    """

    row: PurchaseRow
    version: int
    decision: str
    returned: str | None = None


@dataclass(frozen=True, slots=True)
class PurchasePage:
    """`before` names where the next page begins; None: this is the last one."""

    rows: list[PurchaseRow]
    before: UUID | None


ROW = (
    "id", "member_id", "state", "source", "external_id", "at", "recorded_at", "branch", "till", "staff", "net_minor",
    "paid_minor", "returned_minor",
)  # fmt: skip


_BY_ID = Prepared(
    lambda: (
        Purchase.objects.of(Hole("program_id"))
        .filter(id=Hole("purchase_id"))
        .values_list(*ROW, "version", "decision", "returned")[:1]
    )
)


def purchase_for_door(program_id: UUID, purchase_id: UUID) -> PurchaseView:
    """`not_found` for an unknown id and for one of another program alike."""
    with reading(program_id):
        found: tuple[Any, ...] | None = _BY_ID.first(program_id=program_id, purchase_id=purchase_id)
    if found is None:
        raise Refusal(Code.NOT_FOUND, what="purchase")
    return PurchaseView(PurchaseRow(*found[:-3]), *found[-3:])


def list_purchases(
    program_id: UUID,
    *,
    member_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> PurchasePage:
    """Of everybody or of one member, at most `limit` (1 to PAGE_MAX) booked before the purchase `before`.

    `since` (inclusive) and `until` (exclusive) bound the moment of the sale.

    Ids grow with the time of booking, so a page stays where it was while new purchases arrive.
    """
    limit = max(1, min(limit, PAGE_MAX))
    with reading(program_id):
        found = Purchase.objects.of(program_id)
        if member_id is not None:
            found = found.filter(member_id=member_id)
        if since is not None:
            found = found.filter(at__gte=since)
        if until is not None:
            found = found.filter(at__lt=until)
        if before is not None:
            found = found.filter(id__lt=before)
        rows = [PurchaseRow(*row) for row in found.order_by("-id").values_list(*ROW)[: limit + 1]]
    return PurchasePage(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)
