"""Points as another system recorded them: earned and spent row by row, with an opening balance where it kept silent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction

from kopilka.bookkeeping.idempotency import Request
from kopilka.bookkeeping.loading import load_standings
from kopilka.bookkeeping.rulebooks import load_rulebook_version
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.data.ids import new_id
from kopilka.engine.actor import IMPORT_ACTOR
from kopilka.engine.ledger import Account, Act, Kind
from kopilka.engine.points import MAX_POINTS, PointsCurrency
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.standing import Standing
from kopilka.queries.imports import booked_keys, outstanding_of
from kopilka.queries.programs import ProgramView, program_by_id
from kopilka.queries.scope import reading as reading_program
from kopilka.services.imports.cells import BadCell, moment_reader, read_code, read_member, read_number
from kopilka.services.imports.columns import LINE, MOVEMENT_FIELDS, Reading, parse_map, places_of
from kopilka.services.imports.enrolling import members_for
from kopilka.services.imports.figures import Told
from kopilka.services.imports.receipts import NUMBER_JOINT, Places, cell_of
from kopilka.services.imports.rejects import Rejected, RejectReport
from kopilka.services.imports.runs import RunState, begin, identify, save
from kopilka.services.imports.scheduling import in_batches
from kopilka.services.imports.staging import Cells, StagedReceipt, staged
from kopilka.services.imports.tables import Row, hash_file, open_table
from kopilka.services.profiles import clean_identifier

KIND = "movements"
MEMBERS_AT_ONCE = 50
OPENING = "opening"


@dataclass(slots=True)
class MovementFigures:
    """Points in the currency's smallest unit. `opening` was granted to `opening_members` before their first row."""

    members: int = 0
    movements: int = 0
    opening_members: int = 0
    opening: int = 0
    earned: int = 0
    spent: int = 0
    outstanding: int = 0
    rejected_rows: int = 0

    def shown(self, seconds: float) -> dict[str, object]:
        return {
            "members": self.members,
            "movements": self.movements,
            "opening_members": self.opening_members,
            "points_opening": self.opening,
            "points_earned": self.earned,
            "points_spent": self.spent,
            "points_outstanding": self.outstanding,
            "rejected_rows": self.rejected_rows,
            "seconds": round(seconds, 3),
        }


@dataclass(slots=True)
class Movement:
    """One row: points spent at its moment, then points earned. `key` is its name within the source, for ever."""

    at: datetime
    line: int
    earned: int
    spent: int
    key: str


@dataclass(slots=True)
class History:
    """A member's rows in the order of time, and what he must have had before the first of them."""

    member: str
    movements: list[Movement]
    opening: int = 0
    rows: list[Cells] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Import:
    """One run at work: in which points, under whose name."""

    program_id: UUID
    points: str
    source: str
    member_kind: str
    at: datetime

    @property
    def owner(self) -> UUID:
        """Keys of the movements of one source are unique under it."""
        return uuid5(NAMESPACE_URL, f"kopilka:movements:{self.source}")


@dataclass(frozen=True, slots=True)
class Moved:
    figures: MovementFigures
    finished_before: bool


def import_movements(
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
) -> Moved:
    """Book recorded points as adjustments with their own times; lots without end, for their lives are not told.

    `currency` empty: the program's only one. A member with one unreadable row is not booked at all: his balance would
    be wrong. Killed and started again it goes on; what was booked under this source is never booked again.
    """
    program = program_by_id(program_id)
    points = _currency(program, currency)
    mapped = parse_map(chosen, fields=MOVEMENT_FIELDS, required=("member", "at", "earned", "spent"))
    with (
        open_table(path, encoding=reading.encoding, delimiter=reading.delimiter) as table,
        staged() as stage,
    ):
        reader = _HistoryReader(places_of(mapped, table.header), reading, program, points)
        stage.gather(table.rows, reader)
        run = begin(
            program_id, KIND, identify(hash_file(path), chosen, reading, source, points.code), path.name,
            MovementFigures(), at=at,
        )  # fmt: skip
        if run.state is RunState.FINISHED:
            return Moved(MovementFigures(), finished_before=True)
        figures, progress = run.progress.figures, run.progress
        rejects = RejectReport(report, table.header, mapped, length=progress.report_length)
        work = _Import(program_id, points.code, source, reading.member_kind, at)
        for batch in in_batches(stage.receipts(progress.position), MEMBERS_AT_ONCE):
            read = [reader.read(one) for one in batch]
            histories = [one for one in read if isinstance(one, History)]
            refused = _book(work, histories)
            bad = [row for one in read if isinstance(one, list) for row in one]
            bad += [
                Rejected(line, "spent", "insufficient_points", cells) for one in refused for line, cells, _ in one.rows
            ]
            rejects.add(bad)
            figures.rejected_rows += len(bad)
            _count(figures, [one for one in histories if one not in refused])
            progress.position, progress.report_length = batch[-1].place, rejects.length
            save(program_id, run, at=at)
            told(progress.position, stage.count())
    figures.outstanding = outstanding_of(program_id, points.code)
    run.state = RunState.FINISHED
    save(program_id, run, at=at)
    return Moved(figures, finished_before=False)


def _currency(program: ProgramView, code: str) -> PointsCurrency:
    if not program.rulebook_number:
        raise Refusal(Code.RULEBOOK_MISSING)
    with reading_program(program.id):
        points = load_rulebook_version(program.id, program.rulebook_number).points
    if not code and len(points) == 1:
        return next(iter(points.values()))
    if code not in points:
        raise Refusal(Code.INVALID, field="currency", reason="unknown_value", known=sorted(points))
    return points[code]


class _HistoryReader:
    """Turns a member's rows into his history."""

    def __init__(self, places: Places, reading: Reading, program: ProgramView, points: PointsCurrency) -> None:
        self._places = places
        self._reading = reading
        self._program = program
        self._decimals = points.decimals
        self._moment = moment_reader(reading.zone, reading.time_format)

    def number_of(self, row: Row) -> str:
        """A member's rows are gathered as the rows of a receipt are."""
        return self.member_of(row.cells)

    def member_of(self, cells: list[str]) -> str:
        try:
            return read_member(cells[self._places["member"][0]])
        except IndexError:
            return ""

    def at_of(self, cells: list[str]) -> int | None:
        try:
            return int(self._at(cells).timestamp())
        except (BadCell, IndexError, OverflowError):
            return None

    def read(self, one: StagedReceipt) -> History | list[Rejected]:
        if one.too_long:
            return [Rejected(line, "member", "too_many_rows", cells) for line, cells, _ in one.rows]
        try:
            member = clean_identifier(self._program, self._reading.member_kind, one.number)
        except Refusal as refusal:
            return [Rejected(line, "member", refusal.code.value, cells) for line, cells, _ in one.rows]
        movements, wrong = [], dict[int, BadCell]()
        for row in one.rows:
            try:
                movements.append(self._movement(member, row))
            except BadCell as bad:
                wrong[row[0]] = bad
        if wrong:
            return [_rejected(row, wrong) for row in one.rows]
        movements.sort(key=lambda one: (one.at, one.line))
        _number_repeated(movements)
        return History(member, movements, _opening(movements), one.rows)

    def _movement(self, member: str, row: Cells) -> Movement:
        line, cells, broken = row
        if broken:
            raise BadCell("", broken)
        earned, spent = self._sum(cells, "earned"), abs(self._sum(cells, "spent"))
        if earned < 0:
            raise BadCell("earned", "negative")
        if max(earned, spent) > MAX_POINTS:
            raise BadCell("earned", "too_large")
        places = self._places.get("receipt", (LINE,))
        number = NUMBER_JOINT.join(read_code(cell_of(Row(line, cells), place), "receipt") for place in places)
        return Movement(self._at(cells), line, earned, spent, f"{member}{NUMBER_JOINT}{number}")

    def _sum(self, cells: list[str], name: str) -> int:
        comma = self._reading.decimal_comma
        return sum(read_number(cells[place], self._decimals, name, comma=comma) for place in self._places[name])

    def _at(self, cells: list[str]) -> datetime:
        return self._moment(" ".join(cells[place] for place in self._places["at"]))


def _rejected(row: Cells, wrong: Mapping[int, BadCell]) -> Rejected:
    bad = wrong.get(row[0])
    if bad:
        return Rejected(row[0], bad.field, bad.reason, row[1])
    return Rejected(row[0], "", f"member_has_a_bad_row_{min(wrong)}", row[1])


def _number_repeated(movements: Sequence[Movement]) -> None:
    """The second row of one receipt is called receipt#2."""
    seen: dict[str, int] = {}
    for one in movements:
        seen[one.key] = seen.get(one.key, 0) + 1
        if seen[one.key] > 1:
            one.key = f"{one.key}#{seen[one.key]}"


def _opening(movements: Sequence[Movement]) -> int:
    """By how much the running balance would fall below zero at its lowest."""
    balance = lowest = 0
    for one in movements:
        balance -= one.spent
        lowest = min(lowest, balance)
        balance += one.earned
    return -lowest


def _book(work: _Import, histories: list[History]) -> list[History]:
    """Book them in one transaction; those whose spending cannot be covered are left out and returned."""
    if not histories:
        return []
    members = members_for(
        program_id=work.program_id,
        kind=work.member_kind,
        first_seen={history.member: history.movements[0].at for history in histories},
        at=work.at,
    )
    return _write(work, {members[history.member]: history for history in histories})


@transaction.atomic(durable=True)
def _write(work: _Import, histories: dict[UUID, History]) -> list[History]:
    enter_program(work.program_id)
    standings = load_standings(work.program_id, list(histories), at=work.at, lots=True)
    keys = [one.key for history in histories.values() for one in history.movements]
    done = booked_keys(work.program_id, work.owner, keys)
    written: list[Written] = []
    refused = []
    for member_id, history in sorted(histories.items()):
        try:
            written += list(_acts(work, standings[member_id], history, done))
        except Refusal:
            refused.append(history)
    write_acts(work.program_id, written)
    return refused


def _acts(work: _Import, standing: Standing, history: History, done: set[str]) -> Iterator[Written]:
    """What was booked before is left out; a member of whom something was booked has had his opening balance."""
    new = [one for one in history.movements if one.key not in done and (one.earned or one.spent)]
    if history.opening and len(new) == sum(1 for one in history.movements if one.earned or one.spent):
        key = f"{history.member}{NUMBER_JOINT}{OPENING}"
        yield _act(work, standing, Movement(history.movements[0].at, 0, history.opening, 0, key))
    for movement in new:
        yield _act(work, standing, movement)


def _act(work: _Import, standing: Standing, movement: Movement) -> Written:
    act = Act(standing, movement.at, new_id)
    if movement.spent:
        act.adjust_down(work.points, movement.spent)
    if movement.earned:
        act.grant(work.points, movement.earned, starts_at=movement.at, expires_at=None, against=Account.ADJUSTED)
    return Written(
        Kind.ADJUST, standing.member_id, standing.member_id, movement.at, work.at, IMPORT_ACTOR, act,
        reason=f"{work.source}: {movement.key}"[:500], request=Request(work.owner, movement.key, b""),
    )  # fmt: skip


def _count(figures: MovementFigures, histories: Sequence[History]) -> None:
    for history in histories:
        figures.members += 1
        figures.movements += len(history.movements)
        figures.opening_members += history.opening > 0
        figures.opening += history.opening
        figures.earned += sum(one.earned for one in history.movements)
        figures.spent += sum(one.spent for one in history.movements)
