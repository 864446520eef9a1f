"""Against browsing customers from a till: whoever looks for members much oftener than he sells has to wait, and is
written down (T29)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Sum

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.data.ids import new_id
from kopilka.data.models.doors import LookUpHour
from kopilka.data.prepared import Hole, Prepared
from kopilka.engine.actor import Actor
from kopilka.engine.refusal import Code, Refusal

HOUR = timedelta(hours=1)
USUAL_OVER = timedelta(days=28)
ABOVE_USUAL = 30
"""So many more look-ups than sales within an hour, above what this employee usually has, and it is told."""
PAUSE = timedelta(seconds=10)
"""From then on, between two of them."""

_USUAL = Prepared(
    lambda: (
        LookUpHour.objects.of(Hole("program_id"))
        .filter(employee=Hole("employee"), hour__lt=Hole("before"), hour__gte=Hole("since"))
        .values("employee")
        .annotate(looked_up=Sum("looked"), sold_then=Sum("sold"), hours=Count("id"))
        .values_list("looked_up", "sold_then", "hours")
    )
)


def count_look_up(program_id: UUID, *, by: Actor, at: datetime) -> None:
    """One more; inside a transaction that entered the program. `too_many_tries` (retry_after_seconds) past the limit.

    The system need not wait."""
    if by.id is None:
        return
    row = _row_of(program_id, by.id, at)
    idle = row.looked - row.sold
    limit = ABOVE_USUAL + _usual(program_id, by.id, row.hour)
    wait = row.last_at + PAUSE - at
    if idle >= limit and wait > timedelta(0):
        raise Refusal(Code.TOO_MANY_TRIES, retry_after_seconds=int(wait.total_seconds()) + 1)
    row.looked += 1
    row.last_at = max(at, row.last_at)
    row.save(update_fields=["looked", "last_at"])
    if idle + 1 == limit:
        after = {"looked": row.looked, "sold": row.sold, "till": by.till}
        record_audit(program_id, "many_look_ups", by.id, by=by, at=at, after=after)


def count_sale(program_id: UUID, *, by: Actor, at: datetime) -> None:
    """A sale came of it; inside a transaction that entered the program."""
    hours = LookUpHour.objects.of(program_id).filter(employee=by.id, hour=hour_of(at))
    hours.update(sold=F("sold") + 1)


def hour_of(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _row_of(program_id: UUID, employee: UUID, at: datetime) -> LookUpHour:
    """His row of this hour, locked."""
    rows = LookUpHour.objects.of(program_id).filter(employee=employee, hour=hour_of(at))
    fresh = LookUpHour(id=new_id(), program_id=program_id, employee=employee, hour=hour_of(at), last_at=at - PAUSE)
    LookUpHour.objects.bulk_create([fresh], ignore_conflicts=True)
    found = (rows.select_for_update() if locks_are_on() else rows).first()
    assert found is not None, "it was just made, and only rows of hours long past are deleted"
    return found  # type: ignore[no-any-return]


def _usual(program_id: UUID, employee: UUID, hour: datetime) -> int:
    """Look-ups without a sale in an hour of his, on the average of the last weeks, rounded down."""
    found = _USUAL.first(program_id=program_id, employee=employee, before=hour, since=hour - USUAL_OVER)
    return max(0, (found[0] - found[1]) // found[2]) if found else 0
