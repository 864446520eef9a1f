"""What a demo would have sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.data.models.card import DemoMessage
from kopilka.queries.scope import reading

SHOWN_MAX = 20


@dataclass(frozen=True, slots=True)
class DemoMessageView:
    """`to` a phone number or an address as it is stored."""

    to: str
    text: str
    at: datetime


def demo_messages(program_id: UUID, *, since: datetime) -> list[DemoMessageView]:
    """The newest first, at most SHOWN_MAX."""
    with reading(program_id):
        rows = DemoMessage.objects.of(program_id).filter(at__gte=since).order_by("-at", "-id")[:SHOWN_MAX]
        return [DemoMessageView(row.to, row.text, row.at) for row in rows]
