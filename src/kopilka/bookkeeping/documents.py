"""Decisions, receipts and answers as the compact texts that are stored, and back without loss.

Decisions and receipts are written by position, not by name, and promotions that did nothing for the same reason stand
in one list: a third of the bytes, and a row is written and kept for every purchase. `FORMAT` stands first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from hashlib import sha256
from operator import attrgetter
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

FORMAT = 1

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
    if isinstance(document, Decision):
        document = _written_decision(document)
    elif isinstance(document, Receipt):
        document = _written_receipt(document)
    return _encoder.encode(document).decode()


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
    _, lines, at, branch, till, staff, agent, brand, origin, codes, spend, certificates = _receipt_decoder().decode(
        text
    )
    sold = tuple(_RECEIPT_LINE.read(one) for one in lines)
    return Receipt(sold, at, branch, till, staff, agent, brand, origin, codes, _WISH.read(spend), certificates)


def from_text(text: str, kind: type[T]) -> T:
    """A stored value of any other kind, as `to_text` wrote it."""
    return msgspec.json.decode(text, type=kind)


def receipt_fingerprint(receipt: Receipt, member_id: UUID | None, *, final: bool) -> bytes:
    """SHA-256 of what was sold to whom, without the moment: tills that send no time get the server's each time."""
    _, lines, _, *rest = _written_receipt(receipt)
    return sha256(_encoder.encode((member_id, final, lines, rest))).digest()


def written_receipt(receipt: Receipt, member_id: UUID | None, *, final: bool) -> tuple[str, bytes]:
    """`to_text` and `receipt_fingerprint` of one receipt at once: its lines are written once for both."""
    form, lines, at, *rest = _written_receipt(receipt)
    sold = msgspec.Raw(_encoder.encode(lines))
    text = _encoder.encode((form, sold, at, *rest)).decode()
    return text, sha256(_encoder.encode((member_id, final, sold, rest))).digest()


class _Shape(Generic[T]):
    """A dataclass written as the list of its fields' values."""

    def __init__(self, kind: type[T]) -> None:
        self._names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
        self.write: Callable[[T], tuple[Any, ...]] = attrgetter(*self._names)
        self._kind = kind

    def row(self) -> Any:
        """The type of such a list. Asked for at first use: compiled classes learn theirs last."""
        hints = get_type_hints(self._kind)
        return tuple[tuple(hints[name] for name in self._names)]  # type: ignore[misc]

    def read(self, row: tuple[Any, ...]) -> T:
        return self._kind(*row)


_LINE, _FISCAL, _TOTALS = _Shape(PricedLine), _Shape(FiscalLine), _Shape(Totals)
_SPEND, _DRAW, _LOT, _CARRY = _Shape(SpendPlan), _Shape(DrawPlan), _Shape(LotPlan), _Shape(Carry)
_REASON, _RECEIPT_LINE, _WISH = _Shape(Reason), _Shape(Line), _Shape(SpendWish)

_BEYOND, _HINT = tuple(field.name for field in fields(Beyond)), tuple(field.name for field in fields(Hint))

# A printed line that bears its receipt line's own article: number, quantity, price, total, counter.
_OWN_FISCAL = attrgetter("line", "quantity", "price", "total", "counter")
# Promotions that did nothing for one reason: why, detail, their codes.
_ALIKE = tuple[Why, str, list[str]]


def _written_decision(decision: Decision) -> tuple[Any, ...]:
    return (
        FORMAT, decision.version, decision.fingerprint, decision.at, decision.member, decision.tier,
        _TOTALS.write(decision.totals), [_LINE.write(line) for line in decision.lines], _written_fiscal(decision),
        [_SPEND.write(plan) for plan in decision.spend], [_DRAW.write(plan) for plan in decision.draws],
        [_LOT.write(plan) for plan in decision.lots], [_CARRY.write(carry) for carry in decision.carry],
        decision.coupons, decision.coupons_refused, decision.prompts, _written_reasons(decision.reasons),
        decision.tier_after, _written_beyond(decision.beyond),
    )  # fmt: skip


def _written_beyond(beyond: Beyond | None) -> dict[str, Any] | None:
    """By name, and only what there is: of its many kinds of things a purchase has one or two."""
    if beyond is None:
        return None
    found: dict[str, Any] = {name: value for name in _BEYOND if (value := getattr(beyond, name))}
    if beyond.hints:
        found["hints"] = [{name: value for name in _HINT if (value := getattr(hint, name))} for hint in beyond.hints]
    return found


def _written_receipt(receipt: Receipt) -> tuple[Any, ...]:
    return (
        FORMAT, [_RECEIPT_LINE.write(line) for line in receipt.lines], receipt.at, receipt.branch, receipt.till,
        receipt.staff, receipt.agent, receipt.brand, receipt.origin, receipt.codes, _WISH.write(receipt.spend),
        receipt.certificates,
    )  # fmt: skip


def _written_fiscal(decision: Decision) -> list[tuple[Any, ...]]:
    sold = {line.number: line for line in decision.lines}
    rows: list[tuple[Any, ...]] = []
    for line in decision.fiscal:
        own = sold.get(line.line)
        same = (
            own is not None
            and own.sku == line.sku
            and own.name == line.name
            and own.vat == line.vat
            and own.gift is line.gift
        )
        rows.append(_OWN_FISCAL(line) if same else _FISCAL.write(line))
    return rows


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
    rows: list[tuple[Any, ...]] = []
    why: Why | None = None
    detail, codes = "", [""]
    for reason in reasons:
        if reason.den or reason.amount or reason.line or reason.num:
            rows.append(_REASON.write(reason))
            why = None
        elif reason.why is why and reason.detail == detail:
            codes.append(reason.rule)
        else:
            why, detail, codes = reason.why, reason.detail, [reason.rule]
            rows.append((why, detail, codes))
    return rows


def _read_reasons(rows: list[list[Any]]) -> list[Reason]:
    found: list[Reason] = []
    for row in rows:
        if len(row) == len(_ALIKE.__args__):  # type: ignore[attr-defined]
            why, detail, codes = row
            found += [Reason(Why(why), code, detail=detail) for code in codes]
        else:
            found.append(Reason(Why(row[0]), *row[1:]))
    return found


def _many(shape: _Shape[Any]) -> Any:
    return list[shape.row()]  # type: ignore[misc]


_TEXTS, _ROWS = list[str], list[list[Any]]


@cache
def _decision_decoder() -> msgspec.json.Decoder[tuple[Any, ...]]:
    parts = (
        int, int, str, datetime, UUID | None, str, _TOTALS.row(), _many(_LINE), _ROWS, _many(_SPEND), _many(_DRAW),
        _many(_LOT), _many(_CARRY), _TEXTS, _TEXTS, _TEXTS, _ROWS, str, Beyond | None,
    )  # fmt: skip
    return msgspec.json.Decoder(tuple[parts])  # type: ignore[valid-type]


@cache
def _receipt_decoder() -> msgspec.json.Decoder[tuple[Any, ...]]:
    parts = (
        int, _many(_RECEIPT_LINE), datetime, str, str, str, str, str, Origin, tuple[str, ...], _WISH.row(),
        tuple[CertificateWish, ...],
    )  # fmt: skip
    return msgspec.json.Decoder(tuple[parts])  # type: ignore[valid-type]
