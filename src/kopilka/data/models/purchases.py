"""Quotes, purchases and returns. A purchase keeps the receipt and the decision that priced it, as texts."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kopilka.data.ids import new_id
from kopilka.data.scope import HotProgramModel, ProgramModel


class Quote(HotProgramModel):
    """What was offered for a receipt, until `expires_at`; deleted by the worker after its life."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.CASCADE, related_name="+", null=True, db_constraint=False)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    version = models.IntegerField()
    receipt = models.TextField()
    decision = models.TextField()

    class Meta(HotProgramModel.Meta):
        indexes = [models.Index(fields=["program", "expires_at"], name="quote_by_expiry")]

    def __str__(self) -> str:
        return str(self.id)


class Purchase(HotProgramModel):
    """A receipt recorded, with its decision. `state`: open (points held, not final), confirmed, cancelled.

    `returned` is what returns have undone so far (cumulative, as a text), null while nothing was; `is_back`: all of it.
    A receipt is unique for ever by (program, source, external_id): the source is the till, or the file of an import.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+", null=True, db_index=False)
    state = models.CharField(max_length=10, default="confirmed")
    source = models.CharField(max_length=100)
    external_id = models.CharField(max_length=100)
    fingerprint = models.BinaryField(max_length=32)
    branch = models.CharField(max_length=64, default="")
    till = models.CharField(max_length=64, default="")
    staff = models.CharField(max_length=64, default="")
    agent = models.CharField(max_length=64, default="")
    origin = models.CharField(max_length=10, default="till")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    version = models.IntegerField()
    net_minor = models.BigIntegerField()
    paid_minor = models.BigIntegerField()
    receipt = models.TextField()
    decision = models.TextField()
    returned = models.TextField(null=True)
    returned_minor = models.BigIntegerField(default=0)
    is_back = models.BooleanField(default=False, db_default=False)

    class Meta(HotProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "source", "external_id"], name="receipt_once"),
            models.CheckConstraint(
                condition=Q(returned_minor__gte=0) & Q(returned_minor__lte=models.F("paid_minor")),
                name="purchase_returned_in_bounds",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "at"], name="purchase_by_member"),
            models.Index(fields=["program", "staff", "at"], name="purchase_by_staff", condition=~Q(staff="")),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"


class Return(ProgramModel):
    """The customer brought back all or part of purchases. `document` keeps what was decided, as a text.

    `purchase` is null where the return named none: its lines were matched to earlier purchases (the document says
    which), or could not be matched and moved no points.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+", null=True)
    purchase = models.ForeignKey("kopilka.Purchase", models.PROTECT, related_name="+", null=True)
    source = models.CharField(max_length=100)
    external_id = models.CharField(max_length=100)
    fingerprint = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    refund_minor = models.BigIntegerField()
    document = models.TextField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "source", "external_id"], name="return_once")]
        indexes = [models.Index(fields=["program", "at"], name="return_by_time")]

    def __str__(self) -> str:
        return f"{self.source} {self.external_id}"
