"""Members met in a file: known by their identifier, or enrolled when they are first seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from kopilka.bookkeeping.events import EventKind, Happened, record_all
from kopilka.bookkeeping.members import NewMember, find_members, insert_members
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.data.ids import new_id
from kopilka.engine.actor import IMPORT_ACTOR
from kopilka.engine.ledger import Kind

FROM_IMPORT = '{"door":"import"}'
"""Whoever was met in a file has been a customer before: he is not greeted."""


def members_for(*, program_id: UUID, kind: str, first_seen: Mapping[str, datetime], at: datetime) -> dict[str, UUID]:
    """Everybody by his identifier; those unknown are enrolled at the moment they were first seen."""
    if not first_seen:
        return {}
    try:
        return _members_for(program_id, kind, first_seen, at)
    except IntegrityError:  # somebody enrolled one of them at this very moment
        return _members_for(program_id, kind, first_seen, at)


@transaction.atomic(durable=True)
def _members_for(program_id: UUID, kind: str, first_seen: Mapping[str, datetime], at: datetime) -> dict[str, UUID]:
    enter_program(program_id)
    known = find_members(program_id, kind, first_seen)
    new = [NewMember(new_id(), seen_at, {kind: value}) for value, seen_at in first_seen.items() if value not in known]
    if new:
        insert_members(program_id, new, at=at)
        acts = [Written(Kind.ENROL, one.id, one.id, one.enrolled_at, at, IMPORT_ACTOR) for one in new]
        write_acts(program_id, acts)
        record_all(program_id, [Happened(EventKind.MEMBER_ENROLLED, one.id, one.id, at, FROM_IMPORT) for one in new])
    return known | {one.known_by[kind]: one.id for one in new}
