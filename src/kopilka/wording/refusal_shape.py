"""What the text of a refusal is made of."""

from __future__ import annotations

from dataclasses import dataclass

from kopilka.wording.languages import Language


@dataclass(frozen=True, slots=True)
class Text:
    """`params`: what a refusal of this code always carries and its details use. `either`: one of these too."""

    params: tuple[str, ...]
    title: dict[Language, str]
    detail: dict[Language, str]
    either: tuple[str, ...] = ()


def text(params: str, title_ru: str, detail_ru: str, title_en: str, detail_en: str, *, either: str = "") -> Text:
    return Text(
        tuple(params.split()),
        {Language.RU: title_ru, Language.EN: title_en},
        {Language.RU: detail_ru, Language.EN: detail_en},
        tuple(either.split()),
    )
