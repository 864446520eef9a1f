"""Figures as people read them: money, points, percents, quantities, exact fractions, days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from math import gcd

from kopilka.engine.money import PRICE_SCALE, QUANTITY_SCALE
from kopilka.wording.languages import Language

SPACE = "\u00a0"
"""A space at which a line never breaks: inside numbers, and between a number and what it counts."""

MINUS = "\u2212"

SYMBOLS = {
    "RUB": "₽",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "KZT": "₸",
    "BYN": "Br",
    "UAH": "₴",
    "AMD": "֏",
    "GEL": "₾",
    "JPY": "¥",
}

_MARK = {Language.RU: ",", Language.EN: "."}
_GROUP = {Language.RU: SPACE, Language.EN: ","}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_GROUPED = 1_000
"""Numbers from here on have a sign between their groups."""

_FRACTION_SCALE = 1_000_000
_THREE: list[str] = [f"{number:03d}" for number in range(1_000)]
_NEEDED: list[str] = [text.rstrip("0") for text in _THREE]
"""Three places behind a mark, only those that are needed."""

Shown = Callable[[int], str]


def whole(number: int, language: Language) -> str:
    """1250 is "1 250" in Russian and "1,250" in English."""
    if 0 <= number < _GROUPED:
        return str(number)
    if number < 0:
        return f"{MINUS}{whole(-number, language)}"
    return _grouped(number, SPACE if language is Language.RU else ",")


def _grouped(number: int, group: str) -> str:
    """Not by a format: that takes five times as long."""
    rest = ""
    while number >= _GROUPED:
        rest = f"{group}{_THREE[number % _GROUPED]}{rest}"
        number //= _GROUPED
    return f"{number}{rest}"


@dataclass(frozen=True, slots=True)
class MoneyWords:
    """How minor units of a currency are said, made once.

    `before` stands in front of the number; `ends` are what may stand behind its whole units. Sums below `small` have no
    groups.
    """

    before: str
    group: str
    scale: int
    small: int
    ends: list[str]

    def show(self, minor: int) -> str:
        """As "1 250,50 ₽" in Russian, "₽1,250.50" in English."""
        if 0 <= minor < self.small:  # nearly every sum: without a sign, without groups
            return f"{self.before}{minor // self.scale}{self.ends[minor % self.scale]}"
        if minor < 0:
            return f"{MINUS}{self.show(-minor)}"
        return f"{self.before}{_grouped(minor // self.scale, self.group)}{self.ends[minor % self.scale]}"


def money_words(symbol: str, digits: int, language: Language) -> MoneyWords:
    """An empty `symbol`: the number alone."""
    before = "" if language is Language.RU or not symbol else symbol if len(symbol) == 1 else symbol + SPACE
    after = SPACE + symbol if language is Language.RU and symbol else ""
    mark, scale = _MARK[language], int(10**digits)
    ends = [f"{mark}{rest:0{digits}d}{after}" for rest in range(scale)] if digits else [after]
    return MoneyWords(before, _GROUP[language], scale, _GROUPED * scale, ends)


def money_in(currency: str, digits: int, language: Language) -> Shown:
    """How to show minor units of a currency: "1 250,50 ₽" in Russian, "₽1,250.50" in English."""
    return money_words(SYMBOLS.get(currency, currency), digits, language).show


def price(amount: int, money: Shown, digits: int, language: Language) -> str:
    """A price of 1/10,000 of the unit, shown by `money` (minor units); a finer one by its digits alone."""
    step = PRICE_SCALE // int(10**digits)
    return exact(amount, PRICE_SCALE, language) if amount % step else money(amount // step)


def decimal_in(digits: int, language: Language) -> Shown:
    """How to show an integer of 10^-digits, all digits written: 125050 is "1 250,50"."""
    mark, group, scale = _MARK[language], _GROUP[language], int(10**digits)
    if not digits:
        return lambda number: whole(number, language)

    def show(number: int) -> str:
        sign = ""
        if number < 0:
            sign, number = MINUS, -number
        units, rest = divmod(number, scale)
        return f"{sign}{_grouped(units, group)}{mark}{rest:0{digits}d}"

    return show


def percent(hundredths: int, language: Language) -> str:
    """500 is "5 %" in Russian and "5%" in English; only the digits it needs."""
    shown = exact(hundredths, 100, language)
    return f"{shown}{SPACE}%" if language is Language.RU else f"{shown}%"


def quantity(thousandths: int, language: Language) -> str:
    """1500 is "1,5"; 2000 is "2"."""
    return exact(thousandths, QUANTITY_SCALE, language)


def exact(numerator: int, denominator: int, language: Language) -> str:
    """A fraction without rounding: "37,5" when six decimals hold it, else "37 1/3"."""
    whole_part = abs(numerator)
    units, rest = whole_part // denominator, whole_part % denominator
    told = str(units) if units < _GROUPED else whole(units, language)
    if numerator < 0:
        told = MINUS + told
    if not rest:
        return told
    finer = rest * _FRACTION_SCALE
    if not finer % denominator:
        return f"{told}{',' if language is Language.RU else '.'}{_decimals(finer // denominator)}"
    part = _part(rest, denominator)
    return f"{told}{SPACE}{part}" if units else f"{told[:-1]}{part}"


def _decimals(millionths: int) -> str:
    """As many of six places as are needed, of more than nothing."""
    first, last = millionths // 1_000, millionths % 1_000
    return f"{_THREE[first]}{_NEEDED[last]}" if last else _NEEDED[first]


def _part(rest: int, denominator: int) -> str:
    common = gcd(rest, denominator)
    return f"{rest // common}/{denominator // common}"


def day(on: date, language: Language) -> str:
    """31.12.2026 in Russian, 31 Dec 2026 in English."""
    if language is Language.RU:
        return f"{on.day:02d}.{on.month:02d}.{on.year:04d}"
    return f"{on.day}{SPACE}{_MONTHS[on.month - 1]}{SPACE}{on.year:04d}"


def day_of(at: datetime, zone: tzinfo, language: Language) -> str:
    """The local day of a moment."""
    return day(at.astimezone(zone).date(), language)


def moment(at: datetime, zone: tzinfo, language: Language) -> str:
    """The local day and time of a moment, to the minute: a lot that ends at midnight says so."""
    local = at.astimezone(zone)
    return f"{day(local.date(), language)}{SPACE}{local.hour:02d}:{local.minute:02d}"
