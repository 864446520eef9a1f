from datetime import UTC, datetime

from kopilka.engine.decision import LotPlan
from kopilka.wording.slip import Expiring, slip_text
from tests.wording.test_explanation import AT, END, decision


def lines_of(text: str) -> list[str]:
    return text.split("\n")


def test_slip_says_spent_earned_balance_and_what_expires(russian, english):
    expiring = [Expiring("bonus", 100, datetime(2026, 12, 30, 21, 0, tzinfo=UTC))]

    assert lines_of(slip_text(decision(), russian, balances={"bonus": 287}, expiring=expiring)) == [
        "Оплачено баллами: 250 баллов = 250,00 ₽",
        "Начислено: 37 баллов",
        "На счёте: 287 баллов",
        "31.12.2026 сгорит: 100 баллов",
    ]
    assert lines_of(slip_text(decision(), english, balances={"bonus": 287}, expiring=expiring)) == [
        "Paid with points: 250 points = ₽250.00",
        "Earned: 37 points",
        "Balance: 287 points",
        "Expires on 31 Dec 2026: 100 points",
    ]


def test_slip_without_a_balance_leaves_it_out(russian):
    assert lines_of(slip_text(decision(spend=[]), russian)) == ["Начислено: 37 баллов"]


def test_slip_says_when_points_start_and_a_new_tier(russian):
    pending = LotPlan("bonus", 37, END, None, pending=True, num=37, den=1)

    told = slip_text(decision(spend=[], lots=[pending], tier_after="gold"), russian)

    assert lines_of(told) == ["Начислено: 37 баллов, доступны с 06.03.2027", "Новый уровень: Золотой"]


def test_slip_says_nothing_of_a_tier_that_stays(russian):
    assert slip_text(decision(spend=[], lots=[], tier_after="bronze"), russian) == ""


def test_slip_of_nobody_is_empty(english):
    assert slip_text(decision(member=None, at=AT), english) == ""
