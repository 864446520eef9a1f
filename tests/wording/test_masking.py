"""What a cashier sees of somebody's phone, name and card."""

import pytest

from kopilka.wording.masking import masked_card, masked_name, masked_phone


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("+79161234567", "+7 ••• ••• 45-67"), ("+375291234567", "+3 ••• ••• 45-67"), ("+1234567", "••••• 67"), ("", "")],
)
def test_phone_shows_its_end_only(phone, shown):
    assert masked_phone(phone) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Анна Ёлкина", "Анна Ё."),
        ("Дина О’Коннор", "Дина О."),
        ("李", "李"),
        ("Анна Мария де ла Круз", "Анна М. д."),
        ("", ""),
    ],
)
def test_name_shows_what_he_is_called_by(name, shown):
    assert masked_name(name) == shown


@pytest.mark.parametrize(("card", "shown"), [("2200123412341234", "•••• 1234"), ("1007", "•••• 07"), ("", "")])
def test_card_shows_its_end_only(card, shown):
    assert masked_card(card) == shown
