"""What automations remember: up to when moments were looked for, the answers of profiles, webhooks and their calls."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class RuleClock(ProgramModel):
    """All moments of one automation up to `until` are planned; `version`: the rulebook that was looked at then.

    Its lock is what keeps two workers from planning one moment twice.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule = models.CharField(max_length=64)
    version = models.IntegerField()
    until = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "rule"], name="rule_clock_once")]

    def __str__(self) -> str:
        return f"{self.rule} {self.until}"


class ProfileAnswer(ProgramModel):
    """A member's answer to a question of the rulebook's profile: personal data, gone with the profile.

    `number` tells several answers apart, from 1; `day` repeats a date for questions by date; `name` of whom it is (a
    child, a pet). `same`: which of several answers with the same day and name it is, from 0.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    member = models.ForeignKey("kopilka.Member", models.CASCADE, related_name="+")
    question = models.CharField(max_length=64)
    number = models.IntegerField()
    text = models.CharField(max_length=500)
    day = models.DateField(null=True)
    name = models.CharField(max_length=200, default="")
    same = models.IntegerField(default=0)

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "member", "question", "number"], name="profile_answer_once")
        ]
        indexes = [
            models.Index(fields=["program", "question", "day"], name="answer_by_day", condition=Q(day__isnull=False))
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.number}"


class Webhook(ProgramModel):
    """An address that is told of events (`events`: their kinds, space-separated) or called by rules by its `code`.

    `secret` signs what is sent; it is shown once, when it is made.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=64)
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=100)
    events = models.TextField(default="")
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "code"], name="webhook_once")]

    def __str__(self) -> str:
        return self.code


class WebhookCall(ProgramModel):
    """One event on its way to one webhook; unique by these. `state`: due, delivered, dead (given up).

    While somebody delivers it, `due_at` lies ahead: should he die, it is due again then. Calls about one member go out
    in the order of their ids. `status` is the HTTP status of the last try (0: there was no answer), `told` says more.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    webhook = models.ForeignKey("kopilka.Webhook", models.CASCADE, related_name="+")
    event_id = models.UUIDField()
    member_id = models.UUIDField(null=True)
    body = models.TextField()
    state = models.CharField(max_length=10, default="due")
    tries = models.IntegerField(default=0)
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    status = models.IntegerField(default=0)
    told = models.CharField(max_length=500, default="")
    delivered_at = models.DateTimeField(null=True)

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "webhook", "event_id"], name="webhook_call_once")]
        indexes = [
            models.Index(fields=["program", "due_at", "id"], name="webhook_call_due", condition=Q(state="due")),
            models.Index(
                fields=["program", "webhook", "member_id", "id"], name="webhook_call_order", condition=Q(state="due")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.state}"
