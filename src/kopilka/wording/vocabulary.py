"""A program's own names and figures in one language: its money, its points, its promotions, its tiers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import lru_cache
from typing import TypeVar

from kopilka.engine.gifts import OF_GIFTS, OF_POINTS
from kopilka.engine.points import PointsCurrency, Rounding
from kopilka.engine.rulebook import Promotion, Rulebook
from kopilka.wording.amounts import SPACE, SYMBOLS, MoneyWords, Shown, decimal_in, exact, money_words, whole
from kopilka.wording.languages import Language
from kopilka.wording.nouns import Noun, noun_of
from kopilka.wording.promotions import PromotionWords, promotion_words

K = TypeVar("K")
V = TypeVar("V")

VOCABULARIES_MAX = 256
SENTENCES_MAX = 10_000


@dataclass(frozen=True, slots=True)
class PointsWords:
    """How one points currency is said. `worth_minor` 0: it does not pay."""

    code: str
    name: str
    noun: Noun
    scale: int
    number: Shown
    rounding: Rounding
    language: Language
    of_fraction: str
    said: dict[int, str] = field(default_factory=dict)

    def units(self, units: int) -> str:
        """Smallest units with their word: "37 баллов", "37,50 балла". Most of them are few, and are said again."""
        known = self.said.get(units)
        return _kept(self.said, units, self._units(units)) if known is None else known

    def _units(self, units: int) -> str:
        points, rest = divmod(units, self.scale)
        if rest:
            return f"{self.number(units)}{SPACE}{self.noun.after_fraction(self.language)}"
        return f"{whole(points, self.language)}{SPACE}{self.noun.after(points, self.language)}"

    def plain(self, units: int) -> str:
        """Smallest units without the word: "37", "37,50"."""
        return self.number(units) if units % self.scale else whole(units // self.scale, self.language)

    def exact(self, num: int, den: int) -> str:
        """A fraction of smallest units, unrounded, without the word: "37,5", "33 1/3"."""
        return exact(num, den * self.scale, self.language)

    def exact_units(self, num: int, den: int) -> str:
        """The same with the word: "37,5 балла"."""
        parts = den * self.scale
        if num % parts:
            return exact(num, parts, self.language) + self.of_fraction
        return self.units(num // den)


@dataclass(frozen=True, slots=True)
class EarningWords:
    """A sentence about points of a promotion, in parts between figures: "5 % от 750 ₽ по акции «X» = 37 баллов".

    `begun` ends before the money that the points were counted on (empty: it is not named), `by` before the points;
    `alone` stands before the points where there is no such money.
    """

    alone: str
    begun: str
    by: str
    currency: PointsWords


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything a sentence about one program needs.

    For the hot path: `kept` holds sentences that do not change, `begun` the beginnings of those about discounts, by
    promotion, `earning` the parts of those about points, by promotion and currency.
    """

    language: Language
    sums: MoneyWords
    digits: int
    zone: tzinfo
    points: dict[str, PointsWords] = field(default_factory=dict)
    promotions: dict[str, PromotionWords] = field(default_factory=dict)
    tiers: dict[str, str] = field(default_factory=dict)
    gifts: dict[str, str] = field(default_factory=dict)
    kept: dict[tuple[str, str, str], str] = field(default_factory=dict)
    begun: dict[str, str] = field(default_factory=dict)
    earning: dict[tuple[str, str], EarningWords] = field(default_factory=dict)

    def money(self, minor: int) -> str:
        """Minor units of the program's money: "1 250,50 ₽"."""
        return self.sums.show(minor)

    def currency(self, code: str) -> PointsWords:
        """The words of a currency; one the rulebook no longer knows is said by its code, in whole units."""
        return self.points.get(code) or _points_words(PointsCurrency(code, "", ""), self.language)

    def promotion(self, code: str) -> PromotionWords:
        """The words of a promotion; one the rulebook no longer knows is said by its code."""
        return self.promotions.get(code) or promotion_words(None, code, self.language, self.money, self.digits, {})

    def gift(self, code: str) -> str:
        """The name of a gift of the catalogue, or of points that stand for one."""
        return self.gifts.get(code) or (self.points[code].name if code in self.points else code)

    def keep(self, key: tuple[str, str, str], made: Callable[[], str]) -> str:
        """The sentence kept under `key`, made once."""
        known = self.kept.get(key)
        return _kept(self.kept, key, made()) if known is None else known

    def begin(self, rule: str, begun: str) -> str:
        return _kept(self.begun, rule, begun)

    def keep_earning(self, key: tuple[str, str], words: EarningWords) -> EarningWords:
        return _kept(self.earning, key, words)


def _kept(place: dict[K, V], key: K, made: V) -> V:
    """`made`, kept; a full place is emptied first."""
    if len(place) >= SENTENCES_MAX:
        place.clear()
    place[key] = made
    return made


def vocabulary_of(rulebook: Rulebook, language: Language) -> Vocabulary:
    """The vocabulary of a rulebook, made once per fingerprint and language."""
    key = (rulebook.fingerprint, language)
    known = _made.get(key)
    if known is None:
        if len(_made) >= VOCABULARIES_MAX:
            _made.clear()
        known = _made[key] = make_vocabulary(rulebook, language)
    return known


def make_vocabulary(rulebook: Rulebook, language: Language) -> Vocabulary:
    sums = money_words(SYMBOLS.get(rulebook.currency, rulebook.currency), rulebook.digits, language)
    money = sums.show
    points = {code: _points_words(currency, language) for code, currency in rulebook.points.items()}
    shown = {code: words.units for code, words in points.items()}
    return Vocabulary(
        language=language,
        sums=sums,
        digits=rulebook.digits,
        zone=rulebook.zone,
        points=points,
        promotions={
            promotion.code: promotion_words(promotion, promotion.code, language, money, rulebook.digits, shown)
            for promotion in (*rulebook.promotions, *_given(rulebook))
        },
        tiers={tier.code: _named(tier.name_ru, tier.name_en, tier.code, language) for tier in rulebook.tiers},
        gifts={
            code: _named(gift.name_ru, gift.name_en, code, language) for code, gift in rulebook.mechanics.gifts.items()
        },
    )


def _given(rulebook: Rulebook) -> list[Promotion]:
    """Gifts lie on lines as promotions do, under a name with a dot."""
    gifts = rulebook.mechanics.gifts.items()
    due = [(code, one) for code, one in rulebook.points.items() if one.gift_sku]
    return [
        *(Promotion(f"{OF_GIFTS}{code}", one.name_ru or code, one.name_en or code) for code, one in gifts),
        *(Promotion(f"{OF_POINTS}{code}", one.name_ru or code, one.name_en or code) for code, one in due),
    ]


@lru_cache
def plain_vocabulary(language: Language) -> Vocabulary:
    """For sentences said before a program is known: codes stand for names, money without a symbol of its own."""
    return Vocabulary(language=language, sums=money_words("", 2, language), digits=2, zone=UTC)


def _points_words(currency: PointsCurrency, language: Language) -> PointsWords:
    name = _named(currency.name_ru, currency.name_en, currency.code, language)
    noun = noun_of(name, language)
    return PointsWords(
        code=currency.code,
        name=name,
        noun=noun,
        scale=currency.scale,
        number=decimal_in(currency.decimals, language),
        rounding=currency.rounding,
        language=language,
        of_fraction=f"{SPACE}{noun.after_fraction(language)}",
    )


def _named(name_ru: str, name_en: str, code: str, language: Language) -> str:
    return (name_ru or name_en or code) if language is Language.RU else (name_en or name_ru or code)


_made: dict[tuple[str, Language], Vocabulary] = {}
