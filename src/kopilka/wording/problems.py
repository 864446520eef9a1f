"""What is wrong with a rulebook document, said in Russian and in English."""

from __future__ import annotations

from collections.abc import Mapping

from kopilka.wording.languages import Language
from kopilka.wording.problem_texts import SENTENCES

SUGGESTIONS = {Language.RU: " Возможно, имелось в виду «{}».", Language.EN: " Did you mean “{}”?"}
LIST_MAX = 20
TEXT_MAX = 100


def problem_text(code: str, params: Mapping[str, object], language: Language) -> str:
    """The sentence of a problem, with its figures and, where a word was misspelt, the one that was probably meant."""
    told = SENTENCES[code][language].format_map({name: shown(value) for name, value in params.items()})
    suggestion = params.get("suggestion")
    return told + SUGGESTIONS[language].format(suggestion) if suggestion else told


def shown(value: object) -> str:
    """A parameter as people may read it: short, and without what cannot be seen."""
    if isinstance(value, list | tuple):
        parts = [shown(part) for part in value[:LIST_MAX]]
        return ", ".join([*parts, "…"] if len(value) > LIST_MAX else parts)
    text = "".join(character if character.isprintable() else "\ufffd" for character in str(value))
    return text if len(text) <= TEXT_MAX else f"{text[:TEXT_MAX]}…"
