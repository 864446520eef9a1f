from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from kopilka.wording.amounts import day, day_of, decimal_in, exact, moment, money_in, percent, price, quantity, whole
from kopilka.wording.languages import Language

RU, EN = Language.RU, Language.EN


@pytest.mark.parametrize(
    ("minor", "russian", "english"),
    [
        (0, "0,00\u00a0₽", "₽0.00"),
        (5, "0,05\u00a0₽", "₽0.05"),
        (125050, "1\u00a0250,50\u00a0₽", "₽1,250.50"),
        (99999, "999,99\u00a0₽", "₽999.99"),
        (123456789012, "1\u00a0234\u00a0567\u00a0890,12\u00a0₽", "₽1,234,567,890.12"),
        (-12000, "−120,00\u00a0₽", "−₽120.00"),
    ],
)
def test_money_is_written_as_in_a_shop(minor, russian, english):
    assert money_in("RUB", 2, RU)(minor) == russian
    assert money_in("RUB", 2, EN)(minor) == english


def test_money_of_other_currencies_has_its_own_sign_and_digits():
    assert money_in("USD", 2, EN)(1999) == "$19.99"
    assert money_in("USD", 2, RU)(1999) == "19,99\u00a0$"
    assert money_in("JPY", 0, EN)(12500) == "¥12,500"
    assert money_in("BYN", 2, EN)(150) == "Br\u00a01.50"
    assert money_in("XYZ", 2, EN)(150) == "XYZ\u00a01.50"


def test_price_finer_than_money_shows_all_its_digits():
    money = money_in("RUB", 2, RU)

    assert price(599_000, money, 2, RU) == "59,90\u00a0₽"
    assert price(1_250, money, 2, RU) == "0,125"


def test_decimals_are_all_written():
    assert decimal_in(2, RU)(3750) == "37,50"
    assert decimal_in(1, EN)(-25) == "−2.5"
    assert decimal_in(0, RU)(12500) == "12\u00a0500"


@pytest.mark.parametrize(
    ("hundredths", "russian", "english"),
    [
        (500, "5\u00a0%", "5%"),
        (2050, "20,5\u00a0%", "20.5%"),
        (125, "1,25\u00a0%", "1.25%"),
        (10000, "100\u00a0%", "100%"),
    ],
)
def test_percent_has_the_digits_it_needs(hundredths, russian, english):
    assert percent(hundredths, RU) == russian
    assert percent(hundredths, EN) == english


def test_quantity_has_the_digits_it_needs():
    assert quantity(2000, RU) == "2"
    assert quantity(1500, RU) == "1,5"
    assert quantity(1, EN) == "0.001"


@pytest.mark.parametrize(
    ("numerator", "denominator", "russian"),
    [
        (75, 2, "37,5"),
        (37, 1, "37"),
        (100, 3, "33\u00a01/3"),
        (2, 6, "1/3"),
        (-75, 2, "−37,5"),
        (-1, 3, "−1/3"),
        (1, 1_000_000, "0,000001"),
        (1, 3_000_000, "1/3000000"),
        (0, 7, "0"),
        (12345678, 10, "1\u00a0234\u00a0567,8"),
    ],
)
def test_fraction_is_never_rounded(numerator, denominator, russian):
    assert exact(numerator, denominator, RU) == russian


def test_whole_numbers_are_grouped():
    assert whole(1234567, RU) == "1\u00a0234\u00a0567"
    assert whole(-1234567, EN) == "−1,234,567"


def test_days_are_local():
    at = datetime(2026, 12, 31, 21, 0, tzinfo=UTC)
    moscow = ZoneInfo("Europe/Moscow")

    assert day(date(2026, 3, 1), RU) == "01.03.2026"
    assert day_of(at, moscow, RU) == "01.01.2027"
    assert day_of(at, moscow, EN) == "1\u00a0Jan\u00a02027"
    assert moment(at, moscow, RU) == "01.01.2027\u00a000:00"
