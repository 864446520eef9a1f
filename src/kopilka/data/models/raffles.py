"""Raffles: tickets are points of a currency, winners follow from a secret that was published as a hash beforehand."""

from __future__ import annotations

from django.db import models

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class Raffle(ProgramModel):
    """One raffle. `state`: announced, closed (its list is frozen), drawn (the secret is told, `record` is published).

    `secret` is a text of hexadecimal digits, `secret_hash` its SHA-256, told from the first day; `list_hash` that of
    the frozen list. `prizes` a text (JSON): the prizes in the order of drawing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200, default="")
    currency = models.CharField(max_length=64)
    prizes = models.TextField()
    one_each = models.BooleanField(default=True)
    state = models.CharField(max_length=10, default="announced")
    secret = models.CharField(max_length=64)
    secret_hash = models.CharField(max_length=64)
    announced_at = models.DateTimeField()
    announced_by = models.CharField(max_length=200, default="")
    closed_at = models.DateTimeField(null=True)
    tickets = models.BigIntegerField(default=0)
    list_hash = models.CharField(max_length=64, default="")
    drawn_at = models.DateTimeField(null=True)
    record = models.TextField(default="")

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="raffle_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"


class RaffleEntrant(ProgramModel):
    """A member in a frozen list: `tickets` of them under a `mark` that does not tell who he is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    raffle = models.ForeignKey("kopilka.Raffle", models.CASCADE, related_name="+", db_index=False)
    member = models.ForeignKey("kopilka.Member", models.PROTECT, related_name="+")
    mark = models.CharField(max_length=32)
    tickets = models.BigIntegerField()

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "raffle", "mark"], name="raffle_mark_once"),
            models.UniqueConstraint(fields=["program", "raffle", "member"], name="raffle_member_once"),
        ]

    def __str__(self) -> str:
        return self.mark
