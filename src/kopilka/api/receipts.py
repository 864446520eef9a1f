"""From the body of a quote or a purchase to the engine's receipt: units, limits, texts in one form."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from kopilka.api.schemas.receipts import LineIn, ReceiptIn, SpendIn
from kopilka.engine.actor import Actor
from kopilka.engine.contacts import clean_text
from kopilka.engine.coupons import normal_word
from kopilka.engine.money import CURRENCY_DIGITS, MAX_MINOR, PRICE_SCALE, QUANTITY_SCALE, half_up
from kopilka.engine.receipt import ArticleKind, Line, Origin, Receipt, SpendMode, SpendWish
from kopilka.engine.refusal import Code, Refusal

_GOODS, _SERVICE = ArticleKind.GOODS, ArticleKind.SERVICE
_PERCENT_STEPS = 100


def receipt_of(data: ReceiptIn, *, currency: str, by: Actor, at: datetime) -> Receipt:
    """The receipt's facts; `at` stands where the till told no time. Refusal with the field that is wrong."""
    if data.currency is not None and data.currency != currency:
        raise Refusal(Code.CURRENCY_MISMATCH, expected=currency, given=data.currency)
    if not data.lines:
        raise Refusal(Code.MISSING, field="lines")
    step = PRICE_SCALE // int(10 ** CURRENCY_DIGITS[currency])
    lines = tuple(_line(line, number, step) for number, line in enumerate(data.lines, 1))
    _check_numbers(lines)
    _check_total(lines, data.total_minor)
    return Receipt(
        lines=lines,
        at=data.occurred_at or at,
        branch=_bound(data.branch, by.branch, "branch"),
        till=till_of(data.till, by),
        staff=clean_label(data.staff, "staff"),
        agent=clean_label(data.agent, "agent"),
        brand=clean_label(data.brand, "brand"),
        origin=Origin(data.origin),
        codes=tuple(dict.fromkeys(normal_word(clean_label(code, "codes")) for code in data.codes)),
        spend=_wish(data.spend),
    )


def source_of(till: str, by: Actor) -> str:
    """Whose numbers receipts have: the till's; without one, those of the key's owner."""
    return f"till:{till}" if till else f"key:{by.id}"


def till_of(given: str, by: Actor) -> str:
    return _bound(given, by.till, "till")


def _line(line: LineIn, place: int, step: int) -> Line:
    """`step` parts of a price make one minor unit, and prices are whole minor units here."""
    quantity = line.quantity * QUANTITY_SCALE if isinstance(line.quantity, int) else _decimal(line.quantity, place)
    price = line.price * step
    amount = half_up(line.price * quantity, QUANTITY_SCALE)
    if amount > MAX_MINOR:
        raise Refusal(Code.OUT_OF_RANGE, field=f"lines[{place - 1}].price", minimum=0, maximum=MAX_MINOR)
    if line.discount_minor > amount:
        raise Refusal(Code.OUT_OF_RANGE, field=f"lines[{place - 1}].discount_minor", minimum=0, maximum=amount)
    return Line(
        number=line.line or place,
        sku=must_say_something(line.sku, "sku"),
        quantity=quantity,
        price=price,
        amount=amount,
        discount=line.discount_minor,
        name=clean_label(line.name, "name"),
        category=clean_label(line.category, "category"),
        brand=clean_label(line.brand, "brand"),
        tags=tuple(clean_label(tag, "tags") for tag in line.tags) if line.tags else (),
        kind=_GOODS if line.kind == "goods" else _SERVICE,
        vat=None if line.vat is None else _percent(line.vat, place),
        cost=None if line.cost is None else line.cost * step,
        min_price=None if line.min_price is None else line.min_price * step,
    )


def _decimal(text: str, place: int) -> int:
    return quantity_of(text, f"lines[{place - 1}].quantity")


def quantity_of(value: str | int, field: str) -> int:
    """Thousandths; the type allows only short ASCII decimals and positive integers."""
    thousandths = value * QUANTITY_SCALE if isinstance(value, int) else thousandths_of(value)
    if thousandths <= 0:
        raise Refusal(Code.OUT_OF_RANGE, field=field, minimum="0.001", maximum="9999999.999")
    return thousandths


def thousandths_of(text: str) -> int:
    """ "1.5" is 1500. Python's `$` also matches before a last line break, which the type therefore lets through."""
    whole, _, part = text.rstrip("\n").partition(".")
    return int(whole) * QUANTITY_SCALE + int(part.ljust(3, "0"))


def _percent(value: str | int, place: int) -> int:
    """Hundredths of a percent, at most the whole."""
    if isinstance(value, int):
        return value * _PERCENT_STEPS
    whole, _, part = value.rstrip("\n").partition(".")
    hundredths = int(whole) * _PERCENT_STEPS + int(part.ljust(2, "0"))
    if hundredths > 100 * _PERCENT_STEPS:
        raise Refusal(Code.OUT_OF_RANGE, field=f"lines[{place - 1}].vat", minimum=0, maximum=100)
    return hundredths


def must_say_something(text: str, field: str) -> str:
    """A cleaned text that is not empty."""
    cleaned = clean_label(text, field)
    if not cleaned:
        raise Refusal(Code.INVALID, field=field, reason="empty")
    return cleaned


def clean_label(text: str, field: str) -> str:
    """The text as it will be compared and printed. Plain ASCII, which most are, is told apart in no time."""
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text.strip(" ")
    return clean_text(text, field=field, length_max=200)


def _bound(given: str, of_key: str, field: str) -> str:
    """A key that belongs to a till (or a branch) speaks for no other one."""
    text = clean_label(given, field)
    if of_key and text and text != of_key:
        raise Refusal(Code.INVALID, field=field, reason="not_of_this_key")
    return text or of_key


def _wish(spend: SpendIn) -> SpendWish:
    mode = SpendMode(spend.mode)
    if mode is SpendMode.AMOUNT:
        if spend.points is None:
            raise Refusal(Code.MISSING, field="spend.points")
        return SpendWish(mode, spend.points, spend.currency)
    if spend.points is not None:
        raise Refusal(Code.INVALID, field="spend.points", reason="only_with_amount")
    return SpendWish(mode, 0, spend.currency)


def _check_numbers(lines: tuple[Line, ...]) -> None:
    if len({line.number for line in lines}) != len(lines):
        raise Refusal(Code.INVALID, field="lines", reason="line_twice")


def _check_total(lines: tuple[Line, ...], stated: int | None) -> None:
    total = sum(line.amount - line.discount for line in lines)
    if stated is not None and stated != total:
        raise Refusal(Code.TOTAL_MISMATCH, expected=total, given=stated)
    if sum(line.amount for line in lines) > MAX_MINOR:
        raise Refusal(Code.OUT_OF_RANGE, field="lines", minimum=0, maximum=MAX_MINOR)
