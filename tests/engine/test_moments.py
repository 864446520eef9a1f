"""Days that come round, ages in months, stretches of time looked back on."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kopilka.engine.moments import (
    born_so_many_months_before,
    celebrated_on,
    days_due,
    local_moment,
    window_start,
)
from kopilka.engine.period import Edge, Life

BERLIN, MOSCOW = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/Moscow")
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "days"),
    [
        (date(2026, 3, 8), ["03-08"]),
        (date(2027, 2, 28), ["02-28", "02-29"]),
        (date(2028, 2, 28), ["02-28"]),
        (date(2028, 2, 29), ["02-29"]),
    ],
)
def test_days_that_are_celebrated(day, days):
    assert celebrated_on(day) == days


@given(born=some.dates(date(1990, 1, 1), date(2025, 12, 31)), months=some.integers(0, 400))
def test_everybody_reaches_every_number_of_months_on_exactly_one_day(born, months):
    year, month = divmod(born.year * 12 + born.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    days = [first + number * DAY for number in range(31) if (first + number * DAY).month == first.month]

    assert sum(born in born_so_many_months_before(day, months) for day in days) == 1


@pytest.mark.parametrize(
    ("day", "minute", "moment"),
    [
        (date(2026, 3, 29), 150, "2026-03-29T01:30+00:00"),
        (date(2026, 10, 25), 150, "2026-10-25T00:30+00:00"),
        (date(2026, 7, 1), 600, "2026-07-01T08:00+00:00"),
    ],
)
def test_minute_of_a_local_day(day, minute, moment):
    assert local_moment(day, minute, BERLIN) == datetime.fromisoformat(moment)


def test_each_day_is_due_once_however_often_one_looks():
    start = datetime(2026, 3, 27, tzinfo=UTC)
    looks = [start + number * timedelta(minutes=37) for number in range(200)]

    found = [day for first, then in pairwise(looks) for day in days_due(first, then, 150, BERLIN)]

    assert found == [date(2026, 3, 27) + number * DAY for number in range(len(found))]
    assert len(found) >= 5


@pytest.mark.parametrize(
    ("life", "start"),
    [
        (Life(days=1), "2026-03-02T00:00"),
        (Life(days=7), "2026-02-24T00:00"),
        (Life(months=1), "2026-02-03T00:00"),
        (Life(to_end_of=Edge.WEEK), "2026-03-02T00:00"),
        (Life(to_end_of=Edge.MONTH), "2026-03-01T00:00"),
        (Life(to_end_of=Edge.YEAR), "2026-01-01T00:00"),
        (Life(hours=5), "2026-03-02T10:30"),
    ],
)
def test_start_of_a_stretch_of_time(life, start):
    at = datetime(2026, 3, 2, 15, 30, tzinfo=MOSCOW)

    assert window_start(life, at, MOSCOW) == datetime.fromisoformat(start).replace(tzinfo=MOSCOW)
