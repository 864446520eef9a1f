"""The kinds of belongings, written out by hand, and those a rulebook has use for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from kopilka.bookkeeping.belongings.belonging import Belonging, Buyer, Sold
from kopilka.bookkeeping.belongings.bounds import BoundsOfRules
from kopilka.bookkeeping.belongings.certificates import CertificatesOfBuyer
from kopilka.bookkeeping.belongings.coupons import CouponsOfBuyer
from kopilka.bookkeeping.belongings.gifts import GiftsOfBuyer
from kopilka.bookkeeping.belongings.privileges import PrivilegesOfBuyer
from kopilka.bookkeeping.belongings.segments import SegmentsOfBuyer
from kopilka.bookkeeping.belongings.shares import SharesOfSale
from kopilka.bookkeeping.belongings.tiers import TiersOfBuyer
from kopilka.bookkeeping.events import Happened
from kopilka.engine.rulebook import Rulebook

KINDS: tuple[type[Belonging], ...] = (
    SegmentsOfBuyer,
    PrivilegesOfBuyer,
    SharesOfSale,
    GiftsOfBuyer,
    CouponsOfBuyer,
    BoundsOfRules,
    CertificatesOfBuyer,
    TiersOfBuyer,
)
"""In the order in which they are read, and therefore locked."""

_wanted: dict[str, tuple[type[Belonging], ...]] = {}


def wanted_kinds(rulebook: Rulebook) -> tuple[type[Belonging], ...]:
    found = _wanted.get(rulebook.fingerprint)
    if found is None:
        found = _wanted[rulebook.fingerprint] = tuple(kind for kind in KINDS if kind.is_wanted(rulebook))
    return found


def hears_every_return(rulebook: Rulebook) -> bool:
    return any(kind.hears_every_return for kind in wanted_kinds(rulebook))


@dataclass(slots=True)
class Belongings:
    """All belongings of one batch; empty where no rulebook of it has use for any."""

    kinds: Sequence[Belonging] = field(default_factory=tuple)

    def __bool__(self) -> bool:
        return bool(self.kinds)

    def __iter__(self) -> Iterator[Belonging]:
        return iter(self.kinds)

    def read(self, buyers: Sequence[Buyer], *, lock: bool) -> None:
        for one in self.kinds:
            one.read(buyers, lock=lock)

    def lay(self, buyer: Buyer) -> None:
        for one in self.kinds:
            one.lay(buyer)

    def use(self, sold: Sold) -> None:
        for one in self.kinds:
            one.use(sold)

    def finish(self, sold: Sold) -> None:
        for one in self.kinds:
            one.finish(sold)

    def give_back(self, sold: Sold) -> None:
        for one in self.kinds:
            one.give_back(sold)

    def undo(self, sold: Sold) -> None:
        for one in self.kinds:
            one.undo(sold)

    def note(self) -> None:
        for one in self.kinds:
            one.note()

    def write(self) -> list[Happened]:
        """Write them all; what happened by it, to be recorded with the rest."""
        for one in self.kinds:
            one.write()
        return [event for one in self.kinds for event in one.events]


def belongings_of(program_id: UUID, rulebooks: Iterable[Rulebook]) -> Belongings:
    wanted = {kind for rulebook in rulebooks for kind in wanted_kinds(rulebook)}
    return Belongings(tuple(kind(program_id) for kind in KINDS if kind in wanted)) if wanted else Belongings()
