"""Rebuilding what is derived from the books, or showing that this would change nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.rebuilding import Differs, members_of_program, rebuild_members
from kopilka.bookkeeping.scope import enter_program

__all__ = ["Differs", "rebuild_books"]

MEMBERS_AT_ONCE = 500


def rebuild_books(
    *, program_id: UUID, write: bool = True, progress: Callable[[int], None] | None = None
) -> Iterator[Differs]:
    """Derive wallets, lots and members' counters anew, some members at a time; each row that was different.

    Tills go on meanwhile: every batch locks its members. `write` False only compares.
    """
    members = iter(_members(program_id))
    while batch := list(islice(members, MEMBERS_AT_ONCE)):
        yield from _rebuild(program_id, batch, write=write)
        if progress:
            progress(len(batch))


@transaction.atomic(durable=True)
def _members(program_id: UUID) -> Iterable[UUID]:
    enter_program(program_id)
    return list(members_of_program(program_id))


@transaction.atomic(durable=True)
def _rebuild(program_id: UUID, batch: list[UUID], *, write: bool) -> list[Differs]:
    enter_program(program_id)
    return rebuild_members(program_id, batch, write=write)
