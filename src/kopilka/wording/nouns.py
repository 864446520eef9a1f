"""The word after a number: 1 балл, 2 балла, 5 баллов; 1 point, 2 points. From the currency's own name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kopilka.wording.languages import Language

# Plural as owners name a currency → one, two, five.
_RUSSIAN = {
    "баллы": ("балл", "балла", "баллов"),
    "бонусы": ("бонус", "бонуса", "бонусов"),
    "очки": ("очко", "очка", "очков"),
    "рубли": ("рубль", "рубля", "рублей"),
    "бонусные баллы": ("бонусный балл", "бонусных балла", "бонусных баллов"),
    "мили": ("миля", "мили", "миль"),
    "монеты": ("монета", "монеты", "монет"),
    "звёзды": ("звезда", "звезды", "звёзд"),
    "звезды": ("звезда", "звезды", "звёзд"),
    "звёздочки": ("звёздочка", "звёздочки", "звёздочек"),
    "сердечки": ("сердечко", "сердечка", "сердечек"),
    "наклейки": ("наклейка", "наклейки", "наклеек"),
    "марки": ("марка", "марки", "марок"),
    "штампы": ("штамп", "штампа", "штампов"),
    "печати": ("печать", "печати", "печатей"),
    "фишки": ("фишка", "фишки", "фишек"),
    "жетоны": ("жетон", "жетона", "жетонов"),
    "купоны": ("купон", "купона", "купонов"),
    "подарки": ("подарок", "подарка", "подарков"),
    "пакетики": ("пакетик", "пакетика", "пакетиков"),
    "чашки": ("чашка", "чашки", "чашек"),
    "минуты": ("минута", "минуты", "минут"),
    "часы": ("час", "часа", "часов"),
    "занятия": ("занятие", "занятия", "занятий"),
    "посещения": ("посещение", "посещения", "посещений"),
}
_SINGULAR = {forms[0]: forms for forms in _RUSSIAN.values()}
_PLURAL = re.compile(r"[а-яё]+[бвдзлмнпрст]ые")
_ENDS = ("ый", "ая", "ое")
_GENDERS = {"а": 1, "я": 1, "ь": 1, "о": 2, "е": 2}
_STRESSED = frozenset({"золотые", "цветные", "родные"})
"""Adjectives whose stressed ending is another one: золотой."""
_ENGLISH_LOWER = frozenset(
    {"bonus", "bonus points", "bonuses", "coins", "hearts", "miles", "points", "stamps", "stars", "stickers"}
)
_TEENS = range(11, 15)
_FEW = range(2, 5)


@dataclass(frozen=True, slots=True)
class Noun:
    """A counted word: with one, with two to four (and with a fraction), with many."""

    one: str
    few: str
    many: str

    def after(self, number: int, language: Language) -> str:
        """The form that stands after a whole number."""
        number = abs(number)
        if language is Language.EN:
            return self.one if number == 1 else self.many
        if number % 100 in _TEENS:
            return self.many
        last = number % 10
        return self.one if last == 1 else self.few if last in _FEW else self.many

    def after_fraction(self, language: Language) -> str:
        """37,5 балла; 37.5 points."""
        return self.few if language is Language.RU else self.many


def noun_of(name: str, language: Language) -> Noun:
    """The forms of a currency's name. A Russian name we cannot decline stands unchanged, in quotation marks."""
    return _russian(name) if language is Language.RU else _english(name)


def _russian(name: str) -> Noun:
    if forms := _RUSSIAN.get(name.lower()):
        return Noun(*forms)
    first, space, rest = name.partition(" ")
    forms = _RUSSIAN.get(first.lower()) or _SINGULAR.get(first.lower())
    if forms is None and (described := _described(name)):
        return described
    if forms is None:
        quoted = f"«{name}»"
        return Noun(quoted, quoted, quoted)
    return Noun(*(f"{form}{space}{rest}" for form in forms))


def _described(name: str) -> Noun | None:
    """Adjectives before a word we know: уличный балл, уличных балла, уличных баллов."""
    *adjectives, last = name.lower().split(" ")
    forms = _RUSSIAN.get(last)
    if not adjectives or forms is None or not all(_PLURAL.fullmatch(word) for word in adjectives):
        return None
    gender = _GENDERS.get(forms[0][-1], 0)
    is_stressed = not gender and adjectives[-1] in _STRESSED
    ends = "ой" if is_stressed else _ENDS[gender]
    one = " ".join(f"{word[:-2]}{ends}" for word in adjectives)
    many = " ".join(f"{word[:-1]}х" for word in adjectives)
    return Noun(f"{one} {forms[0]}", f"{many} {forms[1]}", f"{many} {forms[2]}")


def _english(name: str) -> Noun:
    first, of, rest = name.partition(" of ")
    if of:
        noun = _english(first)
        return Noun(*(f"{form}{of}{rest}" for form in (noun.one, noun.few, noun.many)))
    plain = name.lower() if name.lower() in _ENGLISH_LOWER else name
    if plain == "bonus":
        return Noun("bonus", "bonuses", "bonuses")
    if plain.endswith("ses"):
        return Noun(plain[:-2], plain, plain)
    one = plain[:-1] if plain.endswith("s") and not plain.endswith("ss") else plain
    return Noun(one, plain, plain)
