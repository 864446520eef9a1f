"""The message that brings a one-time code of the card."""

from __future__ import annotations

from kopilka.wording.languages import Language

_MESSAGE = {
    Language.RU: "{name}: код для входа в карту {code}. Никому его не называйте.",
    Language.EN: "{name}: the code for your card is {code}. Tell it to nobody.",
}


def login_message(code: str, name: str, language: Language) -> str:
    """`name` of the program."""
    return _MESSAGE[language].format(code=code, name=name)
