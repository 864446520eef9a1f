"""Who belongs to which segment, since when, and how he came there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class SegmentMember(ProgramModel):
    """One stay of a member in a segment: from `since` until `ended_at` (null: he is in).

    `until` is the end known beforehand (null: none); `next_sale`: only for the next sale, and `purchase_id` names the
    sale that used it up. `source`: hand, link, import, rule (an automation), live (the segment's own condition, as last
    looked at). `by` is the name of whoever put him in.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.CASCADE, related_name="+")
    segment = models.CharField(max_length=64)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    next_sale = models.BooleanField(default=False)
    purchase_id = models.UUIDField(null=True)
    source = models.CharField(max_length=10)
    by = models.CharField(max_length=200, default="")

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["program", "segment", "member"],
                name="segment_member_once",
                condition=Q(ended_at__isnull=True),
            )
        ]
        indexes = [
            models.Index(
                fields=["program", "until"],
                name="segment_member_by_end",
                condition=Q(ended_at__isnull=True) & Q(until__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.segment} {self.member_id}"


class SegmentLook(ProgramModel):
    """A live segment's condition has been looked at for all members; `fingerprint` tells which condition.

    Who belonged at the first look of a condition is noted silently: only coming and going after it are events.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    segment = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "segment"], name="segment_look_once")]

    def __str__(self) -> str:
        return self.segment


class SegmentDue(ProgramModel):
    """Something changed of this member: the worker asks anew which live segments he belongs to, and forgets the row.

    The member has no constraint: writing it must not wait for whoever holds his row (ADR 0006).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.CASCADE, related_name="+", db_index=False, db_constraint=False)

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "member"], name="segment_due_once")]

    def __str__(self) -> str:
        return str(self.member_id)
