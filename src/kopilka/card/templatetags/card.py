"""What only the pages of the card say. Formatting only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from kopilka.wording.history import history_title as title_of
from kopilka.wording.vocabulary import Vocabulary

register = template.Library()


@register.simple_tag(takes_context=True)
def history_title(context: Mapping[str, Any], kind: str) -> str:
    """Покупка, Возврат, Сгорело."""
    words: Vocabulary = context["words"]
    return title_of(kind, words.language)
