"""The purchases and lots that returns touch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kopilka.bookkeeping.documents import decision_from_text, from_text, to_text
from kopilka.bookkeeping.returning.held import note_held
from kopilka.bookkeeping.rulebooks import load_rulebook_version
from kopilka.data.models.ledger import Lot as LotRow
from kopilka.data.models.purchases import Purchase
from kopilka.engine.returned import Returned, Sold, returnable
from kopilka.engine.standing import Bought, Lot, Standing

_COLUMNS = ("id", "member_id", "state", "at", "returned_minor", "version", "decision", "returned")


@dataclass(slots=True)
class KnownPurchase:
    """A purchase in memory while returns change it; money in minor units."""

    id: UUID
    member_id: UUID | None
    state: str
    at: datetime
    returned_minor: int
    sold: Sold

    @property
    def is_back(self) -> bool:
        """Has everything of it been brought back?"""
        return bool(self.sold.returned.lines) and not returnable(self.sold.decision, self.sold.returned)


@dataclass(frozen=True, slots=True)
class BoughtRow:
    """A confirmed purchase as tiers count it; `net_minor` as it was sold, `returned_minor` what was refunded of it."""

    id: UUID
    bought: Bought
    net_minor: int
    returned_minor: int = 0


class Shelf:
    """The purchases and lots that a batch of returns touches: read once, changed in memory, written at the end.

    Inside a transaction that entered the program and locked the members.
    """

    def __init__(self, program_id: UUID) -> None:
        self.program_id = program_id
        self.known: dict[UUID, KnownPurchase] = {}
        self._read_of: set[UUID] = set()
        self._lots_of: set[UUID] = set()
        self._changed: set[UUID] = set()
        self._holding: dict[tuple[UUID, str], list[KnownPurchase]] = {}
        self._bought: dict[UUID, list[tuple[Any, ...]]] = {}

    def fetch(self, articles: Mapping[UUID, set[str]]) -> None:
        """Read at once the purchases of these members that hold these articles, for a batch that will ask for them."""
        needles = {member_id: [to_text(sku) for sku in skus] for member_id, skus in articles.items()}
        rows = self._purchases().filter(member_id__in=list(needles), state="confirmed").values_list(*_COLUMNS)
        self._take(row for row in rows.iterator() if any(needle in row[6] for needle in needles[row[1]]))
        self._holding = {(member_id, sku): [] for member_id, skus in articles.items() for sku in skus}
        for known in sorted(self.known.values(), key=lambda one: (one.at, one.id), reverse=True):
            for sku in {line.sku for line in known.sold.decision.lines}:
                if known.member_id is not None and (known.member_id, sku) in self._holding:
                    self._holding[known.member_id, sku].append(known)

    def fetch_lots(self, standings: Mapping[UUID, Standing]) -> None:
        """Read at once the lots of all known purchases into their members' standings."""
        wanted = {known.id for known in self.known.values() if known.member_id in standings}
        self._lots_of |= wanted
        owners = {
            wallet.id: (wallet.currency, standing)
            for standing in standings.values()
            for wallet in standing.wallets.values()
            if not wallet.is_new
        }
        have = {lot.id for standing in standings.values() for lot in _all(standing)}
        for row in LotRow.objects.of(self.program_id).filter(purchase_id__in=wanted):
            if row.id not in have and row.wallet_id in owners:
                currency, standing = owners[row.wallet_id]
                standing.lots.setdefault(currency, []).append(_lot(row, currency))

    def purchase(self, purchase_id: UUID) -> KnownPurchase | None:
        if purchase_id not in self.known:
            self._read(self._purchases().filter(id=purchase_id))
        return self.known.get(purchase_id)

    def of_article(self, member_id: UUID, sku: str, at: datetime) -> Iterator[KnownPurchase]:
        """The member's confirmed purchases that hold the article, none later than `at`, the latest first."""
        if (member_id, sku) in self._holding:
            yield from (known for known in self._holding[member_id, sku] if known.at <= at)
            return
        # The text holds every article as a JSON string: a cheap sieve before any decision is decoded.
        sieve = {"member_id": member_id, "state": "confirmed", "at__lte": at, "decision__contains": to_text(sku)}
        ids = self._purchases().filter(**sieve).order_by("-at", "-id").values_list("id", flat=True)
        for purchase_id in list(ids):
            found = self.purchase(purchase_id)
            if found is not None:
                yield found

    def others(self, standing: Standing, sold: Sold) -> dict[UUID, Sold]:
        """Fill in the lots this return may touch, and give the member's returned purchases that it may settle anew."""
        found: dict[UUID, Sold] = {}
        if any(wallet.debt for wallet in standing.wallets.values()):
            found = self._with_returns(owner=standing.member_id)
        asked: set[UUID] = set()
        while True:
            self._fill_lots(standing, [sold, *found.values()])
            touched = {lot for one in [sold, *found.values()] for lot in _touched(one)}
            owners = {lot.purchase_id for lot in _all(standing) if lot.id in touched and lot.purchase_id}
            new = owners - {sold.id} - found.keys() - asked
            if not new:
                note_held(self.program_id, standing, [sold, *found.values()])
                return {key: found[key] for key in sorted(found) if key != sold.id}
            asked |= new
            found |= self._with_returns(ids=new)

    def bought(self, member_id: UUID) -> list[BoughtRow]:
        """All confirmed purchases of a member, less what was brought back, also in this batch."""
        columns = ("id", "at", "paid_minor", "net_minor", "returned_minor", "is_back")
        if member_id not in self._bought:
            rows = self._purchases().filter(member_id=member_id, state="confirmed")
            self._bought[member_id] = list(rows.values_list(*columns))
        return [self._bought_row(row) for row in self._bought[member_id]]

    def _bought_row(self, row: tuple[UUID, datetime, int, int, int, bool]) -> BoughtRow:
        key, at, paid, net, returned, is_back = row
        known = self.known.get(key)
        if known is not None:
            returned, is_back = known.returned_minor, known.is_back
        return BoughtRow(key, Bought(at, paid - returned, net - returned, not is_back), net, returned)

    def change(self, purchase_id: UUID, returned: Returned, refund_minor: int = 0) -> None:
        one = self.known[purchase_id]
        one.sold.returned = returned
        one.returned_minor += refund_minor
        self._changed.add(purchase_id)

    def changed(self) -> Iterable[KnownPurchase]:
        return (self.known[key] for key in sorted(self._changed))

    def _with_returns(self, owner: UUID | None = None, ids: set[UUID] | None = None) -> dict[UUID, Sold]:
        """Purchases with returns of their own, by member or by id; those of this very batch among them."""
        if owner is not None and owner not in self._read_of:
            self._read_of.add(owner)
            self._read(self._purchases().filter(member_id=owner, returned__isnull=False))
        elif ids and not ids <= self.known.keys():
            self._read(self._purchases().filter(id__in=ids - self.known.keys(), returned__isnull=False))
        return {
            key: one.sold
            for key, one in self.known.items()
            if not one.sold.returned.is_empty and (one.member_id == owner if ids is None else key in ids)
        }

    def _read(self, rows: Any) -> None:
        self._take(rows.values_list(*_COLUMNS))

    def _take(self, rows: Iterable[tuple[Any, ...]]) -> None:
        for row in rows:
            if row[0] not in self.known:
                self.known[row[0]] = self._known(row)

    def _known(self, row: tuple[Any, ...]) -> KnownPurchase:
        key, member_id, state, at, returned_minor, version, decision, returned = row
        policy = load_rulebook_version(self.program_id, version).returns
        undone = from_text(returned, Returned) if returned else Returned()
        return KnownPurchase(
            key, member_id, state, at, returned_minor, Sold(key, decision_from_text(decision), undone, policy)
        )

    def _fill_lots(self, standing: Standing, sold: Sequence[Sold]) -> None:
        have = {lot.id for lot in _all(standing)}
        ids = {lot for one in sold for lot in _touched(one)} - have
        of = {one.id for one in sold} - self._lots_of
        self._lots_of |= of
        wallets = {wallet.id: wallet.currency for wallet in standing.wallets.values() if not wallet.is_new}
        rows = LotRow.objects.of(self.program_id).filter(wallet_id__in=wallets)
        for row in [*(rows.filter(id__in=ids) if ids else ()), *(rows.filter(purchase_id__in=of) if of else ())]:
            if row.id not in have:
                have.add(row.id)
                standing.lots.setdefault(wallets[row.wallet_id], []).append(_lot(row, wallets[row.wallet_id]))

    def _purchases(self) -> Any:
        return Purchase.objects.of(self.program_id)


def _touched(sold: Sold) -> set[UUID]:
    return {draw.lot for draw in sold.decision.draws} | sold.returned.taken.keys()


def _all(standing: Standing) -> Iterator[Lot]:
    for lots in standing.lots.values():
        yield from lots


def _lot(row: LotRow, currency: str) -> Lot:
    return Lot(
        row.id, currency, row.amount, row.remaining, row.starts_at, row.expires_at,
        active=row.active, expired=row.expired, purchase_id=row.purchase_id, grace=row.grace,
    )  # fmt: skip
