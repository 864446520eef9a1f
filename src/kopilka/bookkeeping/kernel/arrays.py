"""Values as PostgreSQL's binary form wants them: one, or a whole column as an array of one fixed type.

psycopg would choose int2, int4 or int8 by the values, and so prepare the same statement several times, and it would
write texts through escaping; packing them here costs a fraction of that. What stands in many cells of a batch (the ids
of a purchase, its moment, short words) is packed once and found again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from struct import Struct
from typing import Any

from kopilka.bookkeeping.kernel.rows import ColumnKind

CELLS_MAX = 4_096
"""As many cells are remembered of each type; then it begins anew."""

WORD_MAX = 15
"""Longer texts are not remembered: they are of one row only."""

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_HEADER = Struct(">iiIii").pack
_EMPTY = Struct(">iiI").pack
_LENGTH = Struct(">i").pack
_EIGHT = Struct(">iq").pack
_NULL = b"\xff\xff\xff\xff"
_LENGTHS = [_LENGTH(length) for length in range(256)]


class Packer:
    """One type: its numbers in pg_type, of one value and of an array of such, and its cells: lengths before values."""

    def __init__(self, element: int, array: int) -> None:
        self.element = element
        self.array = array
        self._none = _EMPTY(0, 0, element)
        self._one = _HEADER(1, 0, element, 1, 1)
        self._one_null = _HEADER(1, 1, element, 1, 1) + _NULL

    def cell(self, value: Any) -> bytes:
        raise NotImplementedError

    def cells(self, values: Sequence[Any]) -> list[bytes]:
        """Those of a column; a value that is missing has _NULL."""
        return [_NULL if value is None else self.cell(value) for value in values]

    def single(self, value: Any) -> bytes | None:
        return None if value is None else self.cell(value)[4:]

    def column(self, values: Sequence[Any]) -> bytes:
        """A whole column as an array. Where all rows say the same, one cell is packed and repeated."""
        count = len(values)
        if count == 1:  # a lone till: all columns have one row
            return self._one_null if values[0] is None else self._one + self.cell(values[0])
        if not count:
            return self._none
        first = values[0]
        if values[-1] is first and list(values) == [first] * count:
            cells = self.cells([first]) * count
            has_null = first is None
        else:
            cells = self.cells(values)
            has_null = _has_none(values)
        cells.insert(0, _HEADER(1, has_null, self.element, count, 1))
        return b"".join(cells)


class _Uuids(Packer):
    def __init__(self) -> None:
        super().__init__(2950, 2951)
        self._known: dict[Any, bytes] = {}

    def cell(self, value: Any) -> bytes:
        number = value.int
        found = self._known.get(number)
        if found is None:
            found = b"\0\0\0\x10" + number.to_bytes(16, "big")
            if len(self._known) >= CELLS_MAX:
                self._known.clear()
            self._known[number] = found
        return found


class _Integers(Packer):
    def __init__(self) -> None:
        super().__init__(20, 1016)

    def cell(self, value: Any) -> bytes:
        return _EIGHT(8, value)

    def cells(self, values: Sequence[Any]) -> list[bytes]:
        if _has_none(values):
            return super().cells(values)
        pairs = [8] * (2 * len(values))
        pairs[1::2] = values
        return [_many_eights(len(values)).pack(*pairs)]


class _Texts(Packer):
    def __init__(self) -> None:
        super().__init__(25, 1009)
        self._known: dict[str, bytes] = {}

    def cell(self, value: Any) -> bytes:
        if type(value) is not str:  # a member of a StrEnum, whose hash is slow
            return _sized(value.encode())
        text: str = value
        found = self._known.get(text)
        if found is None:
            found = _sized(text.encode())
            if len(text) <= WORD_MAX:
                if len(self._known) >= CELLS_MAX:
                    self._known.clear()
                self._known[text] = found
        return found


class _Documents(Packer):
    """Texts that are bytes already (UTF-8)."""

    def __init__(self) -> None:
        super().__init__(25, 1009)

    def cell(self, value: Any) -> bytes:
        return _sized(value)


class _Times(Packer):
    """Recognised as the very same values: a moment's hash would cost more than its cell."""

    def __init__(self) -> None:
        super().__init__(1184, 1185)
        self._known: dict[int, tuple[Any, bytes]] = {}

    def cell(self, value: Any) -> bytes:
        found = self._known.get(id(value))
        if found is not None and found[0] is value:
            return found[1]
        cell = _EIGHT(8, _microseconds(value))
        if len(self._known) >= CELLS_MAX:
            self._known.clear()
        self._known[id(value)] = (value, cell)
        return cell


class _Flags(Packer):
    def __init__(self) -> None:
        super().__init__(16, 1000)

    def cell(self, value: Any) -> bytes:
        return b"\0\0\0\x01\1" if value else b"\0\0\0\x01\0"


class _Bytes(Packer):
    def __init__(self) -> None:
        super().__init__(17, 1001)

    def cell(self, value: Any) -> bytes:
        return _sized(bytes(value))


PACKERS: dict[ColumnKind, Packer] = {
    ColumnKind.UUID: _Uuids(),
    ColumnKind.INTEGER: _Integers(),
    ColumnKind.TEXT: _Texts(),
    ColumnKind.DOCUMENT: _Documents(),
    ColumnKind.TIME: _Times(),
    ColumnKind.FLAG: _Flags(),
    ColumnKind.BYTES: _Bytes(),
}


def _sized(value: bytes) -> bytes:
    length = len(value)
    return (_LENGTHS[length] if length < len(_LENGTHS) else _LENGTH(length)) + value


def _has_none(values: Sequence[Any]) -> bool:
    """`None in values` would ask each value whether it equals None."""
    return any(value is None for value in values)


def _microseconds(value: datetime) -> int:
    since = value - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


@lru_cache(512)
def _many_eights(count: int) -> Struct:
    return Struct(">" + "iq" * count)
