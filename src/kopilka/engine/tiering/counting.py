"""What counts for tiers at a moment: sums, numbers and the largest of a member's purchases over a stretch of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from kopilka.engine.rulebook_tiers import Counting
from kopilka.engine.spans import Span, before
from kopilka.engine.standing import Bought, Standing

Frame = tuple[datetime | None, datetime | None]
"""A half-open stretch of time; None is open on that side."""


@dataclass(slots=True)
class Counted:
    """Money paid less returns, number of purchases, the largest one; minor units."""

    spent: int
    purchases: int
    largest: int


@dataclass(slots=True)
class History:
    """A member's purchases as his standing has them: in all, the largest before `bought`, and those one by one."""

    spent: int
    purchases: int
    largest: int
    bought: tuple[Bought, ...]

    def more(self, one: Bought) -> History:
        """With one more purchase."""
        return History(self.spent + one.paid, self.purchases + 1, self.largest, (*self.bought, one))


def history_of(standing: Standing) -> History:
    return History(standing.spent, standing.purchases, standing.largest, tuple(standing.bought))


def ripe_until(counting: Counting, at: datetime, zone: tzinfo) -> datetime | None:
    """Only purchases that are no younger than this count; None: all do."""
    return None if counting.after.is_empty else before(counting.after, at, zone)


def ripens_at(counting: Counting, one: Bought, zone: tzinfo) -> datetime:
    """The moment from which a purchase counts."""
    return counting.after.after(one.at, zone)


def count(history: History, at: datetime, *, span: Span, counting: Counting, zone: tzinfo) -> Counted:
    """What counts at this moment of the stretch that ends with it; all of it when `span` is empty."""
    ripe = ripe_until(counting, at, zone)
    start = span.start(at, zone)
    if start is None:
        return _of_all_time(history, ripe)
    return count_frame(history, (start, None), at if ripe is None else min(at, ripe))


def count_frame(history: History, frame: Frame, latest: datetime | None) -> Counted:
    """What was bought from the beginning of the frame to before its end, and not later than `latest`."""
    start, end = frame
    rows = [
        one
        for one in history.bought
        if (start is None or start <= one.at) and (end is None or one.at < end) and (latest is None or one.at <= latest)
    ]
    return Counted(sum(one.paid for one in rows), sum(1 for one in rows if one.counts), _largest(rows))


def _of_all_time(history: History, ripe: datetime | None) -> Counted:
    if ripe is None:
        return Counted(history.spent, history.purchases, max(history.largest, _largest(history.bought)))
    young = [one for one in history.bought if ripe < one.at]
    old = [one for one in history.bought if one.at <= ripe]
    return Counted(
        history.spent - sum(one.paid for one in young),
        history.purchases - sum(1 for one in young if one.counts),
        max(history.largest, _largest(old)),
    )


def _largest(rows: Sequence[Bought]) -> int:
    largest = 0
    for one in rows:
        if one.counts and one.net > largest:
            largest = one.net
    return largest
