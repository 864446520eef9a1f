"""Shows S0.8."""

from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest

from kopilka.engine.decision import Carry, LotPlan
from kopilka.engine.earning import carried
from kopilka.engine.period import Edge, Life
from kopilka.engine.points import MAX_POINTS, PointsCurrency, Rounding
from kopilka.engine.quote import decide
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import EarnBase, FixedPrice
from kopilka.engine.rulebook_earn import Earn, Per
from kopilka.engine.standing import Standing, WalletState
from tests.engine.samples import AT, BONUS, MAX, MOSCOW, asks, line, member, paying, promotion, receipt, rulebook, told

CARRYING = PointsCurrency("bonus", "Бонусы", "Points", carry=True)
STAMPS = PointsCurrency("stamps", "Штампы", "Stamps", worth_minor=0)


def earn(*ways, lines=(), who=None, points=(BONUS,), **said):
    rules = [promotion(f"rule-{number}", earn=(way,)) for number, way in enumerate(ways)]
    return decide(rulebook(*rules, points=points, **said), who or member(), receipt(*lines))


def units(decision):
    return [lot.units for lot in decision.lots]


def exact(decision):
    return [
        (reason.rule, reason.amount, reason.num, reason.den) for reason in decision.reasons if reason.why == "earned"
    ]


def test_earning_five_percent_of_what_is_paid_with_money():
    """S0.6 to S0.9: 1 000.00, a quarter paid with points, 5 % of 750.00 is 37.5, rounded down."""
    said = rulebook(promotion("cashback", earn=(Earn("bonus", percent=500),)), spending=(paying(share_line=2_500),))

    decision = decide(said, member(500), receipt(line(1, 100_000), spend=MAX))

    assert exact(decision) == [("cashback", 75_000, 75, 2)]
    assert decision.lots == [LotPlan("bonus", 37, AT, None, pending=False, num=75, den=2)]
    assert decision.lines[0].earned == {0: 37}


def test_earning_on_the_price_however_it_is_paid():
    said = rulebook(
        promotion("cashback", earn=(Earn("bonus", percent=500),)),
        spending=(paying(share_line=2_500),),
        earn_base=EarnBase.NET,
    )

    assert units(decide(said, member(500), receipt(line(1, 100_000), spend=MAX))) == [50]


@pytest.mark.parametrize(
    ("mode", "expected"), [(Rounding.DOWN, 37), (Rounding.UP, 38), (Rounding.HALF_UP, 38), (Rounding.HALF_EVEN, 38)]
)
def test_a_lot_is_rounded_once_by_the_mode_of_its_currency(mode, expected):
    points = PointsCurrency("bonus", "Бонусы", "Points", rounding=mode)

    decision = earn(Earn("bonus", percent=250), Earn("bonus", percent=250), lines=(line(1, 75_000),), points=(points,))

    assert units(decision) == [expected]
    assert decision.reasons[-1].why == "rounded"
    assert (decision.reasons[-1].amount, decision.reasons[-1].num, decision.reasons[-1].den) == (expected, 75, 2)


def test_rounding_happens_per_lot_and_not_per_line():
    decision = earn(Earn("bonus", percent=500), lines=(line(1, 1_000), line(2, 1_000), line(3, 1_000)))

    assert units(decision) == [1]
    assert [sold.earned for sold in decision.lines] == [{0: 1}, {}, {}]


def test_units_lie_on_the_lines_by_largest_remainder():
    decision = earn(Earn("bonus", percent=1_000), lines=(line(1, 1_010), line(2, 1_060), line(3, 1_930)))

    assert units(decision) == [4]
    assert [sold.earned for sold in decision.lines] == [{0: 1}, {0: 1}, {0: 2}]


def test_hundredths_of_a_point_are_earned_exactly():
    points = PointsCurrency("bonus", "Бонусы", "Points", decimals=2, rounding=Rounding.HALF_UP)

    assert units(earn(Earn("bonus", percent=500), lines=(line(1, 999),), points=(points,))) == [50]


def test_a_point_worth_ten_roubles_is_earned_ten_times_slower():
    points = PointsCurrency("bonus", "Бонусы", "Points", worth_minor=1_000)

    assert units(earn(Earn("bonus", percent=500), lines=(line(1, 100_000),), points=(points,))) == [5]


def test_a_currency_that_cannot_pay_counts_whole_units_of_money():
    assert units(earn(Earn("stamps", percent=10_000), lines=(line(1, 12_399),), points=(STAMPS,))) == [123]


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (Earn("bonus", units=7), 7),
        (Earn("bonus", units=7, per=Per.LINE), 14),
        (Earn("bonus", units=7, per=Per.UNIT), 24),
        (Earn("bonus", units=1, per=Per.AMOUNT, per_minor=5_000), 7),
        (Earn("bonus", units=1, per=Per.AMOUNT, per_minor=5_000, units_max=5), 5),
        (Earn("bonus", percent=10_000, units_max=100), 100),
        (Earn("bonus", units=7, units_max=3), 3),
    ],
)
def test_points_for_a_receipt_a_line_a_piece_an_amount(way, expected):
    assert units(earn(way, lines=(line(1, 10_000, 2), line(2, 10_000, quantity=1_500)))) == [expected]


def test_points_for_the_receipt_lie_on_its_lines_by_price():
    decision = earn(Earn("bonus", units=10), lines=(line(1, 10_000), line(2, 30_000)))

    assert [sold.earned for sold in decision.lines] == [{0: 3}, {0: 7}]


def test_a_multiplier_doubles_what_the_others_give_on_its_lines():
    said = rulebook(
        promotion("base", earn=(Earn("bonus", percent=500),)),
        promotion("double", lines=asks("sku", "sku-1"), earn=(Earn("bonus", multiply=200),)),
    )

    decision = decide(said, member(), receipt(line(1, 10_000), line(2, 10_000)))

    assert units(decision) == [15]
    assert [(r.rule, r.line, r.num, r.den) for r in decision.reasons if r.why == "multiplied"] == [("double", 1, 5, 1)]


def test_the_largest_multiplier_of_a_line_counts():
    said = rulebook(
        promotion("base", earn=(Earn("bonus", percent=1_000),)),
        promotion("double", earn=(Earn("bonus", multiply=200),)),
        promotion("triple", lines=asks("sku", "sku-1"), earn=(Earn("bonus", multiply=300),)),
        promotion("more", lines=asks("sku", "sku-1"), earn=(Earn("bonus", multiply=150),)),
    )

    decision = decide(said, member(), receipt(line(1, 10_000), line(2, 10_000)))

    assert units(decision) == [50]
    assert told(decision)[-1] == ("beaten", "more")
    assert decision.reasons[-1].detail == "triple"


def test_a_multiplier_keeps_to_its_currency():
    said = rulebook(
        promotion("base", earn=(Earn("bonus", percent=1_000), Earn("stamps", units=1))),
        promotion("double", earn=(Earn("stamps", multiply=200),)),
        points=(BONUS, STAMPS),
    )

    assert units(decide(said, member(), receipt())) == [10, 2]


def test_a_multiplier_may_give_its_extra_a_life_of_its_own():
    said = rulebook(
        promotion("base", earn=(Earn("bonus", percent=1_000),)),
        promotion("double", earn=(Earn("bonus", multiply=200, life=Life(days=7)),)),
    )

    decision = decide(said, member(), receipt(line(1, 10_000)))

    assert [(lot.units, lot.expires_at) for lot in decision.lots] == [(10, None), (10, AT + timedelta(days=7))]


def test_a_multiplier_under_one_makes_less_of_the_very_lots():
    said = rulebook(
        promotion("base", earn=(Earn("bonus", percent=1_000),)),
        promotion("half", earn=(Earn("bonus", multiply=50, life=Life(days=7)),)),
    )

    assert units(decide(said, member(), receipt(line(1, 10_000)))) == [5]


def test_a_multiplier_of_nothing_adds_nothing():
    decision = earn(Earn("bonus", multiply=200))

    assert decision.lots == []
    assert told(decision) == [("multiplied", "rule-0")]


def test_lines_that_earn_nothing_are_left_out():
    said = rulebook(
        promotion("yellow", lines=asks("sku", "sku-1"), discount=FixedPrice(500_000), no_earning=True),
        promotion("base", earn=(Earn("bonus", percent=1_000),)),
    )

    decision = decide(said, member(), receipt(line(1, 10_000), line(2, 10_000)))

    assert exact(decision) == [("base", 10_000, 10, 1)]

    decision = decide(said, member(), receipt(line(1, 10_000)))

    assert told(decision) == [("discounted", "yellow"), ("earning_off", "yellow"), ("no_lines", "base")]


def test_points_have_the_life_of_their_currency():
    points = PointsCurrency(
        "bonus", "Бонусы", "Points", life=Life(months=1, to_end_of=Edge.DAY), starts_after=Life(days=14)
    )

    (lot,) = earn(Earn("bonus", percent=1_000), points=(points,)).lots

    assert lot.pending
    assert lot.starts_at == datetime(2026, 3, 20, 18, 30, tzinfo=MOSCOW)
    assert lot.expires_at == datetime(2026, 4, 21, 0, 0, tzinfo=MOSCOW)


def test_each_life_and_start_makes_a_lot_of_its_own():
    decision = earn(
        Earn("bonus", units=5, life=Life(days=14)),
        Earn("bonus", units=3),
        Earn("bonus", units=4, life=Life(days=14)),
        Earn("bonus", units=2, starts_after=Life(days=1)),
    )

    assert [(lot.units, lot.expires_at is None, lot.pending) for lot in decision.lots] == [
        (3, True, False),
        (9, False, False),
        (2, True, True),
    ]


def test_a_lot_of_nothing_is_not_made_but_told():
    decision = earn(Earn("bonus", percent=500), lines=(line(1, 1_000),))

    assert decision.lots == []
    assert decision.lines[0].earned == {}
    assert (decision.reasons[-1].why, decision.reasons[-1].num, decision.reasons[-1].den) == ("rounded", 1, 2)


def test_thirty_and_twenty_at_one_per_fifty_make_one_point():
    """What rounding down left of one purchase is kept for the next."""
    way = Earn("bonus", units=1, per=Per.AMOUNT, per_minor=5_000)

    first = earn(way, lines=(line(1, 3_000),), points=(CARRYING,))
    second = earn(
        way,
        lines=(line(1, 2_000),),
        points=(CARRYING,),
        who=Standing(UUID(int=1), wallets={"bonus": WalletState("bonus", carry_num=3, carry_den=5)}),
    )

    assert (units(first), first.carry) == ([], [Carry("bonus", 3, 5)])
    assert (units(second), second.carry) == ([1], [Carry("bonus", 0, 1)])


def test_a_negative_remainder_is_worked_off_first():
    who = Standing(UUID(int=1), wallets={"bonus": WalletState("bonus", carry_num=-9, carry_den=10)})
    way = Earn("bonus", percent=1_000)

    little = earn(way, lines=(line(1, 500),), points=(CARRYING,), who=who)
    enough = earn(way, lines=(line(1, 2_000),), points=(CARRYING,), who=who)

    assert (units(little), little.carry) == ([], [Carry("bonus", -2, 5)])
    assert (units(enough), enough.carry) == ([1], [Carry("bonus", 1, 10)])


def test_the_remainder_goes_from_lot_to_lot():
    decision = earn(
        Earn("bonus", percent=500, life=Life(days=7)),
        Earn("bonus", percent=500),
        lines=(line(1, 1_000),),
        points=(CARRYING,),
    )

    assert [(lot.units, lot.expires_at is None) for lot in decision.lots] == [(1, False)]
    assert decision.carry == [Carry("bonus", 0, 1)]


def test_a_kept_fraction_is_in_lowest_terms_and_never_finer_than_its_grid():
    assert carried(1, 3, 1, 6) == (0, (1, 2))
    assert carried(2, 3, 2, 3) == (1, (1, 3))
    assert carried(0, 1, -1, 2) == (0, (-1, 2))

    units_now, (num, den) = carried(1, 10**6 + 3, 1, 10**6 + 33)

    assert units_now == 0
    assert den <= 10**9
    assert 0 <= Fraction(1, 10**6 + 3) + Fraction(1, 10**6 + 33) - Fraction(num, den) < Fraction(1, 10**9)


def test_no_receipt_earns_more_than_a_ledger_can_hold():
    points = PointsCurrency("bonus", "Бонусы", "Points", worth_minor=1)

    with pytest.raises(Refusal) as refused:
        earn(Earn("bonus", percent=10_000), lines=(line(1, MAX_POINTS + 1),), points=(points,))

    assert refused.value.code is Code.OUT_OF_RANGE


def test_nothing_paid_with_money_earns_nothing():
    said = rulebook(promotion("base", earn=(Earn("bonus", percent=500),)), spending=(paying(),))

    decision = decide(said, member(1_000), receipt(spend=MAX))

    assert exact(decision) == [("base", 0, 0, 1)]
    assert decision.lots == []
