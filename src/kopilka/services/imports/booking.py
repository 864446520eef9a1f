"""A history booked into a program: through the same services the tills use, at the times the file tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from kopilka.bookkeeping.purchasing.requests import MemberRef, PurchaseRequest, PurchaseResult, RefKind
from kopilka.bookkeeping.returning.requests import ReturnRequest, ReturnResult
from kopilka.bookkeeping.rulebooks import load_rulebook_version
from kopilka.engine.actor import IMPORT_ACTOR
from kopilka.engine.money import CURRENCY_DIGITS
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.imports import ended_points, members_of_source, outstanding_points
from kopilka.queries.programs import ProgramView, program_by_id
from kopilka.queries.scope import reading as reading_program
from kopilka.services.expiry import settle_due_lots
from kopilka.services.imports.asking import articles_of, receipt_of, refused_rows
from kopilka.services.imports.columns import RECEIPT_FIELDS, Reading, parse_map
from kopilka.services.imports.enrolling import members_for
from kopilka.services.imports.figures import Figures, PointsFigures, Told
from kopilka.services.imports.reading import ReceiptFile, Skipped, Unreadable, open_receipts
from kopilka.services.imports.receipts import FileReceipt, Rejected
from kopilka.services.imports.rejects import RejectReport
from kopilka.services.imports.runs import Run, RunState, begin, identify, save
from kopilka.services.imports.scheduling import in_batches, rounds
from kopilka.services.imports.sharing import Sharers, sharers
from kopilka.services.imports.tables import hash_file
from kopilka.services.profiles import clean_identifier
from kopilka.services.purchases import confirm_purchases
from kopilka.services.returns import return_many

KIND = "receipts"
WINDOW_RECEIPTS = 1_000
SALES_AT_ONCE = 500
RETURNS_AT_ONCE = 100

Item = FileReceipt | Skipped | Unreadable


@dataclass(frozen=True, slots=True)
class Imported:
    """`finished_before`: this very file had been imported, so nothing was booked and the figures are zero.

    Otherwise the figures are of the whole file, also when an earlier run had begun it (`resumed`).
    """

    figures: Figures
    finished_before: bool
    resumed: bool


@dataclass(slots=True)
class _Import:
    """One run at work."""

    program: ProgramView
    source: str
    reading: Reading
    run: Run[Figures]
    rejects: RejectReport
    sharers: Sharers
    at: datetime

    @property
    def figures(self) -> Figures:
        return self.run.progress.figures


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
    with open_receipts(path, chosen, reading, CURRENCY_DIGITS[program.currency]) as file:
        run = begin(program_id, KIND, identity, path.name, _empty(program), at=at)
        if run.state is RunState.FINISHED:
            return Imported(_empty(program), finished_before=True, resumed=False)
        columns = parse_map(chosen, fields=RECEIPT_FIELDS, required=())
        rejects = RejectReport(report, file.header, columns, length=run.progress.report_length)
        with sharers() as several:
            work = _Import(program, source, reading, run, rejects, several, at)
            if run.state is RunState.RUNNING:
                _book_all(work, file, told)
    _close(work)
    return Imported(work.figures, finished_before=False, resumed=not run.is_new)


def _book_all(work: _Import, file: ReceiptFile, told: Told) -> None:
    for window in in_batches(file.receipts(work.run.progress.position), WINDOW_RECEIPTS):
        _book_window(work, window)
        progress = work.run.progress
        progress.position = window[-1].place
        progress.report_length = work.rejects.length
        save(work.program.id, work.run, at=work.at)
        told(progress.position, file.count)


def _book_window(work: _Import, window: Sequence[Item]) -> None:
    receipts: list[FileReceipt] = []
    for one in window:
        if isinstance(one, Skipped):
            work.figures.skipped_rows += one.rows
        elif isinstance(one, Unreadable):
            _reject(work, one.rows)
        elif _names_member_well(work, one):
            receipts.append(one)
    members = members_for(
        program_id=work.program.id,
        kind=work.reading.member_kind,
        first_seen=_first_seen(receipts),
        at=work.at,
    )
    for round_ in rounds(receipts):
        for sold in work.sharers.each(round_.sales, lambda share: _sell(work, share, members)):
            _count_sales(work, sold)
        for back in work.sharers.each(round_.returns, lambda share: _take_back(work, share, members)):
            _count_returns(work, back)
    moments = [one.at for one in receipts]
    if moments:
        work.run.progress.last = max([*moments, *filter(None, [work.run.progress.last])])


Sold = list[tuple[FileReceipt, PurchaseResult | Refusal]]
Back = list[tuple[FileReceipt, ReturnResult | Refusal]]


def _sell(work: _Import, share: Sequence[FileReceipt], members: dict[str, UUID]) -> Sold:
    done: Sold = []
    for batch in in_batches(share, SALES_AT_ONCE):
        asked = [_purchase(work, one, members) for one in batch]
        answers = confirm_purchases(program_id=work.program.id, requests=asked)
        _must_not_be_broken(answers)
        done += zip(batch, answers, strict=True)
    return done


def _take_back(work: _Import, share: Sequence[FileReceipt], members: dict[str, UUID]) -> Back:
    done: Back = []
    for batch in in_batches(share, RETURNS_AT_ONCE):
        asked = [_return(work, one, members) for one in batch]
        done += zip(batch, return_many(program_id=work.program.id, requests=asked), strict=True)
    return done


def _count_sales(work: _Import, done: Sold) -> None:
    for one, answer in done:
        if isinstance(answer, Refusal):
            _refuse(work, one, answer)
        else:
            work.figures.count_sale(one.minor, len(one.lines), answer.decision)


def _count_returns(work: _Import, done: Back) -> None:
    for one, answer in done:
        if isinstance(answer, Refusal):
            _refuse(work, one, answer)
        else:
            work.figures.count_return(one.minor, len(one.lines), answer)


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


def _names_member_well(work: _Import, one: FileReceipt) -> bool:
    """Brings the member's id into its stored form; a phone that is none makes the receipt unbookable."""
    if one.member:
        try:
            one.member = clean_identifier(work.program, work.reading.member_kind, one.member)
        except Refusal as refusal:
            _reject(work, [Rejected(line, "member", refusal.code.value, cells) for line, cells, _ in one.rows])
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


def _refuse(work: _Import, one: FileReceipt, refusal: Refusal) -> None:
    """What may succeed later must not be reported as impossible: the run stops and goes on when started again."""
    if refusal.code in {Code.BUSY, Code.RULEBOOK_MISSING}:
        raise refusal
    _reject(work, refused_rows(one, refusal))


def _reject(work: _Import, rows: list[Rejected]) -> None:
    work.rejects.add(rows)
    work.figures.rejected_rows += len(rows)


def _close(work: _Import) -> None:
    """Points whose life is over when the file ends expire, at that moment; then the books are asked for their sums."""
    run, program_id = work.run, work.program.id
    last = run.progress.last
    if run.state is RunState.RUNNING:
        for code, units in (ended_points(program_id, last) if last else {}).items():
            work.figures.of(code).expired += units
        run.state = RunState.CLOSING
        save(program_id, run, at=work.at)
    if last:
        settle_due_lots(program_id=program_id, at=last)
    work.figures.members = members_of_source(program_id, work.source)
    for code, units in outstanding_points(program_id).items():
        work.figures.of(code).outstanding = units
    run.state = RunState.FINISHED
    save(program_id, run, at=work.at)


def _empty(program: ProgramView) -> Figures:
    """Zero in each of the program's points currencies, in its order."""
    with reading_program(program.id):
        rulebook = load_rulebook_version(program.id, program.rulebook_number)
    return Figures(points={code: PointsFigures() for code in rulebook.points})
