"""What happened in a member's wallets, act by act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.data.models.ledger import LedgerEntry
from kopilka.data.models.programs import Branch
from kopilka.data.prepared import Each, Hole, Prepared
from kopilka.queries.scope import reading

PAGE_MAX = 50


@dataclass(frozen=True, slots=True)
class Movement:
    """What one act did to one wallet: `units` in all (0: points only changed from waiting to available, or back).

    `entry_id` stands for the act when one asks why; `moved` units that changed from one account of it to another.
    """

    operation_id: UUID
    entry_id: UUID
    kind: str
    currency: str
    units: int
    moved: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a purchase was made, by its name, and what was paid with money, in minor units."""

    branch: str
    paid_minor: int


_OF_ACTS = Prepared(
    lambda: (
        LedgerEntry.objects.of(Hole("program_id"))
        .filter(operation_id__in=Each("acts"), wallet__member_id=Hole("member_id"))
        .order_by("-operation_id", "id")
        .values_list("operation_id", "id", "operation__kind", "currency", "units", "at")
    )
)
_BRANCHES = Prepared(lambda: Branch.objects.of(Hole("program_id")).values_list("code", "name"))


def movements_of_member(
    program_id: UUID,
    member_id: UUID,
    *,
    currency: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: UUID | None = None,
    limit: int = 20,
) -> tuple[list[Movement], UUID | None]:
    """The newest first, `limit` acts within [since, until), and where the next page begins."""
    limit = max(1, min(limit, PAGE_MAX))
    with reading(program_id):
        rows = LedgerEntry.objects.of(program_id).filter(wallet__member_id=member_id)
        bounds = {"currency": currency or None, "at__gte": since, "at__lt": until, "operation_id__lt": before}
        within = rows.filter(**{name: value for name, value in bounds.items() if value is not None})
        acts = list(within.order_by("-operation_id").values_list("operation_id", flat=True).distinct()[: limit + 1])
        entries = _OF_ACTS.all(program_id=program_id, member_id=member_id, acts=acts[:limit])
        if currency:
            entries = [one for one in entries if one[3] == currency]
    found: dict[tuple[UUID, str], list[tuple[UUID, str, int, datetime]]] = {}
    for operation, entry, kind, of, units, at in entries:
        found.setdefault((operation, of), []).append((entry, kind, units, at))
    page = [_movement(operation, of, parts) for (operation, of), parts in found.items()]
    return page, acts[limit - 1] if len(acts) > limit else None


def names_of_branches(program_id: UUID) -> dict[str, str]:
    """By their codes."""
    with reading(program_id):
        return dict(_BRANCHES.all(program_id=program_id))


def _movement(operation: UUID, currency: str, parts: list[tuple[UUID, str, int, datetime]]) -> Movement:
    """The largest movement is the one to ask about: an entry of what was earned beside a fraction that was repaid."""
    entry, kind, units, at = max(parts, key=lambda part: abs(part[2]))
    total = sum(part[2] for part in parts)
    return Movement(operation, entry, kind, currency, total, 0 if total else abs(units), at)
