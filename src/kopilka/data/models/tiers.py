"""How members came to their tiers, what they brought along, and how far new rules were looked through."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from kopilka.data.ids import new_id
from kopilka.data.scope import AppendOnly, ProgramModel


class TierChange(ProgramModel):
    """A member's tier became another one: the history, never changed.

    `at` when it holds from, `recorded_at` when it was written. `why`: purchase, return, review, hand, automation,
    import; `cause` the purchase, return or deed; `by` who did it, `reason` his words. `before_since`: since when he had
    stood on the tier before.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+", db_index=False)
    before = models.CharField(max_length=64, default="")
    after = models.CharField(max_length=64, default="")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    why = models.CharField(max_length=12)
    cause = models.UUIDField(null=True)
    by = models.CharField(max_length=200, default="")
    reason = models.CharField(max_length=500, default="")
    before_since = models.DateTimeField(null=True)

    objects: ClassVar[Any] = AppendOnly.as_manager()

    class Meta(ProgramModel.Meta):
        indexes = [models.Index(fields=["program", "member", "id"], name="tier_change_by_member")]

    def __str__(self) -> str:
        return f"{self.before} {self.after}"


class Opening(ProgramModel):
    """What a member had bought before his purchases were recorded here: minor units and a number, once per member.

    His counters are these and what his purchases here add. `source`: the file they came from.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+", db_index=False)
    spent_minor = models.BigIntegerField(default=0)
    purchases = models.BigIntegerField(default=0)
    operation_id = models.UUIDField()
    source = models.CharField(max_length=100, default="")
    at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "member"], name="opening_once")]
        indexes = [models.Index(fields=["program", "source"], name="opening_by_source")]

    def __str__(self) -> str:
        return str(self.member_id)


class TierLook(ProgramModel):
    """How far members were looked through since the conditions of tiers changed: up to the member `position`.

    `fingerprint` tells which conditions; `position` null: all were looked at.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fingerprint = models.CharField(max_length=64)
    position = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program"], name="tier_look_once")]

    def __str__(self) -> str:
        return self.fingerprint
