"""Whoever tells a customer the rules: in one language, of one rulebook, with the names people know things by."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kopilka.engine.rulebook import Rulebook
from kopilka.wording.amounts import SPACE
from kopilka.wording.languages import Language
from kopilka.wording.promotions import quoted
from kopilka.wording.times import listed
from kopilka.wording.vocabulary import Vocabulary

_TEN, _ELEVEN, _HUNDRED = 10, 11, 100
_CODE = re.compile(r"[a-z0-9_./-]+|[A-Z0-9_./-]*[0-9_-][A-Z0-9_./-]*")


def is_name(text: str) -> bool:
    """Written for people: AQUA DELLA, Выпечка; not a code: bakery, MILK-1L."""
    return _CODE.fullmatch(text) is None


def short_money(words: Vocabulary, minor: int) -> str:
    """Whole sums without their zeros: 3 000 ₽."""
    shown = words.money(minor)
    if not words.digits or minor % int(10**words.digits):
        return shown
    return shown.replace(("," if words.language is Language.RU else ".") + "0" * words.digits, "")


@dataclass(frozen=True, slots=True)
class Names:
    """What people call articles, by their code, and branches, by theirs."""

    articles: Mapping[str, str] = field(default_factory=dict)
    branches: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Speaker:
    """`at` None: all promotions are told, whenever they run."""

    rulebook: Rulebook
    words: Vocabulary
    names: Names
    at: datetime | None = None

    @property
    def language(self) -> Language:
        return self.words.language

    @property
    def is_russian(self) -> bool:
        return self.words.language is Language.RU

    def say(self, russian: str, english: str) -> str:
        return russian if self.is_russian else english

    def money(self, minor: int) -> str:
        return short_money(self.words, minor)

    def of_units(self, units: int, currency: str) -> str:
        """Points in the genitive, as after "от" and "не больше": 1 балла, 3 баллов."""
        words = self.words.currency(currency)
        if not self.is_russian or units % words.scale:
            return words.units(units)
        number = units // words.scale
        one = number % _TEN == 1 and number % _HUNDRED != _ELEVEN
        return f"{words.plain(units)}{SPACE}{words.noun.few if one else words.noun.many}"

    def can_read(self, name: str) -> bool:
        """Whoever reads English need not know other letters; whoever reads Russian knows both."""
        return self.is_russian or any(letter.isascii() and letter.isalpha() for letter in name)

    def named(self, russian: str, english: str, code: str) -> str:
        """A name in quotation marks."""
        return self.quote(self.say(russian or english, english or russian) or code)

    def quote(self, text: str) -> str:
        return quoted(text, self.language)

    def tiers(self, codes: Collection[str]) -> str:
        """для уровней «Друг» и «Семья»."""
        names = [self.quote(self.words.tiers.get(code, code)) for code in codes]
        if len(names) == 1:
            return self.say(f"для уровня {names[0]}", f"for tier {names[0]}")
        return self.say("для уровней ", "for tiers ") + listed(names, self.language)

    def places(self, codes: Collection[str]) -> str:
        """Where: the partner whose branches these are, else the branches by their names."""
        for partner in self.rulebook.mechanics.partners.values():
            if partner.branches and set(partner.branches) == set(codes):
                name = self.named(partner.name_ru, partner.name_en, partner.code)
                return self.say(f"у партнёра {name}", f"at {name}")
        known = [self.quote(self.names.branches[code]) for code in codes if code in self.names.branches]
        if not codes:
            return ""
        if len(known) < len(codes):
            return self.say("в отдельных точках", "at selected branches")
        if len(known) == 1:
            return self.say(f"в точке {known[0]}", f"at {known[0]}")
        return self.say("в точках ", "at ") + listed(known, self.language)
