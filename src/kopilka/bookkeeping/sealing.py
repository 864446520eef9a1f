"""Seals in the books: which entries may be sealed by now, and the links they get."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, Max, OuterRef

from kopilka.data.ids import id_at
from kopilka.data.models.ledger import DaySeal, EntrySeal, LedgerEntry
from kopilka.engine.chain import START, canonical_bytes, link

MARGIN = timedelta(seconds=10)
"""Ids are made by our clocks, transactions begin by the database's: they may differ by so much."""

ENTRY = ("id", "operation_id", "wallet_id", "account", "currency", "units", "at")


def horizon() -> datetime | None:
    """Entries made before this moment are all committed or never will be; None: all that can be seen (SQLite).

    On PostgreSQL a moment before the oldest open transaction. Asked before the entries are read: a transaction that
    begins later makes later ids. SQLite has one writer, and that is this transaction.
    """
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT least(min(xact_start), clock_timestamp()) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        oldest: datetime = cursor.fetchone()[0]
    return oldest - MARGIN


def unsealed(
    program_id: UUID, limit: int, *, before: datetime | None, since: datetime | None, after: UUID | None = None
) -> list[tuple[Any, ...]]:
    """The first entries without a seal, in the order of their ids.

    Those made before `since` are known to have one, and so are those up to the entry `after`.
    """
    rows = LedgerEntry.objects.of(program_id)
    if before is not None:
        rows = rows.filter(id__lt=id_at(_milliseconds(before)))
    if since is not None:
        rows = rows.filter(id__gte=id_at(_milliseconds(since)))
    if after is not None:
        rows = rows.filter(id__gt=after)
    sealed = Exists(EntrySeal.objects.of(program_id).filter(entry_id=OuterRef("id")))
    return list(rows.filter(~sealed).order_by("id").values_list(*ENTRY)[:limit])


def seal(program_id: UUID, entries: list[tuple[Any, ...]], day: date) -> tuple[int, bytes]:
    """Add entries to the program's chain; its last number and hash."""
    number, chain_hash = last_link(program_id)
    seals = []
    for entry in entries:
        number, chain_hash = number + 1, link(chain_hash, canonical_bytes(*entry))
        seals.append(EntrySeal(program_id=program_id, number=number, entry_id=entry[0], day=day, chain_hash=chain_hash))
    EntrySeal.objects.bulk_create(seals, batch_size=1000)
    return number, chain_hash


def last_link(program_id: UUID) -> tuple[int, bytes]:
    found = EntrySeal.objects.of(program_id).order_by("-number").values_list("number", "chain_hash").first()
    return (found[0], bytes(found[1])) if found else (0, START)


def close_days(program_id: UUID, today: date, at: datetime) -> list[DaySeal]:
    """Write the last link of each day that is over and has none yet: what an owner may keep elsewhere."""
    known = DaySeal.objects.of(program_id).order_by("-number").values_list("number", flat=True).first() or 0
    later = EntrySeal.objects.of(program_id).filter(number__gt=known)
    first = later.order_by("number").values_list("day", flat=True).first()
    if first is None or first >= today:
        return []
    numbers = later.filter(day__lt=today).values("day").annotate(last=Max("number")).values_list("last", flat=True)
    links = EntrySeal.objects.of(program_id).filter(number__in=list(numbers)).order_by("number")
    made = [
        DaySeal(program_id=program_id, day=one.day, number=one.number, chain_hash=bytes(one.chain_hash), sealed_at=at)
        for one in links
    ]
    DaySeal.objects.bulk_create(made)
    return made


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
