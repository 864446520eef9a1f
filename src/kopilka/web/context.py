"""What every template may use."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kopilka.web.requests import PageRequest, pages_of, words_of


def page(request: HttpRequest) -> dict[str, Any]:
    """`program`, `pages` (its page settings) and `words` (its vocabulary), each asked for only when used."""
    mine = cast("PageRequest", request)
    if not hasattr(mine, "program"):
        return {"program": None, "pages": None, "words": SimpleLazyObject(lambda: words_of(mine))}
    return {
        "program": mine.program,
        "pages": SimpleLazyObject(lambda: pages_of(mine)),
        "words": SimpleLazyObject(lambda: words_of(mine)),
    }
