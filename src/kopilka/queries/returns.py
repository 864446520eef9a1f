"""Returns as doors read them: one with what it did, and lists, the latest booked first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kopilka.data.models.purchases import Return
from kopilka.data.prepared import Hole, Prepared
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading

PAGE_MAX = 200


@dataclass(frozen=True, slots=True)
class ReturnView:
    """A return; money in minor units, `document` is what was decided, as a text."""

    id: UUID
    purchase_id: UUID | None
    member_id: UUID | None
    source: str
    external_id: str
    at: datetime
    recorded_at: datetime
    refund_minor: int
    document: str


@dataclass(frozen=True, slots=True)
class ReturnPage:
    """`before` names where the next page begins; None: this is the last one."""

    rows: list[ReturnView]
    before: UUID | None


def return_for_door(program_id: UUID, return_id: UUID) -> ReturnView:
    """`not_found` for an unknown one and for one of another program alike."""
    with reading(program_id):
        found = Return.objects.of(program_id).filter(id=return_id).first()
    if found is None:
        raise Refusal(Code.NOT_FOUND, what="return")
    return _view(found)


def list_returns(
    program_id: UUID,
    *,
    member_id: UUID | None = None,
    purchase_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> ReturnPage:
    """At most `limit` (1 to PAGE_MAX) booked before the return `before`; `since` inclusive, `until` exclusive."""
    limit = max(1, min(limit, PAGE_MAX))
    bounds = {
        "member_id": member_id,
        "purchase_id": purchase_id,
        "at__gte": since,
        "at__lt": until,
        "id__lt": before,
    }
    asked = {name: value for name, value in bounds.items() if value is not None}
    with reading(program_id):
        rows = [_view(row) for row in Return.objects.of(program_id).filter(**asked).order_by("-id")[: limit + 1]]
    return ReturnPage(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)


_OF_PURCHASE = Prepared(
    lambda: Return.objects.of(Hole("program_id")).filter(purchase_id=Hole("purchase_id")).order_by("-id")[:PAGE_MAX]
)


def returns_of_purchase(program_id: UUID, purchase_id: UUID) -> tuple[ReturnView, ...]:
    """All of one purchase, the newest first."""
    with reading(program_id):
        return tuple(_view(row) for row in _OF_PURCHASE.all(program_id=program_id, purchase_id=purchase_id))


def _view(row: Any) -> ReturnView:
    return ReturnView(
        row.id, row.purchase_id, row.member_id, row.source, row.external_id, row.at, row.recorded_at,
        row.refund_minor, row.document,
    )  # fmt: skip
