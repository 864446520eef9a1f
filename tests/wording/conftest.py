"""A small program as the sentences see it."""

from zoneinfo import ZoneInfo

import pytest

from kopilka.engine.points import PointsCurrency, Rounding
from kopilka.engine.rulebook import (
    AmountOff,
    Bundle,
    BuyGet,
    FixedPrice,
    GiftLine,
    NthFree,
    PercentOff,
    Promotion,
    Rulebook,
    Tier,
)
from kopilka.engine.rulebook_earn import Earn, Per
from kopilka.wording.languages import Language
from kopilka.wording.vocabulary import vocabulary_of

RULEBOOK = Rulebook(
    fingerprint="wording-tests",
    name="Аквариумный мир",
    currency="RUB",
    zone=ZoneInfo("Europe/Moscow"),
    points={
        "bonus": PointsCurrency("bonus", "Баллы", "Points"),
        "exact": PointsCurrency("exact", "Бонусы", "Bonuses", decimals=2, rounding=Rounding.HALF_UP),
    },
    tiers=(Tier("bronze", "Бронзовый", "Bronze"), Tier("gold", "Золотой", "Gold")),
    promotions=(
        Promotion("cashback", "Кешбэк", "Cashback", earn=(Earn("bonus", percent=500),)),
        Promotion("double", "Двойные баллы", "Double points", earn=(Earn("bonus", multiply=200),)),
        Promotion("per-fifty", earn=(Earn("bonus", units=1, per=Per.AMOUNT, per_minor=5000),)),
        Promotion("per-receipt", earn=(Earn("bonus", units=10),)),
        Promotion("per-line", earn=(Earn("bonus", units=2, per=Per.LINE),)),
        Promotion("per-unit", earn=(Earn("bonus", units=5, per=Per.UNIT),)),
        Promotion("two-ways", earn=(Earn("bonus", percent=100), Earn("bonus", units=3))),
        Promotion("plants", "Пятница растений", "Plant Friday", discount=PercentOff(2000), spending_share=3000),
        Promotion("milk", "Жёлтый ценник", "Yellow tag", discount=FixedPrice(599_000)),
        Promotion("minus-300", "Минус 300", "Minus 300", discount=AmountOff(30_000)),
        Promotion("each-10", "По десятке", "Ten off each", discount=AmountOff(1_000, each=True)),
        Promotion("third", "Третий кофе", "Third coffee", discount=NthFree(3)),
        Promotion("second", "Вторая вещь", "Second thing", discount=NthFree(2, percent=5000)),
        Promotion("pair", "Пара", "Pair", discount=BuyGet(2, 1)),
        Promotion("lunch", "Обед", "Lunch", discount=Bundle((), price_minor=25_000)),
        Promotion("set", "Набор", "Set", discount=Bundle((), percent=1500)),
        Promotion("mug", "Кружка", "Mug", discount=GiftLine("MUG-1", name="Кружка белая")),
    ),
)


@pytest.fixture
def russian():
    return vocabulary_of(RULEBOOK, Language.RU)


@pytest.fixture
def english():
    return vocabulary_of(RULEBOOK, Language.EN)
