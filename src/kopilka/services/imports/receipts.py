"""Rows of a file as receipts: sales with lines the engine reads, returns with what was brought back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kopilka.engine.money import MAX_MINOR, PRICE_SCALE, QUANTITY_SCALE, half_up, line_amount
from kopilka.engine.receipt import Line
from kopilka.services.imports.cells import (
    BadCell,
    moment_reader,
    read_code,
    read_member,
    read_money,
    read_name,
    read_number,
)
from kopilka.services.imports.columns import LINE, Reading
from kopilka.services.imports.rejects import Rejected
from kopilka.services.imports.staging import Cells, StagedReceipt
from kopilka.services.imports.tables import Row

NUMBER_JOINT = "/"
NUMBER_LENGTH_MAX = 100
KEPT_MAX = 1 << 14
"""So many different texts of a column are remembered; those after them are read anew."""


@dataclass(slots=True)
class FileReceipt:
    """A receipt as a file tells it. `member` is empty for nobody.

    A sale has `lines`; of a return they are what was brought back: quantities and amounts above zero, or an amount
    below zero for a row that charges instead. `minor` is the sum over the rows: sold, or paid back.
    """

    place: int
    number: str
    at: datetime
    member: str
    is_return: bool
    lines: tuple[Line, ...]
    minor: int
    branch: str = ""
    till: str = ""
    staff: str = ""
    rows: list[Cells] = field(default_factory=list)


Places = Mapping[str, tuple[int, ...]]
Whose = Callable[[str], str]


class ReceiptReader:
    """Turns staged rows into receipts. One with a bad row is not booked at all: it could not be mended later."""

    def __init__(self, places: Places, reading: Reading, digits: int, whose: Whose = str) -> None:
        self._places = places
        self._reading = reading
        self._digits = digits
        self._whose = whose
        self._moment = moment_reader(reading.zone, reading.time_format)
        self._line = _LineReader(places, reading, digits)
        self._head_places = (*places["at"], *places.get("member", ()))
        numbers = places["receipt"]
        self._single_number = numbers[0] if len(numbers) == 1 and numbers[0] != LINE else None

    def number_of(self, row: Row) -> str:
        """The receipt a row belongs to; empty when it does not say."""
        try:
            if self._single_number is not None:
                return row.cells[self._single_number].strip()
            return NUMBER_JOINT.join([cell_of(row, place).strip() for place in self._places["receipt"]])
        except IndexError:
            return ""

    def at_of(self, cells: list[str]) -> int | None:
        """Seconds of the epoch, for sorting."""
        try:
            return int(self._at(cells).timestamp())
        except (BadCell, IndexError, OverflowError):
            return None

    def member_of(self, cells: list[str]) -> str:
        """Whose receipt it is, in the one form that all spellings of a phone have."""
        try:
            return self._whose(self._member(cells))
        except IndexError:
            return ""

    @property
    def return_prefix(self) -> str:
        return self._reading.return_prefix

    def is_skipped(self, number: str) -> bool:
        return bool(self._reading.skip_prefix) and number.startswith(self._reading.skip_prefix)

    def read(self, staged: StagedReceipt) -> FileReceipt | list[Rejected]:
        if staged.too_long:
            return [Rejected(line, "receipt", "too_many_rows", cells) for line, cells, _ in staged.rows]
        try:
            return self._read(staged)
        except BadCell as bad:
            return [Rejected(line, bad.field, bad.reason, cells) for line, cells, _ in staged.rows]
        except _BadRow as row:
            return [
                Rejected(line, row.field, row.reason, cells)
                if line == row.line
                else Rejected(line, "", f"receipt_has_a_bad_row_{row.line}", cells)
                for line, cells, _ in staged.rows
            ]

    def _read(self, staged: StagedReceipt) -> FileReceipt:
        number = staged.number
        if not number.strip(NUMBER_JOINT) or len(number) > NUMBER_LENGTH_MAX:
            raise BadCell("receipt", "too_long" if number.strip(NUMBER_JOINT) else "empty")
        is_return = bool(self._reading.return_prefix) and number.startswith(self._reading.return_prefix)
        lines: list[Line] = []
        heads: dict[tuple[str, ...], tuple[datetime, str]] = {}
        head_of = self._head_places
        for position, (line, cells, broken) in enumerate(staged.rows, start=1):
            try:
                _must_be_whole(broken)
                head = tuple([cells[place] for place in head_of])
                if head not in heads:
                    heads[head] = self._at(cells), self._member(cells)
                lines.append(self._line.read(position, cells, is_return=is_return))
            except BadCell as bad:
                raise _BadRow(line, bad.field, bad.reason) from None
        members = {member for _, member in heads.values() if member}
        if len(members) > 1:
            raise BadCell("member", "several_members")
        first = staged.rows[0][1]
        return FileReceipt(
            staged.place, read_code(number, "receipt"), min([at for at, _ in heads.values()]),
            members.pop() if members else "", is_return, tuple(lines),
            sum([line.amount - line.discount for line in lines]),
            self._code(first, "branch"), self._code(first, "till"), self._code(first, "staff"), staged.rows,
        )  # fmt: skip

    def _at(self, cells: list[str]) -> datetime:
        places = self._places["at"]
        return self._moment(cells[places[0]] if len(places) == 1 else " ".join([cells[place] for place in places]))

    def _member(self, cells: list[str]) -> str:
        places = self._places.get("member")
        if places is None:
            return ""
        member = read_member(cells[places[0]])
        return "" if member in self._reading.nobody else member

    def _code(self, cells: list[str], name: str) -> str:
        places = self._places.get(name)
        return read_code(cells[places[0]], name) if places else ""


def _must_be_whole(broken: str) -> None:
    if broken:
        raise BadCell("", broken)


def cell_of(row: Row, place: int) -> str:
    return str(row.line) if place == LINE else row.cells[place]


class _BadRow(Exception):
    def __init__(self, line: int, field_: str, reason: str) -> None:
        super().__init__(line, field_, reason)
        self.line, self.field, self.reason = line, field_, reason


class _LineReader:
    """Reads one row as a line of a receipt; where its cells stand is looked up once, so that a row costs little. What
    most cells say has been read before."""

    def __init__(self, places: Places, reading: Reading, digits: int) -> None:
        self._sku = _place(places, "sku")
        self._name = _place(places, "name")
        self._quantity = _place(places, "quantity")
        self._price = _place(places, "price")
        self._amount = _place(places, "amount")
        self._category = _place(places, "category")
        self._brand = _place(places, "brand")
        self._discounts = places.get("discount", ())
        self._comma = reading.decimal_comma
        self._digits = digits
        self._quantities: dict[str, int] = {}
        self._prices: dict[str, int] = {}
        self._skus: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._categories: dict[str, str] = {}
        self._brands: dict[str, str] = {}

    def read(self, position: int, cells: list[str], *, is_return: bool) -> Line:
        comma, digits = self._comma, self._digits
        many = QUANTITY_SCALE
        if self._quantity >= 0:
            many = self._number(self._quantities, cells[self._quantity], 3, "quantity")
        each: int | None = None
        if self._price >= 0:
            each = self._number(self._prices, cells[self._price], 4, "price")
        off = 0
        for one in self._discounts:
            off += abs(read_money(cells[one], digits, "discount", comma=comma))
        if self._amount >= 0:
            net = read_money(cells[self._amount], digits, "amount", comma=comma)
            many, each, full = _from_amount(many, each, net, off, digits)
        else:
            full = line_amount(each or 0, many, digits)
        if is_return:
            many, full = -many, -full
            off = off if full >= 0 else -off
        _check(many, each or 0, full, off, is_return=is_return)
        return Line(
            position,
            _code(self._skus, cells[self._sku], "sku") if self._sku >= 0 else "",
            many,
            each or 0,
            full,
            off,
            self._name_of(cells[self._name]) if self._name >= 0 else "",
            _code(self._categories, cells[self._category], "category") if self._category >= 0 else "",
            _code(self._brands, cells[self._brand], "brand") if self._brand >= 0 else "",
        )

    def _number(self, kept: dict[str, int], text: str, digits: int, name: str) -> int:
        found = kept.get(text)
        if found is None:
            found = read_number(text, digits, name, comma=self._comma)
            if len(kept) < KEPT_MAX:
                kept[text] = found
        return found

    def _name_of(self, text: str) -> str:
        found = self._names.get(text)
        if found is None:
            found = read_name(text)
            if len(self._names) < KEPT_MAX:
                self._names[text] = found
        return found


def _code(kept: dict[str, str], text: str, name: str) -> str:
    found = kept.get(text)
    if found is None:
        found = read_code(text, name)
        if len(kept) < KEPT_MAX:
            kept[text] = found
    return found


def _place(places: Places, name: str) -> int:
    """The first column of a field, -1 where the file has none."""
    found = places.get(name)
    return found[0] if found else -1


def _from_amount(many: int, each: int | None, net: int, off: int, digits: int) -> tuple[int, int, int]:
    """Quantity, price and full amount of a line that states what it cost after its discounts.

    Goods with an amount and the quantity 0 were weighed by somebody who did not write the weight down: one.
    """
    full = net + off if net >= 0 else net - off
    if not many and full:
        many = QUANTITY_SCALE
    if each is None:
        each = half_up(abs(full) * PRICE_SCALE * QUANTITY_SCALE, 10**digits * abs(many)) if many else 0
    return many, each, full


def _check(many: int, each: int, full: int, off: int, *, is_return: bool) -> None:
    """Rows without goods or without money are mute and may look as they like; others must make sense."""
    if each < 0:
        raise BadCell("price", "negative")
    if abs(full) > MAX_MINOR:
        raise BadCell("price", "too_large")
    if is_return or not full:
        return
    if many < 0:
        raise BadCell("quantity", "negative")
    if full < 0:
        raise BadCell("amount", "negative")
    if off > full:
        raise BadCell("discount", "above_amount")
