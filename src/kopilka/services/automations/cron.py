"""Moments that cron describes, by the clock on the wall of the program's zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from croniter import croniter
from croniter.croniter import CroniterBadDateError

CHANGE_OF_CLOCKS = timedelta(hours=3)


def last_moment(cron: str, until: datetime, zone: tzinfo) -> datetime | None:
    """The last moment not after `until`; None when there never was one, as on 30 February.

    One in the hour that the clocks skip happens an hour later, one in the hour that comes twice at its first coming.
    """
    local = until.astimezone(zone).replace(tzinfo=None, fold=0)
    walk = croniter(cron, local + CHANGE_OF_CLOCKS)
    try:
        while True:
            found: datetime = walk.get_prev(datetime)
            moment = found.replace(tzinfo=zone).astimezone(UTC)
            if moment <= until:
                return moment
    except CroniterBadDateError:
        return None
