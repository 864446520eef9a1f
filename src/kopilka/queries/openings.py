"""What the books hold of members who came from one file."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Sum

from kopilka.data.models.ledger import LedgerEntry
from kopilka.data.models.members import Member
from kopilka.data.models.tiers import Opening
from kopilka.queries.scope import reading


@dataclass(frozen=True, slots=True)
class Arrived:
    """Sums in minor units and smallest units; members by their tier."""

    members: int = 0
    spent_minor: int = 0
    purchases: int = 0
    points: int = 0
    tiers: dict[str, int] = field(default_factory=dict)


def arrived_of_source(program_id: UUID, source: str, currency: str) -> Arrived:
    """Members' own counters and tiers, and the entries of their openings in one currency."""
    with reading(program_id):
        openings = Opening.objects.of(program_id).filter(source=source[:100])
        members = Member.objects.of(program_id).filter(id__in=openings.values("member_id")).order_by()
        sums = members.aggregate(n=Count("id"), spent=Sum("spent_minor"), purchases=Sum("purchases"))
        tiers = dict(members.values("tier").annotate(n=Count("id")).values_list("tier", "n"))
        entries = LedgerEntry.objects.of(program_id).filter(
            operation_id__in=openings.values("operation_id"), currency=currency, wallet__isnull=False
        )
        units = entries.aggregate(units=Sum("units"))["units"]
    return Arrived(sums["n"], sums["spent"] or 0, sums["purchases"] or 0, units or 0, tiers)
