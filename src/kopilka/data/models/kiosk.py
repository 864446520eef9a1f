"""A customer at a kiosk: what he has typed so far, for minutes."""

from __future__ import annotations

from django.db import models

from kopilka.data.ids import new_id
from kopilka.data.scope import ProgramModel


class KioskVisit(ProgramModel):
    """At most one at a kiosk; the row is deleted when he is done, goes away or leaves the kiosk alone.

    `document` is what he typed, a text (JSON). `state`: open, enrolling (his last page was sent), done. `member` is
    whoever has the phone he typed, in the end; `link` opens the card of a new one, hidden.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey("kopilka.Device", models.CASCADE, related_name="+")
    document = models.TextField(default="")
    state = models.CharField(max_length=10, default="open")
    member = models.ForeignKey("kopilka.Member", models.CASCADE, related_name="+", null=True)
    link = models.CharField(max_length=200, default="")
    on_receipt = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "device"], name="kiosk_visit_once")]

    def __str__(self) -> str:
        return str(self.id)
