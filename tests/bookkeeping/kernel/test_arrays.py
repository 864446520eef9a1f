"""Columns packed as PostgreSQL's binary arrays: the server reads back what went in."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import psycopg
import pytest

from kopilka.bookkeeping.kernel import arrays
from kopilka.bookkeeping.kernel.postgres import raw_connection

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("only_on_postgres")]

AT = datetime(2026, 3, 2, 9, 0, 0, 125, tzinfo=UTC)


def read_back(packed):
    return psycopg.Cursor(raw_connection()).execute("SELECT %s", [packed], binary=True).fetchone()[0]


@pytest.mark.parametrize(
    ("pack", "values"),
    [
        (arrays.uuids, [UUID(int=1), None, UUID(int=2**128 - 1)]),
        (arrays.integers, [0, -1, 2**63 - 1, -(2**63)]),
        (arrays.integers, [1, None, 3]),
        (arrays.texts, ["", "Чай ☕", None, "a\nb"]),
        (arrays.times, [AT, None, datetime(1970, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)]),
        (arrays.flags, [True, None, False]),
        (arrays.blobs, [b"", b"\0\xff", None]),
    ],
)
def test_values_come_back(pack, values):
    assert read_back(pack(values)) == values
    assert read_back(pack([])) == []


def test_time_in_another_zone_is_the_same_moment():
    moscow = AT.astimezone(timezone(timedelta(hours=3)))

    assert read_back(arrays.times([moscow])) == [AT]


def test_number_that_does_not_fit_is_an_error_here():
    with pytest.raises(Exception, match="int"):
        arrays.integers([2**63])
