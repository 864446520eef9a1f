"""What a key or a button does to the receipt as typed: values in, values out."""

from __future__ import annotations

from dataclasses import replace

from kopilka.engine.money import QUANTITY_SCALE
from kopilka.engine.typed import QUANTITY_MAX
from kopilka.queries.articles import ArticleView
from kopilka.services.open_receipts import DraftLine, How, OpenReceiptView, ReceiptDraft, Spend

LINES_MAX = 500
CODES_MAX = 20
STEP_POINTS = 10
"""Whole points that + and - add and take."""


def with_article(draft: ReceiptDraft, article: ArticleView, quantity: int = QUANTITY_SCALE) -> ReceiptDraft:
    """One more of an article that stands on the receipt already goes to its line."""
    for place, line in enumerate(draft.lines):
        if line.sku == article.sku and line.price == article.price:
            return with_quantity(draft, place, line.quantity + quantity)
    if len(draft.lines) >= LINES_MAX:
        return draft
    line = DraftLine(
        article.sku, article.name, article.price, quantity, article.category, article.brand, article.kind, article.vat
    )
    return replace(draft, lines=(*draft.lines, line))


def with_quantity(draft: ReceiptDraft, place: int, quantity: int) -> ReceiptDraft:
    """So many thousandths of that line; none of it takes the line away. An unknown line changes nothing."""
    if not 0 <= place < len(draft.lines) or quantity > QUANTITY_MAX:
        return draft
    kept = [replace(draft.lines[place], quantity=quantity)] if quantity > 0 else []
    return replace(draft, lines=(*draft.lines[:place], *kept, *draft.lines[place + 1 :]))


def one_more(draft: ReceiptDraft, place: int, pieces: int) -> ReceiptDraft:
    if not 0 <= place < len(draft.lines):
        return draft
    return with_quantity(draft, place, draft.lines[place].quantity + pieces * QUANTITY_SCALE)


def with_code(draft: ReceiptDraft, word: str) -> ReceiptDraft:
    if word in draft.codes or len(draft.codes) >= CODES_MAX:
        return draft
    return replace(draft, codes=(*draft.codes, word))


def without_code(draft: ReceiptDraft, word: str) -> ReceiptDraft:
    return replace(draft, codes=tuple(code for code in draft.codes if code != word))


def paying(draft: ReceiptDraft, units: int) -> ReceiptDraft:
    """So many smallest units of points; none is none."""
    return replace(draft, spend=Spend.SOME if units > 0 else Spend.NONE, units=max(0, units))


def step_back(receipt: OpenReceiptView) -> ReceiptDraft | None:
    """One thing less: the points, then the amount, the last line, the last code. None: only the member is left."""
    draft = receipt.document
    if draft.spend is not Spend.NONE:
        return paying(draft, 0)
    if draft.amount_minor is not None:
        return replace(draft, amount_minor=None)
    if draft.lines:
        return replace(draft, lines=draft.lines[:-1])
    if draft.codes:
        return replace(draft, codes=draft.codes[:-1])
    return replace(draft, paper="") if draft.paper else None


def is_begun(receipt: OpenReceiptView | None) -> bool:
    """Is there anything on it a cashier would miss?"""
    return receipt is not None and (
        receipt.member_id is not None or receipt.how is How.NOBODY or receipt.document != ReceiptDraft()
    )
