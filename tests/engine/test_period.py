from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kopilka.engine.period import Edge, Hours, Life, Window

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 1, 31, 12, 30, tzinfo=BERLIN)


def local(*clock):
    return datetime(*clock, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("life", "end"),
    [
        (Life(), local(2026, 1, 31, 12, 30)),
        (Life(months=1), local(2026, 2, 28, 12, 30)),
        (Life(months=25), local(2028, 2, 29, 12, 30)),
        (Life(days=14), local(2026, 2, 14, 12, 30)),
        (Life(months=1, days=1), local(2026, 3, 1, 12, 30)),
        (Life(hours=36), local(2026, 2, 2, 0, 30)),
        (Life(to_end_of=Edge.DAY), local(2026, 2, 1)),
        (Life(to_end_of=Edge.WEEK), local(2026, 2, 2)),
        (Life(to_end_of=Edge.MONTH), local(2026, 2, 1)),
        (Life(days=1, to_end_of=Edge.MONTH), local(2026, 3, 1)),
        (Life(to_end_of=Edge.YEAR), local(2027, 1, 1)),
        (Life(days=60), local(2026, 4, 1, 12, 30)),
        (Life(months=2), local(2026, 3, 31, 12, 30)),
    ],
)
def test_a_life_ends_by_the_local_clock(life, end):
    """Also over the change to summer time on 29 March."""
    assert life.after(START, BERLIN) == end


def test_hours_are_real_hours_over_the_change_of_the_clock():
    night = datetime(2026, 3, 28, 23, 0, tzinfo=BERLIN)

    assert Life(hours=24).after(night.astimezone(UTC), BERLIN) == night.astimezone(UTC) + timedelta(hours=24)


def test_a_life_keeps_the_zone_in_which_it_began():
    assert Life(days=1).after(START.astimezone(UTC), BERLIN).tzinfo is UTC


def test_an_empty_life_is_for_ever():
    assert Life().is_empty
    assert not Life(to_end_of=Edge.DAY).is_empty


def test_a_window_is_half_open():
    window = Window(START, START + timedelta(hours=1))

    assert [window.holds(START + timedelta(minutes=minutes)) for minutes in (-1, 0, 59, 60)] == [
        False,
        True,
        True,
        False,
    ]
    assert Window().holds(START)


@pytest.mark.parametrize(
    ("hours", "inside"),
    [
        (Hours(1080, 1200), [False, True, True, False, False]),
        (Hours(1200, 1080), [True, False, False, True, True]),
        (Hours(600, 600), [True] * 5),
    ],
)
def test_hours_of_the_day_are_half_open_and_may_cross_midnight(hours, inside):
    """S4.16: 17:59, 18:00, 19:59, 20:00 and midnight."""
    assert [hours.holds(minute) for minute in (1079, 1080, 1199, 1200, 0)] == inside
