"""Figures of the till's own: prices of articles, names of levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from kopilka.wording import amounts
from kopilka.wording.vocabulary import Vocabulary

register = template.Library()


@register.simple_tag(takes_context=True)
def price(context: Mapping[str, Any], ten_thousandths: int) -> str:
    """Of 1/10,000 of the currency unit: 240,00 ₽."""
    words: Vocabulary = context["words"]
    return amounts.price(ten_thousandths, words.money, words.digits, words.language)


@register.simple_tag(takes_context=True)
def tier_name(context: Mapping[str, Any], code: str) -> str:
    words: Vocabulary = context["words"]
    return words.tiers.get(code, code)
