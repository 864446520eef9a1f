"""What members bought within a stretch of time: the sums from which thresholds of tiers are proposed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from kopilka.data.models.purchases import Purchase
from kopilka.queries.scope import reading


@dataclass(frozen=True, slots=True)
class Bought:
    """Members who bought something; `purchases` and `spent_minor` of all of them, less returns."""

    members: int
    purchases: int
    spent_minor: int


class YearlySums:
    """Sums by member in minor units, asked of the database as ranks and counts, never read one by one."""

    def __init__(self, program_id: UUID, since: datetime, until: datetime) -> None:
        self.program_id, self.since, self.until = program_id, since, until

    def all(self) -> Bought:
        with reading(self.program_id):
            figures = self._purchases().aggregate(
                members=Count("member_id", distinct=True), purchases=Count("id"),
                spent=Sum(F("paid_minor") - F("returned_minor")),
            )  # fmt: skip
        return Bought(figures["members"], figures["purchases"], figures["spent"] or 0)

    def at_ranks(self, ranks: Iterable[int]) -> list[int]:
        """The sums of the members at these places, the smallest sum being at place 0."""
        with reading(self.program_id):
            rows = self._by_member().order_by("spent").values_list("spent", flat=True)
            return [next(iter(rows[rank : rank + 1]), 0) for rank in ranks]

    def members_from(self, minor: int) -> int:
        """How many bought for at least so much."""
        with reading(self.program_id):
            return int(self._by_member().filter(spent__gte=minor).count())

    def _by_member(self) -> Any:
        return self._purchases().values("member_id").annotate(spent=Sum(F("paid_minor") - F("returned_minor")))

    def _purchases(self) -> Any:
        within = Q(at__gte=self.since, at__lt=self.until)
        rows = Purchase.objects.of(self.program_id).filter(within, state="confirmed", member__isnull=False)
        return rows.filter(is_back=False).order_by()
