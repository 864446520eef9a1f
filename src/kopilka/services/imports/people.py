"""Members as another system had them: who they are, their tier, what they had bought, the points they bring along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.members import find_members
from kopilka.bookkeeping.openings import Arriving, write_arrivals
from kopilka.bookkeeping.rulebooks import load_rulebook_version
from kopilka.bookkeeping.scope import enter_program
from kopilka.engine.money import CURRENCY_DIGITS, MAX_MINOR
from kopilka.engine.points import MAX_POINTS
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.openings import Arrived, arrived_of_source
from kopilka.queries.programs import ProgramView, program_by_id
from kopilka.queries.scope import reading as reading_program
from kopilka.services.imports.cells import BadCell, moment_reader, read_day, read_member, read_money, read_number
from kopilka.services.imports.columns import MEMBER_FIELDS, Reading, parse_map, places_of
from kopilka.services.imports.figures import Told
from kopilka.services.imports.receipts import Places
from kopilka.services.imports.rejects import Rejected, RejectReport
from kopilka.services.imports.runs import Run, RunState, begin, identify, keep, save
from kopilka.services.imports.tables import Row, hash_file, open_table
from kopilka.services.profiles import IDENTIFIERS, clean_fields, clean_identifiers

KIND = "members"
MEMBERS_AT_ONCE = 200


@dataclass(slots=True)
class PeopleFigures:
    """What the booked rows of the file say, and what the books hold of them afterwards: these must be the same."""

    members: int = 0
    spent_minor: int = 0
    purchases: int = 0
    points: int = 0
    tiers: dict[str, int] = field(default_factory=dict)
    rejected_rows: int = 0
    books: Arrived | None = None

    @property
    def agree(self) -> bool:
        """Are the sums of the file those of the books?"""
        said = Arrived(self.members, self.spent_minor, self.purchases, self.points, self.tiers)
        return self.books == said

    def shown(self, seconds: float) -> dict[str, object]:
        books = self.books or Arrived()
        return {
            "members": self.members,
            "spent_minor": self.spent_minor,
            "purchases": self.purchases,
            "points": self.points,
            "tiers": dict(sorted(self.tiers.items())),
            "books_members": books.members,
            "books_spent_minor": books.spent_minor,
            "books_purchases": books.purchases,
            "books_points": books.points,
            "books_tiers": dict(sorted(books.tiers.items())),
            "agree": self.agree,
            "rejected_rows": self.rejected_rows,
            "seconds": round(seconds, 3),
        }


@dataclass(frozen=True, slots=True)
class PeopleImported:
    figures: PeopleFigures
    finished_before: bool


@dataclass(frozen=True, slots=True)
class _Import:
    program: ProgramView
    rulebook: Rulebook
    currency: str
    source: str
    at: datetime


def import_members(
    *,
    program_id: UUID,
    path: Path,
    chosen: str,
    reading: Reading,
    currency: str,
    source: str,
    report: Path,
    at: datetime,
    told: Told = lambda _done, _of: None,
) -> PeopleImported:
    """Enrol everybody in a file with the tier, sums and points he had; rows that cannot be booked go to `report`.

    `currency` of the points (empty: the program's only one). Killed and started again it goes on where it was.
    """
    program = program_by_id(program_id)
    if not program.rulebook_number:
        raise Refusal(Code.RULEBOOK_MISSING)
    with reading_program(program_id):
        rulebook = load_rulebook_version(program_id, program.rulebook_number)
    mapped = parse_map(chosen, fields=MEMBER_FIELDS, required=())
    work = _Import(program, rulebook, _currency(rulebook, currency, needed="balance" in mapped), source, at)
    with open_table(path, encoding=reading.encoding, delimiter=reading.delimiter) as table:
        reader = _Reader(work, places_of(mapped, table.header), reading)
        identity = identify(hash_file(path), chosen, reading, source, work.currency)
        run = begin(program_id, KIND, identity, path.name, PeopleFigures(), at=at)
        if run.state is RunState.FINISHED:
            return PeopleImported(PeopleFigures(), finished_before=True)
        rejects = RejectReport(report, table.header, mapped, length=run.progress.report_length)
        rows = islice(table.rows, run.progress.position, None)
        while batch := list(islice(rows, MEMBERS_AT_ONCE)):
            _book(work, reader, run, rejects, batch)
            told(run.progress.position, run.progress.position)
    run.progress.figures.books = arrived_of_source(program_id, source, work.currency)
    run.state = RunState.FINISHED
    save(program_id, run, at=at)
    return PeopleImported(run.progress.figures, finished_before=False)


@transaction.atomic(durable=True)
def _book(work: _Import, reader: _Reader, run: Run[PeopleFigures], rejects: RejectReport, batch: Sequence[Row]) -> None:
    """The rows and how far the file was read are one transaction: nobody is enrolled twice."""
    enter_program(work.program.id)
    read = [(row, reader.read(row)) for row in batch]
    good = [(row, one) for row, one in read if isinstance(one, Arriving)]
    taken = _taken(work.program.id, [one for _, one in good])
    bad = [one for _, one in read if isinstance(one, Rejected)]
    arriving: list[Arriving] = []
    for row, one in good:
        clash = next((kind for kind, value in one.known_by.items() if (kind, value) in taken), "")
        if clash:
            bad.append(Rejected(row.line, clash, Code.IDENTIFIER_TAKEN.value, row.cells))
            continue
        taken |= set(one.known_by.items())
        arriving.append(one)
    write_arrivals(work.program.id, work.rulebook, arriving, source=work.source, at=work.at)
    rejects.add(sorted(bad, key=lambda one: one.line))
    _count(run.progress.figures, arriving, len(bad))
    run.progress.position += len(batch)
    run.progress.report_length = rejects.length
    keep(work.program.id, run, at=work.at)


def _taken(program_id: UUID, arriving: Iterable[Arriving]) -> set[tuple[str, str]]:
    wanted: dict[str, set[str]] = {}
    for one in arriving:
        for kind, value in one.known_by.items():
            wanted.setdefault(kind, set()).add(value)
    return {(kind, value) for kind, values in wanted.items() for value in find_members(program_id, kind, values)}


def _count(figures: PeopleFigures, arriving: Sequence[Arriving], rejected: int) -> None:
    figures.rejected_rows += rejected
    for one in arriving:
        figures.members += 1
        figures.spent_minor += one.spent_minor
        figures.purchases += one.purchases
        figures.points += one.units
        figures.tiers[one.tier] = figures.tiers.get(one.tier, 0) + 1


def _currency(rulebook: Rulebook, code: str, *, needed: bool) -> str:
    if not code and len(rulebook.points) == 1:
        return next(iter(rulebook.points))
    if (code or needed) and code not in rulebook.points:
        raise Refusal(Code.INVALID, field="currency", reason="unknown_value")
    return code


class _Reader:
    """Rows of the file as members. A tier is named by its code or by its name in either language."""

    def __init__(self, work: _Import, places: Places, reading: Reading) -> None:
        self._work = work
        self._places = places
        self._comma = reading.decimal_comma
        self._moment = moment_reader(reading.zone, reading.time_format)
        self._tiers = dict(_named(work.rulebook))

    def read(self, row: Row) -> Arriving | Rejected:
        if row.broken:
            return Rejected(row.line, "", row.broken, row.cells)
        try:
            return self._read(row)
        except BadCell as bad:
            return Rejected(row.line, bad.field, bad.reason, row.cells)
        except Refusal as refusal:
            named = str(refusal.params.get("field") or refusal.params.get("kind") or "")
            wrong = "phone" if refusal.code is Code.PHONE_INVALID else named
            return Rejected(row.line, wrong, refusal.code.value, row.cells)

    def _read(self, row: Row) -> Arriving:
        work = self._work
        typed = {kind: read_member(self._cell(row, kind)) for kind in IDENTIFIERS}
        known_by = {kind: value for kind, value in clean_identifiers(work.program, typed).items() if value}
        if not known_by:
            raise BadCell("phone", "nobody")
        birth = read_day(self._cell(row, "birth_date"), "birth_date")
        gender = self._cell(row, "gender").strip().lower()
        personal = {"name": self._cell(row, "name").strip(), "birth_date": birth, "gender": gender}
        fields = clean_fields(work.program, personal, at=work.at)
        return Arriving(
            known_by,
            self._at(row, "enrolled"),
            fields,
            tier=self._tier(row),
            tier_since=self._at(row, "tier_since"),
            spent_minor=self._number(row, "spent", CURRENCY_DIGITS[work.program.currency], MAX_MINOR),
            purchases=self._number(row, "purchases", 0, 10**9),
            currency=work.currency,
            units=self._number(row, "balance", self._decimals(), MAX_POINTS),
        )

    def _decimals(self) -> int:
        return self._work.rulebook.points[self._work.currency].decimals if self._work.currency else 0

    def _cell(self, row: Row, name: str) -> str:
        return " ".join(row.cells[place] for place in self._places.get(name, ()))

    def _at(self, row: Row, name: str) -> datetime:
        text = self._cell(row, name).strip()
        if not text:
            return self._work.at
        try:
            moment = self._moment(text)
        except BadCell as bad:
            raise BadCell(name, bad.reason) from None
        if moment > self._work.at:
            raise BadCell(name, "in_future")
        return moment

    def _tier(self, row: Row) -> str:
        text = self._cell(row, "tier").strip()
        if not text:
            return ""
        found = self._tiers.get(text.casefold())
        if found is None:
            raise BadCell("tier", "unknown_tier")
        return found

    def _number(self, row: Row, name: str, digits: int, most: int) -> int:
        text = self._cell(row, name).strip()
        if not text:
            return 0
        read = read_money if name == "spent" else read_number
        value = read(text, digits, name, comma=self._comma)
        if not 0 <= value <= most:
            raise BadCell(name, "negative" if value < 0 else "too_large")
        return value


def _named(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    for tier in reversed(rulebook.tiers):
        for name in (tier.name_ru, tier.name_en, tier.code):
            if name:
                yield name.casefold(), tier.code
