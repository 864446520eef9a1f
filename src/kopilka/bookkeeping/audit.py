"""The trail of administrative acts: who changed what of the program's own things, and how it was before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from kopilka.data.models.events import AuditRecord
from kopilka.engine.actor import Actor


def record_audit(
    program_id: UUID,
    act: str,
    subject_id: UUID | None,
    *,
    by: Actor,
    at: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
    request_id: str = "",
) -> None:
    """Personal data and secrets never stand in `before` and `after`: name the field instead."""
    AuditRecord.objects.create(
        program_id=program_id,
        at=at,
        actor_kind=by.kind.value,
        actor_id=by.id,
        actor_name=by.name,
        act=act,
        subject_id=subject_id,
        before=_text(before),
        after=_text(after),
        reason=reason,
        request_id=request_id,
    )


def _text(values: Mapping[str, object] | None) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, default=str) if values else ""
