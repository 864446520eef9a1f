"""Everything derived, derived again: wallets and lots from entries and draws, members' counters from purchases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.bookkeeping.locking import lock_members
from kopilka.data.models.ledger import Draw, LedgerEntry, Lot, Wallet
from kopilka.data.models.members import Member
from kopilka.data.models.purchases import Purchase
from kopilka.data.models.tiers import Opening

ACCOUNTS = ("available", "pending", "held", "debt")


@dataclass(frozen=True, slots=True)
class Differs:
    """A derived row that was not what it is derived from: `stored` and `derived` columns."""

    table: str
    id: UUID
    stored: tuple[int, ...]
    derived: tuple[int, ...]


def members_of_program(program_id: UUID) -> Iterator[UUID]:
    return iter(Member.objects.of(program_id).order_by("id").values_list("id", flat=True).iterator(chunk_size=5000))


def rebuild_members(program_id: UUID, member_ids: Iterable[UUID], *, write: bool) -> list[Differs]:
    """Compare the derived columns of these members with what they derive from; write them anew where they differ.

    Inside a transaction that entered the program; locks the members when it writes.
    """
    ids = list(member_ids)
    if write:
        lock_members(program_id, ids)
    wallets = list(_wallets(program_id, ids))
    lots = list(_lots(program_id, ids))
    members = list(_members(program_id, ids))
    if write:
        with store.together():
            for rows, found in ((_WALLETS, wallets), (_LOTS, lots), (_MEMBERS, members)):
                store.update(rows, program_id, [(one.id, *one.derived) for one in found])
    return [*wallets, *lots, *members]


_WALLETS = Rows(Wallet, "id", *ACCOUNTS)
_LOTS = Rows(Lot, "id", "remaining")
_MEMBERS = Rows(Member, "id", "purchases", "spent_minor")


def _wallets(program_id: UUID, member_ids: list[UUID]) -> Iterator[Differs]:
    entries = LedgerEntry.objects.of(program_id).filter(wallet__member_id__in=member_ids).values("wallet_id")
    sums = entries.annotate(**{f"{name}_sum": Sum("units", filter=Q(account=name)) for name in ACCOUNTS})
    known = {row[0]: row[1:] for row in sums.values_list("wallet_id", *(f"{name}_sum" for name in ACCOUNTS))}
    rows = Wallet.objects.of(program_id).filter(member_id__in=member_ids).order_by("id")
    for key, *stored in rows.values_list("id", *ACCOUNTS):
        available, pending, held, debt = (units or 0 for units in known.get(key, (0, 0, 0, 0)))
        yield from _differs(Wallet, key, tuple(stored), (available, pending, held, -debt))


def _lots(program_id: UUID, member_ids: list[UUID]) -> Iterator[Differs]:
    draws = Draw.objects.of(program_id).filter(lot__wallet__member_id__in=member_ids).values("lot_id")
    drawn = dict(draws.annotate(total=Sum("units")).values_list("lot_id", "total"))
    rows = Lot.objects.of(program_id).filter(wallet__member_id__in=member_ids).order_by("id")
    for key, amount, remaining, expired in rows.values_list("id", "amount", "remaining", "expired"):
        yield from _differs(Lot, key, (remaining,), (amount - drawn.get(key, 0) - expired,))


def _members(program_id: UUID, member_ids: list[UUID]) -> Iterator[Differs]:
    purchases = Purchase.objects.of(program_id).filter(member_id__in=member_ids, state="confirmed").values("member_id")
    number = Count("id", filter=Q(is_back=False))
    sums = purchases.annotate(n=number, spent=Sum(F("paid_minor") - F("returned_minor")))
    known = {row[0]: row[1:] for row in sums.values_list("member_id", "n", "spent")}
    openings = Opening.objects.of(program_id).filter(member_id__in=member_ids)
    for key, count, spent in openings.values_list("member_id", "purchases", "spent_minor"):
        here = known.get(key, (0, 0))
        known[key] = (here[0] + count, here[1] + spent)
    rows = Member.objects.of(program_id).filter(id__in=member_ids).order_by("id")
    for key, *stored in rows.values_list("id", "purchases", "spent_minor"):
        yield from _differs(Member, key, tuple(stored), known.get(key, (0, 0)))


def _differs(model: Any, key: UUID, stored: tuple[int, ...], derived: tuple[int, ...]) -> Iterator[Differs]:
    if stored != derived:
        yield Differs(model.__name__, key, stored, derived)
