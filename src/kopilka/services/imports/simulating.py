"""What a rulebook would have made of a history: the what-if of a draft program."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from kopilka.bookkeeping.returning.requests import ReturnRequest
from kopilka.bookkeeping.rulebooks import check_rulebook
from kopilka.engine.actor import IMPORT_ACTOR
from kopilka.engine.money import CURRENCY_DIGITS
from kopilka.engine.refusal import Refusal
from kopilka.services.imports.asking import articles_of, receipt_of, refused_rows
from kopilka.services.imports.columns import RECEIPT_FIELDS, Reading, parse_map
from kopilka.services.imports.figures import Figures, PointsFigures, Told
from kopilka.services.imports.reading import ReceiptFile, Skipped, Unreadable, open_receipts
from kopilka.services.imports.receipts import FileReceipt
from kopilka.services.imports.rehearsing import Rehearsal
from kopilka.services.imports.rejects import RejectReport

SOURCE = "file"


def simulate_receipts(
    *,
    path: Path,
    rulebook_source: str,
    chosen: str,
    reading: Reading,
    report: Path,
    told: Told = lambda _done, _of: None,
) -> Figures:
    """Play a file of receipts by a rulebook; rows that cannot be read go to `report`. Nothing else is written."""
    rulebook = check_rulebook(rulebook_source).rulebook
    figures = Figures(points={code: PointsFigures() for code in rulebook.points})
    with (
        TemporaryDirectory(prefix="kopilka-simulate-") as folder,
        open_receipts(path, chosen, reading, CURRENCY_DIGITS[rulebook.currency]) as file,
    ):
        columns = parse_map(chosen, fields=RECEIPT_FIELDS, required=())
        rejects = RejectReport(report, file.header, columns)
        rehearsal = Rehearsal(rulebook, Path(folder), returns=bool(reading.return_prefix))
        try:
            last = _play_all(file, rehearsal, figures, rejects, told)
            _close(figures, rehearsal, last)
        finally:
            rehearsal.close()
    figures.rejected_rows = rejects.count
    return figures


def _play_all(file: ReceiptFile, rehearsal: Rehearsal, figures: Figures, rejects: RejectReport, told: Told) -> datetime:
    last = datetime.min.replace(tzinfo=UTC)
    for one in file.receipts():
        if isinstance(one, Skipped):
            figures.skipped_rows += one.rows
        elif isinstance(one, Unreadable):
            rejects.add(one.rows)
        else:
            last = max(last, one.at)
            refused = _play(one, rehearsal, figures)
            if refused is not None:
                rejects.add(refused_rows(one, refused))
        told(one.place, file.count)
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
