"""Values packed for PostgreSQL, alone and as columns: the server gives back what went in."""

import struct
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from django.db import connection, transaction

from kopilka.bookkeeping.kernel.arrays import column, single
from kopilka.bookkeeping.kernel.rows import ColumnKind
from kopilka.bookkeeping.kernel.wire import wire_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("only_on_postgres")]

AT = datetime(2026, 3, 2, 9, 0, 0, 125, tzinfo=UTC)


def read_back(parameter, kind):
    with transaction.atomic():
        statement = f"SELECT $1::{kind}".encode()
        return wire_of(connection.connection).send(statement, [parameter]).fetchall()[0][0]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (ColumnKind.UUID, [UUID(int=1), None, UUID(int=2**128 - 1)]),
        (ColumnKind.INTEGER, [0, -1, 2**63 - 1, -(2**63)]),
        (ColumnKind.INTEGER, [1, None, 3]),
        (ColumnKind.TEXT, ["", "Чай ☕", None, "a\nb"]),
        (ColumnKind.TIME, [AT, None, datetime(1970, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)]),
        (ColumnKind.FLAG, [True, None, False]),
        (ColumnKind.BYTES, [b"", b"\0\xff", None]),
    ],
)
def test_values_come_back(kind, values):
    connection.ensure_connection()

    assert read_back(column(kind, values), f"{kind}[]") == values
    assert read_back(column(kind, []), f"{kind}[]") == []
    assert [read_back(single(kind, value), kind) for value in values] == values


def test_time_in_another_zone_is_the_same_moment():
    connection.ensure_connection()
    moscow = AT.astimezone(timezone(timedelta(hours=3)))

    assert read_back(single(ColumnKind.TIME, moscow), "timestamptz") == AT


def test_number_that_does_not_fit_is_an_error_here():
    with pytest.raises(struct.error):
        column(ColumnKind.INTEGER, [2**63])
