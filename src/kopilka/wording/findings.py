"""What the linter found, said in Russian and in English, with the receipt that shows it."""

from __future__ import annotations

from collections.abc import Mapping

from kopilka.engine.linting.findings import Evidence
from kopilka.wording.amounts import decimal_in, price, quantity
from kopilka.wording.facts import fact_name
from kopilka.wording.finding_texts import SENTENCES, SEVERITIES
from kopilka.wording.languages import Language
from kopilka.wording.problems import shown


def finding_text(code: str, params: Mapping[str, object], language: Language) -> str:
    """One whole sentence or two."""
    told = {name: _told(name, value, language) for name, value in params.items()}
    return SENTENCES[code][language].format_map(told)


def severity_word(severity: str, language: Language) -> str:
    return SEVERITIES[severity][language]


def evidence_lines(evidence: Evidence, digits: int, language: Language) -> list[str]:
    """The receipt, a line each: when and for whom, then every article with what came off."""
    money = decimal_in(digits, language)
    russian = language is Language.RU
    who = ", ".join(f"{fact_name(name, language)}: {shown(value)}" for name, value in evidence.who.items())
    head = " · ".join(part for part in (evidence.at, evidence.branch, " ".join(evidence.codes), who) if part)
    told = [head]
    for line in evidence.lines:
        each = price(line.price, money, digits, language)
        offs = "".join(f" − {code} {money(off)}" for code, off in line.discounts)
        sold = f"{line.sku} {quantity(line.quantity, language)} × {each} = {money(line.amount)}"
        told.append(f"{sold}{offs} = {money(line.net)}" if offs else sold)
    if evidence.earned:
        word = "начислено" if russian else "earned"
        told.append(f"{word}: " + ", ".join(f"{code} {units}" for code, units in evidence.earned.items()))
    return told


def _told(name: str, value: object, language: Language) -> str:
    if name == "fact" and isinstance(value, list):
        return ", ".join(fact_name(str(fact), language) for fact in value)
    if name == "chain" and isinstance(value, list):
        return " → ".join(map(str, value))
    return shown(value)
