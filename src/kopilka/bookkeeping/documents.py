"""Decisions, receipts and answers as the compact texts that are stored, and back without loss.

Decisions and receipts are written by position, not by name, and steps of a trace that say the same stand in one list:
a third of the bytes, and a row is written and kept for every purchase. `FORMAT` stands first.

Each value's fields are written out here in its own order: reading them by a list of names takes five times as long.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any, Generic, TypeVar, get_type_hints
from uuid import UUID

import msgspec

from kopilka.engine.decision import (
    Beyond,
    Carry,
    Decision,
    DrawPlan,
    FiscalLine,
    Hint,
    LotPlan,
    PricedLine,
    Reason,
    SpendPlan,
    Totals,
    Why,
)
from kopilka.engine.receipt import CertificateWish, Line, Origin, Receipt, SpendWish

FORMAT = 2

T = TypeVar("T")

_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Balance:
    """One wallet after an operation, in the currency's smallest unit."""

    available: int
    pending: int
    held: int
    debt: int


@dataclass(frozen=True, slots=True)
class PurchaseAnswer:
    """What a repetition cannot read from the decision: the state given at first, and the balances then."""

    state: str
    balances: dict[str, Balance]


def to_text(document: object) -> str:
    """The text of a decision, a receipt or any other plain value."""
    return to_bytes(document).decode()


def to_bytes(document: object) -> bytes:
    """The same text as UTF-8, as columns that hold documents are given it."""
    if isinstance(document, Decision):
        return _encoder.encode(_written_decision(document))
    if isinstance(document, Receipt):
        return WrittenReceipt(document).text
    if isinstance(document, PurchaseAnswer):
        return _encoder.encode(_written_answer(document))
    return _encoder.encode(document)


def decision_from_text(text: str) -> Decision:
    row = _decision_decoder().decode(text)
    (
        _, version, fingerprint, at, member, tier, totals, lines, fiscal, spend, draws, lots, carry, coupons, refused,
        prompts, reasons, tier_after, beyond,
    ) = row  # fmt: skip
    sold = [_LINE.read(one) for one in lines]
    return Decision(
        version, fingerprint, at, member, tier, _TOTALS.read(totals), sold, _read_fiscal(fiscal, sold),
        [_SPEND.read(one) for one in spend], [_DRAW.read(one) for one in draws], [_LOT.read(one) for one in lots],
        [_CARRY.read(one) for one in carry], coupons, refused, prompts, _read_reasons(reasons), tier_after,
        beyond,
    )  # fmt: skip


def receipt_from_text(text: str) -> Receipt:
    _, at, lines, branch, till, staff, agent, brand, origin, codes, spend, certificates = _receipt_decoder().decode(
        text
    )
    sold = tuple(_RECEIPT_LINE.read(one) for one in lines)
    return Receipt(sold, at, branch, till, staff, agent, brand, origin, codes, _WISH.read(spend), certificates)


def from_text(text: str, kind: type[T]) -> T:
    """A stored value of any other kind, as `to_text` wrote it."""
    return msgspec.json.decode(text, type=kind)


def receipt_fingerprint(receipt: Receipt, member_id: UUID | None, *, final: bool) -> bytes:
    """SHA-256 of what was sold to whom, without the moment: tills that send no time get the server's each time."""
    return _fingerprint(_written_receipt(receipt), member_id, final)


class WrittenReceipt:
    """A receipt as it is stored, with what it is recognised by: it is written once for both, before anything is read.

    The fingerprint made last is remembered: who buys is known ahead where he is named by his id.
    """

    def __init__(self, receipt: Receipt) -> None:
        self.receipt = receipt
        self._written = _written_receipt(receipt)
        self.text = _stamped(receipt, self._written)
        self._digest: bytes | None = None
        self._member_id: UUID | None = None
        self._final = True

    def fingerprint(self, member_id: UUID | None, *, final: bool) -> bytes:
        """`receipt_fingerprint` of this receipt."""
        digest = self._digest
        if digest is None or final is not self._final or not _is_same_member(member_id, self._member_id):
            digest = self._digest = _fingerprint(self._written, member_id, final)
            self._member_id, self._final = member_id, final
        return digest


def _is_same_member(one: UUID | None, other: UUID | None) -> bool:
    """By number: to compare ids as such is interpreted."""
    return one is other or (one is not None and other is not None and one.int == other.int)


class _Shape(Generic[T]):
    """A dataclass written as the list of its fields' values, being read."""

    def __init__(self, kind: type[T]) -> None:
        self._names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
        self._kind = kind

    def row(self) -> Any:
        """The type of such a list. Asked for at first use: compiled classes learn theirs last."""
        hints = get_type_hints(self._kind)
        return tuple[tuple(hints[name] for name in self._names)]  # type: ignore[misc]

    def read(self, row: tuple[Any, ...]) -> T:
        return self._kind(*row)


_LINE, _TOTALS = _Shape(PricedLine), _Shape(Totals)
_SPEND, _DRAW, _LOT, _CARRY = _Shape(SpendPlan), _Shape(DrawPlan), _Shape(LotPlan), _Shape(Carry)
_RECEIPT_LINE, _WISH = _Shape(Line), _Shape(SpendWish)

_BEYOND, _HINT = tuple(field.name for field in fields(Beyond)), tuple(field.name for field in fields(Hint))


def _written_decision(decision: Decision) -> tuple[Any, ...]:
    totals = decision.totals
    return (
        FORMAT, decision.version, decision.fingerprint, decision.at, decision.member, decision.tier,
        (totals.amount, totals.manual, totals.discount, totals.net, totals.points, totals.paid),
        [_written_priced(line) for line in decision.lines], _written_fiscal(decision),
        [(one.currency, one.units, one.minor, one.units_max, one.limited_by) for one in decision.spend],
        [(one.lot, one.currency, one.units) for one in decision.draws],
        [
            (one.currency, one.units, one.starts_at, one.expires_at, one.pending, one.num, one.den)
            for one in decision.lots
        ],
        [(one.currency, one.num, one.den) for one in decision.carry],
        decision.coupons, decision.coupons_refused, decision.prompts, _written_reasons(decision.reasons),
        decision.tier_after, _written_beyond(decision.beyond),
    )  # fmt: skip


def _written_priced(line: PricedLine) -> tuple[Any, ...]:
    return (
        line.number, line.sku, line.name, line.quantity, line.price, line.amount, line.manual, line.net, line.points,
        line.paid, line.vat, line.gift, line.discounts, line.spent, line.earned,
    )  # fmt: skip


def _written_beyond(beyond: Beyond | None) -> dict[str, Any] | None:
    """By name, and only what there is: of its many kinds of things a purchase has one or two."""
    if beyond is None:
        return None
    values = (
        beyond.shares, beyond.privileges, beyond.issued, beyond.claims, beyond.segments, beyond.certificates,
        [_written_hint(hint) for hint in beyond.hints], beyond.bounded, beyond.refused, beyond.certificates_sold,
    )  # fmt: skip
    return {name: value for name, value in zip(_BEYOND, values, strict=True) if value}


def _written_hint(hint: Hint) -> dict[str, Any]:
    values = (hint.tell, hint.code, hint.until, hint.count, hint.amount, hint.detail)
    return {name: value for name, value in zip(_HINT, values, strict=True) if value}


def _written_receipt(receipt: Receipt) -> bytes:
    """All of it but the moment."""
    lines = [
        (
            line.number, line.sku, line.quantity, line.price, line.amount, line.discount, line.name, line.category,
            line.brand, line.tags, line.kind, line.vat, line.cost, line.min_price,
        )
        for line in receipt.lines
    ]  # fmt: skip
    wish = receipt.spend
    return _encoder.encode(
        (
            lines, receipt.branch, receipt.till, receipt.staff, receipt.agent, receipt.brand, receipt.origin,
            receipt.codes, (wish.mode, wish.units, wish.currency), receipt.certificates,
        )
    )  # fmt: skip


def _stamped(receipt: Receipt, written: bytes) -> bytes:
    """The list that is stored: format and moment stand before the rest."""
    return _encoder.encode((FORMAT, receipt.at))[:-1] + b"," + written[1:]


def _fingerprint(written: bytes, member_id: UUID | None, final: bool) -> bytes:  # noqa: FBT001 - a part of it
    return sha256(_encoder.encode((member_id, final)) + written).digest()


def _written_answer(answer: PurchaseAnswer) -> dict[str, Any]:
    balances = {
        code: {"available": one.available, "pending": one.pending, "held": one.held, "debt": one.debt}
        for code, one in answer.balances.items()
    }
    return {"state": answer.state, "balances": balances}


def _written_fiscal(decision: Decision) -> list[tuple[Any, ...]]:
    """A printed line that bears its receipt line's own article needs not say it again."""
    sold = {line.number: line for line in decision.lines}
    rows: list[tuple[Any, ...]] = []
    for line in decision.fiscal:
        own = sold.get(line.line)
        if own is not None and _is_same_article(own, line):
            rows.append((line.line, line.quantity, line.price, line.total, line.counter))
        else:
            rows.append(
                (
                    line.line, line.sku, line.name, line.quantity, line.price, line.total, line.counter, line.vat,
                    line.gift,
                )
            )  # fmt: skip
    return rows


def _is_same_article(sold: PricedLine, printed: FiscalLine) -> bool:
    return (
        sold.sku == printed.sku and sold.name == printed.name and sold.vat == printed.vat and sold.gift is printed.gift
    )


_FISCAL_CELLS = len(fields(FiscalLine))


def _read_fiscal(rows: list[list[Any]], lines: list[PricedLine]) -> list[FiscalLine]:
    sold = {line.number: line for line in lines}
    found: list[FiscalLine] = []
    for row in rows:
        if len(row) == _FISCAL_CELLS:
            found.append(FiscalLine(*row))
        else:
            number, quantity, price, total, counter = row
            own = sold[number]
            found.append(FiscalLine(number, own.sku, own.name, quantity, price, total, counter, own.vat, own.gift))
    return found


def _written_reasons(reasons: list[Reason]) -> list[tuple[Any, ...]]:
    """Steps with one reason and detail that follow each other stand in one list: a step that moved something with its
    figures, one that did nothing as its promotion's code."""
    rows: list[tuple[Any, ...]] = []
    why: Why | None = None
    detail, steps = "", list[Any]()
    for reason in reasons:
        if reason.why is not why or reason.detail != detail:
            why, detail, steps = reason.why, reason.detail, []
            rows.append((why, detail, steps))
        if reason.den or reason.amount or reason.line or reason.num:
            steps.append((reason.rule, reason.line, reason.amount, reason.num, reason.den))
        else:
            steps.append(reason.rule)
    return rows


def _read_reasons(rows: list[tuple[Why, str, list[Any]]]) -> list[Reason]:
    found: list[Reason] = []
    for why, detail, steps in rows:
        for step in steps:
            if isinstance(step, str):
                found.append(Reason(why, step, detail=detail))
            else:
                rule, line, amount, num, den = step
                found.append(Reason(why, rule, line, amount, detail, num, den))
    return found


def _many(shape: _Shape[Any]) -> Any:
    return list[shape.row()]  # type: ignore[misc]


_TEXTS, _ROWS = list[str], list[list[Any]]


@cache
def _decision_decoder() -> msgspec.json.Decoder[tuple[Any, ...]]:
    parts = (
        int, int, str, datetime, UUID | None, str, _TOTALS.row(), _many(_LINE), _ROWS, _many(_SPEND), _many(_DRAW),
        _many(_LOT), _many(_CARRY), _TEXTS, _TEXTS, _TEXTS, list[tuple[Why, str, list[Any]]], str, Beyond | None,
    )  # fmt: skip
    return msgspec.json.Decoder(tuple[parts])  # type: ignore[valid-type]


@cache
def _receipt_decoder() -> msgspec.json.Decoder[tuple[Any, ...]]:
    parts = (
        int, datetime, _many(_RECEIPT_LINE), str, str, str, str, str, Origin, tuple[str, ...], _WISH.row(),
        tuple[CertificateWish, ...],
    )  # fmt: skip
    return msgspec.json.Decoder(tuple[parts])  # type: ignore[valid-type]
