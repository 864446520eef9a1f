"""A table in a text file, row by row: packed or not, in the usual encodings, with any usual separator."""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from kopilka.engine.refusal import Code, Refusal

SEPARATORS = ",;\t|"
SAMPLE_BYTES = 1 << 20
CELL_CHARACTERS_MAX = 1 << 17
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GZIP = b"\x1f\x8b"
_UNREADABLE = (OSError, EOFError, LookupError, UnicodeError, zlib.error)


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is where the row begins in the file; `broken` says why its cells cannot be trusted."""

    line: int
    cells: list[str]
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    header: list[str]
    rows: Iterator[Row]
    encoding: str
    delimiter: str


@contextmanager
def open_table(path: Path, *, encoding: str = "", delimiter: str = "") -> Iterator[Table]:
    """The header and a stream of rows. Without an encoding: a byte order mark, else UTF-8, else Windows-1251.

    Refused with `invalid` (file, reason) when there is no header, or the file cannot be read.
    """
    with ExitStack() as stack:
        try:
            chosen = encoding or _guess_encoding(_sample(path))
            raw = stack.enter_context(_open_bytes(path))
            text = stack.enter_context(io.TextIOWrapper(raw, chosen, "surrogateescape", newline=""))
            table = _read(text, chosen, delimiter)
        except _UNREADABLE as error:
            raise _unreadable(error) from error
        yield table


def hash_file(path: Path) -> str:
    """SHA-256 of the file as it lies there, packed or not."""
    try:
        with path.open("rb") as raw:
            return hashlib.file_digest(raw, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(error) from error


@contextmanager
def _open_bytes(path: Path) -> Iterator[BinaryIO]:
    with path.open("rb") as raw:
        packed = raw.read(len(_GZIP)) == _GZIP
        raw.seek(0)
        if not packed:
            yield raw
            return
        with gzip.GzipFile(fileobj=raw) as unpacked:
            yield cast("BinaryIO", unpacked)


def _sample(path: Path) -> bytes:
    with _open_bytes(path) as raw:
        return raw.read(SAMPLE_BYTES)


def _unreadable(error: Exception) -> Refusal:
    return Refusal(Code.INVALID, field="file", reason="unreadable", told=str(error))


def _guess_encoding(sample: bytes) -> str:
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)  # a letter cut in two at the end is no fault
    except UnicodeDecodeError:
        return "cp1251"
    return "utf-8"


def _read(text: io.TextIOWrapper, encoding: str, delimiter: str) -> Table:
    first = text.readline()
    skipped = 1
    if first.lower().startswith("sep=") and len(first.strip()) == len("sep=") + 1:  # a note of Excel to itself
        delimiter, first, skipped = delimiter or first.strip()[-1], text.readline(), 2
    chosen = delimiter or max(SEPARATORS, key=first.count)
    header = next(csv.reader([first], delimiter=chosen), [])
    if not any(title.strip() for title in header):
        raise Refusal(Code.INVALID, field="file", reason="no_header")
    return Table(header, _rows(text, chosen, len(header), skipped), encoding, chosen)


def _rows(text: io.TextIOWrapper, delimiter: str, width: int, skipped: int) -> Iterator[Row]:
    csv.field_size_limit(CELL_CHARACTERS_MAX)
    reader = csv.reader(text, delimiter=delimiter)
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _UNREADABLE as error:
            raise _unreadable(error) from error
        except csv.Error:
            yield Row(skipped + before + 1, [], "broken_quotes")
        else:
            if len(cells) == width:
                yield Row(skipped + before + 1, cells)
            elif cells and cells != ["\x1a"]:  # an empty line is none; Ctrl+Z once ended files
                yield Row(skipped + before + 1, cells, "too_few_cells" if len(cells) < width else "too_many_cells")
        before = reader.line_num
