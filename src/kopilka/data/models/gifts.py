"""Gifts of the catalogue that members chose or were given, until they are collected."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class GiftClaim(ProgramModel):
    """A gift that is somebody's: `pieces` whole units of article `sku`, collected once, together, until `until`.

    `state`: open, set_aside (by an open purchase), collected, cancelled, expired. `origin`: chosen for points, granted
    by a rule, card (a full one turned into it). `count` gifts of the catalogue it takes from the stock. `code` is typed
    at the till, empty: it is handed out when its article is rung. `paid`: points taken for it, a text (JSON) of
    [lot, currency, units]. `cash_minor` minor units to be paid beside. `purchase_id` collects it or sets it aside.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+")
    gift = models.CharField(max_length=64)
    sku = models.CharField(max_length=100)
    name = models.CharField(max_length=200, default="")
    pieces = models.BigIntegerField()
    count = models.BigIntegerField(default=1)
    code = models.CharField(max_length=20, default="")
    cash_minor = models.BigIntegerField(default=0)
    paid = models.TextField(default="")
    origin = models.CharField(max_length=10)
    deed_id = models.UUIDField(null=True)
    state = models.CharField(max_length=10, default="open")
    chosen_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    purchase_id = models.UUIDField(null=True)
    changed_at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "code"], name="gift_code_once", condition=~Q(code="")),
            models.CheckConstraint(condition=Q(pieces__gt=0) & Q(count__gt=0), name="gift_holds_something"),
        ]
        indexes = [
            models.Index(fields=["program", "member", "id"], name="gift_by_member"),
            models.Index(fields=["program", "until"], name="gift_by_end", condition=Q(state="open")),
            models.Index(
                fields=["program", "purchase_id"], name="gift_by_purchase", condition=Q(purchase_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gift} {self.state}"
