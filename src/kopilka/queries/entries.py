"""The member's statement, and the rows that stand behind an entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kopilka.data.models.deeds import Deed
from kopilka.data.models.holds import Hold
from kopilka.data.models.ledger import Draw, LedgerEntry, Lot, Operation, Wallet
from kopilka.data.models.members import Member
from kopilka.data.models.purchases import Purchase, Return
from kopilka.engine.refusal import Code, Refusal
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
    """All rows behind an entry. Texts are stored documents: decision of a purchase, document of a return, answer."""

    entry: EntryView
    member_id: UUID
    status: int
    answer: str | None
    lots: tuple[LotView, ...]
    purchase_id: UUID | None
    version: int | None
    decision: str | None
    returned: str | None


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
    with reading(program_id):
        entries = LedgerEntry.objects.of(program_id).filter(id=entry_id, wallet__isnull=False)
        row = entries.select_related("operation", "wallet").first()
        if row is None:
            raise Refusal(Code.NOT_FOUND, what="entry")
        operation = row.operation
        purchase = _purchase_behind(program_id, operation)
        returned = Return.objects.of(program_id).filter(id=operation.id).values_list("document", flat=True).first()
        lots = tuple(_lots(program_id, operation.id))
    return Background(
        _entry(row), row.wallet.member_id, operation.status, operation.answer, lots,
        purchase and purchase[0], purchase and purchase[1], purchase and purchase[2], returned,
    )  # fmt: skip


def lots_of_program(program_id: UUID, moved: dict[UUID, int]) -> tuple[LotView, ...]:
    """These lots, each with the units named for it."""
    with reading(program_id):
        rows = Lot.objects.of(program_id).filter(id__in=moved).select_related("wallet").order_by("id")
        return tuple(_lot(row, moved[row.id]) for row in rows)


def _purchase_behind(program_id: UUID, operation: Operation) -> tuple[UUID, int, str] | None:
    """The purchase an operation is about, itself or through the hold it lived on."""
    purchases = Purchase.objects.of(program_id)
    ids = [operation.subject_id]
    if operation.kind == "return":
        ids = list(Return.objects.of(program_id).filter(id=operation.id).values_list("purchase_id", flat=True))
    elif operation.kind == "share":
        ids = list(Deed.objects.of(program_id).filter(id=operation.subject_id).values_list("subject", flat=True))
    elif operation.kind == "release":
        ids = list(Hold.objects.of(program_id).filter(id=operation.subject_id).values_list("purchase_id", flat=True))
    found: tuple[UUID, int, str] | None = purchases.filter(id__in=ids).values_list("id", "version", "decision").first()
    return found


def _lots(program_id: UUID, operation_id: UUID) -> list[LotView]:
    made = Lot.objects.of(program_id).filter(operation_id=operation_id).select_related("wallet").order_by("id")
    draws = Draw.objects.of(program_id).filter(operation_id=operation_id).select_related("lot__wallet").order_by("id")
    return [_lot(lot, lot.amount) for lot in made] + [_lot(draw.lot, -draw.units) for draw in draws]


def _lot(lot: Any, units: int) -> LotView:
    return LotView(
        lot.id, lot.wallet.currency, units, lot.amount, lot.starts_at, lot.expires_at, lot.grace, lot.purchase_id
    )


def _entry(row: Any) -> EntryView:
    operation = row.operation
    return EntryView(
        row.id, operation.id, operation.kind, row.account, row.currency, row.units, row.at, operation.recorded_at,
        operation.subject_id, operation.reason, operation.actor_name,
    )  # fmt: skip
