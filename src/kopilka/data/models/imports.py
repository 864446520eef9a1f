"""Imports of files: how far each came, so that an interrupted one goes on."""

from __future__ import annotations

from django.db import models

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class ImportRun(ProgramModel):
    """One file being imported, recognised by its content and mapping; `position` counts rows safely booked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20)
    file_hash = models.CharField(max_length=64)
    file_name = models.CharField(max_length=255)
    state = models.CharField(max_length=10, default="running")
    position = models.BigIntegerField(default=0)
    figures = models.TextField(default="{}")
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "kind", "file_hash"], name="import_file_once")]

    def __str__(self) -> str:
        return f"{self.file_name} {self.position}"
