"""Two versions of the rules compared in words a shop owner reads."""

import pytest

from kopilka.bookkeeping.rulebook_text import read_text
from kopilka.engine.document.conditions import ConditionKind
from kopilka.engine.document.program_spec import DOCUMENT
from kopilka.engine.document.shapes import Record
from kopilka.services.programs import diff_trees
from kopilka.wording.differences import tell_differences
from kopilka.wording.document_words import GONE, KEYS, NEW, RULES
from kopilka.wording.languages import Language

BEFORE = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00", life: {days: 365}}
spending: {bonus: {share_of_receipt: 50}}
tiers:
  bronze: {name: {ru: Бронза, en: Bronze}}
  gold: {name: {ru: Золото, en: Gold}, enter: {spent: {above: "10000.00"}}}
promotions:
  friday: {when: {weekday: fri}, discount: {percent: 15}}
  cashback: {earn: {percent: 5}}
"""


def told(old, new, language):
    before = read_text(BEFORE).tree
    after = read_text(BEFORE.replace(old, new)).tree
    return [
        one.text.replace("\u00a0", " ") for one in tell_differences(diff_trees(before, after), before, after, language)
    ]


@pytest.mark.parametrize(
    ("old", "new", "ru", "en"),
    [
        ("percent: 15", "percent: 20", "Скидка акции friday: 20 % вместо 15 %.",
         "The discount of promotion friday: 20% instead of 15%."),
        ("percent: 5}", "percent: 7.5}", "Начисление акции cashback: 7,5 % вместо 5 %.",
         "The earning of promotion cashback: 7.5% instead of 5%."),
        ('"10000.00"', '"15000.00"', "Условие входа, сумма покупок, больше уровня gold «Золото»: 15000,00 ₽ вместо 10000,00 ₽.",  # noqa: E501
         "The condition of entry, sum of purchases, above of tier gold “Gold”: ₽15000.00 instead of ₽10000.00."),
        ("weekday: fri", "weekday: [fri, sat]", "Условие, день недели акции friday: пт, сб вместо пт.",
         "The condition, day of the week of promotion friday: Fri, Sat instead of Fri."),
        ("share_of_receipt: 50", "share_of_receipt: 100", "Доля чека оплаты баллами bonus «Бонусы»: 100 % вместо 50 %.",
         "The share of the receipt of spending of bonus “Бонусы”: 100% instead of 50%."),
        ("  cashback: {earn: {percent: 5}}\n", "", "Больше нет акции cashback.", "Gone: promotion cashback."),
        ("  cashback:", '  tea: {lines: {category: tea}, discount: {amount: "10.00"}}\n  cashback:',
         "Новая акция tea: товары: категория: tea, скидка: сумма: 10,00 ₽.",
         "New promotion tea: goods: category: tea, discount: amount: ₽10.00."),
        ("{earn: {percent: 5}}", '{earn: {percent: 5}, until: "2026-05-01 00:00"}',
         "Конец акции cashback: теперь 2026-05-01 00:00.", "The end of promotion cashback: now 2026-05-01 00:00."),
        ("life: {days: 365}", "life: {days: 180}", "Срок жизни, дней баллов bonus «Бонусы»: 180 вместо 365.",
         "The life, days of points bonus “Бонусы”: 180 instead of 365."),
        ("program: Лавка", "program: Базар", "Название программы: Базар вместо Лавка.",
         "The name of the program: Базар instead of Лавка."),
    ],
)  # fmt: skip
def test_difference_is_a_sentence_in_both_languages(old, new, ru, en):
    assert told(old, new, Language.RU) == [ru]
    assert told(old, new, Language.EN) == [en]


def test_every_key_of_the_document_has_its_words():
    seen: set[int] = set()
    keys: set[str] = set()

    def walk(kind):
        if id(kind) in seen or isinstance(kind, ConditionKind):
            return
        seen.add(id(kind))
        if isinstance(kind, Record) and not kind.name.startswith("case"):
            keys.update(kind.fields)
            for field in kind.fields.values():
                walk(field.kind)
        for name in getattr(type(kind), "__dataclass_fields__", {}):
            value = getattr(kind, name)
            for inner in value if isinstance(value, tuple | list) else [value]:
                if hasattr(type(inner), "__dataclass_fields__"):
                    walk(inner)

    walk(DOCUMENT)

    assert sorted(keys - KEYS.keys()) == []
    assert {*NEW} == {*GONE} == {*RULES} - {"counting"}
