"""Receipts of a file as the books ask for them."""

from __future__ import annotations

from kopilka.bookkeeping.returning.requests import Article
from kopilka.engine.receipt import Origin, Receipt
from kopilka.engine.refusal import Refusal
from kopilka.services.imports.receipts import FileReceipt
from kopilka.services.imports.rejects import Rejected

CHARGE = "charge:"
"""Before the article of a row that charges inside a return: so it is matched to nothing that was bought."""


def receipt_of(one: FileReceipt) -> Receipt:
    return Receipt(one.lines, one.at, branch=one.branch, till=one.till, staff=one.staff, origin=Origin.IMPORT)


def articles_of(one: FileReceipt) -> tuple[Article, ...]:
    """What was brought back. A row with a quantity above zero charges: its amount is counted against the refund.

    Rows without goods (quantity 0) are mute.
    """
    return tuple(
        Article(line.sku, line.quantity, line.amount - line.discount, line.name)
        if line.quantity > 0
        else Article(f"{CHARGE}{line.sku}", -line.quantity, line.amount - line.discount, line.name)
        for line in one.lines
        if line.quantity
    )


def refused_rows(one: FileReceipt, refusal: Refusal) -> list[Rejected]:
    """Every row of a receipt the books refused, with the refusal's code."""
    return [Rejected(line, "", refusal.code.value, cells) for line, cells, _ in one.rows]
