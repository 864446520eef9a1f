"""The club: services its members have used, and goods somebody has asked for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class ClubUse(ProgramModel):
    """A member used a service of the club once; `cost_minor` is what it cost the shop then, in minor units."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+", db_index=False)
    service = models.CharField(max_length=64)
    at = models.DateTimeField()
    branch = models.CharField(max_length=64, default="")
    cost_minor = models.BigIntegerField(default=0)
    by = models.CharField(max_length=200, default="")

    class Meta(ProgramModel.Meta):
        indexes = [
            models.Index(fields=["program", "member", "service", "at"], name="club_use_by_member"),
            models.Index(fields=["program", "at"], name="club_use_by_time"),
        ]

    def __str__(self) -> str:
        return self.service


class GoodsRequest(ProgramModel):
    """A member asked for an article that was not there. `quantity` in thousandths.

    `state`: open, arrived (and he was told), bought, withdrawn. `branch` is where he asked. `purchase_id` is the
    purchase that closed it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+")
    sku = models.CharField(max_length=100)
    name = models.CharField(max_length=400, default="")
    quantity = models.BigIntegerField(default=1_000)
    branch = models.CharField(max_length=64, default="")
    staff = models.CharField(max_length=64, default="")
    note = models.CharField(max_length=500, default="")
    state = models.CharField(max_length=10, default="open")
    created_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    purchase_id = models.UUIDField(null=True)

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["program", "member", "sku"],
                name="goods_request_once",
                condition=Q(state__in=("open", "arrived")),
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="goods_request_quantity"),
        ]
        indexes = [models.Index(fields=["program", "sku", "state"], name="goods_request_by_sku")]

    def __str__(self) -> str:
        return f"{self.sku} {self.state}"
