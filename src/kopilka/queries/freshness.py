"""Whether a member has proven himself just now: what is asked before his data is handed out or deleted."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from kopilka.data.models.card import MemberSession
from kopilka.data.models.members import Identifier
from kopilka.queries.scope import reading

FRESH = timedelta(minutes=15)


def is_fresh(program_id: UUID, member_id: UUID, session_id: UUID, *, at: datetime) -> bool:
    """Was this session begun within FRESH by a code sent to himself?"""
    with reading(program_id):
        rows = MemberSession.objects.of(program_id).filter(id=session_id, member_id=member_id, came_by="code")
        return rows.filter(created_at__gt=at - FRESH, ended_at=None).exists()


def shares_card(program_id: UUID, member_id: UUID) -> bool:
    """Do others see this card too, as members of one family?"""
    with reading(program_id):
        return Identifier.objects.of(program_id).filter(member_id=member_id, owner__isnull=False).exists()
