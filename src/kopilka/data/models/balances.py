"""Points handed from member to member, and points given to many at once."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class Transfer(ProgramModel):
    """Points one member hands to another: proposed with the giver's proof, done with the taker's.

    `units` leave the giver, `fee` of them stay with the program, the rest comes with the lives it had. `state`:
    proposed, done, declined, expired.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    giver = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+")
    taker = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+")
    currency = models.CharField(max_length=64)
    units = models.BigIntegerField()
    fee = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, default="proposed")
    reason = models.CharField(max_length=500, default="")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(ProgramModel.Meta):
        indexes = [
            models.Index(fields=["program", "giver", "created_at"], name="transfer_by_giver"),
            models.Index(fields=["program", "taker", "created_at"], name="transfer_by_taker"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(units__gt=0), name="transfer_moves_something"),
            models.CheckConstraint(condition=Q(fee__gte=0) & Q(fee__lt=F("units")), name="transfer_fee_in_bounds"),
            models.CheckConstraint(condition=~Q(giver=F("taker")), name="transfer_between_two"),
        ]

    def __str__(self) -> str:
        return f"{self.units} {self.currency} {self.state}"


class BulkGrant(ProgramModel):
    """Points given by hand to everybody of whom a condition held at `at`; undone as a whole.

    `condition` is the plain tree (JSON) as in a document; each member's part is a deed of the rule bulk:<id>.
    `state`: granting, undoing, undone. `members` were found when it began.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    condition = models.TextField()
    currency = models.CharField(max_length=64)
    units = models.BigIntegerField()
    expires_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500)
    members = models.BigIntegerField()
    state = models.CharField(max_length=10, default="granting")
    at = models.DateTimeField()
    by = models.CharField(max_length=200, default="")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=200, default="")

    class Meta(ProgramModel.Meta):
        constraints = [models.CheckConstraint(condition=Q(units__gt=0), name="bulk_grant_gives_something")]
        indexes = [models.Index(fields=["program", "at"], name="bulk_grant_by_time")]

    def __str__(self) -> str:
        return f"{self.units} {self.currency} {self.state}"
