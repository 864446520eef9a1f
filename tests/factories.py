"""Programs and members for tests, made through the services."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from kopilka.bookkeeping.idempotency import NO_KEY
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.queries.programs import ProgramView
from kopilka.services.members import enrol_member
from kopilka.services.profiles import MemberFacts
from kopilka.services.programs import create_program, publish_rulebook

NOON = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""Monday, twelve o'clock in Moscow."""


def make_program(slug: str = "lavka", *, rulebook: str | None = None, **facts: str | bool) -> ProgramView:
    """A program in roubles and Moscow time, with a rulebook when one is given."""
    program = create_program(slug=slug, name="Лавка", by=SYSTEM_ACTOR, at=NOON, **facts)
    if rulebook is not None:
        publish_rulebook(program_id=program.id, source=rulebook, by=SYSTEM_ACTOR, at=NOON)
    return program


def make_member(program: ProgramView, phone: str = "+79161234567", *, at: datetime = NOON, **facts: str) -> UUID:
    typed = MemberFacts(phone=phone, **facts)
    return enrol_member(program_id=program.id, facts=typed, request=NO_KEY, by=SYSTEM_ACTOR, at=at).member.id
