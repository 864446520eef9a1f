"""What rules owe members after an event or a sale, done exactly once each; and who besides buyers gets something."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class Deed(ProgramModel):
    """What one rule owes one member because of one cause; unique by these, so nothing is done twice.

    `kind`: automation, share, or take_back (of what an automation had granted for a purchase that was returned).
    `cause`: the event's id, or the name of a moment such as birthday:2026. `subject`: the purchase, return or other row
    it is about; `about`: the member it began with. `payload` a text (JSON) of what the doing needs. `branch` of the
    purchase, for limits by branch. `state`: due, done, nothing (conditions did not hold), holdout, limited,
    over_budget, missed, refused; `told` says more. `units` granted, for budgets and reversals. The member has no
    constraint: planning must not wait for whoever holds his row (ADR 0006).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12)
    rule = models.CharField(max_length=64)
    cause = models.CharField(max_length=120)
    member = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    about = models.UUIDField(null=True)
    subject = models.UUIDField(null=True)
    payload = models.TextField(default="")
    branch = models.CharField(max_length=64, default="")
    due_at = models.DateTimeField()
    at = models.DateTimeField()
    state = models.CharField(max_length=12, default="due")
    told = models.TextField(default="")
    currency = models.CharField(max_length=64, default="")
    units = models.BigIntegerField(default=0)
    operation_id = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "kind", "rule", "cause", "member"], name="deed_once"),
        ]
        indexes = [
            models.Index(fields=["program", "due_at", "id"], name="deed_due", condition=Q(state="due")),
            models.Index(fields=["program", "rule", "at"], name="deed_by_rule"),
            models.Index(fields=["program", "member", "rule"], name="deed_by_member"),
            models.Index(fields=["program", "subject"], name="deed_by_subject", condition=Q(subject__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.state}"


class Beneficiary(ProgramModel):
    """Somebody who gets shares of sales: an employee, an agent or a partner, by the code receipts name him with.

    `account` is the member whose wallets hold what he gets (its role says so). `person` is the same human's own
    membership as a buyer, when he has one: nobody earns on his own purchases.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200, default="")
    branch = models.CharField(max_length=64, default="")
    account = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+")
    person = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+", null=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "kind", "code"], name="beneficiary_code_once")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.code}"
