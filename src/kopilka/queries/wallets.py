"""What a member's wallets hold at a moment, as the member should read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.data.models.ledger import Lot, Wallet
from kopilka.data.models.members import Member
from kopilka.data.prepared import Each, Hole, Prepared
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading


@dataclass(frozen=True, slots=True)
class Dated:
    """Units that start or end at a moment."""

    at: datetime
    units: int


@dataclass(frozen=True, slots=True)
class WalletView:
    """One wallet in the currency's smallest unit; lots due at the moment count as begun or ended already.

    `available` may be spent; `pending` is yet to begin, `held` stands aside for a purchase, `debt` will be taken from
    what comes next. `balance` = available + pending + held - debt. `expiring` sums to what of `available` has an end.
    """

    id: UUID
    currency: str
    available: int
    pending: int
    held: int
    debt: int
    balance: int
    starting: tuple[Dated, ...]
    expiring: tuple[Dated, ...]


_WALLETS = Prepared(
    lambda: Wallet.objects.of(Hole("program_id")).filter(member_id=Hole("member_id")).order_by("currency")
)
_OPEN_LOTS = Prepared(
    lambda: (
        Lot.objects.of(Hole("program_id"))
        .filter(wallet_id__in=Each("wallets"), remaining__gt=0)
        .order_by("starts_at", "id")
        .values_list("wallet_id", "remaining", "starts_at", "expires_at", "active")
    )
)


def wallets_of_member(program_id: UUID, member_id: UUID, *, at: datetime) -> list[WalletView]:
    """All wallets of a member, by currency; `not_found` for an unknown member."""
    with reading(program_id):
        wallets = _WALLETS.all(program_id=program_id, member_id=member_id)
        if not wallets and not Member.objects.of(program_id).filter(id=member_id).exists():
            raise Refusal(Code.NOT_FOUND, what="member")
        lots = _OPEN_LOTS.all(program_id=program_id, wallets=[one.id for one in wallets])
    return [_view(one, [lot[1:] for lot in lots if lot[0] == one.id], at) for one in wallets]


def wallet_of_program(program_id: UUID, wallet_id: UUID, *, at: datetime) -> tuple[UUID, WalletView]:
    """One wallet with its member; `not_found` for an unknown one and for one of another program alike."""
    with reading(program_id):
        found = Wallet.objects.of(program_id).filter(id=wallet_id).values_list("member_id", flat=True).first()
    if found is None:
        raise Refusal(Code.NOT_FOUND, what="wallet")
    (view,) = (one for one in wallets_of_member(program_id, found, at=at) if one.id == wallet_id)
    return found, view


def _view(wallet: Wallet, lots: Iterable[tuple[int, datetime, datetime | None, bool]], at: datetime) -> WalletView:
    available = pending = 0
    debt = wallet.debt
    starting: dict[datetime, int] = {}
    expiring: dict[datetime, int] = {}
    for remaining, starts_at, expires_at, active in lots:
        if expires_at is not None and expires_at <= at:
            continue
        if not active and starts_at > at:
            pending += remaining
            starting[starts_at] = starting.get(starts_at, 0) + remaining
            continue
        repaid = 0 if active else min(debt, remaining)
        debt -= repaid
        available += remaining - repaid
        if expires_at is not None and remaining > repaid:
            expiring[expires_at] = expiring.get(expires_at, 0) + remaining - repaid
    return WalletView(
        wallet.id, wallet.currency, available, pending, wallet.held, debt, available + pending + wallet.held - debt,
        _by_date(starting), _by_date(expiring),
    )  # fmt: skip


def _by_date(units: dict[datetime, int]) -> tuple[Dated, ...]:
    return tuple(Dated(moment, units[moment]) for moment in sorted(units))
