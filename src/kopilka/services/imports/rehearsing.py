"""A program's history played by the engine alone: the same decisions as the books would make, nothing written there.

Standings live in memory, one per member. What only returns and expiry ask for (decisions and lots of earlier
purchases) lies in a temporary SQLite file, so that memory does not grow with the number of receipts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from kopilka.bookkeeping.documents import decision_from_text, from_text, to_text
from kopilka.bookkeeping.loading import Known
from kopilka.bookkeeping.purchasing.confirming import earn, pay
from kopilka.bookkeeping.returning.desk import Desk
from kopilka.bookkeeping.returning.requests import ReturnRequest, ReturnResult
from kopilka.bookkeeping.returning.shelf import BoughtRow, KnownPurchase, Shelf
from kopilka.data.ids import new_id
from kopilka.engine.decision import Decision
from kopilka.engine.ledger import Act
from kopilka.engine.quote import decide
from kopilka.engine.receipt import Receipt
from kopilka.engine.refusal import Refusal
from kopilka.engine.returned import Returned, Sold, refund_of
from kopilka.engine.rulebook import Returns, Rulebook
from kopilka.engine.standing import ANONYMOUS, Bought, Lot, Standing
from kopilka.engine.tiering.ready import ready_of

NO_PROGRAM = UUID(int=0)
VERSION = 1
WAITING_MAX = 500
"""So many lots are written together."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Rehearsal:
    """Plays receipts one after another; every lot and, with `returns`, every decision is kept on disk."""

    def __init__(self, rulebook: Rulebook, folder: Path, *, returns: bool) -> None:
        self._rulebook = rulebook
        self._returns = returns
        self._store = _Store(folder / "rehearsal.sqlite3", whole=returns)
        self._known: dict[str, Known] = {}

    @property
    def members(self) -> int:
        return len(self._known)

    def sell(self, receipt: Receipt, member: str) -> Decision:
        """What the receipt comes to; a member met for the first time is enrolled at its moment."""
        if not member:
            return decide(self._rulebook, ANONYMOUS, receipt, version=VERSION, brief=True)
        known = self._member(member, receipt.at)
        standing = known.standing
        decision = decide(self._rulebook, standing, receipt, version=VERSION, brief=not self._returns)
        purchase_id = new_id()
        act = Act(standing, receipt.at, new_id)
        pay(act, decision)
        earn(act, decision, purchase_id)
        known.count_purchase(decision)
        self._remember(standing, decision)
        self._store.keep_lots(standing.member_id, act.made)
        if self._returns:
            self._store.keep_purchase(purchase_id, standing.member_id, decision)
        standing.lots.clear()
        return decision

    def _remember(self, standing: Standing, decision: Decision) -> None:
        """What tiers count of it, for as long as they look back."""
        ready = ready_of(self._rulebook)
        if not ready.needs_books:
            return
        totals = decision.totals
        standing.bought.append(Bought(decision.at, totals.paid, totals.net))
        since = ready.looks_back_to(decision.at)
        while standing.bought and standing.bought[0].at < since:
            gone = standing.bought.pop(0)
            standing.largest = max(standing.largest, gone.net)
        for lot in decision.lots:
            standing.earned[lot.currency] = standing.earned.get(lot.currency, 0) + lot.units

    def take_back(self, asked: ReturnRequest, member: str) -> ReturnResult | Refusal:
        """Goods brought back without naming a purchase, matched as the books match them."""
        shelf = _DiskShelf(self._store, self._rulebook.returns)
        if not member:
            return Desk(NO_PROGRAM, shelf, {}, self._rulebook.zone).serve(asked, dry_run=True)
        standing = self._member(member, asked.at).standing
        assert standing.member_id is not None, "a rehearsed member has an id"
        standing.lots = before = self._store.lots_of(standing.member_id)
        kept = {lot.id: to_text(lot) for lot in _all(before)}
        desk = Desk(NO_PROGRAM, shelf, {standing.member_id: standing}, self._rulebook.zone)
        result = desk.serve(replace(asked, member_id=standing.member_id), dry_run=True)
        self._store.keep_lots(
            standing.member_id, [lot for lot in _all(standing.lots) if kept.get(lot.id) != to_text(lot)]
        )
        self._store.keep_returned(shelf.changed())
        if standing.bought:
            since = ready_of(self._rulebook).looks_back_to(asked.at)
            known = sorted((row.bought for row in shelf.bought(standing.member_id)), key=lambda one: one.at)
            standing.bought = [one for one in known if one.at >= since]
        standing.lots = {}
        return result

    def expired_by(self, at: datetime) -> dict[str, int]:
        """Units by currency whose life is over at this moment and that nobody took back before."""
        return self._store.expired_by(at)

    def outstanding(self) -> dict[str, int]:
        """What members hold, less what they owe, by currency; expired points still among it."""
        units: dict[str, int] = {}
        for known in self._known.values():
            for code, wallet in known.standing.wallets.items():
                units[code] = units.get(code, 0) + wallet.available + wallet.pending + wallet.held - wallet.debt
        return units

    def close(self) -> None:
        self._store.close()

    def _member(self, member: str, at: datetime) -> Known:
        known = self._known.get(member)
        if known is None:
            known = self._known[member] = Known(Standing(new_id(), enrolled_at=at))
        return known


class _Store:
    """Purchases and lots of a rehearsal, in a file of its own; lots are kept `whole` where returns may touch them."""

    def __init__(self, place: Path, *, whole: bool) -> None:
        self._file = sqlite3.connect(place, isolation_level=None)
        self._whole = whole
        self._waiting: list[tuple[str, str, str, str, int | None, int]] = []
        for statement in (
            "PRAGMA journal_mode=OFF",
            "PRAGMA synchronous=OFF",
            f"CREATE TABLE lot (id TEXT{' PRIMARY KEY' if whole else ''}, member TEXT, body TEXT,"
            " currency TEXT, ends INTEGER, units INTEGER)",
            "CREATE TABLE purchase (id BLOB PRIMARY KEY, member BLOB, at REAL, decision TEXT, returned TEXT)",
            "CREATE INDEX purchase_by_member ON purchase (member, at)",
            "BEGIN",
        ):
            self._file.execute(statement)

    def keep_lots(self, member_id: UUID | None, lots: Iterable[Lot]) -> None:
        for lot in lots:
            ends = None if lot.expires_at is None else (lot.expires_at - EPOCH) // MICROSECOND
            named = (lot.id.hex, member_id.hex if member_id else "", to_text(lot)) if self._whole else ("", "", "")
            self._waiting.append((*named, lot.currency, ends, lot.remaining))
        if len(self._waiting) >= WAITING_MAX:
            self._write_lots()

    def _write_lots(self) -> None:
        """A statement for many lots costs little more than one for a single lot."""
        self._file.executemany("INSERT OR REPLACE INTO lot VALUES (?, ?, ?, ?, ?, ?)", self._waiting)
        self._waiting.clear()

    def lots_of(self, member_id: UUID) -> dict[str, list[Lot]]:
        self._write_lots()
        self._file.execute("CREATE INDEX IF NOT EXISTS lot_by_member ON lot (member)")  # most files have no returns
        found: dict[str, list[Lot]] = {}
        rows = self._file.execute("SELECT body FROM lot WHERE member = ? ORDER BY id", [member_id.hex])
        for (body,) in rows:
            lot = from_text(body, Lot)
            found.setdefault(lot.currency, []).append(lot)
        return found

    def expired_by(self, at: datetime) -> dict[str, int]:
        self._write_lots()
        statement = "SELECT currency, sum(units) FROM lot WHERE ends <= ? GROUP BY currency"
        return dict(self._file.execute(statement, [(at - EPOCH) // MICROSECOND]))

    def keep_purchase(self, purchase_id: UUID, member_id: UUID | None, decision: Decision) -> None:
        owner = member_id.bytes if member_id else b""
        row = (purchase_id.bytes, owner, decision.at.timestamp(), to_text(decision))
        self._file.execute("INSERT INTO purchase (id, member, at, decision) VALUES (?, ?, ?, ?)", row)

    def keep_returned(self, purchases: Iterable[KnownPurchase]) -> None:
        rows = [(to_text(one.sold.returned), one.id.bytes) for one in purchases]
        self._file.executemany("UPDATE purchase SET returned = ? WHERE id = ?", rows)

    def purchases(self, where: str, *values: object) -> Iterator[tuple[bytes, float, str, str | None]]:
        """Rows of id, moment, decision and what was returned, the latest first."""
        statement = f"SELECT id, at, decision, returned FROM purchase WHERE {where} ORDER BY at DESC, id DESC"
        return iter(self._file.execute(statement, values).fetchall())

    def close(self) -> None:
        self._file.close()


class _DiskShelf(Shelf):
    """The purchases a return may touch, from the rehearsal's own file; all lots are in the standing already."""

    def __init__(self, store: _Store, policy: Returns) -> None:
        super().__init__(NO_PROGRAM)
        self._store = store
        self._policy = policy

    def purchase(self, purchase_id: UUID) -> KnownPurchase | None:
        return self.known.get(purchase_id)

    def bought(self, member_id: UUID) -> list[BoughtRow]:
        rows = [self._keep(member_id, row) for row in self._store.purchases("member = ?", member_id.bytes)]
        return [_bought_row(one) for one in rows]

    def of_article(self, member_id: UUID, sku: str, at: datetime) -> Iterator[KnownPurchase]:
        needle = to_text(sku)
        for row in self._store.purchases("member = ? AND at <= ?", member_id.bytes, at.timestamp()):
            if needle in row[2]:
                yield self._keep(member_id, row)

    def _with_returns(self, owner: UUID | None = None, ids: set[UUID] | None = None) -> dict[UUID, Sold]:
        if owner is not None:
            rows = self._store.purchases("member = ? AND returned IS NOT NULL", owner.bytes)
        else:
            wanted = [purchase_id.bytes for purchase_id in ids or ()]
            places = ", ".join("?" * len(wanted))
            rows = self._store.purchases(f"id IN ({places}) AND returned IS NOT NULL", *wanted)
        found = [self._keep(owner, row) for row in rows]
        return {one.id: one.sold for one in found if one.sold.returned.lines}

    def _fill_lots(self, standing: Standing, sold: object) -> None:
        """Nothing is missing: a rehearsal reads all lots of a member."""

    def _keep(self, member_id: UUID | None, row: tuple[bytes, float, str, str | None]) -> KnownPurchase:
        purchase_id = UUID(bytes=row[0])
        known = self.known.get(purchase_id)
        if known is None:
            undone = from_text(row[3], Returned) if row[3] else Returned()
            sold = Sold(purchase_id, decision_from_text(row[2]), undone, self._policy)
            at = datetime.fromtimestamp(row[1], UTC)
            known = self.known[purchase_id] = KnownPurchase(purchase_id, member_id, "confirmed", at, 0, sold)
        return known


def _bought_row(one: KnownPurchase) -> BoughtRow:
    decision, back = one.sold.decision, one.sold.returned.lines
    refund = sum(refund_of(line, back) for line in decision.lines)
    totals = decision.totals
    bought = Bought(decision.at, totals.paid - refund, totals.net - refund, not one.is_back)
    return BoughtRow(one.id, bought, totals.net)


def _all(lots: dict[str, list[Lot]]) -> Iterator[Lot]:
    for of_currency in lots.values():
        yield from of_currency
