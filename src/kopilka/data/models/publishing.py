"""What stands around a program's published rules: switches, the drafts of the next ones, and rules taken back."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from kopilka.data.ids import new_id
from kopilka.data.scope import AppendOnly, ProgramModel


class Switchboard(ProgramModel):
    """How a program's switches stand after one change; the newest is in force, the others are its history.

    `rules_off`: paths of switched-off rules, a line each. `rollout_version` (0: none) is in force in the branches of
    `rollout_branches` (their codes, a line each) only.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.IntegerField()
    earning = models.BooleanField(default=True)
    spending = models.BooleanField(default=True)
    rules_off = models.TextField(default="")
    rollout_version = models.IntegerField(default=0)
    rollout_branches = models.TextField(default="")
    reason = models.CharField(max_length=500, default="")
    at = models.DateTimeField()
    by = models.CharField(max_length=200, default="")

    objects: ClassVar[Any] = AppendOnly.as_manager()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "number"], name="switchboard_number_once")]

    def __str__(self) -> str:
        return f"switches {self.number}"


class RulebookDraft(ProgramModel):
    """A rulebook being written. `state`: open, approved, published (as `number`) or dropped.

    `author` and `approver` are who saved its present text and who approved that very text: (kind, id, name).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=100)
    source = models.TextField()
    fingerprint = models.CharField(max_length=64)
    note = models.CharField(max_length=500, default="")
    state = models.CharField(max_length=10, default="open")
    number = models.IntegerField(default=0)
    saved_at = models.DateTimeField()
    author_kind = models.CharField(max_length=10)
    author_id = models.UUIDField(null=True)
    author_name = models.CharField(max_length=200, default="")
    approved_at = models.DateTimeField(null=True)
    approver_kind = models.CharField(max_length=10, default="")
    approver_id = models.UUIDField(null=True)
    approver_name = models.CharField(max_length=200, default="")

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["program", "name"],
                name="draft_name_once",
                condition=models.Q(state__in=("open", "approved")),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Reversal(ProgramModel):
    """The taking back of everything one rule gave in [since, until). `state`: running, done, undoing, undone.

    `position`: it was done up to this member, in the order of their ids (null: nobody yet).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule = models.CharField(max_length=130)
    since = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.CharField(max_length=500, default="")
    state = models.CharField(max_length=10, default="running")
    position = models.UUIDField(null=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200, default="")

    class Meta(ProgramModel.Meta):
        indexes = [models.Index(fields=["program", "at"], name="reversal_by_time")]

    def __str__(self) -> str:
        return f"{self.rule} {self.since} {self.until}"


class ReversalItem(ProgramModel):
    """What a reversal took back of one purchase or deed (`kind`, `subject_id`).

    `document` holds all that was decided, as a text; `undo_document` what undoing it decided. `given`: units by
    currency that the rule had given, a text (JSON).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reversal = models.ForeignKey("kopilka.Reversal", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    subject_id = models.UUIDField()
    member = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+")
    operation_id = models.UUIDField()
    given = models.TextField()
    document = models.TextField()
    undo_operation_id = models.UUIDField(null=True)
    undo_document = models.TextField(default="")

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "reversal", "subject_id"], name="reversal_item_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
