"""Rows gathered into receipts and put in the order of time, on disk: memory does not grow with the file.

Neighbouring rows of one receipt are kept together as one chunk in a temporary SQLite file. A receipt whose rows stand
apart has several chunks and is still one receipt. Reading back goes by each receipt's earliest moment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from kopilka.services.imports.tables import Row

CHUNK_ROWS_MAX = 1_000
RECEIPT_ROWS_MAX = 10_000
CACHE_KIB = 16 * 1024

Cells = tuple[int, list[str], str]
"""One row as kept: its line in the file, its cells, why it is broken (empty: it is not)."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Cells]).decode


@dataclass(slots=True)
class StagedReceipt:
    """All rows of one receipt in the order of the file. `place` counts receipts in the order of time, from 1.

    One with more than RECEIPT_ROWS_MAX rows is nobody's purchase: it comes in several pieces marked `too_long`.
    """

    place: int
    number: str
    rows: list[Cells]
    too_long: bool = False


class Stage:
    """The temporary file: first `gather`, then `receipts`."""

    def __init__(self, place: Path) -> None:
        self._file = sqlite3.connect(place, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{CACHE_KIB}", "temp_store=FILE"):
            self._file.execute(f"PRAGMA {pragma}")
        self._file.execute(
            "CREATE TABLE chunk (id INTEGER PRIMARY KEY, receipt TEXT, at INTEGER, rows INTEGER, body BLOB)"
        )
        self.rows = 0

    def gather(
        self, rows: Iterable[Row], number_of: Callable[[Row], str], at_of: Callable[[list[str]], int | None]
    ) -> None:
        """Take all rows in. `number_of` names a row's receipt, `at_of` the moment of its cells (None: unreadable)."""
        self._file.execute("BEGIN")
        self._file.executemany(
            "INSERT INTO chunk (receipt, at, rows, body) VALUES (?, ?, ?, ?)", self._chunks(rows, number_of, at_of)
        )
        self._file.execute("CREATE INDEX chunk_by_receipt ON chunk (receipt, id)")
        self._file.execute(
            "CREATE TABLE receipt AS SELECT receipt, sum(rows) AS rows FROM chunk"
            " GROUP BY receipt ORDER BY min(at) NULLS FIRST, min(id)"
        )
        self._file.execute("COMMIT")

    def count(self) -> int:
        """How many receipts there are."""
        return int(self._file.execute("SELECT count(*) FROM receipt").fetchone()[0])

    def receipts(self, after: int = 0) -> Iterator[StagedReceipt]:
        """Those after this place, in the order of time; what cannot be dated comes first."""
        found = self._file.execute(
            "SELECT r.rowid, r.receipt, r.rows, c.body FROM receipt r CROSS JOIN chunk c ON c.receipt = r.receipt"
            " WHERE r.rowid > ? ORDER BY r.rowid, c.id",
            [after],
        )
        current: StagedReceipt | None = None
        for place, number, rows, body in found:
            if current is not None and current.place == place and not current.too_long:
                current.rows += _decode(body)
                continue
            if current is not None:
                yield current
            current = StagedReceipt(place, number, _decode(body), too_long=rows > RECEIPT_ROWS_MAX)
        if current is not None:
            yield current

    def close(self) -> None:
        self._file.close()

    def _chunks(
        self, rows: Iterable[Row], number_of: Callable[[Row], str], at_of: Callable[[list[str]], int | None]
    ) -> Iterator[tuple[str, int | None, int, bytes]]:
        number, at, kept = "", None, list[Cells]()
        for row in rows:
            found = number_of(row)
            if found != number or len(kept) == CHUNK_ROWS_MAX:
                if kept:
                    yield number, at, len(kept), _packed(kept)
                number, at, kept = found, at_of(row.cells), []
            kept.append((row.line, row.cells, row.broken))
            self.rows += 1
        if kept:
            yield number, at, len(kept), _packed(kept)


def _packed(rows: list[Cells]) -> bytes:
    try:
        return _encode(rows)
    except UnicodeEncodeError:  # bytes that are no letters of the file's encoding stand in the text as half characters
        return _encode([_shown(row) for row in rows])


def _shown(row: Cells) -> Cells:
    line, cells, broken = row
    shown = [cell.encode(errors="backslashreplace").decode() for cell in cells]
    return line, shown, broken or ("" if shown == cells else "not_in_encoding")


@contextmanager
def staged() -> Iterator[Stage]:
    with TemporaryDirectory(prefix="kopilka-import-") as folder:
        stage = Stage(Path(folder) / "rows.sqlite3")
        try:
            yield stage
        finally:
            stage.close()
