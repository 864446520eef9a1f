from datetime import UTC, datetime
from uuid import UUID

from kopilka.engine.decision import (
    Decision,
    Limit,
    LotPlan,
    PricedLine,
    Reason,
    SpendPlan,
    Totals,
    Why,
)
from kopilka.engine.returned import PointsBack, ReturnDecision, Returned, ReturnedLine
from kopilka.engine.rulebook import TakeBack
from kopilka.wording.explanation import (
    explain_activated,
    explain_adjusted,
    explain_earned,
    explain_expired,
    explain_held,
    explain_purchase,
    explain_released,
    explain_returned,
    explain_spent,
    not_applied,
)

AT = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)
END = datetime(2027, 3, 6, 12, 0, tzinfo=UTC)
MEMBER = UUID(int=1)


def decision(**changed) -> Decision:
    values = {
        "version": 1,
        "fingerprint": "wording-tests",
        "at": AT,
        "member": MEMBER,
        "tier": "bronze",
        "totals": Totals(amount=100_000, manual=0, discount=0, net=100_000, points=25_000, paid=75_000),
        "lines": [
            PricedLine(
                1, "LESSON", "Занятие", 1000, 10_000_000, 100_000, 0, 100_000, 25_000, 75_000,
                spent={"bonus": 250}, earned={0: 37},
            ),
        ],
        "fiscal": [],
        "spend": [SpendPlan("bonus", 250, 25_000, 250, Limit.RECEIPT_SHARE)],
        "draws": [],
        "lots": [LotPlan("bonus", 37, AT, END, pending=False, num=75, den=2)],
        "carry": [],
        "coupons": [],
        "coupons_refused": [],
        "prompts": [],
        "reasons": [
            Reason(Why.NO_LINES, "milk"),
            Reason(Why.CONDITION, "plants", detail="weekday"),
            Reason(Why.SPENT, "", 0, 250, "bonus:receipt_share", 25_000, 1),
            Reason(Why.EARNED, "cashback", 1, 75_000, "bonus", 75, 2),
            Reason(Why.ROUNDED, "", 0, 37, "bonus", 75, 2),
        ],
    }  # fmt: skip
    return Decision(**{**values, **changed})


def plain(told: list[str]) -> list[str]:
    return [text.replace("\u00a0", " ") for text in told]


def test_earned_points_are_explained_line_by_line(russian):
    assert plain(explain_earned(decision(), "bonus", russian)) == [
        "За покупку начислено: 37 баллов.",
        "Строка 1. 5 % от 750,00 ₽ по правилу «Кешбэк» = 37,5 балла.",
        "Итого: 37,5, округлено вниз до 37 баллов.",
        "Строка 1, «Занятие» × 1: цена 1 000,00 ₽, баллами 250,00 ₽, деньгами 750,00 ₽. +37 баллов.",
        "37 баллов: действуют до 06.03.2027 15:00.",
        "Не сработало:",
        "Акция «Жёлтый ценник»: в чеке нет подходящих товаров.",
        "Акция «Пятница растений»: не выполнено условие «день недели».",
    ]


def test_earned_points_are_explained_in_english(english):
    assert plain(explain_earned(decision(), "bonus", english)) == [
        "Earned by the purchase: 37 points.",
        "Line 1. 5% of ₽750.00 by rule “Cashback” = 37.5 points.",
        "Sum: 37.5, rounded down to 37 points.",
        "Line 1, “Занятие” × 1: price ₽1,000.00, with points ₽250.00, with money ₽750.00. +37 points.",
        "37 points: good until 6 Mar 2027 15:00.",
        "Did not apply:",
        "Promotion “Yellow tag”: no line of the receipt fits.",
        "Promotion “Plant Friday”: the condition on “day of the week” is not met.",
    ]


def test_purchase_that_spends_and_earns_is_explained_whole(russian, english):
    told = explain_purchase(decision(), "bonus", russian)

    assert plain(told[:1]) == ["Потрачено 250 баллов, начислено 37 баллов."]
    assert told[1:] == [*explain_spent(decision(), "bonus", russian), *explain_earned(decision(), "bonus", russian)]
    assert plain(explain_purchase(decision(), "bonus", english)[:1]) == ["Spent: 250 points, earned: 37 points."]


def test_purchase_that_only_earns_or_only_spends_tells_just_that(russian):
    earns = decision(spend=[SpendPlan("bonus", 0, 0, 250, Limit.NOTHING)])
    spends = decision(lots=[], reasons=[])

    assert explain_purchase(earns, "bonus", russian) == explain_earned(earns, "bonus", russian)
    assert explain_purchase(spends, "bonus", russian) == explain_spent(spends, "bonus", russian)


def test_points_that_start_later_and_live_for_ever_say_so(russian):
    lot = LotPlan("bonus", 37, END, None, pending=True, num=75, den=2)

    told = plain(explain_earned(decision(lots=[lot], lines=[], reasons=[]), "bonus", russian))

    assert told == [
        "За покупку начислено: 37 баллов.",
        "37 баллов: без срока, доступны с 06.03.2027 15:00.",
    ]


def test_line_that_earns_nothing_because_of_a_promotion_is_explained(russian):
    off = decision(lots=[], reasons=[Reason(Why.EARNING_OFF, "milk", 1)])

    assert plain(explain_earned(off, "bonus", russian)) == [
        "За покупку начислено: 0 баллов.",
        "Строка 1. Акция «Жёлтый ценник»: на эти товары баллы не начисляются.",
    ]


def test_points_given_for_the_receipt_are_explained_without_a_line(russian):
    whole = decision(
        lines=[],
        lots=[LotPlan("bonus", 10, AT, None, pending=False, num=10, den=1)],
        reasons=[Reason(Why.EARNED, "per-receipt", 0, 0, "bonus", 10, 1)],
    )

    assert plain(explain_earned(whole, "bonus", russian)) == [
        "За покупку начислено: 10 баллов.",
        "10 баллов за чек по правилу «per-receipt» = 10 баллов.",
        "10 баллов: без срока.",
    ]


def test_spent_points_are_explained_with_their_limit(russian, english):
    assert plain(explain_spent(decision(), "bonus", russian)) == [
        "Оплачено баллами: 250 баллов = 250,00 ₽.",
        "Самое большее можно было 250 баллов: предел доли чека.",
        "Строка 1, «Занятие» × 1: цена 1 000,00 ₽, баллами 250,00 ₽, деньгами 750,00 ₽. −250 баллов.",
        "Первыми потрачены баллы, которые раньше сгорают.",
    ]
    assert plain(explain_spent(decision(), "bonus", english)) == [
        "Paid with points: 250 points = ₽250.00.",
        "At most 250 points could be spent: the share allowed on the receipt.",
        "Line 1, “Занятие” × 1: price ₽1,000.00, with points ₽250.00, with money ₽750.00. −250 points.",
        "The points that expire first were spent first.",
    ]


def test_currency_that_was_not_spent_has_nothing_to_explain(russian):
    assert explain_spent(decision(), "exact", russian) == []


def test_rule_that_did_nothing_on_many_lines_is_told_once(russian):
    twice = decision(reasons=[Reason(Why.NOTHING_LEFT, "milk", 1), Reason(Why.NOTHING_LEFT, "milk", 2)])

    assert not_applied(twice, russian) == ["Не сработало:", "Акция «Жёлтый ценник»: цена уже снижена до предела."]
    assert not_applied(decision(reasons=[]), russian) == []


def returned(**changed) -> ReturnDecision:
    back = PointsBack("bonus", **changed)
    line = ReturnedLine(1, "LESSON", "Занятие", 1000, 75_000)
    return ReturnDecision(UUID(int=2), AT, [line], 75_000, [back], [], [], TakeBack.DEBT, Returned())


def test_return_is_explained(russian, english):
    whole = returned(earned=37, taken=20, owed=17, given=250, in_grace=50)

    assert plain(explain_returned(whole, "bonus", russian)) == [
        "Возврат: «Занятие» × 1, денег 750,00 ₽.",
        "Эти товары принесли: 37 баллов.",
        "Снято со счёта: 20 баллов.",
        "Не хватило, записано в долг: 17 баллов.",
        "Возвращено потраченных: 250 баллов.",
        "Из них с новым сроком, потому что прежний истёк: 50 баллов.",
    ]
    assert plain(explain_returned(whole, "bonus", english)) == [
        "Returned: “Занятие” × 1, money ₽750.00.",
        "These goods had earned: 37 points.",
        "Taken from the wallet: 20 points.",
        "Was not there and is owed: 17 points.",
        "Spent points given back: 250 points.",
        "Of these with a new life, for the old one was over: 50 points.",
    ]


def test_return_that_cannot_take_everything_says_what_became_of_it(russian):
    rest = returned(earned=30, taken=10, expired=15, forgotten=5, given=4, lapsed=4)

    assert plain(explain_returned(rest, "bonus", russian))[1:] == [
        "Эти товары принесли: 30 баллов.",
        "Снято со счёта: 10 баллов.",
        "Уже сгорело и не снимается: 15 баллов.",
        "Не хватило и прощено: 5 баллов.",
        "Возвращено потраченных: 4 балла.",
        "Из них сгорело сразу, срок истёк: 4 балла.",
    ]


def test_return_in_another_currency_tells_the_goods_only(russian):
    assert len(explain_returned(returned(earned=30, taken=30), "exact", russian)) == 1


def test_expiry_says_where_the_points_came_from(russian, english):
    facts = {"granted": 100, "starts_at": AT, "expires_at": END}

    assert plain(explain_expired(63, "bonus", **facts, vocabulary=russian)) == [
        "Сгорело: 63 балла. Начислено было 100 баллов 06.03.2026, срок до 06.03.2027 15:00.",
    ]
    assert plain(explain_expired(63, "bonus", **facts, vocabulary=english)) == [
        "Expired: 63 points. 100 points were given on 6 Mar 2026, good until 6 Mar 2027 15:00.",
    ]


def test_activation_says_since_when_the_points_waited(russian, english):
    assert plain(explain_activated(37, "bonus", granted_at=AT, vocabulary=russian)) == [
        "Стало доступно: 37 баллов. Начислено 06.03.2026.",
    ]
    assert plain(explain_activated(37, "bonus", granted_at=AT, vocabulary=english)) == [
        "Became available: 37 points. Given on 6 Mar 2026.",
    ]


def test_adjustment_names_the_actor_and_the_reason(russian, english):
    assert plain(explain_adjusted(100, "bonus", actor="Анна", reason="за ожидание", vocabulary=russian)) == [
        "Начислено вручную: 100 баллов.",
        "Кто: Анна.",
        "Причина: за ожидание.",
    ]
    assert plain(explain_adjusted(-100, "bonus", actor="Anna", reason="", vocabulary=english)) == [
        "Taken by hand: 100 points.",
        "By: Anna.",
    ]


def test_hold_and_release_are_explained(russian, english):
    assert plain(explain_held(250, "bonus", until=END, vocabulary=russian)) == [
        "Отложено для незавершённой покупки: 250 баллов. Если её не завершить до 06.03.2027 15:00, баллы вернутся.",
    ]
    assert plain(explain_released(250, "bonus", english)) == ["Came back from those set aside: 250 points."]
