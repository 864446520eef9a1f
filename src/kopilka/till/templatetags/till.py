"""Figures of the till's own: prices of articles, names of levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext

from kopilka.queries.gifts import ClaimView
from kopilka.wording import amounts
from kopilka.wording.vocabulary import Vocabulary

register = template.Library()
OFFLINE, SHOWN = "offline ", 6
"""How the number of a sale begins that was noted without a network, and how much of the rest a person reads."""


@register.simple_tag(takes_context=True)
def price(context: Mapping[str, Any], ten_thousandths: int) -> str:
    """Of 1/10,000 of the currency unit: 240,00 ₽."""
    words: Vocabulary = context["words"]
    return amounts.price(ten_thousandths, words.money, words.digits, words.language)


@register.simple_tag(takes_context=True)
def tier_name(context: Mapping[str, Any], code: str) -> str:
    words: Vocabulary = context["words"]
    return words.tiers.get(code, code)


@register.simple_tag(takes_context=True)
def gift_name(context: Mapping[str, Any], claim: ClaimView) -> str:
    """In the reader's language; a gift the rules no longer know is called as it was when it was chosen."""
    words: Vocabulary = context["words"]
    return words.gifts.get(claim.gift, claim.name)


@register.filter
def called(names: Mapping[str, str], code: str) -> str:
    """What people call it; its code where nobody does."""
    return names.get(code, code)


@register.filter
def numbered(external_id: str) -> str:
    """The number of a receipt as a person reads it: № 1-000005; one noted without a network has a key instead."""
    if external_id.startswith(OFFLINE):
        return gettext("noted without a network (%(key)s)") % {"key": external_id.removeprefix(OFFLINE)[:SHOWN]}
    return f"№\u00a0{external_id}"
