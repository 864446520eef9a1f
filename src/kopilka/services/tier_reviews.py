"""What time does to tiers: members rise, keep their tier or fall. Safe to repeat and to kill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.events import record_all
from kopilka.bookkeeping.purchasing.transactions import try_again
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.tier_reviews import due_members, plan_after_new_rules, review_members
from kopilka.engine.refusal import Code, Refusal

MEMBERS_AT_ONCE = 200
PLANNED_AT_ONCE = 2_000


def review_due_tiers(*, program_id: UUID, at: datetime, progress: Callable[[int], None] | None = None) -> int:
    """Look at everybody who is due at `at`, some members at a time; how many tiers changed.

    Somebody who was due several times while nobody worked is looked at for each of these moments, in their order.
    """
    changed = 0
    while True:
        members, now = try_again(lambda: _review_some(program_id, at))
        if not members:
            return changed
        changed += now
        if progress:
            progress(members)


@transaction.atomic(durable=True)
def _review_some(program_id: UUID, at: datetime) -> tuple[int, int]:
    enter_program(program_id)
    try:
        planned = plan_after_new_rules(program_id, at=at, limit=PLANNED_AT_ONCE)
    except Refusal as refusal:
        if refusal.code is Code.RULEBOOK_MISSING:
            return 0, 0
        raise
    due = due_members(program_id, at=at, limit=MEMBERS_AT_ONCE)
    changes = review_members(program_id, due, at=at) if due else []
    record_all(program_id, [change.happened() for change in changes])
    return len(due) or planned, len(changes)
