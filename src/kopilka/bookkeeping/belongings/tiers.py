"""What tiers count beside the member's own row: read with the batch, and when time will next change something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.belongings.belonging import Belonging, Buyer, Sold
from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.bookkeeping.tier_histories import read_histories
from kopilka.data.models.members import Member
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Bought, Standing
from kopilka.engine.tiering.counting import ripens_at
from kopilka.engine.tiering.ready import ready_of


class TiersOfBuyer(Belonging):
    """Purchases of one batch see each other; a look at the tier is planned for when time may change it."""

    def __init__(self, program_id: UUID) -> None:
        super().__init__(program_id)
        self._standings: dict[UUID, Standing] = {}
        self._tiers: dict[UUID, str] = {}
        self._looks: dict[UUID, datetime] = {}

    @classmethod
    def is_wanted(cls, rulebook: Rulebook) -> bool:
        return bool(rulebook.tiers) and ready_of(rulebook).needs_books

    def read(self, buyers: Sequence[Buyer], *, lock: bool) -> None:  # noqa: ARG002 - the members' locks are enough
        self._standings = {buyer.member_id: buyer.standing for buyer in buyers if buyer.member_id is not None}
        if self._standings:
            earliest = min(buyer.at for buyer in buyers)
            rulebook = next(buyer.rulebook for buyer in buyers if self.is_wanted(buyer.rulebook))
            read_histories(self.program_id, ready_of(rulebook), self._standings, earliest)
        self._tiers = {member_id: standing.tier for member_id, standing in self._standings.items()}

    def use(self, sold: Sold) -> None:
        if sold.final and sold.member_id is not None:
            standing = self._standings.get(sold.member_id)
            if standing is not None:
                _count(standing, sold)
            self._plan(sold, standing)

    def finish(self, sold: Sold) -> None:
        if sold.member_id is not None:
            self._plan(sold, None)

    def write(self) -> None:
        """A look that is planned for earlier stays."""
        if not self._looks:
            return
        rows = Member.objects.of(self.program_id).filter(id__in=list(self._looks), tier_review_at__isnull=False)
        planned = dict(rows.values_list("id", "tier_review_at"))
        earlier = [
            (member_id, at)
            for member_id, at in sorted(self._looks.items())
            if member_id not in planned or at < planned[member_id]
        ]
        with store.together():
            store.update(_LOOKS, self.program_id, earlier)

    def _plan(self, sold: Sold, standing: Standing | None) -> None:
        """When the purchase begins to count, and at once when the tier is a new one."""
        assert sold.member_id is not None, "only members have tiers"
        ready, found = ready_of(sold.rulebook), []
        if not ready.is_timed:
            return
        if not sold.rulebook.counting.after.is_empty:
            bought = Bought(sold.decision.at, sold.decision.totals.paid, sold.decision.totals.net)
            found.append(ripens_at(sold.rulebook.counting, bought, sold.rulebook.zone))
        before = self._tiers.get(sold.member_id) or sold.decision.tier
        after = standing.tier if standing is not None else sold.decision.tier_after
        if after != before:
            self._tiers[sold.member_id] = after
            found.append(sold.at)
        if found:
            known = self._looks.get(sold.member_id)
            self._looks[sold.member_id] = min([*found, *([known] if known is not None else [])])


_LOOKS = Rows(Member, "id", "tier_review_at")


def _count(standing: Standing, sold: Sold) -> None:
    totals = sold.decision.totals
    standing.bought.append(Bought(sold.decision.at, totals.paid, totals.net))
    for lot in sold.decision.lots:
        standing.earned[lot.currency] = standing.earned.get(lot.currency, 0) + lot.units
