"""Values packed for PostgreSQL, alone and as columns: the server gives back what went in."""

import struct
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from django.db import connection, transaction

from kopilka.bookkeeping.kernel.arrays import CELLS, PACKERS
from kopilka.bookkeeping.kernel.rows import ColumnKind
from kopilka.bookkeeping.kernel.wire import Statement, Wire
from kopilka.engine.ledger import Kind

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("only_on_postgres")]

AT = datetime(2026, 3, 2, 9, 0, 0, 125, tzinfo=UTC)
MEMBER = UUID("01a200a5-cfe8-7a3a-961a-df8a1cb563ad")


def read_back(kind, values):
    """One value as it comes back, or a list of them as an array."""
    packer = PACKERS[kind]
    is_column = isinstance(values, list)
    with transaction.atomic():
        statement = Statement(
            f"SELECT $1::{kind}{'[]' if is_column else ''}".encode(), [packer.array if is_column else packer.element]
        )
        packed = packer.column(values) if is_column else packer.single(values)
        return Wire(connection, connection.connection).send(statement, [packed]).fetchall()[0][0]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (ColumnKind.UUID, [UUID(int=1), None, UUID(int=2**128 - 1)]),
        (ColumnKind.INTEGER, [0, -1, 2**63 - 1, -(2**63)]),
        (ColumnKind.INTEGER, [1, None, 3]),
        (ColumnKind.TEXT, ["", "Чай ☕", None, "a\nb", "long " * 200, Kind.PURCHASE]),
        (ColumnKind.TIME, [AT, None, AT, datetime(1970, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)]),
        (ColumnKind.FLAG, [True, None, False]),
        (ColumnKind.BYTES, [b"", b"\0\xff", None]),
    ],
)
def test_values_come_back(kind, values):
    connection.ensure_connection()

    for _ in range(2):  # what is remembered the second time is the same
        assert read_back(kind, values) == values
        assert read_back(kind, []) == []
        assert [read_back(kind, value) for value in values] == values


def test_what_all_rows_say_comes_back_for_each():
    connection.ensure_connection()

    assert read_back(ColumnKind.TEXT, ["main"] * 3) == ["main"] * 3
    assert read_back(ColumnKind.TIME, [None, None]) == [None, None]
    assert read_back(ColumnKind.UUID, [MEMBER, UUID(int=5), MEMBER]) == [MEMBER, UUID(int=5), MEMBER]


def test_documents_are_bytes_and_come_back_as_texts():
    connection.ensure_connection()

    assert read_back(ColumnKind.DOCUMENT, ['"Чай"'.encode(), None, b"[]"]) == ['"Чай"', None, "[]"]


def test_keys_are_bytes_and_come_back_as_ids():
    connection.ensure_connection()

    assert read_back(ColumnKind.KEY, [MEMBER.bytes]) == [MEMBER]
    assert read_back(ColumnKind.KEY, [MEMBER.bytes, UUID(int=5).bytes]) == [MEMBER, UUID(int=5)]
    assert read_back(ColumnKind.KEY, MEMBER.bytes) == MEMBER


@pytest.mark.parametrize("kind", [ColumnKind.UUID, ColumnKind.TIME])
def test_column_like_another_one_is_its_own(kind):
    one, two, three = {
        ColumnKind.UUID: (MEMBER, UUID(int=5), UUID(int=6)),
        ColumnKind.TIME: (AT, AT + timedelta(days=1), AT + timedelta(days=2)),
    }[kind]
    packer = PACKERS[kind]

    known = packer.column((one, two))

    assert packer.column((one, two)) == packer.column([one, two]) == known
    assert len({packer.column(other) for other in [(one, two), (one, three), (one, two, three), (one, None)]}) == 4
    changing = [one, two]
    assert packer.column(changing) == known
    changing[1] = three
    assert packer.column(changing) == packer.column((one, three))


def test_time_in_another_zone_is_the_same_moment():
    connection.ensure_connection()
    moscow = AT.astimezone(timezone(timedelta(hours=3)))

    assert read_back(ColumnKind.TIME, moscow) == AT


def test_values_of_one_moment_after_another_are_not_mixed_up():
    """Cells are found by the identity of their values, and identities are given anew."""
    packer = PACKERS[ColumnKind.TIME]
    plain = [struct.pack(">q", (n + 1) * 1_000_000) for n in range(3 * CELLS)]

    packed = [packer.single(datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=n + 1)) for n in range(3 * CELLS)]

    assert packed == plain


def test_number_that_does_not_fit_is_an_error_here():
    with pytest.raises(struct.error):
        PACKERS[ColumnKind.INTEGER].column([2**63])
