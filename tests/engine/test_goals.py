"""Periods of goals by the program's calendar, and what is enough (S0.12, S0.13)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from kopilka.engine.goals import StaffFigures, is_reached, period_before, period_of
from kopilka.engine.mechanics import Each, Goal

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize(
    ("each", "first", "end"),
    [
        (Each.WEEK, date(2026, 3, 30), date(2026, 4, 6)),
        (Each.MONTH, date(2026, 4, 1), date(2026, 5, 1)),
        (Each.QUARTER, date(2026, 4, 1), date(2026, 7, 1)),
        (Each.YEAR, date(2026, 1, 1), date(2027, 1, 1)),
    ],
)
def test_a_period_begins_at_local_midnight(each, first, end):
    """Half past midnight of 1 April in Moscow is still March in Greenwich."""
    period = period_of(each, datetime(2026, 3, 31, 21, 30, tzinfo=UTC), MOSCOW)

    assert (period.day, period.start, period.end) == (
        first,
        datetime(first.year, first.month, first.day, tzinfo=MOSCOW),
        datetime(end.year, end.month, end.day, tzinfo=MOSCOW),
    )


def test_the_quarter_before_january_is_that_of_october():
    period = period_of(Each.QUARTER, datetime(2026, 1, 5, tzinfo=UTC), MOSCOW)

    assert period_before(Each.QUARTER, period, MOSCOW).day == date(2025, 10, 1)


def test_a_goal_is_reached_when_everything_it_asks_for_is_there():
    goal = Goal("both", Each.MONTH, 100, units=300, currency="staff", enrolments=2)

    assert is_reached(goal, StaffFigures(units=300, enrolments=2), is_over=False)
    assert not is_reached(goal, StaffFigures(units=299, enrolments=2), is_over=False)
    assert not is_reached(goal, StaffFigures(units=300, enrolments=1), is_over=False)


def test_a_share_of_receipts_is_judged_when_its_period_is_over():
    goal = Goal("named", Each.MONTH, 100, named_share=8_000)
    four_of_five = StaffFigures(receipts=5, named=4)

    assert not is_reached(goal, four_of_five, is_over=False)
    assert is_reached(goal, four_of_five, is_over=True)
    assert not is_reached(goal, StaffFigures(receipts=100, named=79), is_over=True)
    assert not is_reached(goal, StaffFigures(), is_over=True)
