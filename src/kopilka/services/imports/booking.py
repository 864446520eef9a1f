"""A history booked into a program: through the same services the tills use, at the times the file tells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from kopilka.bookkeeping.purchasing.requests import MemberRef, PurchaseRequest, RefKind
from kopilka.bookkeeping.returning.requests import ReturnRequest
from kopilka.bookkeeping.rulebooks import load_rulebook_version
from kopilka.engine.actor import IMPORT_ACTOR
from kopilka.engine.money import CURRENCY_DIGITS
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.imports import ended_points, members_of_source, outstanding_points
from kopilka.queries.programs import ProgramView, program_by_id
from kopilka.queries.scope import reading as reading_program
from kopilka.services.expiry import settle_due_lots
from kopilka.services.imports.asking import articles_of, receipt_of, refused_rows
from kopilka.services.imports.collecting import collecting_seldom
from kopilka.services.imports.columns import RECEIPT_FIELDS, Reading, parse_map
from kopilka.services.imports.enrolling import members_for
from kopilka.services.imports.figures import Figures, PointsFigures, Told
from kopilka.services.imports.reading import ReceiptFile, Skipped, Unreadable, open_receipts
from kopilka.services.imports.receipts import FileReceipt, Whose
from kopilka.services.imports.rejects import Rejected, RejectReport
from kopilka.services.imports.runs import Run, RunState, begin, identify, save
from kopilka.services.imports.scheduling import in_batches, rounds
from kopilka.services.imports.sharing import share_count, sharers
from kopilka.services.imports.tables import hash_file
from kopilka.services.profiles import clean_identifier
from kopilka.services.purchases import confirm_purchases
from kopilka.services.returns import return_many

KIND = "receipts"
WINDOW_RECEIPTS = 1_000
SALES_AT_ONCE = 600
RETURNS_AT_ONCE = 100
SPELLINGS_MAX = 1 << 16

Item = FileReceipt | Skipped | Unreadable


@dataclass(frozen=True, slots=True)
class Imported:
    """`finished_before`: this very file had been imported, so nothing was booked and the figures are zero.

    Otherwise the figures are of the whole file, also when an earlier run had begun it (`resumed`).
    """

    figures: Figures
    finished_before: bool
    resumed: bool


@dataclass(frozen=True, slots=True)
class _Import:
    """What is booked, and how."""

    program: ProgramView
    source: str
    reading: Reading
    at: datetime


@dataclass(slots=True)
class _Booked:
    """What a share's part of a window came to."""

    figures: Figures = field(default_factory=Figures)
    rejected: list[Rejected] = field(default_factory=list)
    last: datetime | None = None

    def reject(self, rows: list[Rejected]) -> None:
        self.rejected += rows
        self.figures.rejected_rows += len(rows)


def import_receipts(
    *,
    program_id: UUID,
    path: Path,
    chosen: str,
    reading: Reading,
    source: str,
    report: Path,
    at: datetime,
    told: Told = lambda _done, _of: None,
) -> Imported:
    """Book a file of receipts in the order of their times; what cannot be booked goes to `report`, row by row.

    Killed at any moment and started again, it goes on where it was: a receipt's number is booked once for ever.
    """
    program = program_by_id(program_id)
    if not program.rulebook_number:
        raise Refusal(Code.RULEBOOK_MISSING)
    identity = identify(hash_file(path), chosen, reading, source)
    work = _Import(program, source, reading, at)
    digits = CURRENCY_DIGITS[program.currency]
    spelling = _spelling(program, reading.member_kind)
    with collecting_seldom(), open_receipts(path, chosen, reading, digits, spelling) as file:
        run = begin(program_id, KIND, identity, path.name, _empty(program), at=at)
        if run.state is RunState.FINISHED:
            return Imported(_empty(program), finished_before=True, resumed=False)
        columns = parse_map(chosen, fields=RECEIPT_FIELDS, required=())
        rejects = RejectReport(report, file.header, columns, length=run.progress.report_length)
        if run.state is RunState.RUNNING:
            _book_all(work, run, file, rejects, told)
    _close(work, run)
    return Imported(run.progress.figures, finished_before=False, resumed=not run.is_new)


def _book_all(work: _Import, run: Run[Figures], file: ReceiptFile, rejects: RejectReport, told: Told) -> None:
    progress, count = run.progress, share_count(file.count)
    with sharers(count, lambda number: _share(work, file, number, count)) as book:
        while progress.position < file.count:
            up_to = min(progress.position + WINDOW_RECEIPTS, file.count)
            booked = book(progress.position, up_to)
            for one in booked:
                progress.figures.add(one.figures)
            rejects.add(sorted([row for one in booked for row in one.rejected], key=lambda row: row.line))
            progress.last = max(filter(None, [progress.last, *[one.last for one in booked]]), default=None)
            progress.position, progress.report_length = up_to, rejects.length
            save(work.program.id, run, at=work.at)
            told(progress.position, file.count)


def _share(work: _Import, file: ReceiptFile, number: int, of: int) -> Callable[[int, int], _Booked]:
    mine = file.again() if of > 1 else file
    return lambda after, up_to: _book(work, mine.receipts(after, up_to, share=number, of=of))


def _book(work: _Import, window: Iterable[Item]) -> _Booked:
    booked, receipts = _Booked(), list[FileReceipt]()
    for one in window:
        if isinstance(one, Skipped):
            booked.figures.skipped_rows += one.rows
        elif isinstance(one, Unreadable):
            booked.reject(one.rows)
        elif _names_member_well(work, one, booked):
            receipts.append(one)
    members = members_for(
        program_id=work.program.id,
        kind=work.reading.member_kind,
        first_seen=_first_seen(receipts),
        at=work.at,
    )
    for round_ in rounds(receipts):
        _sell(work, round_.sales, members, booked)
        _take_back(work, round_.returns, members, booked)
    booked.last = max((one.at for one in receipts), default=None)
    return booked


def _sell(work: _Import, sales: Sequence[FileReceipt], members: dict[str, UUID], booked: _Booked) -> None:
    for batch in in_batches(sales, SALES_AT_ONCE):
        asked = [_purchase(work, one, members) for one in batch]
        answers = confirm_purchases(program_id=work.program.id, requests=asked)
        _must_not_be_broken(answers)
        for one, answer in zip(batch, answers, strict=True):
            if isinstance(answer, Refusal):
                _refuse(one, answer, booked)
            else:
                booked.figures.count_sale(one.minor, len(one.lines), answer.decision)


def _take_back(work: _Import, returns: Sequence[FileReceipt], members: dict[str, UUID], booked: _Booked) -> None:
    for batch in in_batches(returns, RETURNS_AT_ONCE):
        asked = [_return(work, one, members) for one in batch]
        for one, answer in zip(batch, return_many(program_id=work.program.id, requests=asked), strict=True):
            if isinstance(answer, Refusal):
                _refuse(one, answer, booked)
            else:
                booked.figures.count_return(one.minor, len(one.lines), answer)


def _purchase(work: _Import, one: FileReceipt, members: dict[str, UUID]) -> PurchaseRequest:
    member = MemberRef(RefKind.ID, str(members[one.member])) if one.member else None
    return PurchaseRequest(
        work.source, one.number, IMPORT_ACTOR, work.at, receipt=receipt_of(one), member=member,
        language=work.program.language,
    )  # fmt: skip


def _return(work: _Import, one: FileReceipt, members: dict[str, UUID]) -> ReturnRequest:
    return ReturnRequest(
        work.source, one.number, IMPORT_ACTOR, one.at, member_id=members[one.member] if one.member else None,
        articles=articles_of(one), recorded_at=work.at, language=work.program.language,
    )  # fmt: skip


def _spelling(program: ProgramView, kind: str) -> Whose:
    """All spellings of one member's id go into one share; what is no id at all stays as it is."""

    @lru_cache(SPELLINGS_MAX)
    def spelling(text: str) -> str:
        try:
            return clean_identifier(program, kind, text) if text else text
        except Refusal:
            return text

    return spelling


def _names_member_well(work: _Import, one: FileReceipt, booked: _Booked) -> bool:
    """Brings the member's id into its stored form; a phone that is none makes the receipt unbookable."""
    if one.member:
        try:
            one.member = clean_identifier(work.program, work.reading.member_kind, one.member)
        except Refusal as refusal:
            booked.reject([Rejected(line, "member", refusal.code.value, cells) for line, cells, _ in one.rows])
            return False
    return True


def _first_seen(receipts: Sequence[FileReceipt]) -> dict[str, datetime]:
    seen: dict[str, datetime] = {}
    for one in receipts:
        if one.member:
            seen.setdefault(one.member, one.at)
    return seen


def _must_not_be_broken(answers: Sequence[object]) -> None:
    """When nothing at all can be booked it is not the file's fault: stop, before all of it goes to the report."""
    refusals = [answer for answer in answers if isinstance(answer, Refusal)]
    broken = [refusal for refusal in refusals if refusal.code is Code.LEDGER_INTEGRITY]
    if broken and len(broken) == len(answers):
        raise broken[0]


def _refuse(one: FileReceipt, refusal: Refusal, booked: _Booked) -> None:
    """What may succeed later must not be reported as impossible: the run stops and goes on when started again."""
    if refusal.code in {Code.BUSY, Code.RULEBOOK_MISSING}:
        raise refusal
    booked.reject(refused_rows(one, refusal))


def _close(work: _Import, run: Run[Figures]) -> None:
    """Points whose life is over when the file ends expire, at that moment; then the books are asked for their sums."""
    program_id, figures, last = work.program.id, run.progress.figures, run.progress.last
    if run.state is RunState.RUNNING:
        for code, units in (ended_points(program_id, last) if last else {}).items():
            figures.of(code).expired += units
        run.state = RunState.CLOSING
        save(program_id, run, at=work.at)
    if last:
        settle_due_lots(program_id=program_id, at=last)
    figures.members = members_of_source(program_id, work.source)
    for code, units in outstanding_points(program_id).items():
        figures.of(code).outstanding = units
    run.state = RunState.FINISHED
    save(program_id, run, at=work.at)


def _empty(program: ProgramView) -> Figures:
    """Zero in each of the program's points currencies, in its order."""
    with reading_program(program.id):
        rulebook = load_rulebook_version(program.id, program.rulebook_number)
    return Figures(points={code: PointsFigures() for code in rulebook.points})
