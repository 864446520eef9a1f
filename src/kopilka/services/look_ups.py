"""Counting how often a cashier looks for members."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.look_ups import count_look_up
from kopilka.bookkeeping.scope import enter_program
from kopilka.engine.actor import Actor


@transaction.atomic(durable=True)
def note_look_up(*, program_id: UUID, by: Actor, at: datetime) -> None:
    """A member was looked for by what somebody typed. `too_many_tries` (retry_after_seconds) for whoever looks much
    oftener than he sells; the manager finds it in the trail."""
    enter_program(program_id)
    count_look_up(program_id, by=by, at=at)
