"""When a tier is looked at: the ends of stretches and of calendar periods, every midnight, days that are named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from kopilka.engine.rulebook_tiers import Keep
from kopilka.engine.spans import before, midnight_after, midnight_of, times
from kopilka.engine.tiering.counting import Frame


def next_moment(keep: Keep, since: datetime, after: datetime, zone: tzinfo) -> datetime | None:
    """The first moment later than `after` at which somebody who came to the tier at `since` is looked at."""
    if keep.review.days:
        found = [_day_moment(keep, midnight_of(day, zone), zone) for day in keep.review.days]
        return min((one for one in found if one > after and one > since), default=None)
    if keep.review.daily or keep.within.is_empty:
        return _next_midnight(keep, since, after, zone)
    return next((due for due, _ in _stretches(keep, since, after, zone) if due > after), None)


def frame_at(keep: Keep, since: datetime, moment: datetime, zone: tzinfo) -> Frame | None:
    """The stretch that is judged at exactly this moment; None when it is none of those of `next_moment`."""
    if keep.review.days:
        days = [midnight_of(day, zone) for day in keep.review.days]
        found = [day for day in days if _day_moment(keep, day, zone) == moment and day > since]
        return (_start_before(keep, found[0], zone), moment) if found else None
    if keep.review.daily or keep.within.is_empty:
        if moment < _first_daily(keep, since, zone) or midnight_of(moment.astimezone(zone).date(), zone) != moment:
            return None
        return _start_before(keep, before(keep.grace, moment, zone), zone), moment
    for due, frame in _stretches(keep, since, moment, zone, inclusive=True):
        if due >= moment:
            return frame if frame[1] == moment else None
    return None


def current_frame(keep: Keep, since: datetime, at: datetime, zone: tzinfo) -> tuple[Frame, datetime | None]:
    """What will be judged next, and when: for telling what is missing to keep a tier."""
    due = next_moment(keep, since, at, zone)
    if due is None:
        return (keep.within.start(at, zone), None), None
    return frame_at(keep, since, due, zone) or (None, None), due


def _day_moment(keep: Keep, midnight: datetime, zone: tzinfo) -> datetime:
    return keep.grace.after(midnight, zone)


def _start_before(keep: Keep, end: datetime, zone: tzinfo) -> datetime | None:
    """Where the stretch begins that ends at `end`: a calendar period is the one that has just ended."""
    if keep.within.this is not None:
        return keep.within.this.start(end - datetime.resolution, zone)
    return None if keep.within.is_empty else before(keep.within.life, end, zone)


def _first_daily(keep: Keep, since: datetime, zone: tzinfo) -> datetime:
    """The first stretch is given in full, and the grace after it."""
    end = keep.grace.after(keep.within.life.after(since, zone), zone)
    return midnight_after(end - datetime.resolution, zone)


def _next_midnight(keep: Keep, since: datetime, after: datetime, zone: tzinfo) -> datetime:
    return max(_first_daily(keep, since, zone), midnight_after(after, zone))


def _stretches(
    keep: Keep, since: datetime, near: datetime, zone: tzinfo, *, inclusive: bool = False
) -> Iterator[tuple[datetime, Frame]]:
    """Moments with what they judge, from not later than `near` on, without end."""
    period = keep.within.this
    if period is None:
        life, number = keep.within.life, 1
        start = since
        while True:
            end = times(life, number).after(since, zone)
            due = keep.grace.after(end, zone)
            if due > near or (inclusive and due == near):
                yield due, (start, due)
            start, number = end, number + 1
    start = period.start(since, zone)
    if start < since:
        start = period.end(since, zone)
    while True:
        end = period.end(start, zone)
        due = keep.grace.after(end, zone)
        if due > near or (inclusive and due == near):
            yield due, (start, due)
        start = end
