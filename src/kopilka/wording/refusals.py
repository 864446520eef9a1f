"""What a refusal says to a person: a title, and a sentence with the figures that tells what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from kopilka.engine.refusal import Code
from kopilka.wording.amounts import day, quantity, whole
from kopilka.wording.fault_texts import FAULTS
from kopilka.wording.languages import Language
from kopilka.wording.problem_texts import SENTENCES
from kopilka.wording.problems import problem_text
from kopilka.wording.reasons import limit_text
from kopilka.wording.refusal_names import DIFFERENCES, NAMES
from kopilka.wording.refusal_texts import ALL_RETURNED, TEXTS, Text
from kopilka.wording.vocabulary import Vocabulary, plain_vocabulary

TEXT_CHARACTERS_MAX = 200
LIST_PARTS_MAX = 5
BESIDE_FIELD: dict[str, dict[Language, str]] = {
    Code.INVALID: {Language.RU: "{reason}.", Language.EN: "{reason}."},
    Code.MISSING: {Language.RU: "Заполните это поле.", Language.EN: "Fill this in."},
    Code.OUT_OF_RANGE: {
        Language.RU: "Можно от {minimum} до {maximum}.",
        Language.EN: "It may be from {minimum} to {maximum}.",
    },
}
UNKNOWN = "…"
"""Stands where a parameter is missing: an answer to a person must not fail for want of a figure."""


ALL: dict[str, Text] = {**FAULTS, **TEXTS}
"""Every code a door may answer with: its own faults and the refusals of the domain."""


def title(code: str, language: Language) -> str:
    """The refusal in a few words, the same for every occurrence."""
    return ALL[code].title[language]


def detail(code: str, params: Mapping[str, object], language: Language, vocabulary: Vocabulary | None = None) -> str:
    """This occurrence: the figures and what to do.

    `params` are the refusal's own. `vocabulary` (of the same language) names points and money where the program is
    known; without it currencies are said by their codes.
    """
    words = vocabulary or plain_vocabulary(language)
    template = ALL_RETURNED if code == Code.RETURN_EXCEEDS and params.get("line") == 0 else ALL[code].detail
    shown = _Shown()
    for name, value in params.items():
        shown[name] = _PARAMS.get(name, _plain)(value, params, words)
    return template[language].format_map(shown)


def beside_field(
    code: str, params: Mapping[str, object], language: Language, vocabulary: Vocabulary | None = None
) -> str:
    """The same for somebody who sees the field itself: what is wrong with it, without naming it again."""
    shown = {name: _PARAMS.get(name, _plain)(value, params, vocabulary or plain_vocabulary(language))
             for name, value in params.items()}  # fmt: skip
    template = BESIDE_FIELD.get(code)
    told = template[language].format_map(_Shown(shown)) if template else detail(code, params, language, vocabulary)
    return told[:1].upper() + told[1:]


class _Shown(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return UNKNOWN


def _plain(value: object, _params: Mapping[str, object], words: Vocabulary) -> str:
    """A value as text: one line, printable, not long; the first few parts of a list."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return whole(value, words.language)
    if isinstance(value, list | tuple):
        told = ", ".join(_text(part) for part in value[:LIST_PARTS_MAX])
        return f"{told}, …" if len(value) > LIST_PARTS_MAX else told
    return _text(value)


def _bound(value: object, params: Mapping[str, object], words: Vocabulary) -> str:
    """A bound of what is allowed: a date as people write it, points of the currency that is named."""
    try:
        return (
            day(date.fromisoformat(value), words.language) if isinstance(value, str) else _points(value, params, words)
        )
    except ValueError:
        return _plain(value, params, words)


def _text(value: object) -> str:
    text = str(value)
    if len(text) > TEXT_CHARACTERS_MAX:
        text = f"{text[:TEXT_CHARACTERS_MAX]}…"
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "�" for sign in text)


def _problems(value: object, params: Mapping[str, object], words: Vocabulary) -> str:
    """The first few mistakes of a rulebook, each with its path and its sentence."""
    if not isinstance(value, list | tuple):
        return _plain(value, params, words)
    told = "; ".join(_problem(part, words) for part in value[:LIST_PARTS_MAX])
    return f"{told}; …" if len(value) > LIST_PARTS_MAX else told


def _problem(part: object, words: Vocabulary) -> str:
    if not isinstance(part, Mapping) or part.get("code") not in SENTENCES:
        return _text(part)
    said = problem_text(part["code"], part.get("params", {}), words.language).rstrip(".")
    return f"{part['path']}: {said}" if part.get("path") else said


def _differences(value: object, params: Mapping[str, object], words: Vocabulary) -> str:
    """What of a quote changed: sums with their old and new figures, other things by name."""
    if not isinstance(value, Mapping):
        return _plain(value, params, words)
    return ", ".join(_difference(str(name), pair, words) for name, pair in value.items())


def _difference(name: str, pair: object, words: Vocabulary) -> str:
    said = DIFFERENCES.get(name)
    told = said[words.language] if said else _text(name)
    match pair:
        case [int(before), int(after)]:
            return f"{told} {words.money(before)} → {words.money(after)}"
        case _:
            return told


def _named(kind: str) -> Callable[[object, Mapping[str, object], Vocabulary], str]:
    """For parameters whose values are codes of ours: said in words, an unknown one as it is."""

    def show(value: object, _params: Mapping[str, object], words: Vocabulary) -> str:
        known = NAMES[kind].get(str(value))
        return known[words.language] if known else _text(value)

    return show


def _points(value: object, params: Mapping[str, object], words: Vocabulary) -> str:
    """Units of the currency the refusal names; a plain number where it names none."""
    currency = params.get("currency")
    if not isinstance(value, int) or not isinstance(currency, str):
        return _plain(value, params, words)
    return words.currency(currency).units(value) if currency in words.points else whole(value, words.language)


def _money_or_text(value: object, params: Mapping[str, object], words: Vocabulary) -> str:
    return words.money(value) if isinstance(value, int) else _plain(value, params, words)


def _quantity(value: object, params: Mapping[str, object], words: Vocabulary) -> str:
    return quantity(value, words.language) if isinstance(value, int) else _plain(value, params, words)


def _limit(value: object, _params: Mapping[str, object], words: Vocabulary) -> str:
    return limit_text(_text(value), words.language)


def _currency(value: object, _params: Mapping[str, object], words: Vocabulary) -> str:
    return words.currency(_text(value)).name


def _day(value: object, params: Mapping[str, object], words: Vocabulary) -> str:
    try:
        return day(date.fromisoformat(str(value)), words.language)
    except ValueError:
        return _plain(value, params, words)


_PARAMS: dict[str, Callable[[object, Mapping[str, object], Vocabulary], str]] = {
    "available": _points,
    "wanted": _points,
    "minimum": _bound,
    "maximum": _bound,
    "currency": _currency,
    "limited_by": _limit,
    "returnable": _quantity,
    "available_minor": _money_or_text,
    "wanted_minor": _money_or_text,
    "expected": _money_or_text,
    "given": _money_or_text,
    "capability": _named("capability"),
    "what": _named("what"),
    "kind": _named("kind"),
    "state": _named("state"),
    "problems": _problems,
    "differences": _differences,
    "reason": _named("reason"),
    "until": _day,
}
