"""Writing acts down: operations, entries, lots, draws and balances, by one statement per table.

The only place that writes these tables. Everything else (purchases, holds, returns) its own service writes beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kopilka.bookkeeping.documents import to_text
from kopilka.bookkeeping.events import EventKind, Happened, record_all
from kopilka.bookkeeping.idempotency import NO_KEY, Request
from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.data.ids import new_id
from kopilka.data.models.ledger import Draw, LedgerEntry, Lot, Operation, Wallet
from kopilka.engine.actor import Actor
from kopilka.engine.ledger import Account, Act, Kind
from kopilka.engine.standing import Lot as LotState
from kopilka.engine.standing import WalletState

Row = tuple[Any, ...]


@dataclass(slots=True)
class Written:
    """One operation of the books about to be written, with the act that moved points (None: it moved none).

    `subject_id` is what it is about (a purchase, a return, a hold); `at` the moment of the fact, `recorded_at` the
    moment of booking. `request` makes it the record of the request; `status` and `answer` are what a repetition is
    told (`answer` null: it is formed anew from what is stored), in `language`.
    """

    kind: Kind
    member_id: UUID | None
    subject_id: UUID | None
    at: datetime
    recorded_at: datetime
    actor: Actor
    act: Act | None = None
    reason: str = ""
    request: Request = NO_KEY
    request_id: str = ""
    language: str = "ru"
    status: int = 0
    answer: str | None = None
    id: UUID = field(default_factory=new_id)


def write_acts(program_id: UUID, written: Sequence[Written]) -> None:
    """Write operations with all that their acts did, in the order given.

    Inside a transaction that entered the program and locked the members. Several acts may share a Standing: wallets
    and lots are written as they stand at the end, so a lot made by one act and drawn by the next is inserted with
    what is left. Afterwards the standing counts as stored and may go on being used; an act must not be written twice.
    Raises `ledger_integrity` when an act does not sum to zero, before anything is written.
    """
    sheet = _Sheet()
    for one in written:
        sheet.take(one)
    with store.together():
        store.insert(_OPERATIONS, program_id, sheet.operations)
        store.replace(_WALLETS, program_id, [_wallet_row(w, m) for w, m in sheet.wallets.values()])
        store.insert(_LOTS, program_id, [_lot_row(lot, wallet_id, by) for lot, wallet_id, by in sheet.made])
        store.update(_REMAINS, program_id, [_remains_row(lot) for lot in sheet.known_lots()])
        store.insert(_ENTRIES, program_id, sheet.entries)
        store.insert(_DRAWS, program_id, sheet.draws)
        if sheet.expired:
            record_all(program_id, sheet.expired)
    sheet.is_stored()


_OPERATIONS = Rows(
    Operation,
    "id", "kind", "member_id", "subject_id", "at", "recorded_at", "actor_kind", "actor_id", "actor_name", "reason",
    "request_id", "key_owner", "key", "fingerprint", "language", "status", "answer",
)  # fmt: skip
_BALANCE = ("available", "pending", "held", "debt", "carry_num", "carry_den")
_WALLETS = Rows(Wallet, "id", "member_id", "currency", *_BALANCE, changes=_BALANCE)
_REMAINS = Rows(Lot, "id", "remaining", "expired", "active")
_LOTS = Rows(
    Lot, *_REMAINS.columns,
    "wallet_id", "operation_id", "purchase_id", "amount", "starts_at", "expires_at", "grace",
)  # fmt: skip
_ENTRIES = Rows(LedgerEntry, "id", "operation_id", "wallet_id", "account", "currency", "units", "at", makes_ids=True)
_DRAWS = Rows(Draw, "id", "operation_id", "lot_id", "units", makes_ids=True)


class _Sheet:
    """The rows of several acts being gathered."""

    def __init__(self) -> None:
        self.operations: list[Row] = []
        self.entries: list[Row] = []
        self.draws: list[Row] = []
        self.made: list[tuple[LotState, UUID | None, UUID]] = []
        self.lots: dict[UUID, LotState] = {}
        self.wallets: dict[int, tuple[WalletState, UUID | None]] = {}  # by the numbers of their ids
        self.expired: list[Happened] = []

    def take(self, one: Written) -> None:
        self.operations.append(_operation_row(one))
        act = one.act
        if act is None:
            return
        for posting in act.merged():
            wallet_id = posting.wallet.id if posting.wallet else None
            self.entries.append((one.id, wallet_id, posting.account, posting.currency, posting.units, one.at))
        if act.drawn:
            for lot_id, units in _drawn_by_lot(act).items():
                self.draws.append((one.id, lot_id, units))
        if one.kind is Kind.EXPIRE:
            self.expired.append(_expired(one, act))
        for lot in act.made:
            self.made.append((lot, act.wallets[lot.currency].id, one.id))
        self.lots.update(act.touched)
        for wallet in act.wallets.values():
            assert wallet.id is not None, "a wallet that is moved has an id"
            self.wallets[wallet.id.int] = (wallet, act.standing.member_id)

    def known_lots(self) -> list[LotState]:
        return [lot for lot in self.lots.values() if not lot.is_new]

    def is_stored(self) -> None:
        for wallet, _ in self.wallets.values():
            wallet.is_new = False
        for lot, _, _ in self.made:
            lot.is_new = False


def _operation_row(one: Written) -> Row:
    request, actor = one.request, one.actor
    return (
        one.id, one.kind, one.member_id, one.subject_id, one.at, one.recorded_at, actor.kind, actor.id, actor.name,
        one.reason, one.request_id, request.owner, request.key, request.fingerprint if request.key else None,
        one.language, one.status, one.answer,
    )  # fmt: skip


def _expired(one: Written, act: Act) -> Happened:
    """Points have expired, whoever noticed: the worker, or a purchase that came before it."""
    units: dict[str, int] = {}
    for posting in act.postings:
        if posting.account is Account.EXPIRED:
            units[posting.currency] = units.get(posting.currency, 0) + posting.units
    return Happened(EventKind.POINTS_EXPIRED, one.member_id, one.id, one.at, to_text({"points": units}))


def _drawn_by_lot(act: Act) -> dict[UUID, int]:
    units: dict[UUID, int] = {}
    for drawn in act.drawn:
        units[drawn.lot.id] = units.get(drawn.lot.id, 0) + drawn.units
    return {lot_id: sum_ for lot_id, sum_ in units.items() if sum_}


def _wallet_row(wallet: WalletState, member_id: UUID | None) -> Row:
    return (
        wallet.id, member_id, wallet.currency,
        wallet.available, wallet.pending, wallet.held, wallet.debt, wallet.carry_num, wallet.carry_den,
    )  # fmt: skip


def _remains_row(lot: LotState) -> Row:
    return (lot.id, lot.remaining, lot.expired, lot.active)


def _lot_row(lot: LotState, wallet_id: UUID | None, operation_id: UUID) -> Row:
    return (
        *_remains_row(lot), wallet_id, operation_id, lot.purchase_id, lot.amount, lot.starts_at, lot.expires_at,
        lot.grace,
    )  # fmt: skip
