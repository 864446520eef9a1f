"""Programs and their places of sale."""

from __future__ import annotations

from django.db import models

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class Program(models.Model):
    """One loyalty program with its own rules, members and money.

    `switches_number` names its switchboard (0: nothing was ever switched). `needs_approval`: no rules are published
    before a second person has approved them. `is_demo`: for trying out; what would be sent is shown on a page instead.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=63, unique=True)
    name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3, default="RUB")
    timezone = models.CharField(max_length=64, default="Europe/Moscow")
    language = models.CharField(max_length=2, default="ru")
    country = models.CharField(max_length=2, default="RU")
    rulebook_number = models.IntegerField(default=0)
    switches_number = models.IntegerField(default=0)
    needs_approval = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Branch(ProgramModel):
    """A place of sale."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200, default="")

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="branch_code_once")]

    def __str__(self) -> str:
        return self.name or self.code


class Till(ProgramModel):
    """A cash desk in a branch."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    branch = models.ForeignKey("kopilka.Branch", models.PROTECT, related_name="tills", null=True)
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200, default="")

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="till_code_once")]

    def __str__(self) -> str:
        return self.name or self.code
