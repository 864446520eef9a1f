"""What `kopilka demo` says when it is started again."""

from __future__ import annotations

from collections.abc import Mapping

from kopilka.wording.languages import Language

MADE_ALREADY: Mapping[Language, str] = {
    Language.EN: (
        "the program {slug} exists already, whole or as far as an earlier start came; nothing was changed."
        " To make another one: kopilka demo --program ANOTHER-NAME"
    ),
    Language.RU: (
        "программа {slug} уже есть: целиком или до того места, где прервали прошлый запуск; ничего не изменено."
        " Чтобы сделать ещё одну: kopilka demo --program ДРУГОЕ-ИМЯ"
    ),
}
