"""What stands in the tables of one program, read as plainly as possible: no service and no query of the product."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.holds import Hold
from kopilka.data.models.ledger import Draw, LedgerEntry, Lot, Operation, Wallet
from kopilka.data.models.purchases import Purchase, Return
from kopilka.data.models.rulebooks import RuleUse

OF_WALLET = ("pending", "available", "held", "debt")


@dataclass
class LotRow:
    id: UUID
    amount: int
    left: int
    expired: int
    starts: datetime
    ends: datetime | None
    active: bool
    grace: bool
    purchase: UUID | None


@dataclass
class Tables:
    """`wallets` by (member, currency): pending, available, held, debt, kept fraction."""

    wallets: dict[tuple[UUID, str], tuple[int, int, int, int, Fraction]] = field(default_factory=dict)
    lots: dict[tuple[UUID, str], list[LotRow]] = field(default_factory=dict)
    drawn: Counter[UUID] = field(default_factory=Counter)
    of_operation: Counter[tuple[UUID, str]] = field(default_factory=Counter)
    of_wallet: Counter[tuple[UUID, str, str]] = field(default_factory=Counter)
    of_program: Counter[tuple[str, str]] = field(default_factory=Counter)
    holds: Counter[tuple[UUID, str]] = field(default_factory=Counter)
    operations: int = 0
    purchases: int = 0
    returns: int = 0
    coupons: int = 0
    strays: list[str] = field(default_factory=list)


def read_tables(program_id: UUID) -> Tables:
    with transaction.atomic():
        enter_program(program_id)
        tables = Tables()
        owners = _read_wallets(program_id, tables)
        _read_lots(program_id, tables, owners)
        _read_entries(program_id, tables, owners)
        tables.operations = Operation.objects.of(program_id).count()
        tables.purchases = Purchase.objects.of(program_id).count()
        tables.returns = Return.objects.of(program_id).count()
        tables.coupons = sum(u.used for u in RuleUse.objects.of(program_id).filter(member_id=None))
    return tables


def _read_wallets(program_id: UUID, tables: Tables) -> dict[UUID, tuple[UUID, str]]:
    owners: dict[UUID, tuple[UUID, str]] = {}
    for row in Wallet.objects.of(program_id):
        owners[row.id] = row.member_id, row.currency
        tables.wallets[row.member_id, row.currency] = (
            row.pending, row.available, row.held, row.debt, Fraction(row.carry_num, row.carry_den),
        )  # fmt: skip
    for row in Hold.objects.of(program_id).filter(state="open"):
        tables.holds[owners[row.wallet_id]] += row.units
        if owners[row.wallet_id][0] != row.member_id:
            tables.strays.append(f"hold {row.id}")
    return owners


def _read_lots(program_id: UUID, tables: Tables, owners: dict[UUID, tuple[UUID, str]]) -> None:
    for row in Lot.objects.of(program_id).order_by("id"):
        tables.lots.setdefault(owners[row.wallet_id], []).append(
            LotRow(
                row.id, row.amount, row.remaining, row.expired, row.starts_at, row.expires_at, row.active, row.grace,
                row.purchase_id,
            )
        )  # fmt: skip
    for row in Draw.objects.of(program_id):
        tables.drawn[row.lot_id] += row.units


def _read_entries(program_id: UUID, tables: Tables, owners: dict[UUID, tuple[UUID, str]]) -> None:
    rows: Any = LedgerEntry.objects.of(program_id).values_list(
        "operation_id", "wallet_id", "account", "currency", "units"
    )
    for operation_id, wallet_id, account, currency, units in rows:
        tables.of_operation[operation_id, currency] += units
        if wallet_id is None:
            tables.of_program[account, currency] += units
        else:
            member_id, own = owners[wallet_id]
            tables.of_wallet[member_id, own, account] += units
            if own != currency or account not in OF_WALLET:
                tables.strays.append(f"{account} {currency} in a wallet of {own}")
