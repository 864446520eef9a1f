"""The outbox from its other end: events that nobody has handled yet."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from kopilka.bookkeeping.events import Happened
from kopilka.data.models.events import Event


def open_events(program_id: UUID, limit: int) -> list[Happened]:
    """The oldest unhandled events in the order of their ids, locked; those another worker holds are left to it."""
    rows = Event.objects.of(program_id).filter(handled_at__isnull=True).order_by("id")
    if connection.vendor == "postgresql":
        rows = rows.select_for_update(skip_locked=True)
    return [Happened(one.kind, one.member_id, one.subject_id, one.at, one.payload, one.id) for one in rows[:limit]]


def mark_handled(program_id: UUID, events: list[Happened], at: datetime) -> None:
    Event.objects.of(program_id).filter(id__in=[one.id for one in events]).update(handled_at=at)
