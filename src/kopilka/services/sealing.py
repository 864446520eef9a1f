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
    looked_from = None if since is None else since - OVERLAP
    while True:
        try:
            now, number, chain_hash = _seal_some(program_id, at, zone, looked_from)
        except IntegrityError:
            return Sealed(entries, *_last(program_id))
        entries += now
        if progress:
            progress(now)
        if now < ENTRIES_AT_ONCE:
            return Sealed(entries, number, chain_hash)


@transaction.atomic(durable=True)
def _seal_some(program_id: UUID, at: datetime, zone: ZoneInfo, since: datetime | None) -> tuple[int, int, bytes]:
    enter_program(program_id)
    before = horizon()
    today = at.astimezone(zone).date()
    close_days(program_id, today, at)
    entries = unsealed(program_id, ENTRIES_AT_ONCE, before=before, since=since)
    number, chain_hash = seal(program_id, entries, today) if entries else last_link(program_id)
    return len(entries), number, chain_hash


@transaction.atomic(durable=True)
def _last(program_id: UUID) -> tuple[int, bytes]:
    enter_program(program_id)
    return last_link(program_id)
