"""What is missing to a tier, in sentences."""

from datetime import UTC, datetime

import pytest

from kopilka.engine.decision import Hint, Tell
from kopilka.engine.tiering.missing import Lack, Progress, Way
from kopilka.wording.tiers import next_tier_text, progress_texts

END = datetime(2026, 12, 31, 21, 0, tzinfo=UTC)
MONEY = Lack("spent", 123_456, 0, 123_456)


def to_gold(*ways, until=None):
    return Progress("bronze", Way("gold", ways, until), None)


@pytest.mark.parametrize(
    ("ways", "russian_text", "english_text"),
    [
        (((MONEY,),), "купить на 1\u00a0234,56\u00a0₽", "spend ₽1,234.56"),
        (((Lack("purchases", 1, 0, 1),),), None, "1\u00a0purchase"),
        (((Lack("balance", 40, 0, 40, "bonus"),),), "накопить 40\u00a0баллов", "collect 40\u00a0points"),
    ],
)
def test_next_tier_is_a_sentence(ways, russian_text, english_text, russian, english):
    if russian_text:
        assert progress_texts(to_gold(*ways), russian) == [f"До уровня «Золотой» осталось {russian_text}."]
    assert progress_texts(to_gold(*ways), english) == [f"To reach tier “Gold”: {english_text}."]


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (1, "1\u00a0покупка"),
        (3, "3\u00a0покупки"),
        (5, "5\u00a0покупок"),
        (11, "11\u00a0покупок"),
        (22, "22\u00a0покупки"),
    ],
)
def test_russian_numbers_decline(number, told, russian):
    assert progress_texts(to_gold((Lack("purchases", number, 0, number),)), russian) == [
        f"До уровня «Золотой» осталось: {told}."
    ]


def test_ways_stand_beside_each_other_and_windows_have_an_end(russian):
    ways = ((MONEY, Lack("referrals", 2, 0, 2)), (Lack("largest", 500_000, 0, 500_000),))

    assert progress_texts(to_gold(*ways, until=END), russian) == [
        "До уровня «Золотой» осталось купить на 1\u00a0234,56\u00a0₽ и 2\u00a0приглашённых друга"
        " или одна покупка на 5\u00a0000,00\u00a0₽ до 01.01.2027."
    ]


def test_what_keeps_the_tier(russian, english):
    missing = Progress("gold", None, Way("gold", ((MONEY,),), END))
    done = Progress("gold", None, Way("gold", ((),), END))

    assert progress_texts(missing, russian) == [
        "Чтобы сохранить уровень «Золотой», осталось купить на 1\u00a0234,56\u00a0₽ до 01.01.2027."
    ]
    assert progress_texts(done, english) == ["Tier “Gold” is yours after 1\u00a0Jan\u00a02027 too."]


def test_what_cannot_be_said_in_figures_is_not_said(russian):
    assert progress_texts(to_gold(), russian) == []


def test_a_hint_is_the_same_sentence_without_its_stop(russian):
    hint = Hint(Tell.NEXT_TIER, "gold", amount=123_456, detail="spent")

    assert next_tier_text(hint, russian) == "До уровня «Золотой» осталось купить на 1\u00a0234,56\u00a0₽"
