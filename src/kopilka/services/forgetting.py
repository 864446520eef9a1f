"""What the doors wrote down for a while and what has been over for long: deleted, some rows at a time.

Nothing of it is part of the books. What is still looked at (limits, undoing, a report of the last weeks, a browser that
brings its sales late) stays until nobody can ask for it any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.card import CardLink, LoginCode, LoginFailure, MemberSession
from kopilka.data.models.doors import DeviceCode, LookUpHour, OpenReceipt, QueuedSale, StaffSession
from kopilka.data.scope import ProgramModel

AT_ONCE = 1000

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Passing:
    """A table whose rows pass: `kept` for so long after they are over, and which were over before a moment."""

    model: type[ProgramModel]
    kept: timedelta
    over: Callable[[datetime], Q]


PASSING = (
    Passing(LoginFailure, timedelta(days=2), lambda before: Q(at__lt=before)),
    Passing(LoginCode, timedelta(days=2), lambda before: Q(created_at__lt=before)),
    Passing(CardLink, timedelta(days=2), lambda before: Q(expires_at__lt=before)),
    Passing(DeviceCode, timedelta(days=30), lambda before: Q(expires_at__lt=before)),
    Passing(MemberSession, timedelta(days=30), lambda before: Q(expires_at__lt=before) | Q(ended_at__lt=before)),
    Passing(LookUpHour, timedelta(days=60), lambda before: Q(hour__lt=before)),
    Passing(OpenReceipt, timedelta(days=60), lambda before: Q(changed_at__lt=before)),
    Passing(
        StaffSession, timedelta(days=180),
        lambda before: Q(ended_at__lt=before) | Q(ended_at__isnull=True, seen_at__lt=before),
    ),
    Passing(QueuedSale, timedelta(days=180), lambda before: Q(state="booked", arrived_at__lt=before)),
)  # fmt: skip
"""Sales that wait for a person, and those somebody dropped for a reason, stay."""


def forget_what_is_over(
    *, program_id: UUID, at: datetime, at_once: int = AT_ONCE, progress: Progress | None = None
) -> int:
    """How many rows were deleted, each batch in a transaction of its own. May be repeated and killed."""
    deleted = 0
    for one in PASSING:
        while now := _forget_some(program_id, one, at - one.kept, at_once):
            deleted += now
            if progress:
                progress(now)
    return deleted


@transaction.atomic(durable=True)
def _forget_some(program_id: UUID, passing: Passing, before: datetime, limit: int) -> int:
    """Rows somebody holds at this moment are left for the next time."""
    enter_program(program_id)
    due = passing.model.objects.of(program_id).filter(passing.over(before)).order_by("id")
    ids = list(due.select_for_update(skip_locked=True).values_list("id", flat=True)[:limit])
    if ids:
        passing.model.objects.of(program_id).filter(id__in=ids).delete()
    return len(ids)
