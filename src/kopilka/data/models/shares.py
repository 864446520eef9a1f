"""What others got from sales, goals that employees reached, and what partners of a coalition owe each other."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class ShareState(ProgramModel):
    """What one share gave one member for one purchase in one points currency, and what returns took of it again.

    `to`: inviter (with his `level`), agent, employee or partner. `units` were given, `taken` belong to goods brought
    back by now. `lots` ids of the lots that were made, `returned` what returns have undone, both as texts (JSON).
    `funded_by`: the partner who pays for it. `at`: of the purchase.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purchase_id = models.UUIDField()
    rule = models.CharField(max_length=64)
    member = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+", db_index=False)
    currency = models.CharField(max_length=64)
    to = models.CharField(max_length=10)
    level = models.IntegerField(default=0)
    split = models.CharField(max_length=64, default="")
    funded_by = models.CharField(max_length=64, default="")
    units = models.BigIntegerField()
    taken = models.BigIntegerField(default=0)
    lots = models.TextField(default="")
    returned = models.TextField(default="")
    at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "purchase_id", "rule", "member", "currency"], name="share_once"),
            models.CheckConstraint(
                condition=Q(taken__gte=0) & Q(taken__lte=models.F("units")), name="share_taken_in_bounds"
            ),
        ]
        indexes = [models.Index(fields=["program", "member", "at"], name="share_by_member")]

    def __str__(self) -> str:
        return f"{self.rule} {self.units} {self.currency}"


class LotIssuer(ProgramModel):
    """The partner who answers for a lot that no purchase made; a lot of a purchase is its branch's partner's."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    lot = models.ForeignKey("kopilka.Lot", models.PROTECT, related_name="+", db_index=False)
    issuer = models.CharField(max_length=64)

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "lot"], name="lot_issuer_once")]

    def __str__(self) -> str:
        return self.issuer


class EnrolledBy(ProgramModel):
    """Which employee enrolled a member."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+", db_index=False)
    staff = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "member"], name="enrolled_by_once")]
        indexes = [models.Index(fields=["program", "staff", "at"], name="enrolled_by_staff")]

    def __str__(self) -> str:
        return self.staff


class GoalReached(ProgramModel):
    """An employee reached a goal in the period that began on `period` (a local day), once; `paid_*`: the payout.

    Money in minor units. `figures`: what he had then, as a text (JSON).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    goal = models.CharField(max_length=64)
    beneficiary = models.ForeignKey("kopilka.Beneficiary", models.PROTECT, related_name="+", db_index=False)
    period = models.DateField()
    premium_minor = models.BigIntegerField()
    figures = models.TextField(default="")
    reached_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    paid_minor = models.BigIntegerField(null=True)
    paid_by = models.CharField(max_length=200, default="")
    note = models.CharField(max_length=500, default="")

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "beneficiary", "goal", "period"], name="goal_reached_once")
        ]
        indexes = [models.Index(fields=["program", "period", "id"], name="goal_reached_by_period")]

    def __str__(self) -> str:
        return f"{self.goal} {self.period}"


class ClearingAct(ProgramModel):
    """Partners settled with each other for everything up to `until` that no act had settled before.

    `number` counts the acts of a program from 1. `document`: its lines, as a text (JSON).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.BigIntegerField()
    since = models.DateTimeField(null=True)
    until = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200, default="")
    document = models.TextField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "number"], name="clearing_act_number_once")]

    def __str__(self) -> str:
        return f"{self.number}"


class Acceptance(ProgramModel):
    """Points of one `issuer` paid (or, with signs reversed, given back by a return) at a branch of the `acceptor`.

    Both are codes of partners, empty for the owner of the program. `subject_id`: the purchase or the return.
    `minor` is what the points paid, `fee_minor` what the issuer keeps of it; `act` settled it (null: still open).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_id = models.UUIDField()
    purchase_id = models.UUIDField()
    issuer = models.CharField(max_length=64, default="")
    acceptor = models.CharField(max_length=64, default="")
    currency = models.CharField(max_length=64)
    units = models.BigIntegerField()
    minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    act = models.ForeignKey("kopilka.ClearingAct", models.PROTECT, related_name="+", null=True, db_index=False)

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["program", "subject_id", "purchase_id", "issuer", "currency"], name="acceptance_once"
            )
        ]
        indexes = [
            models.Index(fields=["program", "at"], name="acceptance_open", condition=Q(act__isnull=True)),
            models.Index(fields=["program", "act"], name="acceptance_by_act", condition=Q(act__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.issuer} → {self.acceptor} {self.minor}"
