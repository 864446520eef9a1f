"""The word after a number: 1 балл, 2 балла, 5 баллов; 1 point, 2 points. From the currency's own name."""

from __future__ import annotations

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
_ENGLISH_LOWER = frozenset({"bonus", "bonuses", "coins", "hearts", "miles", "points", "stamps", "stars", "stickers"})
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
    if forms is None:
        quoted = f"«{name}»"
        return Noun(quoted, quoted, quoted)
    return Noun(*(f"{form}{space}{rest}" for form in forms))


def _english(name: str) -> Noun:
    plain = name.lower() if name.lower() in _ENGLISH_LOWER else name
    if plain == "bonus":
        return Noun("bonus", "bonuses", "bonuses")
    if plain.endswith("ses"):
        return Noun(plain[:-2], plain, plain)
    one = plain[:-1] if plain.endswith("s") and not plain.endswith("ss") else plain
    return Noun(one, plain, plain)
