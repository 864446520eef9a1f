"""What one version of the rules says otherwise than another, in whole sentences: "20 % instead of 15 %"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from kopilka.wording.amounts import SPACE, SYMBOLS
from kopilka.wording.deeds import ACTION_NAMES
from kopilka.wording.document_words import GONE, KEYS, MONEY, NEW, PERCENTS, RULES, VALUES
from kopilka.wording.facts import FACT_NAMES
from kopilka.wording.languages import Language
from kopilka.wording.promotions import quoted

TEXT_MAX = 300


class Differs(Protocol):
    """One place that differs; None where the place is absent."""

    @property
    def path(self) -> str: ...
    @property
    def before(self) -> object: ...
    @property
    def after(self) -> object: ...


@dataclass(frozen=True, slots=True)
class Told:
    """A difference in words, with its place."""

    path: str
    text: str


def tell_differences(differences: Iterable[Differs], before: object, after: object, language: Language) -> list[Told]:
    """A sentence for each difference; `before` and `after` are the plain trees of the two documents."""
    symbol = _symbol(after) or _symbol(before)
    teller = _Teller(language, symbol, before, after)
    return [Told(one.path, teller.tell(one)) for one in differences]


def _symbol(tree: object) -> str:
    money = tree.get("money") if isinstance(tree, Mapping) else None
    return SYMBOLS.get(str(money), str(money)) if money else ""


@dataclass(frozen=True, slots=True)
class _Teller:
    language: Language
    symbol: str
    before: object
    after: object

    def tell(self, one: Differs) -> str:
        keys = one.path.split(".")
        section = keys[0]
        if section == "tests":
            return self._of_test(keys, one)
        if section in RULES and len(keys) == 1:
            return self._of_section(section, one)
        if section in RULES and len(keys) > 1:
            return self._of_rule(section, keys[1], keys[2:], one)
        return self._changed(self._label(keys), "", keys[-1], one)

    def _of_section(self, section: str, one: Differs) -> str:
        """A whole section came or went, or its order changed."""
        if isinstance(one.before, list) and isinstance(one.after, list):
            word = KEYS[section][self.language]
            told = ", ".join(map(str, one.after))
            return f"Порядок изменился, {word}: {told}." if self._ru else f"The order of {word} is now {told}."
        table = NEW if one.before is None else GONE
        records = one.after if one.before is None else one.before
        codes = list(records) if isinstance(records, Mapping) else []
        names = ", ".join(self._named(section, str(code)) for code in codes)
        return f"{table[section][self.language]}: {names}." if section in table else f"{section}: {names}."

    def _of_rule(self, section: str, code: str, keys: list[str], one: Differs) -> str:
        name = self._named(section, code)
        if not keys:
            if one.before is None:
                return f"{self._begun(NEW, section)} {name}: {self._shown(one.after, section)}."
            if one.after is None:
                return f"{self._begun(GONE, section)} {name}."
            keys = [section]
        owner = f"{RULES[section][self.language]} {name}"
        return self._changed(self._label(keys), owner, keys[-1], one)

    def _of_test(self, keys: list[str], one: Differs) -> str:
        name = quoted(".".join(keys[1:2]), self.language)
        if len(keys) > 1 and one.before is None:
            return f"Новый тест {name}." if self._ru else f"New test {name}."
        if len(keys) > 1 and one.after is None:
            return f"Больше нет теста {name}." if self._ru else f"Gone: test {name}."
        return f"Тест {name} изменился." if self._ru else f"Test {name} has changed."

    def _changed(self, label: str, owner: str, key: str, one: Differs) -> str:
        keys = [part for part in one.path.split(".") if part not in {"above", "at_least", "below", "at_most"}]
        unit = keys[-1] if keys else key
        before, after = self._shown(one.before, unit), self._shown(one.after, unit)
        if self._ru:
            subject = f"{label[:1].upper()}{label[1:]}{' ' if owner else ''}{owner}"
            if one.before is None:
                return f"{subject}: теперь {after}."
            gone = f"{subject}: больше нет (было {before})."
            return gone if one.after is None else f"{subject}: {after} вместо {before}."
        subject = f"The {label} of {owner}" if owner else f"The {label}"
        if one.before is None:
            return f"{subject}: now {after}."
        return f"{subject}: gone (was {before})." if one.after is None else f"{subject}: {after} instead of {before}."

    def _label(self, keys: list[str]) -> str:
        """The words for a place: figures are called by what they stand under (a discount's percent is the discount)."""
        told = [self._key(key) for key in keys if key not in {"percent", "amount", "all", "any"}] or [
            self._key(keys[-1])
        ]
        return ", ".join(told)

    def _key(self, key: str) -> str:
        known = KEYS.get(key) or FACT_NAMES.get(key) or ACTION_NAMES.get(key)
        return known[self.language] if known else key

    def _begun(self, table: dict[str, dict[Language, str]], section: str) -> str:
        return table[section][self.language] if section in table else section

    def _named(self, section: str, code: str) -> str:
        """The code, with the name people see where there is one."""
        home = "points" if section == "spending" else section
        for tree in (self.after, self.before):
            records = tree.get(home) if isinstance(tree, Mapping) else None
            record = records.get(code) if isinstance(records, Mapping) else None
            name = record.get("name") if isinstance(record, Mapping) else None
            if isinstance(name, Mapping):
                name = name.get(self.language.value) or next(iter(name.values()), None)
            if name:
                return f"{code} {quoted(str(name), self.language)}"
        return code

    def _shown(self, value: object, key: str) -> str:
        told = self._value(value, key)
        return told if len(told) <= TEXT_MAX else f"{told[:TEXT_MAX]}…"

    def _value(self, value: object, key: str) -> str:  # noqa: PLR0911 - one way per kind of value
        if isinstance(value, Mapping):
            units = {str(name): self._unit(str(name), key) for name in value}
            parts = [f"{self._key(str(name))}: {self._value(inner, units[str(name)])}" for name, inner in value.items()]
            return ", ".join(parts) or "—"
        if isinstance(value, list):
            return ", ".join(self._value(inner, key) for inner in value) or "—"
        text = str(value)
        if text in VALUES:
            return VALUES[text][self.language]
        if not text.replace(".", "", 1).isdigit():
            return text
        if key in PERCENTS or (key == "discount"):
            return f"{self._number(text)}{SPACE}%" if self._ru else f"{text}%"
        if key in MONEY and self.symbol:
            return f"{self._number(text)}{SPACE}{self.symbol}" if self._ru else f"{self.symbol}{text}"
        return self._number(text)

    @staticmethod
    def _unit(name: str, around: str) -> str:
        """Comparisons are of what they stand under."""
        return around if name in {"above", "at_least", "below", "at_most"} else name

    def _number(self, text: str) -> str:
        return text.replace(".", ",") if self._ru else text

    @property
    def _ru(self) -> bool:
        return self.language is Language.RU
