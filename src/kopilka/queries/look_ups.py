"""Who looks for members much oftener than he sells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kopilka.data.models.deeds import Beneficiary
from kopilka.data.models.events import AuditRecord
from kopilka.queries.scope import reading

SHOWN_MAX = 5


@dataclass(frozen=True, slots=True)
class LookUpWarning:
    """An employee passed the limit of look-ups at a moment."""

    name: str
    at: datetime


def look_up_warnings(program_id: UUID, *, since: datetime) -> list[LookUpWarning]:
    """The latest first, one per employee and hour."""
    with reading(program_id):
        told = AuditRecord.objects.of(program_id).filter(act="many_look_ups", at__gte=since).order_by("-at")
        rows = list(told.values_list("subject_id", "actor_name", "at")[:SHOWN_MAX])
        people = Beneficiary.objects.of(program_id).filter(id__in=[row[0] for row in rows])
        names = dict(people.values_list("id", "name"))
    return [LookUpWarning(names.get(who, "") or actor, at) for who, actor, at in rows]
