"""Whole columns of values as PostgreSQL's binary arrays, each of one fixed type.

psycopg would choose int2, int4 or int8 by the values, and so prepare the same statement several times, and it would
write texts through escaping; packing them here costs a fraction of that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from struct import Struct
from typing import Any, TypeVar

from psycopg import Connection
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format

from kopilka.bookkeeping.kernel.rows import ColumnKind

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_HEADER = Struct(">iiIii").pack
_EMPTY = Struct(">iiI").pack
_LENGTH = Struct(">i").pack
_EIGHT = Struct(">iq").pack
_NULL = b"\xff\xff\xff\xff"


class Packed(bytes):
    """An array in PostgreSQL's binary form; each subclass is of one type."""

    __slots__ = ()


P = TypeVar("P", bound=Packed)


class UuidArray(Packed):
    __slots__ = ()


class IntegerArray(Packed):
    __slots__ = ()


class TextArray(Packed):
    __slots__ = ()


class TimeArray(Packed):
    __slots__ = ()


class FlagArray(Packed):
    __slots__ = ()


class BytesArray(Packed):
    __slots__ = ()


class _PackedDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Packed) -> Buffer:
        return obj


# Type, its own oid and that of its elements (pg_type; these numbers never change).
_OIDS: dict[type[Packed], tuple[int, int]] = {
    UuidArray: (2951, 2950),
    IntegerArray: (1016, 20),
    TextArray: (1009, 25),
    TimeArray: (1185, 1184),
    FlagArray: (1000, 16),
    BytesArray: (1001, 17),
}


def register(raw: Connection[Any]) -> None:
    """Teach a connection these types; nothing it knew before changes."""
    for packed, (oid, _) in _OIDS.items():
        dumper = type(f"{packed.__name__}Dumper", (_PackedDumper,), {"oid": oid})
        raw.adapters.register_dumper(packed, dumper)


def uuids(values: Sequence[Any]) -> UuidArray:
    return _join(UuidArray, len(values), [_NULL if v is None else b"\0\0\0\x10" + v.bytes for v in values])


def integers(values: Sequence[Any]) -> IntegerArray:
    if None in values:
        return _join(IntegerArray, len(values), [_NULL if v is None else _EIGHT(8, v) for v in values])
    cells = [8] * (2 * len(values))
    cells[1::2] = values
    return _join(IntegerArray, len(values), [_many_eights(len(values)).pack(*cells)])


def texts(values: Sequence[Any]) -> TextArray:
    return _join(TextArray, len(values), [_sized(None if v is None else v.encode()) for v in values])


def times(values: Sequence[Any]) -> TimeArray:
    return _join(TimeArray, len(values), [_NULL if v is None else _EIGHT(8, _microseconds(v)) for v in values])


def flags(values: Sequence[Any]) -> FlagArray:
    return _join(
        FlagArray, len(values), [_NULL if v is None else b"\0\0\0\x01" + (b"\1" if v else b"\0") for v in values]
    )


def blobs(values: Sequence[Any]) -> BytesArray:
    return _join(BytesArray, len(values), [_sized(v) for v in values])


BY_KIND: dict[ColumnKind, Callable[[Sequence[Any]], Packed]] = {
    ColumnKind.UUID: uuids,
    ColumnKind.INTEGER: integers,
    ColumnKind.TEXT: texts,
    ColumnKind.TIME: times,
    ColumnKind.FLAG: flags,
    ColumnKind.BYTES: blobs,
}


def _join(kind: type[P], count: int, cells: list[bytes]) -> P:
    element = _OIDS[kind][1]
    if not count:
        return kind(_EMPTY(0, 0, element))
    return kind(_HEADER(1, _NULL in cells, element, count, 1) + b"".join(cells))


def _sized(value: bytes | None) -> bytes:
    return _NULL if value is None else _LENGTH(len(value)) + value


def _microseconds(value: datetime) -> int:
    since = value - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


@lru_cache(512)
def _many_eights(count: int) -> Struct:
    return Struct(">" + "iq" * count)
