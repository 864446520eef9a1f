from time import process_time

import pytest

from kopilka.engine.decision import Limit, Reason, Why
from kopilka.engine.facts import FACTS
from kopilka.engine.points import Rounding
from kopilka.engine.rulebook import NthFree, Promotion
from kopilka.wording.amounts import money_in
from kopilka.wording.facts import FACT_NAMES
from kopilka.wording.languages import Language
from kopilka.wording.promotions import promotion_words
from kopilka.wording.reasons import FIXED, LIMITS, ROUNDINGS, limit_text, sentence, trace

# Spaces that hold a number and its word together are written as ordinary ones below.
TELLING = [
    (
        Reason(Why.DISCOUNTED, "plants", 1, 12_000),
        "Скидка 20 % по акции «Пятница растений»: −120,00 ₽",
        "20% off by promotion “Plant Friday”: −₽120.00",
    ),
    (
        Reason(Why.DISCOUNTED, "milk", 1, 3_000),
        "Цена 59,90 ₽ по акции «Жёлтый ценник»: −30,00 ₽",
        "Price ₽59.90 by promotion “Yellow tag”: −₽30.00",
    ),
    (
        Reason(Why.DISCOUNTED, "minus-300", 0, 30_000),
        "Скидка 300,00 ₽ по акции «Минус 300»: −300,00 ₽",
        "₽300.00 off by promotion “Minus 300”: −₽300.00",
    ),
    (
        Reason(Why.DISCOUNTED, "each-10", 2, 4_000),
        "Скидка 10,00 ₽ с каждой единицы по акции «По десятке»: −40,00 ₽",
        "₽10.00 off each by promotion “Ten off each”: −₽40.00",
    ),
    (
        Reason(Why.DISCOUNTED, "third", 1, 15_000),
        "Каждый 3-й бесплатно по акции «Третий кофе»: −150,00 ₽",
        "Every 3rd free by promotion “Third coffee”: −₽150.00",
    ),
    (
        Reason(Why.DISCOUNTED, "second", 1, 15_000),
        "Каждый 2-й со скидкой 50 % по акции «Вторая вещь»: −150,00 ₽",
        "Every 2nd at 50% off by promotion “Second thing”: −₽150.00",
    ),
    (
        Reason(Why.DISCOUNTED, "pair", 1, 15_000),
        "Покупка 2 + 1, бесплатно по акции «Пара»: −150,00 ₽",
        "Buy 2, get 1 free by promotion “Pair”: −₽150.00",
    ),
    (
        Reason(Why.DISCOUNTED, "lunch", 1, 5_000),
        "Набор за 250,00 ₽ по акции «Обед»: −50,00 ₽",
        "Set for ₽250.00 by promotion “Lunch”: −₽50.00",
    ),
    (
        Reason(Why.DISCOUNTED, "set", 1, 5_000),
        "Скидка 15 % на набор по акции «Набор»: −50,00 ₽",
        "15% off the set by promotion “Set”: −₽50.00",
    ),
    (
        Reason(Why.DISCOUNTED, "long-gone", 1, 5_000),
        "Скидка по акции «long-gone»: −50,00 ₽",
        "Discount by promotion “long-gone”: −₽50.00",
    ),
    (
        Reason(Why.EARNED, "cashback", 1, 75_000, "bonus", 75, 2),
        "5 % от 750,00 ₽ по правилу «Кешбэк» = 37,5 балла",
        "5% of ₽750.00 by rule “Cashback” = 37.5 points",
    ),
    (
        Reason(Why.EARNED, "cashback", 1, 0, "bonus", 37, 1),
        "5 % по правилу «Кешбэк» = 37 баллов",
        "5% by rule “Cashback” = 37 points",
    ),
    (
        Reason(Why.EARNED, "per-fifty", 1, 5_000, "bonus", 3, 5),
        "1 балл за каждые 50,00 ₽ по правилу «per-fifty» = 0,6 балла",
        "1 point per ₽50.00 by rule “per-fifty” = 0.6 points",
    ),
    (
        Reason(Why.EARNED, "per-receipt", 0, 0, "bonus", 10, 1),
        "10 баллов за чек по правилу «per-receipt» = 10 баллов",
        "10 points per receipt by rule “per-receipt” = 10 points",
    ),
    (
        Reason(Why.EARNED, "per-line", 1, 0, "bonus", 2, 1),
        "2 балла за строку по правилу «per-line» = 2 балла",
        "2 points per line by rule “per-line” = 2 points",
    ),
    (
        Reason(Why.EARNED, "per-unit", 1, 0, "bonus", 15, 2),
        "5 баллов за единицу по правилу «per-unit» = 7,5 балла",
        "5 points per unit by rule “per-unit” = 7.5 points",
    ),
    (
        Reason(Why.EARNED, "two-ways", 1, 75_000, "bonus", 3, 1),
        "Начислено по правилу «two-ways»: 3 балла",
        "Earned by rule “two-ways”: 3 points",
    ),
    (
        Reason(Why.MULTIPLIED, "double", 1, 0, "bonus", 100, 3),
        "Начисление ×2 по правилу «Двойные баллы»: +33 1/3 балла",
        "Points ×2 by rule “Double points”: +33 1/3 points",
    ),
    (
        Reason(Why.ROUNDED, "", 0, 37, "bonus", 75, 2),
        "37,5, округлено вниз до 37 баллов",
        "37.5, rounded down to 37 points",
    ),
    (
        Reason(Why.ROUNDED, "", 0, 3751, "exact", 75_011, 20),
        "37,5055, округлено (половина вверх) до 37,51 бонуса",
        "37.5055, rounded (half up) to 37.51 bonuses",
    ),
    (
        Reason(Why.ROUNDED, "", 0, 37, "bonus", 37, 1),
        "Ровно 37 баллов",
        "Exactly 37 points",
    ),
    (
        Reason(Why.ROUNDED, "", 0, 1, "bonus", 2, 5),
        "0,4, вместе с остатком прошлых покупок это 1 балл",
        "0.4, with the remainder of earlier purchases this makes 1 point",
    ),
    (
        Reason(Why.SPENT, "", 0, 250, "bonus", 25_000, 1),
        "Оплачено баллами: 250 баллов = 250,00 ₽",
        "Paid with points: 250 points = ₽250.00",
    ),
    (
        Reason(Why.SPENT, "", 0, 1250, "bonus:receipt_share", 125_000, 1),
        "Оплачено баллами: 1 250 баллов = 1 250,00 ₽ (предел доли чека)",
        "Paid with points: 1,250 points = ₽1,250.00 (the share allowed on the receipt)",
    ),
    (
        Reason(Why.GIFT_ADDED, "mug"),
        "Подарок «Кружка белая» × 1 по акции «Кружка»: добавлен по нулевой цене",
        "Gift “Кружка белая” × 1 by promotion “Mug”: added at zero price",
    ),
    (
        Reason(Why.GIFT_GIVEN, "gifts.coffee", 2, 22_000, "", 1_000, 1_000),
        "Подарок «gifts.coffee» × 1: −220,00 ₽",
        "Gift “gifts.coffee” × 1: −₽220.00",
    ),
    (
        Reason(Why.EARNING_OFF, "milk", 1),
        "Акция «Жёлтый ценник»: на эти товары баллы не начисляются",
        "Promotion “Yellow tag”: these goods earn no points",
    ),
    (
        Reason(Why.SPENDING_OFF, "milk", 1),
        "Акция «Жёлтый ценник»: эти товары нельзя оплатить баллами",
        "Promotion “Yellow tag”: these goods cannot be paid with points",
    ),
    (
        Reason(Why.SPENDING_CAPPED, "plants", 1),
        "Акция «Пятница растений»: баллами можно оплатить не больше 30 % цены",
        "Promotion “Plant Friday”: points may pay at most 30% of the price",
    ),
    (
        Reason(Why.NOT_IN_TIME, "plants"),
        "Акция «Пятница растений» сейчас не действует",
        "Promotion “Plant Friday” is not running at this time",
    ),
    (
        Reason(Why.NOT_IN_BRANCH, "cashback"),
        "Правило «Кешбэк» не действует в этой точке продаж",
        "Rule “Cashback” is not running in this branch",
    ),
    (
        Reason(Why.NO_COUPON, "plants"),
        "Акция «Пятница растений» действует только по купону",
        "Promotion “Plant Friday” needs a coupon",
    ),
    (
        Reason(Why.LIMIT_REACHED, "plants", detail="member"),
        "Акция «Пятница растений»: использовано столько раз, сколько можно",
        "Promotion “Plant Friday” was used as often as it may be",
    ),
    (
        Reason(Why.BUDGET_SPENT, "plants"),
        "Акция «Пятница растений»: бюджет исчерпан",
        "Promotion “Plant Friday”: its budget is used up",
    ),
    (
        Reason(Why.HELD_OUT, "plants"),
        "Акция «Пятница растений»: участник в контрольной группе, акция для него не действует",
        "Promotion “Plant Friday”: the member is in the control group, it does not work for him",
    ),
    (
        Reason(Why.SWITCHED_OFF, "plants"),
        "Акция «Пятница растений»: временно выключено",
        "Promotion “Plant Friday” is switched off for now",
    ),
    (
        Reason(Why.LOCKED, "plants"),
        "Акция «Пятница растений»: участнику пока не открыто",
        "Promotion “Plant Friday” is not unlocked for this member",
    ),
    (
        Reason(Why.CONDITION, "plants", detail="tier"),
        "Акция «Пятница растений»: не выполнено условие «уровень»",
        "Promotion “Plant Friday”: the condition on “tier” is not met",
    ),
    (
        Reason(Why.NO_LINES, "plants"),
        "Акция «Пятница растений»: в чеке нет подходящих товаров",
        "Promotion “Plant Friday”: no line of the receipt fits",
    ),
    (
        Reason(Why.NO_SETS, "pair"),
        "Акция «Пара»: в чеке не хватает товаров для набора",
        "Promotion “Pair”: there are not enough items to complete a set",
    ),
    (
        Reason(Why.BEATEN, "milk", detail="plants"),
        "Акция «Жёлтый ценник»: в группе сработала другая акция, «Пятница растений»",
        "Promotion “Yellow tag”: another one of its group was chosen, “Plant Friday”",
    ),
    (
        Reason(Why.CLOSED_LINES, "plants"),
        "Акция «Пятница растений»: подходящие товары закрыты исключительной акцией",
        "Promotion “Plant Friday”: the lines it needs are closed by an exclusive promotion",
    ),
    (
        Reason(Why.NOTHING_LEFT, "plants"),
        "Акция «Пятница растений»: цена уже снижена до предела",
        "Promotion “Plant Friday”: the price is already at its lowest",
    ),
    (
        Reason(Why.NOT_GIVEN_HERE, detail="bonus"),
        "В этой точке продаж не начисляются: Баллы",
        "Not earned in this branch: Points",
    ),
    (
        Reason(Why.ANONYMOUS, "cashback"),
        "Правило «Кешбэк»: баллы получают только участники программы",
        "Rule “Cashback”: only members of the program get points",
    ),
    (
        Reason(Why.ANONYMOUS),
        "Программа: баллы получают только участники программы",
        "The program: only members of the program get points",
    ),
]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(("reason", "in_russian", "in_english"), TELLING, ids=lambda value: str(value)[:40])
def test_reason_is_told_in_both_languages(russian, english, reason, in_russian, in_english):
    assert plain(sentence(reason, russian)) == in_russian
    assert plain(sentence(reason, english)) == in_english


def test_reason_of_every_kind_is_told_above():
    assert {reason.why for reason, _, _ in TELLING} == set(Why)


def test_sentence_does_not_change_when_it_is_told_again(russian):
    reason = Reason(Why.CONDITION, "plants", detail="weekday")

    assert sentence(reason, russian) == sentence(reason, russian)
    assert plain(sentence(reason, russian)) == "Акция «Пятница растений»: не выполнено условие «день недели»"


@pytest.mark.parametrize(
    ("nth", "told"),
    [
        (2, "Every 2nd free"),
        (3, "Every 3rd free"),
        (4, "Every 4th free"),
        (11, "Every 11th free"),
        (21, "Every 21st free"),
    ],
)
def test_every_nth_is_counted_in_english(nth, told):
    promotion = Promotion("nth", discount=NthFree(nth))
    words = promotion_words(promotion, "nth", Language.EN, money_in("RUB", 2, Language.EN), 2, {})

    assert words.discount == f"{told} by promotion “nth”"


def test_numbers_and_their_words_stay_on_one_line(russian):
    assert sentence(Reason(Why.ROUNDED, "", 0, 250, "bonus", 250, 1), russian) == "Ровно 250\u00a0баллов"


def test_fixed_sentences_are_whole_in_both_languages():
    assert {why for why, texts in FIXED.items() if set(texts) != set(Language)} == set()


def test_limits_roundings_and_facts_have_names_in_both_languages():
    assert set(LIMITS) == set(Limit)
    assert set(ROUNDINGS) == set(Rounding)
    assert set(FACT_NAMES) == set(FACTS)
    for names in (*LIMITS.values(), *ROUNDINGS.values(), *FACT_NAMES.values()):
        assert set(names) == set(Language)


def test_limit_nobody_named_is_said_by_its_code():
    assert limit_text("cash_min", Language.EN) == "the least part paid with money"
    assert limit_text("new_one", Language.EN) == "new_one"


def test_trace_of_25_reasons_is_cheap(russian):
    reasons = [reason for reason, _, _ in TELLING][:25]
    trace(reasons, russian)

    def measured() -> float:
        start = process_time()
        for _ in range(200):
            trace(reasons, russian)
        return (process_time() - start) / 200

    # Under 40 µs on a quiet machine; the bound leaves room for a busy one.
    assert min(measured() for _ in range(10)) < 200e-6
