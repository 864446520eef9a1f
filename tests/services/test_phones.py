"""Phones in any usual spelling (reliability B35 to B39, S2.29)."""

import pytest

from kopilka.engine.refusal import Code, Refusal
from kopilka.services.phones import normalise_phone


@pytest.mark.parametrize(
    "typed",
    [
        "8 (916) 123-45-67",
        "+7 916 123-45-67",
        "+7 (916) 1234567",
        "79161234567",
        "916 123 45 67",
        "8\u00a0916\u00a0123\u00a045\u00a067",
        "\u200f+7 916 123 45 67\u200e",
        "\u202a+7 916 123 45 67\u202c",
        "8 916 123\u201345\u201367",
        "8 916 123\u221245\u221267",
        "8.916.123.45.67",
        "  89161234567  ",
        "8 10 7 916 123 45 67",
    ],
)
def test_phone_in_any_usual_spelling_is_one_phone(typed):
    assert normalise_phone(typed, "RU") == "+79161234567"


@pytest.mark.parametrize("typed", ["+7９１６１２３４５６７", "＋79161234567", "٨٩١٦١٢٣٤٥٦٧", "८९१६१२३४५६७"])
def test_phone_in_digits_of_another_script_is_the_same_phone(typed):
    assert normalise_phone(typed, "RU") == "+79161234567"


@pytest.mark.parametrize(
    ("typed", "country", "stored"),
    [
        ("+7 495 123-45-67", "RU", "+74951234567"),
        ("8 701 123 45 67", "KZ", "+77011234567"),
        ("+7 701 123 45 67", "RU", "+77011234567"),
        ("+375 29 123-45-67", "RU", "+375291234567"),
        ("029 123-45-67", "BY", "+375291234567"),
        ("+1 650 253 0000", "RU", "+16502530000"),
        ("(650) 253-0000", "US", "+16502530000"),
        ("00 49 30 123456", "DE", "+4930123456"),
    ],
)
def test_phone_is_read_by_the_country_of_the_program(typed, country, stored):
    assert normalise_phone(typed, country) == stored


@pytest.mark.parametrize(
    "typed",
    ["", " ", "123", "9" * 30, "😀", "+7-916-FLOWERS", "8 916 123 45 67 доб. 5", "+79161234567;ext=1",
     "8 916 123 45 67 x5", "8 916 123 45 67 #5", "tel:+79161234567", "00 7 916 123 45 67", "+7 (000) 000-00-00",
     "+71234567890", "+882 16 12345678", "+800 1234 5678", "8 800 555 35 35", "8 916 123 45 6",
     "++79161234567", "+7 916 123-45-67, +7 916 123-45-68", "79161234567.0", "7.9161234567E10",
     "8 916 123 45 67\n", "8 916\x00123 45 67", "1" * 100_000],
)  # fmt: skip
def test_phone_that_is_none_is_refused(typed):
    with pytest.raises(Refusal) as refused:
        normalise_phone(typed, "RU")

    assert (refused.value.code, refused.value.params) == (Code.PHONE_INVALID, {})
