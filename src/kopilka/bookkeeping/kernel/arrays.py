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

CELLS = 4_096
"""As many cells are remembered of each type; then it begins anew."""

COLUMNS = 8
"""As many columns of each type are remembered: more than a batch has in between two that say the same."""

LONGEST_WORD = 15
"""Longer texts are not remembered: they are of one row only."""

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_HEADER = Struct(">iiIii").pack
_EMPTY = Struct(">iiI").pack
_LENGTH = Struct(">i").pack
_EIGHT = Struct(">iq").pack
_NULL = b"\xff\xff\xff\xff"
_SHORT = 256
_LENGTHS = [_LENGTH(length) for length in range(_SHORT)]
_SIXTEEN = _LENGTH(16)


class Packer:
    """One type: its numbers in pg_type, of one value and of an array of such, and its cells: lengths before values."""

    def __init__(self, element: int, array: int, *, repeats: bool = False) -> None:
        self.element = element
        self.array = array
        self._none = _EMPTY(0, 0, element)
        self._one = _HEADER(1, 0, element, 1, 1)
        self._one_null = _HEADER(1, 1, element, 1, 1) + _NULL
        self._repeats = repeats
        self._recent: list[tuple[tuple[Any, ...], bytes]] = []

    def cell(self, value: Any) -> bytes:
        raise NotImplementedError

    def cells(self, values: Sequence[Any]) -> list[bytes]:
        """Those of a column; a value that is missing has _NULL."""
        found: list[bytes] = []
        for value in values:
            found.append(_NULL if value is None else self.cell(value))  # noqa: PERF401 - a loop is what compiles best
        return found

    def single(self, value: Any) -> bytes | None:
        return None if value is None else self.cell(value)[4:]

    def column(self, values: Sequence[Any]) -> bytes:
        """A whole column as an array. Where all rows say the same, one cell is packed and repeated.

        Where a type's columns repeat those of other tables (whose purchase, when), those of late are known again: by
        their first value, then by all of them.
        """
        count = len(values)
        if count == 1:  # a lone till: all columns have one row
            return self._one_null if values[0] is None else self._one + self.cell(values[0])
        if not count:
            return self._none
        first = values[0]
        if values[-1] is first and list(values) == [first] * count:
            return self._packed(self.cells([first]) * count, count)
        if not self._repeats or not isinstance(values, tuple):  # a list may have changed when it is seen again
            return self._packed(self.cells(values), count)
        for known, packed in self._recent:
            if known[0] is first and known == values:
                return packed
        packed = self._packed(self.cells(values), count)
        self._recent.insert(0, (values, packed))
        if len(self._recent) > COLUMNS:
            self._recent.pop()
        return packed

    def _packed(self, cells: list[bytes], count: int) -> bytes:
        """The header says that some may be missing: the server sees by itself which are."""
        cells.insert(0, _HEADER(1, 1, self.element, count, 1))
        return b"".join(cells)


class _Uuids(Packer):
    def __init__(self) -> None:
        super().__init__(2950, 2951, repeats=True)
        self._known: dict[Any, bytes] = {}

    def cell(self, value: Any) -> bytes:
        number = value.int
        found = self._known.get(number)
        if found is None:
            found = _SIXTEEN + number.to_bytes(16, "big")
            if len(self._known) >= CELLS:
                self._known.clear()
            self._known[number] = found
        return found


class _Keys(Packer):
    """Ids that are bytes already, each of one row only."""

    def __init__(self) -> None:
        super().__init__(2950, 2951)

    def cell(self, value: Any) -> bytes:
        return _SIXTEEN + bytes(value)

    def column(self, values: Sequence[Any]) -> bytes:
        return _HEADER(1, 0, self.element, len(values), 1) + _SIXTEEN + _SIXTEEN.join(values)


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
        if len(text) > LONGEST_WORD:
            return _sized(text.encode())
        found = self._known.get(text)
        if found is None:
            found = _sized(text.encode())
            if len(self._known) >= CELLS:
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
        super().__init__(1184, 1185, repeats=True)
        self._known: dict[int, tuple[Any, bytes]] = {}

    def cell(self, value: Any) -> bytes:
        found = self._known.get(id(value))
        if found is not None and found[0] is value:
            return found[1]
        cell = _EIGHT(8, _microseconds(value))
        if len(self._known) >= CELLS:
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
        return _sized(value if type(value) is bytes else bytes(value))


PACKERS: dict[ColumnKind, Packer] = {
    ColumnKind.UUID: _Uuids(),
    ColumnKind.KEY: _Keys(),
    ColumnKind.INTEGER: _Integers(),
    ColumnKind.TEXT: _Texts(),
    ColumnKind.DOCUMENT: _Documents(),
    ColumnKind.TIME: _Times(),
    ColumnKind.FLAG: _Flags(),
    ColumnKind.BYTES: _Bytes(),
}


def _sized(value: bytes) -> bytes:
    length = len(value)
    return (_LENGTHS[length] if length < _SHORT else _LENGTH(length)) + value


def _has_none(values: Sequence[Any]) -> bool:
    """`None in values` would ask each value whether it equals None."""
    return any(value is None for value in values)


def _microseconds(value: datetime) -> int:
    since = value - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


@lru_cache(512)
def _many_eights(count: int) -> Struct:
    return Struct(">" + "iq" * count)
