"""Gift certificates: money paid beforehand, kept apart from points, with books of their own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class Certificate(ProgramModel):
    """A gift certificate with a balance in minor units, derived from its entries. `number` is normalised.

    `state`: active, blocked (by hand, or its PIN was tried too often), closed (paid out). `asks_pin`: who pays with it
    names four digits, `tries_left` times at most. `held_minor` is set aside by open purchases. It was sold on `line` of
    `purchase_id`, or by hand (null).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=64)
    kind = models.CharField(max_length=64)
    asks_pin = models.BooleanField(default=False)
    tries_left = models.IntegerField(default=0)
    state = models.CharField(max_length=10, default="active")
    balance_minor = models.BigIntegerField(default=0)
    held_minor = models.BigIntegerField(default=0)
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    purchase_id = models.UUIDField(null=True)
    line = models.IntegerField(null=True)

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "number"], name="certificate_number_once"),
            models.CheckConstraint(
                condition=Q(balance_minor__gte=0) & Q(held_minor__gte=0), name="certificate_not_negative"
            ),
        ]
        indexes = [
            models.Index(
                fields=["program", "purchase_id"], name="certificate_by_purchase",
                condition=Q(purchase_id__isnull=False),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number


class CertificateEntry(ProgramModel):
    """One signed movement of money, minor units; those of one `operation` sum to zero. Never changed.

    `account`: balance and held belong to the certificate; sold, spent, paid_out, expired, adjusted to the program.
    `kind`: issue, top_up, hold, release, spend, give_back, take_back, pay_out, expire. `subject_id`: the purchase or
    return it belongs to.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operation = models.UUIDField()
    certificate = models.ForeignKey("kopilka.Certificate", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10)
    account = models.CharField(max_length=10)
    minor = models.BigIntegerField()
    subject_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_name = models.CharField(max_length=200, default="")
    reason = models.CharField(max_length=500, default="")

    class Meta(ProgramModel.Meta):
        constraints = [models.CheckConstraint(condition=~Q(minor=0), name="certificate_entry_not_zero")]
        indexes = [
            models.Index(fields=["program", "certificate", "id"], name="certificate_entry_by_one"),
            models.Index(fields=["program", "operation"], name="certificate_entry_by_act"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.minor}"
