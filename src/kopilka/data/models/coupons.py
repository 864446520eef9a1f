"""Coupon codes that are issued one by one: each good once, perhaps somebody's. And what bounded rules have used."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class CouponBatch(ProgramModel):
    """Codes of one coupon issued together: `wanted` of them, `made` so far. `withdrawn_at` null: they are good."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    coupon = models.CharField(max_length=64)
    wanted = models.BigIntegerField()
    made = models.BigIntegerField(default=0)
    note = models.CharField(max_length=500, default="")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200, default="")
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, default="")

    class Meta(ProgramModel.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(made__gte=0) & Q(made__lte=models.F("wanted")), name="coupon_batch_full")
        ]
        indexes = [models.Index(fields=["program", "coupon", "id"], name="coupon_batch_by_coupon")]

    def __str__(self) -> str:
        return f"{self.coupon} {self.made}/{self.wanted}"


class CouponCode(ProgramModel):
    """One code of a coupon. `word` is normalised as the till compares it.

    `state`: new, bound (to `member`, good until `valid_until`), reserved (by the open `purchase_id`), used (by that
    purchase), withdrawn, expired. `batch` null: it was handed to one member. `bound_at` null: anybody may use it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    coupon = models.CharField(max_length=64)
    word = models.CharField(max_length=64)
    batch = models.ForeignKey(
        "kopilka.CouponBatch", models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    member = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+", null=True, db_index=False)
    state = models.CharField(max_length=10, default="new")
    issued_at = models.DateTimeField()
    bound_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    purchase_id = models.UUIDField(null=True)
    changed_at = models.DateTimeField()
    reason = models.CharField(max_length=500, default="")

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "word"], name="coupon_word_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["reserved", "used"]) | Q(purchase_id__isnull=False),
                name="coupon_code_used_by_a_purchase",
            ),
        ]
        indexes = [
            models.Index(fields=["program", "coupon", "state", "word"], name="coupon_code_by_state"),
            models.Index(fields=["program", "batch", "word"], name="coupon_code_by_batch"),
            models.Index(
                fields=["program", "member", "state"], name="coupon_code_of_member", condition=Q(member__isnull=False)
            ),
            models.Index(fields=["program", "valid_until"], name="coupon_code_by_end", condition=Q(state="bound")),
        ]

    def __str__(self) -> str:
        return f"{self.coupon} {self.state}"


class WordMiss(ProgramModel):
    """Unknown words named by one asker (an API key, a till): whoever names too many is guessing. Kept for hours."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asker = models.CharField(max_length=100)
    at = models.DateTimeField()
    misses = models.IntegerField()

    class Meta(ProgramModel.Meta):
        indexes = [models.Index(fields=["program", "asker", "at"], name="word_miss_by_asker")]

    def __str__(self) -> str:
        return f"{self.asker} {self.misses}"


class RuleCount(ProgramModel):
    """What a bounded rule has used: `uses` times, `minor` units of money, smallest `units` of points.

    `whose`: empty (everybody), m: and a member's id, b: and a branch. `span`: empty (in all), a local day 2026-07-01
    or its hour 2026-07-01T13. The row of the empty span is the lock of all others.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule = models.CharField(max_length=80)
    whose = models.CharField(max_length=80, default="")
    span = models.CharField(max_length=16, default="")
    uses = models.BigIntegerField(default=0)
    minor = models.BigIntegerField(default=0)
    units = models.BigIntegerField(default=0)

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "rule", "whose", "span"], name="rule_count_once"),
            models.CheckConstraint(
                condition=Q(uses__gte=0) & Q(minor__gte=0) & Q(units__gte=0), name="rule_count_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.uses}"
