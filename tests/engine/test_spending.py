from datetime import timedelta
from uuid import UUID

import pytest

from kopilka.engine.decision import DrawPlan, Limit, SpendPlan
from kopilka.engine.points import PointsCurrency
from kopilka.engine.quote import decide
from kopilka.engine.receipt import SpendMode, SpendWish
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import FixedPrice, GiftLine, PercentOff, Spending, Tier
from kopilka.engine.standing import Standing, WalletState
from tests.engine.samples import AT, BONUS, MAX, asks, give, line, member, paying, promotion, receipt, rulebook, told

GIFTS = PointsCurrency("gifts", "Подарочные", "Gift points", spend_order=1)
CENTS = PointsCurrency("bonus", "Бонусы", "Points", worth_minor=100, decimals=2)
STAMPS = PointsCurrency("bonus", "Штампы", "Stamps", worth_minor=0)


def wish(units, currency=None):
    return SpendWish(SpendMode.AMOUNT, units, currency)


def spend(*lines, who=None, promotions=(), spend=MAX, **limits):
    said = rulebook(*promotions, spending=(paying(**limits),))
    return decide(said, member(1_000_000) if who is None else who, receipt(*lines, spend=spend))


def plan(decision):
    (only,) = decision.spend
    return only.units, only.limited_by


def paid(decision):
    return [sold.points for sold in decision.lines]


def test_spending_quarter_of_the_price_of_a_lesson():
    """S0.9: 1 000.00 with 500 points on the balance takes 250."""
    decision = spend(line(1, 100_000), who=member(500), share_line=2_500)

    assert decision.spend == [SpendPlan("bonus", 250, 25_000, 250, Limit.LINE_SHARE)]
    assert decision.draws == [DrawPlan(UUID(int=100), "bonus", 250)]
    assert decision.totals.paid == 75_000
    assert decision.lines[0].spent == {"bonus": 250}
    assert [(r.why, r.detail, r.amount, r.num) for r in decision.reasons] == [
        ("spent", "bonus:line_share", 250, 25_000)
    ]


def test_spending_may_pay_everything():
    decision = spend(line(1, 9_900), line(2, 100))

    assert plan(decision) == (100, Limit.NOTHING)
    assert decision.totals.paid == 0


def test_spending_stops_at_the_balance():
    decision = spend(line(1, 9_900), who=member(7))

    assert plan(decision) == (7, Limit.BALANCE)


def test_spending_stops_at_the_share_of_the_receipt():
    decision = spend(line(1, 10_000), line(2, 20_000), share_receipt=5_000)

    assert plan(decision) == (150, Limit.RECEIPT_SHARE)
    assert paid(decision) == [5_000, 10_000]


def test_a_tier_replaces_the_share_of_the_receipt():
    said = rulebook(spending=(paying(share_receipt=1_000),), tiers=(Tier("gold", spending_share=5_000), Tier("top")))

    gold = decide(said, member(1_000, tier="gold"), receipt(spend=MAX))
    top = decide(said, member(1_000, tier="top"), receipt(spend=MAX))

    assert plan(gold) == (50, Limit.RECEIPT_SHARE)
    assert plan(top) == (10, Limit.RECEIPT_SHARE)


def test_spending_leaves_the_least_part_to_be_paid_with_money():
    assert plan(spend(line(1, 10_000), cash_min=2_500)) == (75, Limit.CASH_MIN)
    assert plan(spend(line(1, 10_000), cash_min=20_000)) == (0, Limit.CASH_MIN)


def test_spending_leaves_every_piece_its_least_price():
    decision = spend(line(1, 10_000, 3), line(2, 20_000, quantity=500), keep_price=1_000_000)

    assert plan(decision) == (50, Limit.KEEP_PRICE)
    assert paid(decision) == [0, 5_000]


def test_spending_respects_the_minimum_price_of_a_line():
    decision = spend(line(1, 10_000, 2, min_price=900_000))

    assert plan(decision) == (20, Limit.KEEP_PRICE)


def test_spending_stays_off_where_a_promotion_says_so():
    """S4.13: the milk takes no points, the bread beside it does."""
    milk = promotion("milk", lines=asks("sku", "MILK"), discount=FixedPrice(599_000), no_earning=True, no_spending=True)

    decision = spend(line(1, 8_990, 2, sku="MILK"), line(2, 4_550, sku="BREAD"), promotions=(milk,), share_line=2_500)

    assert paid(decision) == [0, 1_100]
    assert plan(decision) == (11, Limit.RULES)
    assert told(decision) == [("discounted", "milk"), ("earning_off", "milk"), ("spending_off", "milk")]


def test_spending_is_capped_by_the_strictest_promotion_of_a_line():
    half = promotion("half", spending_share=5_000)
    tenth = promotion("tenth", lines=asks("sku", "sku-2"), spending_share=1_000)

    decision = spend(line(1, 10_000), line(2, 10_000), promotions=(half, tenth))

    assert paid(decision) == [5_000, 1_000]
    assert plan(decision) == (60, Limit.RULES)
    assert told(decision) == [("spending_capped", "half"), ("spending_capped", "tenth")]
    assert [reason.line for reason in decision.reasons[:2]] == [0, 2]


def test_a_switch_holds_only_on_lines_that_were_really_discounted():
    sale = promotion("sale", discount=PercentOff(1_000), no_spending=True)

    decision = spend(line(1, 10_000, min_price=1_000_000), promotions=(sale,))

    assert told(decision) == [("nothing_left", "sale")]
    assert plan(decision) == (0, Limit.KEEP_PRICE)


def test_points_are_spent_in_whole_steps():
    assert plan(spend(line(1, 9_900), step=10)) == (90, Limit.STEP)
    assert plan(spend(line(1, 9_000), step=10)) == (90, Limit.NOTHING)


def test_fewer_points_than_the_least_payment_are_not_spent():
    assert plan(spend(line(1, 9_900), who=member(40), units_min=50)) == (0, Limit.UNITS_MIN)
    assert plan(spend(line(1, 9_900), who=member(50), units_min=50)) == (50, Limit.BALANCE)


def test_a_wish_is_granted_to_the_point():
    decision = spend(line(1, 10_000), line(2, 20_000), spend=wish(10))

    assert decision.spend == [SpendPlan("bonus", 10, 1_000, 300, Limit.WISH)]
    assert paid(decision) == [333, 667]
    assert [sold.spent for sold in decision.lines] == [{"bonus": 3}, {"bonus": 7}]


@pytest.mark.parametrize(
    ("wanted", "limits", "params"),
    [
        (26, {"share_line": 2_500}, {"maximum": 25, "limited_by": "line_share"}),
        (15, {"step": 10}, {"maximum": 100, "limited_by": "step"}),
        (15, {"units_min": 20}, {"maximum": 100, "limited_by": "units_min"}),
        (101, {}, {"maximum": 100, "limited_by": "nothing"}),
    ],
)
def test_a_wish_beyond_a_limit_is_refused(wanted, limits, params):
    with pytest.raises(Refusal) as refused:
        spend(line(1, 10_000), spend=wish(wanted), **limits)

    assert refused.value.code is Code.SPEND_LIMIT
    assert refused.value.params == {"currency": "bonus", "wanted": wanted, **params}


def test_a_wish_beyond_the_balance_is_refused_as_such():
    with pytest.raises(Refusal) as refused:
        spend(line(1, 10_000), who=member(7), spend=wish(8))

    assert refused.value.code is Code.INSUFFICIENT_POINTS
    assert refused.value.params == {"currency": "bonus", "available": 7, "wanted": 8}


def test_a_wish_in_a_currency_that_cannot_pay_is_refused():
    with pytest.raises(Refusal) as refused:
        spend(line(1, 10_000), spend=wish(8, "stamps"))

    assert refused.value.params == {"currency": "stamps", "maximum": 0, "wanted": 8, "limited_by": "rules"}


def test_a_wish_of_nothing_pays_nothing():
    assert plan(spend(line(1, 10_000), spend=wish(0))) == (0, Limit.WISH)


def test_without_a_wish_it_is_told_what_would_be_possible():
    who = Standing(UUID(int=1), wallets={"bonus": WalletState("bonus", available=70)})

    decision = spend(line(1, 10_000), who=who, spend=SpendWish())

    assert decision.spend == [SpendPlan("bonus", 0, 0, 70, Limit.BALANCE)]
    assert decision.draws == []


def test_a_wallet_in_debt_can_pay_nothing():
    who = Standing(UUID(int=1), wallets={"bonus": WalletState("bonus", available=-5)})

    assert plan(spend(line(1, 10_000), who=who, spend=SpendWish())) == (0, Limit.BALANCE)


def test_a_member_without_a_wallet_is_told_nothing_and_pays_nothing():
    nobody = Standing(UUID(int=1))

    assert spend(line(1, 10_000), who=nobody, spend=SpendWish()).spend == []
    assert plan(spend(line(1, 10_000), who=nobody)) == (0, Limit.BALANCE)


def test_whoever_wants_to_spend_must_bring_the_lots():
    who = Standing(UUID(int=1), wallets={"bonus": WalletState("bonus", available=70)})

    with pytest.raises(AssertionError, match="not loaded"):
        spend(line(1, 10_000), who=who)


def test_an_anonymous_buyer_spends_nothing():
    decision = spend(line(1, 10_000), who=Standing(None))

    assert decision.spend == []
    assert [(reason.why, reason.rule) for reason in decision.reasons] == [("anonymous", "")]
    assert spend(line(1, 10_000), who=Standing(None), spend=SpendWish()).reasons == []


def test_an_anonymous_wish_for_points_is_refused():
    with pytest.raises(Refusal) as refused:
        spend(line(1, 10_000), who=Standing(None), spend=wish(5))

    assert refused.value.params == {"currency": "bonus", "available": 0, "wanted": 5}

    with pytest.raises(Refusal) as refused:
        decide(rulebook(), Standing(None), receipt(spend=wish(5)))

    assert refused.value.params == {"currency": "", "available": 0, "wanted": 5}


def test_the_lot_that_expires_first_is_spent_first():
    who = member()
    give(who, "bonus", 10, key=1)
    give(who, "bonus", 10, key=2, expires_at=AT + timedelta(days=2))
    give(who, "bonus", 10, key=3, expires_at=AT + timedelta(days=1))
    give(who, "bonus", 10, key=4, starts_at=AT - timedelta(days=1))
    give(who, "bonus", 10, key=5, expires_at=AT)
    give(who, "bonus", 10, key=6, starts_at=AT + timedelta(seconds=1))

    decision = spend(line(1, 10_000), who=who, spend=wish(35))

    assert [(draw.lot.int, draw.units) for draw in decision.draws] == [(3, 10), (2, 10), (4, 10), (1, 5)]
    assert decision.spend[0].units_max == 40
    assert who.lots["bonus"][0].remaining == 10


def test_lots_that_are_not_needed_are_left_alone():
    who = member(10)
    give(who, "bonus", 10, key=1, expires_at=AT + timedelta(days=1))

    decision = spend(line(1, 10_000), who=who, spend=wish(10))

    assert decision.draws == [DrawPlan(UUID(int=1), "bonus", 10)]


def both(who=None, spend=MAX, **limits):
    said = rulebook(points=(BONUS, GIFTS), spending=(paying(**limits), Spending("gifts", share_line=5_000)))
    return decide(said, who, receipt(line(1, 10_000), spend=spend))


def rich():
    who = member(1_000)
    give(who, "gifts", 30, key=7)
    return who


def test_currencies_pay_in_their_order():
    decision = both(rich())

    assert [(plan.currency, plan.units, plan.limited_by) for plan in decision.spend] == [
        ("gifts", 30, Limit.BALANCE),
        ("bonus", 70, Limit.NOTHING),
    ]
    assert decision.lines[0].spent == {"gifts": 30, "bonus": 70}


def test_a_share_of_the_line_is_each_currencys_own():
    decision = both(rich(), share_line=5_000)

    assert [plan.units for plan in decision.spend] == [30, 50]


def test_a_wish_flows_over_to_the_next_currency():
    decision = both(rich(), wish(45))

    assert [(plan.units, plan.limited_by) for plan in decision.spend] == [(30, Limit.BALANCE), (15, Limit.WISH)]


def test_a_wish_in_one_currency_leaves_the_others_alone():
    decision = both(rich(), wish(45, "bonus"))

    assert [(plan.units, plan.units_max) for plan in decision.spend] == [(0, 30), (45, 100)]


def test_a_wish_that_all_currencies_together_cannot_grant_is_refused():
    with pytest.raises(Refusal) as refused:
        both(rich(), wish(101))

    assert refused.value.params["wanted"] == 101


def test_hundredths_of_a_point_pay_to_the_kopeck():
    said = rulebook(points=(CENTS,), spending=(paying(share_line=2_500),))

    decision = decide(said, member(100_000), receipt(line(1, 4_550), spend=MAX))

    assert decision.spend == [SpendPlan("bonus", 1_137, 1_137, 1_137, Limit.LINE_SHARE)]


def test_no_more_units_are_taken_than_the_money_needs():
    said = rulebook(points=(PointsCurrency("bonus", "б", "b", worth_minor=30, decimals=2),), spending=(paying(),))

    decision = decide(said, member(100_000), receipt(line(1, 1), spend=MAX))

    assert decision.spend == [SpendPlan("bonus", 4, 1, 4, Limit.NOTHING)]


def test_a_currency_without_worth_never_pays():
    said = rulebook(points=(STAMPS,), spending=(paying(),))

    assert decide(said, member(100), receipt(spend=MAX)).spend == []


def test_gifts_take_no_points():
    decision = spend(
        line(1, 10_000), promotions=(promotion(discount=GiftLine("cup", price=1_000_000)),), share_receipt=5_000
    )

    assert paid(decision) == [5_000, 0]
