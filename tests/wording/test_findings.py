"""Every finding of the linter has its sentences, with the receipt that shows it."""

import pytest

from kopilka.engine.linting.findings import Evidence, EvidenceLine, FindingCode
from kopilka.wording.finding_texts import SENTENCES
from kopilka.wording.findings import evidence_lines, finding_text
from kopilka.wording.languages import Language


@pytest.mark.parametrize("code", list(FindingCode))
def test_finding_is_said_in_both_languages(code):
    assert {language for language, text in SENTENCES[code].items() if text} == {Language.RU, Language.EN}


def test_finding_names_rules_and_facts_in_the_readers_words():
    stack = {"rules": ["a", "b"], "percent": "130", "price": "1000", "pays": "0"}

    assert finding_text("stack_over_hundred", stack, Language.EN) == (
        "Discounts add up: a, b together promise 130%. Of 1000 the buyer pays 0."
    )
    assert finding_text("never_works", {"fact": ["tier", "member"]}, Language.RU) == (
        "Правило никогда не сработает: условия противоречат друг другу (уровень, участник программы)."
    )
    assert finding_text("cyclic_unlock", {"chain": ["a", "b", "a"]}, Language.EN) == (
        "A closed circle: a → b → a. Each rule waits for another, and nobody can begin."
    )


def test_evidence_is_a_receipt_in_lines():
    line = EvidenceLine("TEA", 2_000, 5_000_000, 100_000, (("sale", 30_000),), 70_000)
    evidence = Evidence("2026-03-06 18:00", {"tier": "gold"}, (line,), {"bonus": 35}, "center", ("HELLO",))

    told = [one.replace("\u00a0", " ") for one in evidence_lines(evidence, 2, Language.RU)]

    assert told == [
        "2026-03-06 18:00 · center · HELLO · уровень: gold",
        "TEA 2 × 500,00 = 1 000,00 − sale 300,00 = 700,00",
        "начислено: bonus 35",
    ]
