"""Invite links, and who has looked at them."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel
from kopilka.engine.mechanics_things import Link
from kopilka.engine.period import Window


class InviteLink(ProgramModel):
    """A link that marks whoever enrols by it. `slug` is the random part of its address.

    `in_rulebook`: its rules stand in the rulebook's document and are read there; the row keeps slug and labels only.
    `labels`, `tags_on`, `tags_off` are space-separated codes. `limit` bounds the enrolments by it (0: no bound),
    `cost_minor` is what the advertising cost, in minor units. It works in [starts_at, expires_at), null: open.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=64)
    slug = models.CharField(max_length=16)
    in_rulebook = models.BooleanField(default=False)
    name = models.CharField(max_length=200, default="")
    labels = models.TextField(default="")
    partner = models.CharField(max_length=64, default="")
    segment = models.CharField(max_length=64, default="")
    tags_on = models.TextField(default="")
    tags_off = models.TextField(default="")
    starts_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    limit = models.BigIntegerField(default=0)
    cost_minor = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200, default="")

    class Meta(ProgramModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["program", "code"], name="link_code_once"),
            models.UniqueConstraint(fields=["program", "slug"], name="link_slug_once"),
            models.CheckConstraint(condition=models.Q(limit__gte=0), name="link_limit_not_negative"),
            models.CheckConstraint(condition=models.Q(cost_minor__gte=0), name="link_cost_not_negative"),
        ]

    def __str__(self) -> str:
        return self.code

    def rules(self, links: Mapping[str, Link]) -> Link:
        """Its rules: from the document's `links`, or its own. One that was taken out of the document is over."""
        if self.in_rulebook:
            return links.get(self.code) or Link(self.code, window=Window(None, self.created_at))
        return Link(
            self.code, self.name, self.name, Window(self.starts_at, self.expires_at), self.segment,
            tuple(self.tags_on.split()), tuple(self.tags_off.split()), self.partner, self.cost_minor, self.limit,
        )  # fmt: skip


class LinkView(ProgramModel):
    """One visitor's first look at a link; `visitor` is a SHA-256 of the token his browser keeps, in hexadecimal."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    link = models.ForeignKey("kopilka.InviteLink", models.CASCADE, related_name="+")
    visitor = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "link", "visitor"], name="link_view_once")]
        indexes = [models.Index(fields=["program", "link", "at"], name="link_view_by_time")]

    def __str__(self) -> str:
        return self.visitor
