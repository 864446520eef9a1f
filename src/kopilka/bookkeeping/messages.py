"""What is told to a person outside our pages. So far only a demo can: there it is shown on a page of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from kopilka.data.ids import new_id
from kopilka.data.models.card import DemoMessage

KEPT = timedelta(days=1)


def can_tell(kind: str, *, is_demo: bool) -> bool:
    """Does a message to a phone or an e-mail address get there?"""
    return is_demo and kind in {"phone", "email"}


def tell(program_id: UUID, to: str, text: str, *, at: datetime) -> None:
    """Within the transaction of its cause. Older messages of the demo are forgotten."""
    messages = DemoMessage.objects.of(program_id)
    messages.filter(at__lte=at - KEPT).delete()
    messages.create(id=new_id(), program_id=program_id, to=to, text=text, at=at)
