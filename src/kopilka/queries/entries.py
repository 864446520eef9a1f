"""The member's statement, and the rows that stand behind an entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kopilka.data.models.holds import Hold
from kopilka.data.models.ledger import Draw, LedgerEntry, Lot, Wallet
from kopilka.data.models.members import Member
from kopilka.data.models.purchases import Purchase, Return
from kopilka.data.prepared import Each, Hole, Prepared
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.rules import DeedView, deeds_by_id
from kopilka.queries.scope import reading

PAGE_MAX = 200


@dataclass(frozen=True, slots=True)
class EntryView:
    """One movement on one of the member's accounts: `units` with its sign, in the currency's smallest unit.

    `account` is pending, available, held or debt (whose entries are negative while a debt grows). `at` is when it
    happened, `recorded_at` when it was booked; `subject_id` what it is about, by `kind` a purchase, return or hold.
    """

    id: UUID
    operation_id: UUID
    kind: str
    account: str
    currency: str
    units: int
    at: datetime
    recorded_at: datetime
    subject_id: UUID | None
    reason: str
    actor_name: str


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Entries, the newest first; `next_cursor` asks for the older ones, None when there are none."""

    entries: tuple[EntryView, ...]
    next_cursor: UUID | None


@dataclass(frozen=True, slots=True)
class LotView:
    """A lot that an operation made or gave back to (`units` positive), drew from (negative), or that began or ended."""

    id: UUID
    currency: str
    units: int
    granted: int
    starts_at: datetime
    expires_at: datetime | None
    grace: bool
    purchase_id: UUID | None


@dataclass(frozen=True, slots=True)
class Background:
    """All rows behind an entry. Texts are stored documents: decision of a purchase, document of a return, answer.

    `deed` that is the subject of a grant; `held_until` when the hold that is the subject ends by itself; `branch` and
    `paid_minor` of the purchase.
    """

    entry: EntryView
    member_id: UUID
    status: int
    answer: str | None
    lots: tuple[LotView, ...]
    purchase_id: UUID | None
    version: int | None
    decision: str | None
    returned: str | None
    deed: DeedView | None = None
    held_until: datetime | None = None
    branch: str = ""
    paid_minor: int = 0


def statement_of_member(
    program_id: UUID, member_id: UUID, *, currency: str = "", before: UUID | None = None, limit: int = 50
) -> StatementPage:
    """A page of the member's entries, of one currency or of all; `not_found` for an unknown member."""
    limit = max(1, min(limit, PAGE_MAX))
    with reading(program_id):
        if not Member.objects.of(program_id).filter(id=member_id).exists():
            raise Refusal(Code.NOT_FOUND, what="member")
        wallets = Wallet.objects.of(program_id).filter(member_id=member_id)
        if currency:
            wallets = wallets.filter(currency=currency)
        ids = list(wallets.values_list("id", flat=True))
        rows = LedgerEntry.objects.of(program_id).filter(wallet_id__in=ids).select_related("operation")
        if before is not None:
            rows = rows.filter(id__lt=before)
        found = list(rows.order_by("-id")[: limit + 1])
    page = tuple(_entry(row) for row in found[:limit])
    return StatementPage(page, page[-1].id if len(found) > limit else None)


def background_of_entry(program_id: UUID, entry_id: UUID) -> Background:
    """What made an entry of a member's wallet; `not_found` for unknown ones and the program's own side."""
    found = backgrounds_of_entries(program_id, [entry_id])
    if not found:
        raise Refusal(Code.NOT_FOUND, what="entry")
    return found[0]


def backgrounds_of_entries(program_id: UUID, entry_ids: Sequence[UUID]) -> list[Background]:
    """What made each of these entries, in their order; unknown ones and those of the program's own side are left out.

    One query for each kind of row, however many entries there are.
    """
    with reading(program_id):
        rows = {row[0]: row for row in _ENTRIES.all(program_id=program_id, ids=entry_ids)}
        entries = {entry_id: EntryView(*rows[entry_id][:-3]) for entry_id in entry_ids if entry_id in rows}
        behind = _behind(program_id, list(entries.values()))
    return [
        behind.of(entry, member_id, status, answer)
        for entry_id, entry in entries.items()
        for member_id, status, answer in (rows[entry_id][-3:],)
    ]


@dataclass(frozen=True, slots=True)
class _Behind:
    """Rows behind several entries: `returns` (purchase, document) and `lots` by operation, the others by their ids."""

    returns: dict[UUID, tuple[UUID, str]]
    deeds: dict[UUID, DeedView]
    holds: dict[UUID, tuple[UUID | None, datetime]]
    purchases: dict[UUID, tuple[int, str, str, int]]
    lots: dict[UUID, list[LotView]]

    def of(self, entry: EntryView, member_id: UUID, status: int, answer: str | None) -> Background:
        purchase_id = _purchase_of(entry, self.returns, self.deeds, self.holds)
        purchase = self.purchases.get(purchase_id) if purchase_id else None
        about = entry.subject_id
        return Background(
            entry, member_id, status, answer, tuple(self.lots.get(entry.operation_id, ())),
            purchase_id if purchase else None, purchase[0] if purchase else None, purchase[1] if purchase else None,
            self.returns[entry.operation_id][1] if entry.operation_id in self.returns else None,
            self.deeds.get(about) if about and entry.kind == "grant" else None,
            self.holds[about][1] if about and about in self.holds and entry.kind == "hold" else None,
            *(purchase[2:] if purchase else ()),
        )  # fmt: skip


def _behind(program_id: UUID, entries: Sequence[EntryView]) -> _Behind:
    """Purchases come last: which they are stands in returns, deeds and holds."""

    def asked(*kinds: str) -> list[UUID]:
        return list({one.subject_id for one in entries if one.kind in kinds and one.subject_id})

    operations = list({one.operation_id for one in entries})
    returned = [one.operation_id for one in entries if one.kind == "return"]  # a return bears its operation's id
    returns = {row[0]: row[1:] for row in _RETURNS.all(program_id=program_id, ids=returned)}
    deeds = {row.id: row for row in deeds_by_id(program_id, asked("share", "grant"))}
    holds = {row[0]: row[1:] for row in _HOLDS.all(program_id=program_id, ids=asked("hold", "release"))}
    about = {_purchase_of(one, returns, deeds, holds) for one in entries} - {None}
    purchases = {row[0]: row[1:] for row in _PURCHASES.all(program_id=program_id, ids=list(about))}
    lots: dict[UUID, list[LotView]] = {}
    for operation, *lot in _MADE.all(program_id=program_id, ids=operations):
        lots.setdefault(operation, []).append(LotView(lot[0], lot[1], lot[2], *lot[2:]))
    for operation, units, *lot in _DRAWN.all(program_id=program_id, ids=operations):
        lots.setdefault(operation, []).append(LotView(lot[0], lot[1], -units, *lot[2:]))
    return _Behind(returns, deeds, holds, purchases, lots)


def _purchase_of(
    entry: EntryView,
    returns: Mapping[UUID, tuple[UUID, str]],
    deeds: Mapping[UUID, DeedView],
    holds: Mapping[UUID, tuple[UUID | None, datetime]],
) -> UUID | None:
    """The purchase an operation is about: its subject, or what stands behind its return, deed or hold."""
    about = entry.subject_id
    match entry.kind:
        case "return":
            return returns[entry.operation_id][0] if entry.operation_id in returns else None
        case "share":
            return deeds[about].subject if about and about in deeds else None
        case "release":
            return holds[about][0] if about and about in holds else None
    return about


def lots_of_program(program_id: UUID, moved: dict[UUID, int]) -> tuple[LotView, ...]:
    """These lots, each with the units named for it."""
    with reading(program_id):
        rows = _LOTS.all(program_id=program_id, ids=list(moved))
        return tuple(LotView(row[0], row[1], moved[row[0]], *row[2:]) for row in rows)


_ENTRIES = Prepared(
    lambda: LedgerEntry.objects.of(Hole("program_id"))
    .filter(id__in=Each("ids"), wallet__isnull=False)
    .values_list(
        "id", "operation_id", "operation__kind", "account", "currency", "units", "at", "operation__recorded_at",
        "operation__subject_id", "operation__reason", "operation__actor_name", "wallet__member_id",
        "operation__status", "operation__answer",
    )
)  # fmt: skip
_RETURNS = Prepared(
    lambda: (
        Return.objects.of(Hole("program_id")).filter(id__in=Each("ids")).values_list("id", "purchase_id", "document")
    )
)
_HOLDS = Prepared(
    lambda: (
        Hold.objects.of(Hole("program_id")).filter(id__in=Each("ids")).values_list("id", "purchase_id", "expires_at")
    )
)
_PURCHASES = Prepared(
    lambda: (
        Purchase.objects.of(Hole("program_id"))
        .filter(id__in=Each("ids"))
        .values_list("id", "version", "decision", "branch", "paid_minor")
    )
)
_MADE = Prepared(
    lambda: (
        Lot.objects.of(Hole("program_id"))
        .filter(operation_id__in=Each("ids"))
        .order_by("id")
        .values_list(
            "operation_id", "id", "wallet__currency", "amount", "starts_at", "expires_at", "grace", "purchase_id"
        )
    )
)
_LOTS = Prepared(
    lambda: (
        Lot.objects.of(Hole("program_id"))
        .filter(id__in=Each("ids"))
        .order_by("id")
        .values_list("id", "wallet__currency", "amount", "starts_at", "expires_at", "grace", "purchase_id")
    )
)
_DRAWN = Prepared(
    lambda: Draw.objects.of(Hole("program_id"))
    .filter(operation_id__in=Each("ids"))
    .order_by("id")
    .values_list(
        "operation_id", "units", "lot_id", "lot__wallet__currency", "lot__amount", "lot__starts_at", "lot__expires_at",
        "lot__grace", "lot__purchase_id",
    )
)  # fmt: skip


def _entry(row: Any) -> EntryView:
    operation = row.operation
    return EntryView(
        row.id, operation.id, operation.kind, row.account, row.currency, row.units, row.at, operation.recorded_at,
        operation.subject_id, operation.reason, operation.actor_name,
    )  # fmt: skip
