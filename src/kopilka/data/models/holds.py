"""Holds: points set aside for a purchase that is not final yet."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class Hold(ProgramModel):
    """`units` of one wallet set aside until `expires_at`. Ends exactly once: captured, released or expired.

    Its draws (of its operation) say from which lots; `captured` units were spent, the rest went back.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    wallet = models.ForeignKey("kopilka.Wallet", models.PROTECT, related_name="+")
    member = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+")
    operation = models.ForeignKey("kopilka.Operation", models.PROTECT, related_name="+")
    purchase = models.ForeignKey("kopilka.Purchase", models.PROTECT, related_name="+", null=True)
    units = models.BigIntegerField()
    captured = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, default="open")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta(ProgramModel.Meta):
        indexes = [
            models.Index(fields=["program", "expires_at"], name="hold_by_expiry", condition=Q(state="open")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(units__gt=0), name="hold_holds_something"),
            models.CheckConstraint(
                condition=Q(captured__gte=0) & Q(captured__lte=models.F("units")),
                name="hold_captured_in_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.units} {self.state}"
