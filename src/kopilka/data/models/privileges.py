"""Locked promotions that were opened for members, and the purchases that used them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class Privilege(ProgramModel):
    """A locked promotion works for a member until `until` (null: no end), for `times` purchases (0: any).

    `used` purchases, those set aside by open ones among them. `rule`: the automation that opened it, by the deed
    `deed_id`, because of the lines `lines` (numbers, empty: all) of purchase `purchase_id`. `state`: open, withdrawn.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+")
    promotion = models.CharField(max_length=64)
    rule = models.CharField(max_length=64, default="")
    opened_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    times = models.BigIntegerField(default=0)
    used = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, default="open")
    deed_id = models.UUIDField(null=True)
    purchase_id = models.UUIDField(null=True)
    lines = models.TextField(default="")

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["program", "deed_id", "promotion"], name="privilege_once", condition=Q(deed_id__isnull=False)
            ),
            models.CheckConstraint(condition=Q(used__gte=0), name="privilege_used_not_negative"),
        ]
        indexes = [
            models.Index(fields=["program", "member", "id"], name="privilege_by_member"),
            models.Index(fields=["program", "promotion", "opened_at"], name="privilege_by_promotion"),
            models.Index(
                fields=["program", "purchase_id"], name="privilege_by_purchase", condition=Q(purchase_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.promotion} {self.state}"


class PrivilegeUse(ProgramModel):
    """One purchase used one privilege. `state`: used, set_aside (by an open purchase), cancelled, returned."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    privilege = models.ForeignKey("kopilka.Privilege", models.PROTECT, related_name="uses")
    purchase = models.ForeignKey("kopilka.Purchase", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    state = models.CharField(max_length=10)

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "privilege", "purchase"], name="privilege_use_once"),
        ]
        indexes = [models.Index(fields=["program", "purchase"], name="privilege_use_by_purchase")]

    def __str__(self) -> str:
        return self.state
