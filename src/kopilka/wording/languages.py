"""Which language a reader gets: Russian or English, by what the browser or the till asked for."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

HEADER_CHARACTERS_MAX = 200
"""More of a header is not read: the wishes that matter come first, and nobody may make us work."""


WEIGHT_DIGITS = 3


class Language(StrEnum):
    """The languages every sentence of the program exists in."""

    RU = "ru"
    EN = "en"


def language_of(code: str, default: Language = Language.RU) -> Language:
    """The language of a stored two-letter code; `default` for an empty or unknown one."""
    return _KNOWN.get(code, default)


def choose(header: str | None, default: Language = Language.RU) -> Language:
    """The wish with the highest weight among our languages, the earlier of equals.

    `*`, no header and a header we cannot read give `default`. Takes a header of any size and content.
    """
    if not header:
        return default
    return _choose(header[:HEADER_CHARACTERS_MAX], default)


_KNOWN = {language.value: language for language in Language}


@lru_cache(maxsize=256)
def _choose(header: str, default: Language) -> Language:
    best, best_weight = default, 0
    for wish in header.split(","):
        tag, _, weight_text = wish.partition(";")
        language = _wished(tag.strip().lower(), default)
        weight = _weight(weight_text.strip().lower())
        if language is not None and weight > best_weight:
            best, best_weight = language, weight
    return best


def _wished(tag: str, default: Language) -> Language | None:
    return default if tag == "*" else _KNOWN.get(tag.partition("-")[0])


def _weight(text: str) -> int:
    """Thousandths: "" is 1000, "q=0.8" is 800; what is not a weight is 0."""
    if not text:
        return 1000
    name, _, value = text.partition("=")
    whole, _, part = value.strip().partition(".")
    digits = whole + part
    if (
        name.strip() != "q"
        or not (digits.isascii() and digits.isdigit())
        or len(part) > WEIGHT_DIGITS
        or whole not in {"0", "1"}
    ):
        return 0
    return min(1000, int(whole) * 1000 + int(part.ljust(3, "0")))
