"""The report of rows that were not booked: where, which column, why, and the row as it was, ready to be mended."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HEAD = ("line", "column", "reason")


@dataclass(slots=True)
class Rejected:
    """One row that is not booked. `field` is the mapped field (empty: the row as such), `reason` a stable word."""

    line: int
    field: str
    reason: str
    cells: list[str]


class RejectReport:
    """A CSV with three columns before those of the file; begun with its first row, so a clean import leaves none."""

    def __init__(self, place: Path, header: Sequence[str], columns: Mapping[str, str], *, length: int = 0) -> None:
        """`length` bytes of an interrupted run's report are kept; `columns` names the file's column of a field."""
        self._place = place
        self._header = header
        self._columns = columns
        self.length = length
        self.count = 0
        if length and place.exists():
            os.truncate(place, length)
        else:
            self.length = 0
            place.unlink(missing_ok=True)

    def add(self, rows: Iterable[Rejected]) -> None:
        """Written and on disk when this returns."""
        rows = list(rows)
        if not rows:
            return
        with self._place.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if not self.length:
                writer.writerow([*HEAD, *self._header])
            for row in rows:
                writer.writerow([row.line, self._columns.get(row.field, row.field), row.reason, *row.cells])
            file.flush()
            os.fsync(file.fileno())
            self.length = file.tell()
        self.count += len(rows)
