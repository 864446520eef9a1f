"""The buyer's segments: live ones are asked for at the moment of the sale, those for one sale are used up by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.belongings.belonging import Belonging, Buyer, Sold
from kopilka.bookkeeping.segments import bring_back, take_out_of
from kopilka.data.models.members import Member
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.segments import segments_at
from kopilka.engine.standing import Standing
from kopilka.engine.stays import Stay, stays_of


@dataclass(frozen=True, slots=True)
class _UsedUp:
    purchase_id: UUID
    member_id: UUID
    before: tuple[Stay, ...]
    segments: tuple[str, ...]
    at: datetime


class SegmentsOfBuyer(Belonging):
    """A stay for the next sale ends with the next purchase that is booked, open or final, and comes back only when
    that purchase is called off before it was final."""

    def __init__(self, program_id: UUID) -> None:
        super().__init__(program_id)
        self._standings: dict[UUID, Standing] = {}
        self._used_up: list[_UsedUp] = []
        self._called_off: list[Sold] = []

    @classmethod
    def is_wanted(cls, rulebook: Rulebook) -> bool:
        return bool(rulebook.mechanics.segments)

    def lay(self, buyer: Buyer) -> None:
        if buyer.member_id is not None:
            buyer.standing.segments = segments_at(buyer.rulebook, buyer.standing, buyer.at)
            self._standings[buyer.member_id] = buyer.standing

    def use(self, sold: Sold) -> None:
        standing = self._standings.get(sold.member_id) if sold.member_id else None
        if standing is None or sold.member_id is None:
            return
        named = sold.decision.beyond.segments if sold.decision.beyond else ()
        used = tuple(stay.segment for stay in standing.stays if stay.segment in named)
        if used:
            self._used_up.append(_UsedUp(sold.purchase_id, sold.member_id, standing.stays, used, sold.at))
            standing.stays = tuple(stay for stay in standing.stays if stay.segment not in used)

    def give_back(self, sold: Sold) -> None:
        if sold.member_id is not None:
            self._called_off.append(sold)

    def write(self) -> None:
        for one in self._used_up:
            _, happened = take_out_of(
                self.program_id, one.member_id, one.before, one.segments, at=one.at, purchase_id=one.purchase_id
            )
            self.events += happened
        for sold in self._called_off:
            assert sold.member_id is not None, "only members have segments"
            text = Member.objects.of(self.program_id).filter(id=sold.member_id).values_list("segments", flat=True).get()
            _, happened = bring_back(self.program_id, sold.member_id, stays_of(text), sold.purchase_id, at=sold.at)
            self.events += happened
