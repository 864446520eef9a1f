"""What employees did: deals, turnover, points, enrolments, receipts that name a member (S0.13, S2.18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, Sum

from kopilka.data.models.deeds import Beneficiary
from kopilka.data.models.ledger import LedgerEntry, Wallet
from kopilka.data.models.purchases import Purchase
from kopilka.data.models.shares import EnrolledBy, GoalReached
from kopilka.engine.goals import StaffFigures
from kopilka.queries.scope import reading

EARNING = ("share", "grant")
"""Operations that give an employee points, or take back what they gave."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A goal an employee reached in the period that began on `period`; `paid_at` None: not paid out yet."""

    goal: str
    staff: str
    period: date
    premium_minor: int
    reached_at: datetime
    paid_at: datetime | None
    paid_minor: int | None
    paid_by: str
    note: str


def figures_of_staff(
    program_id: UUID, codes: Iterable[str], *, currency: str, since: datetime | None, until: datetime
) -> dict[str, StaffFigures]:
    """By code, over [since, until); since None: from the beginning. Inside a transaction that entered the program."""
    codes = list(codes)
    deals = Purchase.objects.of(program_id).filter(staff__in=codes, state="confirmed", at__lt=until)
    enrolments = EnrolledBy.objects.of(program_id).filter(staff__in=codes, at__lt=until)
    if since is not None:
        deals, enrolments = deals.filter(at__gte=since), enrolments.filter(at__gte=since)
    sold = {
        row["staff"]: row
        for row in deals.values("staff").annotate(
            receipts=Count("id"), named=Count("id", filter=Q(member__isnull=False)), net=Sum("net_minor"),
            back=Sum("returned_minor"),
        )
    }  # fmt: skip
    enrolled = dict(enrolments.values("staff").annotate(count=Count("id")).values_list("staff", "count"))
    units = _units(program_id, codes, currency, since, until) if currency else {}
    found: dict[str, StaffFigures] = {}
    for code in codes:
        row = sold.get(code, {"receipts": 0, "named": 0, "net": 0, "back": 0})
        found[code] = StaffFigures(
            units.get(code, 0), enrolled.get(code, 0), row["receipts"], row["named"], row["net"] or 0, row["back"] or 0
        )
    return found


def points_of_staff(program_id: UUID, account_id: UUID, *, since: datetime | None, until: datetime) -> dict[str, int]:
    """What an account was given, less what was taken back, by points currency."""
    with reading(program_id):
        rows = LedgerEntry.objects.of(program_id).filter(
            wallet__member_id=account_id, operation__kind__in=EARNING, at__lt=until
        )
        if since is not None:
            rows = rows.filter(at__gte=since)
        return dict(rows.values("currency").annotate(units=Sum("units")).values_list("currency", "units"))


def goals_reached(program_id: UUID, *, staff: str = "", unpaid: bool = False, limit: int = 200) -> list[Reached]:
    """The newest periods first."""
    with reading(program_id):
        rows = GoalReached.objects.of(program_id).select_related("beneficiary").order_by("-period", "-id")
        if staff:
            rows = rows.filter(beneficiary__code=staff)
        if unpaid:
            rows = rows.filter(paid_at__isnull=True)
        return [
            Reached(
                row.goal, row.beneficiary.code, row.period, row.premium_minor, row.reached_at, row.paid_at,
                row.paid_minor, row.paid_by, row.note,
            )
            for row in rows[:limit]
        ]  # fmt: skip


def balances_of_staff(program_id: UUID, account_id: UUID) -> dict[str, tuple[int, int, int]]:
    """Available, pending and debt by points currency."""
    with reading(program_id):
        rows = Wallet.objects.of(program_id).filter(member_id=account_id).order_by("currency")
        return {row.currency: (row.available, row.pending, row.debt) for row in rows}


def _units(
    program_id: UUID, codes: list[str], currency: str, since: datetime | None, until: datetime
) -> dict[str, int]:
    people = Beneficiary.objects.of(program_id).filter(kind="employee", code__in=codes)
    accounts = dict(people.values_list("account_id", "code"))
    wallets = Wallet.objects.of(program_id).filter(member_id__in=accounts, currency=currency)
    owners = {wallet: accounts[member] for wallet, member in wallets.values_list("id", "member_id")}
    rows = LedgerEntry.objects.of(program_id).filter(wallet_id__in=owners, operation__kind__in=EARNING, at__lt=until)
    if since is not None:
        rows = rows.filter(at__gte=since)
    sums = rows.values("wallet_id").annotate(total=Sum("units")).values_list("wallet_id", "total")
    return {owners[wallet]: total for wallet, total in sums}
