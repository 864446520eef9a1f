"""Whole columns of values as PostgreSQL's binary arrays, each of one fixed type.

psycopg would choose int2, int4 or int8 by the values, and so prepare the same statement several times, and it would
write texts through escaping; packing them here costs a fraction of that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from struct import Struct
from typing import Any

from kopilka.bookkeeping.kernel.rows import ColumnKind
from kopilka.bookkeeping.kernel.wire import Parameter

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_HEADER = Struct(">iiIii").pack
_HEADER_BYTES = 20
_EMPTY = Struct(">iiI").pack
_LENGTH = Struct(">i").pack
_EIGHT = Struct(">iq").pack
_NULL = b"\xff\xff\xff\xff"


_ELEMENT = {
    ColumnKind.UUID: 2950,
    ColumnKind.INTEGER: 20,
    ColumnKind.TEXT: 25,
    ColumnKind.TIME: 1184,
    ColumnKind.FLAG: 16,
    ColumnKind.BYTES: 17,
}
_ARRAY = {
    ColumnKind.UUID: 2951,
    ColumnKind.INTEGER: 1016,
    ColumnKind.TEXT: 1009,
    ColumnKind.TIME: 1185,
    ColumnKind.FLAG: 1000,
    ColumnKind.BYTES: 1001,
}
# Numbers of types in pg_type: of one value, and of an array of such. They never change.


def column(kind: ColumnKind, values: Sequence[Any]) -> Parameter:
    """A whole column as an array. Where all rows say the same, one cell is packed and repeated."""
    count, first = len(values), values[0] if values else None
    if count > 1 and values[-1] is first and list(values) == [first] * count:
        cell = _PACKERS[kind]([first])
        return Parameter(
            _ARRAY[kind], _HEADER(1, first is None, _ELEMENT[kind], count, 1) + cell[_HEADER_BYTES:] * count
        )
    return Parameter(_ARRAY[kind], _PACKERS[kind](values))


def single(kind: ColumnKind, value: Any) -> Parameter:
    """One value."""
    return Parameter(_ELEMENT[kind], None if value is None else _SINGLES[kind](value))


def uuids(values: Sequence[Any]) -> bytes:
    cells = [_NULL if v is None else b"\0\0\0\x10" + v.int.to_bytes(16, "big") for v in values]
    return _join(ColumnKind.UUID, len(values), cells)


def integers(values: Sequence[Any]) -> bytes:
    if None in values:
        return _join(ColumnKind.INTEGER, len(values), [_NULL if v is None else _EIGHT(8, v) for v in values])
    cells = [8] * (2 * len(values))
    cells[1::2] = values
    return _join(ColumnKind.INTEGER, len(values), [_many_eights(len(values)).pack(*cells)])


def texts(values: Sequence[Any]) -> bytes:
    cells = [_NULL if v is None else _LENGTH(len(text := v.encode())) + text for v in values]
    return _join(ColumnKind.TEXT, len(values), cells)


def times(values: Sequence[Any]) -> bytes:
    """The moment of a purchase stands in a dozen of its cells: packed once, it is found again."""
    cells = [_NULL if v is None else _cells.get(v) or _time_cell(v) for v in values]
    return _join(ColumnKind.TIME, len(values), cells)


_cells: dict[datetime, bytes] = {}
CELLS_MAX = 4_096


def _time_cell(value: datetime) -> bytes:
    if len(_cells) >= CELLS_MAX:
        _cells.clear()
    cell = _cells[value] = _EIGHT(8, _microseconds(value))
    return cell


def flags(values: Sequence[Any]) -> bytes:
    return _join(
        ColumnKind.FLAG, len(values), [_NULL if v is None else b"\0\0\0\x01" + (b"\1" if v else b"\0") for v in values]
    )


def blobs(values: Sequence[Any]) -> bytes:
    return _join(ColumnKind.BYTES, len(values), [_sized(v) for v in values])


_PACKERS: dict[ColumnKind, Callable[[Sequence[Any]], bytes]] = {
    ColumnKind.UUID: uuids,
    ColumnKind.INTEGER: integers,
    ColumnKind.TEXT: texts,
    ColumnKind.TIME: times,
    ColumnKind.FLAG: flags,
    ColumnKind.BYTES: blobs,
}
_SINGLES: dict[ColumnKind, Callable[[Any], bytes]] = {
    ColumnKind.UUID: lambda value: value.bytes,
    ColumnKind.INTEGER: Struct(">q").pack,
    ColumnKind.TEXT: lambda value: value.encode(),
    ColumnKind.TIME: lambda value: Struct(">q").pack(_microseconds(value)),
    ColumnKind.FLAG: lambda value: b"\1" if value else b"\0",
    ColumnKind.BYTES: bytes,
}


def _join(kind: ColumnKind, count: int, cells: list[bytes]) -> bytes:
    element = _ELEMENT[kind]
    if not count:
        return _EMPTY(0, 0, element)
    return _HEADER(1, _NULL in cells, element, count, 1) + b"".join(cells)


def _sized(value: bytes | None) -> bytes:
    return _NULL if value is None else _LENGTH(len(value)) + value


def _microseconds(value: datetime) -> int:
    since = value - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


@lru_cache(512)
def _many_eights(count: int) -> Struct:
    return Struct(">" + "iq" * count)
