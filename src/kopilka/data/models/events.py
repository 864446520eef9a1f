"""What happened, recorded with its cause: the outbox, and the trail of administrative acts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from kopilka.data.ids import new_id
from kopilka.data.scope import AppendOnly, HotProgramModel, ProgramModel


class Event(HotProgramModel):
    """Something that happened; committed with its cause, handled later by the worker, in the order of ids."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=40)
    member_id = models.UUIDField(null=True)
    subject_id = models.UUIDField(null=True)
    payload = models.TextField(default="")
    at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)

    class Meta(HotProgramModel.Meta):
        indexes = [models.Index(fields=["program", "id"], name="event_open", condition=Q(handled_at__isnull=True))]

    def __str__(self) -> str:
        return self.kind


class AuditRecord(ProgramModel):
    """Who did what to the program's own things (keys, rules, members), with the state before and after."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200, default="")
    act = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True)
    before = models.TextField(default="")
    after = models.TextField(default="")
    reason = models.CharField(max_length=500, default="")
    request_id = models.CharField(max_length=64, default="")

    objects: ClassVar[Any] = AppendOnly.as_manager()

    class Meta(ProgramModel.Meta):
        indexes = [models.Index(fields=["program", "at"], name="audit_by_time")]

    def __str__(self) -> str:
        return self.act
