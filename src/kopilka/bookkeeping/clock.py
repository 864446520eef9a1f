"""Two clocks: before anything expires, this process and the database must agree what time it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection

TOLERANCE = timedelta(minutes=5)


class ClockInDoubt(RuntimeError):
    """The clocks differ; whoever is wrong, nothing may expire by it."""


def must_agree(at: datetime) -> None:
    """Raise ClockInDoubt when `at` and the database's time are more than five minutes apart (PostgreSQL only)."""
    _compare(at, abs(database_time(at) - at))


def must_not_be_ahead(at: datetime) -> None:
    """Raise ClockInDoubt when `at` lies in the database's future: something would expire too early."""
    _compare(at, at - database_time(at))


def database_time(at: datetime) -> datetime:
    """The database's clock; SQLite has none but ours, so there it is `at` itself."""
    if connection.vendor != "postgresql":
        return at
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: datetime = cursor.fetchone()[0]
        return found.astimezone(UTC)


def _compare(at: datetime, difference: timedelta) -> None:
    if difference > TOLERANCE:
        raise ClockInDoubt(f"{at.isoformat()} is {difference} away from the database's clock")
