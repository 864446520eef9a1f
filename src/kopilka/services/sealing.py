"""Sealing: the worker puts committed entries into the program's chain, so that a later change would be seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.sealing import close_days, horizon, last_link, seal, unsealed
from kopilka.queries.programs import program_by_id

ENTRIES_AT_ONCE = 5000

OVERLAP = timedelta(hours=1)
"""How far behind the last run it looks again: an id may be older than its commit."""

Among = tuple[datetime | None, datetime | None, UUID | None]
"""Entries before a moment, since a moment, after one entry."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """How many entries were sealed now, and the chain's last link."""

    entries: int
    number: int
    chain_hash: bytes


def seal_entries(
    *, program_id: UUID, at: datetime, since: datetime | None = None, progress: Callable[[int], None] | None = None
) -> Sealed:
    """Seal everything that is committed for good. `since`: the start of an earlier run that sealed all before it.

    Two workers at once: the slower one finds the numbers taken and leaves the rest to the other.
    """
    zone = ZoneInfo(program_by_id(program_id).timezone)
    entries = 0
    after: UUID | None = None
    looked_from = None if since is None else since - OVERLAP
    before = horizon()
    while True:
        try:
            sealed, (number, chain_hash) = _seal_some(program_id, at, zone, (before, looked_from, after))
        except IntegrityError:
            return Sealed(entries, *_last(program_id))
        entries += len(sealed)
        if progress:
            progress(len(sealed))
        if len(sealed) < ENTRIES_AT_ONCE:
            return Sealed(entries, number, chain_hash)
        after = sealed[-1]


@transaction.atomic(durable=True)
def _seal_some(program_id: UUID, at: datetime, zone: ZoneInfo, among: Among) -> tuple[list[UUID], tuple[int, bytes]]:
    enter_program(program_id)
    before, since, after = among
    today = at.astimezone(zone).date()
    close_days(program_id, today, at)
    entries = unsealed(program_id, ENTRIES_AT_ONCE, before=before, since=since, after=after)
    last = seal(program_id, entries, today) if entries else last_link(program_id)
    return [entry[0] for entry in entries], last


@transaction.atomic(durable=True)
def _last(program_id: UUID) -> tuple[int, bytes]:
    enter_program(program_id)
    return last_link(program_id)
