"""The message that brings a one-time code of the card."""

from __future__ import annotations

from kopilka.wording.languages import Language

_MESSAGE = {
    Language.RU: "Код для входа в карту «{name}»: {code}. Никому его не называйте.",
    Language.EN: "Your code for the card of {name}: {code}. Tell it to nobody.",
}


def login_message(code: str, name: str, language: Language) -> str:
    """`name` of the program."""
    return _MESSAGE[language].format(code=code, name=name)
