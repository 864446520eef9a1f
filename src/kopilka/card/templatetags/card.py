"""What only the pages of the card say. Formatting only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from kopilka.queries.gifts import ClaimView
from kopilka.wording.history import history_title as title_of
from kopilka.wording.vocabulary import Vocabulary

FOUR = 4
register = template.Library()


@register.simple_tag(takes_context=True)
def history_title(context: Mapping[str, Any], kind: str) -> str:
    """Покупка, Возврат, Сгорело."""
    words: Vocabulary = context["words"]
    return title_of(kind, words.language)


@register.filter
def spaced(code: str) -> str:
    """2M5N C2SR: read out and typed by fours."""
    return " ".join(code[place : place + FOUR] for place in range(0, len(code), FOUR))


@register.simple_tag(takes_context=True)
def gift_name(context: Mapping[str, Any], claim: ClaimView) -> str:
    """As the rules call it today in the reader's language; else as it was called when it became his."""
    words: Vocabulary = context["words"]
    return words.gifts.get(claim.gift) or claim.name
