"""What a rulebook would have made of a history: the what-if of a draft program."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from kopilka.bookkeeping.returning.requests import ReturnRequest
from kopilka.bookkeeping.rulebooks import check_rulebook
from kopilka.engine.actor import IMPORT_ACTOR
from kopilka.engine.money import CURRENCY_DIGITS
from kopilka.engine.refusal import Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.services.imports.asking import articles_of, receipt_of, refused_rows
from kopilka.services.imports.columns import RECEIPT_FIELDS, Reading, parse_map
from kopilka.services.imports.figures import Figures, PointsFigures, Told
from kopilka.services.imports.processes import TOLD_EACH, Line, processors, work_on_shares
from kopilka.services.imports.reading import ReceiptFile, Skipped, Unreadable, open_receipts
from kopilka.services.imports.receipts import FileReceipt
from kopilka.services.imports.rehearsing import Rehearsal
from kopilka.services.imports.rejects import RejectReport

SOURCE = "file"
SHARED_FROM = 10_000
"""Receipts from which a second process pays for being started."""


def simulate_receipts(
    *,
    path: Path,
    rulebook_source: str,
    chosen: str,
    reading: Reading,
    report: Path,
    told: Told = lambda _done, _of: None,
    shares: int = 0,
) -> Figures:
    """Play a file of receipts by a rulebook; rows that cannot be read go to `report`. Nothing else is written.

    A long file is played in as many processes as there are processors (or `shares`), each with its own members.
    Where `reading` names no zone the times are the rulebook's.
    """
    rulebook = check_rulebook(rulebook_source).rulebook
    reading = reading if reading.timezone else replace(reading, timezone=rulebook.zone.key)
    with open_receipts(path, chosen, reading, CURRENCY_DIGITS[rulebook.currency]) as file:
        columns = parse_map(chosen, fields=RECEIPT_FIELDS, required=())
        rejects = RejectReport(report, file.header, columns)
        figures = Figures(points={code: PointsFigures() for code in rulebook.points})
        several = shares or (processors() if file.count >= SHARED_FROM else 1)
        done = 0

        def tell(more: int) -> None:
            nonlocal done
            done += more
            told(done, file.count)

        for found in work_on_shares(
            several,
            lambda share, line: _play_share(file, rulebook, share, several, line),
            tell=tell,
            reject=rejects.add,
        ):
            figures.add(found)
    figures.rejected_rows = rejects.count
    return figures


def _play_share(file: ReceiptFile, rulebook: Rulebook, share: int, of: int, line: Line) -> Figures:
    figures = Figures()
    with TemporaryDirectory(prefix="kopilka-simulate-") as folder:
        rehearsal = Rehearsal(rulebook, Path(folder), returns=bool(file.reader.return_prefix))
        try:
            last = _play_all(file, rehearsal, figures, share, of, line)
            _close(figures, rehearsal, line.agree(last))
        finally:
            rehearsal.close()
    return figures


def _play_all(file: ReceiptFile, rehearsal: Rehearsal, figures: Figures, share: int, of: int, line: Line) -> datetime:
    last = datetime.min.replace(tzinfo=UTC)
    mine = file.again() if of > 1 else file
    for number, one in enumerate(mine.receipts(share=share, of=of), start=1):
        if isinstance(one, Skipped):
            figures.skipped_rows += one.rows
        elif isinstance(one, Unreadable):
            line.reject(one.rows)
        else:
            last = max(last, one.at)
            refused = _play(one, rehearsal, figures)
            if refused is not None:
                line.reject(refused_rows(one, refused))
        if number % TOLD_EACH == 0:
            line.tell(TOLD_EACH)
    return last


def _play(one: FileReceipt, rehearsal: Rehearsal, figures: Figures) -> Refusal | None:
    if not one.is_return:
        try:
            decision = rehearsal.sell(receipt_of(one), one.member)
        except Refusal as refusal:
            return refusal
        figures.count_sale(one.minor, len(one.lines), decision)
        return None
    asked = ReturnRequest(SOURCE, one.number, IMPORT_ACTOR, one.at, articles=articles_of(one))
    result = rehearsal.take_back(asked, one.member)
    if isinstance(result, Refusal):
        return result
    figures.count_return(one.minor, len(one.lines), result)
    return None


def _close(figures: Figures, rehearsal: Rehearsal, last: datetime) -> None:
    """Points whose life was over when the file ends have expired."""
    figures.members = rehearsal.members
    held = rehearsal.outstanding()
    for code, units in rehearsal.expired_by(last).items():
        figures.of(code).expired += units
        held[code] = held.get(code, 0) - units
    for code, units in held.items():
        figures.of(code).outstanding = units
