"""A customer at a kiosk: what he has typed so far, for minutes; and how many there were, for a day."""

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


class KioskGuest(ProgramModel):
    """Somebody got his card at a kiosk, a new member or one known before alike: counted against the hour's limit.

    `visit_id` counts him once, however often the last page was sent. Who he is stands nowhere here.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    device = models.ForeignKey("kopilka.Device", models.CASCADE, related_name="+")
    visit_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta(ProgramModel.Meta):
        constraints = [models.UniqueConstraint(fields=["program", "visit_id"], name="kiosk_guest_once")]
        indexes = [models.Index(fields=["program", "device", "at"], name="kiosk_guest_by_device")]

    def __str__(self) -> str:
        return str(self.visit_id)
