"""A file from its path to receipts in the order of time: opened, gathered, read; what cannot be read is handed out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from kopilka.engine.refusal import Code, Refusal
from kopilka.services.imports.columns import RECEIPT_FIELDS, Reading, parse_map, places_of
from kopilka.services.imports.receipts import FileReceipt, ReceiptReader, Whose
from kopilka.services.imports.rejects import Rejected
from kopilka.services.imports.staging import Stage, staged
from kopilka.services.imports.tables import open_table

REQUIRED = ("receipt", "at")


@dataclass(frozen=True, slots=True)
class Skipped:
    """Rows the user asked to leave out; `place` as of a receipt."""

    place: int
    rows: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    place: int
    rows: list[Rejected]


@dataclass(slots=True)
class ReceiptFile:
    """`header` of the file; `count` receipts; `receipts` after a place in the order of time."""

    header: list[str]
    count: int
    stage: Stage
    reader: ReceiptReader

    def receipts(
        self, after: int = 0, up_to: int | None = None, *, share: int = 0, of: int = 1
    ) -> Iterator[FileReceipt | Skipped | Unreadable]:
        """As the stage gives them: `share` of `of` holds some members' receipts whole."""
        for one in self.stage.receipts(after, up_to, share=share, of=of):
            if self.reader.is_skipped(one.number):
                yield Skipped(one.place, len(one.rows))
                continue
            read = self.reader.read(one)
            yield Unreadable(one.place, read) if isinstance(read, list) else read

    def again(self) -> ReceiptFile:
        """The same for another process: the stage through a connection of its own."""
        return replace(self, stage=self.stage.again())


@contextmanager
def open_receipts(path: Path, chosen: str, reading: Reading, digits: int, whose: Whose = str) -> Iterator[ReceiptFile]:
    """Read the whole file once into order; refuses a map that does not fit it. `whose` gives a member's spelling."""
    mapped = parse_map(chosen, fields=RECEIPT_FIELDS, required=REQUIRED)
    if "amount" not in mapped and "price" not in mapped:
        raise Refusal(Code.MISSING, field="map", columns=["price"])
    with open_table(path, encoding=reading.encoding, delimiter=reading.delimiter) as table, staged() as stage:
        reader = ReceiptReader(places_of(mapped, table.header), reading, digits, whose)
        stage.gather(table.rows, reader)
        yield ReceiptFile(table.header, stage.count(), stage, reader)
