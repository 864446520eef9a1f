"""Privileges in the books: opened by automations, inside the transaction of their deed."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.deeds import Doing
from kopilka.bookkeeping.documents import from_text, receipt_from_text
from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.data.models.privileges import Privilege
from kopilka.data.models.purchases import Purchase
from kopilka.engine.checks import selector
from kopilka.engine.mechanics import Automation, Unlock
from kopilka.engine.receipt import Line, Receipt
from kopilka.engine.returned import Returned, is_back


def unlock(doing: Doing, unlock: Unlock) -> None:
    """Open a locked promotion for the deed's member, from the moment of the purchase that is the cause, if one is.

    A purchase whose goods are back by now opens nothing; so a return and the deed may come in either order.
    """
    automation = doing.rulebook.mechanics.automations.get(doing.deed.rule)
    begins, lines = doing.at, ""
    bought = _purchase(doing.program_id, doing.deed.subject)
    if bought is not None:
        receipt, returned = bought
        numbers = _lines_of(automation, receipt)
        if is_back(numbers, {line.number: line.quantity for line in receipt.lines}, returned.lines):
            return
        begins, lines = receipt.at, " ".join(map(str, numbers))
        if automation is not None and not automation.wait.is_empty:
            begins = automation.wait.after(begins, doing.rulebook.zone)
    row = Privilege(
        program_id=doing.program_id, member_id=doing.deed.member_id, promotion=unlock.promotion, rule=doing.deed.rule,
        opened_at=begins, until=_end(unlock, begins, doing), times=unlock.times, deed_id=doing.deed.id,
        purchase_id=doing.deed.subject if bought else None, lines=lines,
    )  # fmt: skip
    row.save(force_insert=True)
    told = json.dumps({"promotion": unlock.promotion, "privilege": str(row.id)}, separators=(",", ":"))
    doing.outcome.events.append(Happened(EventKind.PRIVILEGE_OPENED, doing.deed.member_id, row.id, doing.at, told))


def _end(unlock: Unlock, begins: datetime, doing: Doing) -> datetime | None:
    return None if unlock.life.is_empty else unlock.life.after(begins, doing.rulebook.zone)


def _purchase(program_id: UUID, subject: UUID | None) -> tuple[Receipt, Returned] | None:
    if subject is None:
        return None
    row = Purchase.objects.of(program_id).filter(id=subject).values_list("receipt", "returned").first()
    if row is None:
        return None
    return receipt_from_text(row[0]), from_text(row[1], Returned) if row[1] else Returned()


def _lines_of(automation: Automation | None, receipt: Receipt) -> list[int]:
    """The numbers of the lines that made the automation work: those it asks for, or all."""
    sold: list[Line] = [line for line in receipt.lines if line.quantity > 0]
    if automation is not None and automation.lines is not None:
        selects = selector(automation.lines)
        sold = [line for line in sold if selects(line, [])]
    return [line.number for line in sold]
