"""Figures and words as all pages show them."""

import pytest
from django.template import Context, Template

from kopilka.web.templatetags.web import held, phone
from kopilka.wording.languages import Language
from kopilka.wording.vocabulary import vocabulary_of
from tests.wording.conftest import RULEBOOK

SHOWN = '<span class="nowrap">+7\xa0916\xa0123-45-67</span>'


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("+79161234567", SHOWN),
        ("8 (916) 123-45-67", SHOWN),
        ("+4915112345678", "+4915112345678"),
        ("anna@example.com", "anna@example.com"),
        ("1001", "1001"),
    ],
)
def test_phones_are_shown_alike_however_they_were_typed(typed, shown):
    assert phone(typed) == shown


def test_a_dash_begins_no_line():
    assert held("Кешбэк 5 %: за 1 000 ₽ — 50 бонусов.") == "Кешбэк 5 %: за 1 000 ₽\xa0— 50 бонусов."


@pytest.mark.parametrize(
    ("minor", "language", "shown"),
    [
        (300_000, Language.RU, "3\xa0000\xa0₽"),
        (300_050, Language.RU, "3\xa0000,50\xa0₽"),
        (300_000, Language.EN, "₽3,000"),
    ],
)
def test_whole_sums_go_without_their_kopecks(minor, language, shown):
    words = vocabulary_of(RULEBOOK, language)

    assert Template("{% round_money minor %}").render(Context({"words": words, "minor": minor})) == shown
