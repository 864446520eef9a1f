"""Published rulebooks, and the counters of rules that are limited."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class RulebookVersion(ProgramModel):
    """One published document, whole: the only home of a program's rules. `source` is the text as it was sent."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.IntegerField()
    source = models.TextField()
    fingerprint = models.CharField(max_length=64)
    note = models.CharField(max_length=500, default="")
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=200, default="")

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "number"], name="rulebook_number_once")]

    def __str__(self) -> str:
        return f"v{self.number}"


class RuleUse(ProgramModel):
    """How often a limited rule was used: by everybody (`member` null) or by one member.

    `kind`: coupon; rule (how often an automation worked), rule_units and rule_minor (smallest units of points, minor
    units of money of its budget). A budget for a stretch of time is counted by local days: `code`@2026-03-02.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10)
    code = models.CharField(max_length=80)
    member = models.ForeignKey("kopilka.Member", models.CASCADE, related_name="+", null=True)
    used = models.BigIntegerField(default=0)

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["program", "kind", "code"], name="rule_use_once", condition=Q(member__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["program", "kind", "code", "member"],
                name="rule_use_of_member_once",
                condition=Q(member__isnull=False),
            ),
            models.CheckConstraint(condition=Q(used__gte=0), name="rule_use_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.used}"
