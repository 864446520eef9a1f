"""From the body of a quote or a purchase to the engine's receipt: units, limits, texts in one form."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

import msgspec

from kopilka.api.faults import Fault, Problem
from kopilka.api.schemas.fields import PERCENT
from kopilka.api.schemas.receipts import CertificateIn, LineIn, ReceiptIn, SpendIn
from kopilka.bookkeeping.certificates import mark_of_pin, normal_number
from kopilka.engine.actor import Actor
from kopilka.engine.contacts import clean_text
from kopilka.engine.coupons import normal_word
from kopilka.engine.money import CURRENCY_DIGITS, MAX_MINOR, PRICE_SCALE, QUANTITY_SCALE, half_up
from kopilka.engine.receipt import ArticleKind, CertificateWish, Line, Origin, Receipt, SpendMode, SpendWish
from kopilka.engine.refusal import Code, Refusal

_GOODS = ArticleKind.GOODS
_MODES = {mode.value: mode for mode in SpendMode}
_ORIGINS = {origin.value: origin for origin in Origin}
_NO_SPENDING = SpendWish()
_PERCENT_STEPS = 100
_PERCENTS: dict[str | int, int] = {str(whole): whole * _PERCENT_STEPS for whole in range(1, 101)}
"""Rates of VAT are whole ones nearly always."""

_PERCENT = re.compile(PERCENT, re.ASCII)

ARTICLES_MAX = 10_000

_Fields = tuple[
    str, int, int | str, int | None, str, str, str, list[str], int, int | str | None, int | None, int | None, str
]
"""Of a line, in the order of LineIn."""

_Article = tuple[str, str, str, str]

_articles: dict[_Article, _Article] = {}


def receipt_of(data: ReceiptIn, *, currency: str, by: Actor, at: datetime) -> Receipt:
    """The receipt's facts; `at` stands where the till told no time. Refusal with the field that is wrong."""
    if data.currency is not None and data.currency != currency:
        raise Refusal(Code.CURRENCY_MISMATCH, expected=currency, given=data.currency)
    if not data.lines:
        raise Refusal(Code.MISSING, field="lines")
    step = PRICE_SCALE // int(10 ** CURRENCY_DIGITS[currency])
    lines = tuple([_line(line, number, step) for number, line in enumerate(data.lines, 1)])
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
        origin=_ORIGINS[data.origin],
        codes=_codes(data.codes) if data.codes else (),
        spend=_wish(data.spend),
        certificates=tuple([_certificate(one) for one in data.certificates]) if data.certificates else (),
    )


def _certificate(given: CertificateIn) -> CertificateWish:
    number = normal_number(given.number)
    return CertificateWish(number, given.amount_minor, mark_of_pin(number, given.pin) if given.pin else "")


def _codes(given: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(normal_word(clean_label(code, "codes")) for code in given))


def source_of(till: str, by: Actor) -> str:
    """Whose numbers receipts have: the till's; without one, those of the key's owner."""
    return f"till:{till}" if till else f"key:{by.id}"


def till_of(given: str, by: Actor) -> str:
    return _bound(given, by.till, "till")


def _line(line: LineIn, place: int, step: int) -> Line:
    """`step` parts of a price make one minor unit, and prices are whole minor units here."""
    sku, price, given, number, name, category, brand, tags, discount, vat, cost, min_price, kind = _fields(line)
    quantity = given * QUANTITY_SCALE if isinstance(given, int) else _decimal(given, place)
    amount = price * given if isinstance(given, int) else half_up(price * quantity, QUANTITY_SCALE)
    if amount > MAX_MINOR:
        raise Refusal(Code.OUT_OF_RANGE, field=f"lines[{place - 1}].price", minimum=0, maximum=MAX_MINOR)
    if discount > amount:
        raise Refusal(Code.OUT_OF_RANGE, field=f"lines[{place - 1}].discount_minor", minimum=0, maximum=amount)
    sku, name, category, brand = _article(sku, name, category, brand)
    return Line(  # in the order of its fields: five are made for every receipt, and names cost a quarter more
        number or place,
        sku,
        quantity,
        price * step,
        amount,
        discount,
        name,
        category,
        brand,
        tuple([clean_label(tag, "tags") for tag in tags]) if tags else (),
        _GOODS if kind == "goods" else ArticleKind(kind),
        None if vat is None else _PERCENTS.get(vat) or _percent(vat, place),
        None if cost is None else cost * step,
        None if min_price is None else min_price * step,
    )


def _fields(line: LineIn) -> _Fields:
    """All at once: asking for one after another costs three times as much."""
    fields: _Fields = msgspec.structs.astuple(line)
    return fields


def _article(sku: str, name: str, category: str, brand: str) -> _Article:
    """What does not change from receipt to receipt, cleaned once for each article."""
    given = (sku, name, category, brand)
    known = _articles.get(given)
    if known is None:
        known = (
            must_say_something(sku, "sku"),
            clean_label(name, "name"),
            clean_label(category, "category"),
            clean_label(brand, "brand"),
        )
        if len(_articles) >= ARTICLES_MAX:
            _articles.clear()
        _articles[given] = known
    return known


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
    if _PERCENT.fullmatch(value) is None:
        field = f"lines[{place - 1}].vat"
        raise Problem(Fault.INVALID, field=field, reason=f"Expected `str` matching regex '{PERCENT}'")
    whole, _, part = value.partition(".")
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
    """The text as it will be compared and printed. Nothing, and plain ASCII, are told apart in no time."""
    if not text:
        return text
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
    mode = _MODES[spend.mode]
    if mode is SpendMode.AMOUNT:
        if spend.points is None:
            raise Refusal(Code.MISSING, field="spend.points")
        return SpendWish(mode, spend.points, spend.currency)
    if spend.points is not None:
        raise Refusal(Code.INVALID, field="spend.points", reason="only_with_amount")
    return _NO_SPENDING if mode is SpendMode.NONE and spend.currency is None else SpendWish(mode, 0, spend.currency)


def _check_numbers(lines: tuple[Line, ...]) -> None:
    if len({line.number for line in lines}) != len(lines):
        raise Refusal(Code.INVALID, field="lines", reason="line_twice")


def _check_total(lines: tuple[Line, ...], stated: int | None) -> None:
    amount = sum([line.amount for line in lines])
    total = amount - sum([line.discount for line in lines])
    if stated is not None and stated != total:
        raise Refusal(Code.TOTAL_MISMATCH, expected=total, given=stated)
    if amount > MAX_MINOR:
        raise Refusal(Code.OUT_OF_RANGE, field="lines", minimum=0, maximum=MAX_MINOR)
