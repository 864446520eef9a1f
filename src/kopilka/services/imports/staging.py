"""Rows gathered into receipts and put in the order of time, on disk: memory does not grow with the file.

Neighbouring rows of one receipt are kept together as one chunk in a temporary SQLite file. A receipt whose rows stand
apart has several chunks and is still one receipt. Reading back goes by each receipt's earliest moment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol
from zlib import crc32

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


class Clerk(Protocol):
    """Tells of a row what gathering must know; empty texts and None where the row does not say."""

    def number_of(self, row: Row) -> str: ...

    def member_of(self, cells: list[str]) -> str: ...

    def at_of(self, cells: list[str]) -> int | None: ...


class Stage:
    """The temporary file: first `gather`, then `receipts`."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.rows = 0
        self._file = sqlite3.connect(place, isolation_level=None)
        for pragma in (f"cache_size=-{CACHE_KIB}", "journal_mode=OFF", "synchronous=OFF", "temp_store=FILE"):
            self._file.execute(f"PRAGMA {pragma}")

    def gather(self, rows: Iterable[Row], clerk: Clerk) -> None:
        """Take all rows in, as the clerk tells whose they are."""
        self._file.execute("BEGIN")
        self._file.execute(
            "CREATE TABLE chunk"
            " (id INTEGER PRIMARY KEY, receipt TEXT, member TEXT, at INTEGER, rows INTEGER, body BLOB)"
        )
        self._file.executemany(
            "INSERT INTO chunk (receipt, member, at, rows, body) VALUES (?, ?, ?, ?, ?)", self._chunks(rows, clerk)
        )
        self._file.execute("CREATE INDEX chunk_by_receipt ON chunk (receipt, id)")
        self._file.create_function("share_of", 2, lambda member, receipt: crc32((member or receipt).encode()))
        self._file.execute(
            "CREATE TABLE receipt AS"
            " SELECT receipt, sum(rows) AS rows, share_of(max(member), receipt) AS share FROM chunk"
            " GROUP BY receipt ORDER BY min(at) NULLS FIRST, min(id)"
        )
        self._file.execute("COMMIT")

    def count(self) -> int:
        """How many receipts there are."""
        return int(self._file.execute("SELECT count(*) FROM receipt").fetchone()[0])

    def receipts(
        self, after: int = 0, up_to: int | None = None, *, share: int = 0, of: int = 1
    ) -> Iterator[StagedReceipt]:
        """Those after one place and up to another, in the order of time; what cannot be dated comes first.

        With `of` shares only those of one: a member's receipts are all in the same share.
        """
        found = self._file.execute(
            "SELECT r.rowid, r.receipt, r.rows, c.body FROM receipt r CROSS JOIN chunk c ON c.receipt = r.receipt"
            " WHERE r.rowid > ? AND r.rowid <= ? AND r.share % ? = ? ORDER BY r.rowid, c.id",
            [after, self.count() if up_to is None else up_to, of, share],
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

    def again(self) -> Stage:
        """The same file through a connection of its own, for another process."""
        return Stage(self.place)

    def _chunks(self, rows: Iterable[Row], clerk: Clerk) -> Iterator[tuple[str, str, int | None, int, bytes]]:
        number, member, at, kept = "", "", None, list[Cells]()
        for row in rows:
            found = clerk.number_of(row)
            if found != number or len(kept) == CHUNK_ROWS_MAX:
                if kept:
                    yield _shown_text(number), _shown_text(member), at, len(kept), _packed(kept)
                number, member, at, kept = found, "", clerk.at_of(row.cells), []
            member = member or clerk.member_of(row.cells)
            kept.append((row.line, row.cells, row.broken))
            self.rows += 1
        if kept:
            yield _shown_text(number), _shown_text(member), at, len(kept), _packed(kept)


def _packed(rows: list[Cells]) -> bytes:
    try:
        return _encode(rows)
    except UnicodeEncodeError:  # bytes that are no letters of the file's encoding stand in the text as half characters
        return _encode([_shown(row) for row in rows])


def _shown(row: Cells) -> Cells:
    line, cells, broken = row
    shown = [_shown_text(cell) for cell in cells]
    return line, shown, broken or ("" if shown == cells else "not_in_encoding")


def _shown_text(text: str) -> str:
    return text if text.isascii() else text.encode(errors="backslashreplace").decode()


@contextmanager
def staged() -> Iterator[Stage]:
    with TemporaryDirectory(prefix="kopilka-import-") as folder:
        stage = Stage(Path(folder) / "rows.sqlite3")
        try:
            yield stage
        finally:
            stage.close()
