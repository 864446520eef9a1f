"""Goods that members have asked for, and who is waiting for what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.data.models.club import GoodsRequest
from kopilka.data.prepared import Hole, Prepared
from kopilka.queries.scope import reading

PAGE_MAX = 200
STATES = ("open", "arrived", "bought", "withdrawn")
WAITING = ("open", "arrived")


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """What a member asked for. `quantity` in thousandths; `state`: open, arrived, bought, withdrawn."""

    id: UUID
    member_id: UUID
    sku: str
    name: str
    quantity: int
    branch: str
    staff: str
    note: str
    state: str
    created_at: datetime
    arrived_at: datetime | None
    closed_at: datetime | None
    purchase_id: UUID | None


@dataclass(frozen=True, slots=True)
class GoodsPage:
    """`after`: the id behind which the next page begins; None: this is the last one."""

    rows: list[GoodsRow]
    after: UUID | None


NAMES = (
    "id", "member_id", "sku", "name", "quantity", "branch", "staff", "note", "state", "created_at", "arrived_at",
    "closed_at", "purchase_id",
)  # fmt: skip


_WAITING = Prepared(
    lambda: (
        GoodsRequest.objects.of(Hole("program_id"))
        .filter(member_id=Hole("member_id"), state__in=WAITING)
        .order_by("id")
        .values_list(*NAMES)[:PAGE_MAX]
    )
)


def waiting_goods(program_id: UUID, member_id: UUID) -> tuple[GoodsRow, ...]:
    """What a member asked for and has not got, in the order in which he did."""
    with reading(program_id):
        return tuple(GoodsRow(*row) for row in _WAITING.all(program_id=program_id, member_id=member_id))


def list_goods(
    program_id: UUID,
    *,
    state: str | None = None,
    sku: str | None = None,
    member_id: UUID | None = None,
    branch: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> GoodsPage:
    """Requests in the order in which they were made, at most `limit` (1 to PAGE_MAX)."""
    limit = max(1, min(limit, PAGE_MAX))
    named = {"state": state, "sku": sku, "member_id": member_id, "branch": branch, "id__gt": after}
    with reading(program_id):
        found = GoodsRequest.objects.of(program_id).filter(**{k: v for k, v in named.items() if v is not None})
        rows = [GoodsRow(*row) for row in found.order_by("id").values_list(*NAMES)[: limit + 1]]
    return GoodsPage(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)
