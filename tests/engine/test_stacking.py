from datetime import timedelta

import pytest

from kopilka.engine.period import Window
from kopilka.engine.points import PointsCurrency
from kopilka.engine.quote import decide
from kopilka.engine.rulebook import (
    AmountOff,
    Bundle,
    Coupon,
    FixedPrice,
    GiftLine,
    NthFree,
    PercentOff,
    Stacking,
)
from kopilka.engine.rulebook_earn import Earn, Per
from kopilka.engine.standing import Standing
from tests.engine.samples import AT, BONUS, asks, line, member, play, priced, promotion, receipt, rulebook, told

STAMPS = PointsCurrency("stamps", "Штампы", "Stamps", worth_minor=0)
TEA = asks("category", "tea")
COFFEE = asks("category", "coffee")
ALL, BEST, FIRST, EXCLUSIVE = Stacking.ALL, Stacking.BEST, Stacking.FIRST, Stacking.EXCLUSIVE


def tea(number=1, price=10_000, pieces=1, **facts):
    return line(number, price, pieces, category="tea", **facts)


def coffee(number=2, price=20_000, pieces=1, **facts):
    return line(number, price, pieces, category="coffee", **facts)


def earned(decision):
    return {reason.rule: (reason.num, reason.den) for reason in decision.reasons if reason.why == "earned"}


def test_promotions_without_a_group_are_calculated_step_by_step():
    decision = play(
        promotion("gift", discount=GiftLine("cup"), priority=1),
        promotion("receipt", discount=AmountOff(100), priority=2),
        promotion("sets", discount=NthFree(2), priority=3),
        promotion("percent", discount=PercentOff(1_000), priority=4),
        promotion("price", discount=FixedPrice(900_000), priority=5),
        lines=(line(1, 10_000, 2),),
    )

    assert [code for _, code in told(decision)] == ["price", "percent", "sets", "receipt", "gift"]
    assert priced(decision) == [8_000, 0]


def test_within_a_step_priority_goes_before_code():
    decision = play(
        promotion("a", discount=PercentOff(1_000), priority=2),
        promotion("c", discount=PercentOff(5_000), priority=1),
        promotion("b", discount=AmountOff(1_000, each=True), priority=2),
    )

    assert [code for _, code in told(decision)] == ["c", "a", "b"]
    assert priced(decision) == [3_500]


def test_promotions_with_a_coupon_come_after_the_others_and_before_gifts():
    said = rulebook(
        promotion("coupon", discount=PercentOff(1_000), coupon="spring", priority=1),
        promotion("gift", discount=GiftLine("cup"), priority=1),
        promotion("receipt", discount=AmountOff(1_000)),
        coupons={"spring": Coupon("spring", ("SPRING",))},
    )

    decision = decide(said, member(), receipt(codes=("spring",)))

    assert [code for _, code in told(decision)] == ["receipt", "coupon", "gift"]
    assert priced(decision) == [8_100, 0]


def test_best_of_a_group_is_chosen_line_by_line():
    decision = play(
        promotion("tea", lines=TEA, discount=PercentOff(2_000), group="g"),
        promotion("all", discount=PercentOff(1_000), group="g"),
        promotion("low", discount=PercentOff(500), group="g"),
        lines=(tea(), coffee()),
        groups={"g": BEST},
    )

    assert priced(decision) == [8_000, 18_000]
    assert told(decision) == [("discounted", "all"), ("discounted", "tea"), ("beaten", "low")]
    assert decision.reasons[-1].detail == "tea"


def test_best_of_a_group_is_the_larger_total_when_one_is_not_line_by_line():
    decision = play(
        promotion("tea", lines=TEA, discount=PercentOff(5_000), group="g"),
        promotion("together", discount=AmountOff(6_000), group="g"),
        lines=(tea(), coffee()),
        groups={"g": BEST},
    )

    assert priced(decision) == [8_000, 16_000]
    assert told(decision) == [("discounted", "together"), ("beaten", "tea")]


def test_best_breaks_ties_by_priority_then_code():
    decision = play(
        promotion("b", discount=PercentOff(1_000), group="g"),
        promotion("a", discount=AmountOff(1_000, each=True), group="g"),
        promotion("c", discount=PercentOff(1_000), group="g", priority=200),
        groups={"g": BEST},
    )

    assert told(decision) == [("discounted", "a"), ("beaten", "b"), ("beaten", "c")]


def test_best_tells_which_of_its_promotions_could_do_nothing():
    decision = play(
        promotion("a", discount=PercentOff(1_000), group="g"),
        promotion("set", discount=NthFree(3), group="g"),
        groups={"g": BEST},
    )

    assert told(decision) == [("discounted", "a"), ("no_sets", "set")]


def test_best_with_nothing_to_offer_changes_nothing():
    decision = play(promotion("set", discount=NthFree(3), group="g"), groups={"g": BEST})

    assert priced(decision) == [10_000]


def test_a_promotion_capped_per_receipt_competes_as_a_whole():
    decision = play(
        promotion("capped", discount=PercentOff(5_000), discount_max=1_000, group="g"),
        promotion("plain", discount=PercentOff(1_000), group="g"),
        lines=(tea(), coffee()),
        groups={"g": BEST},
    )

    assert told(decision) == [("discounted", "plain"), ("beaten", "capped")]


def test_discount_max_is_shared_by_the_lines():
    decision = play(promotion(discount=PercentOff(5_000), discount_max=1_000), lines=(tea(), coffee()))

    assert priced(decision) == [9_667, 19_333]


def test_first_of_a_group_takes_each_line():
    decision = play(
        promotion("tea", lines=TEA, discount=PercentOff(500), group="g", priority=1),
        promotion("all", discount=PercentOff(1_000), group="g", priority=2),
        promotion("more", discount=PercentOff(2_000), group="g", priority=3),
        lines=(tea(), coffee()),
        groups={"g": FIRST},
    )

    assert priced(decision) == [9_500, 18_000]
    assert told(decision) == [("discounted", "tea"), ("discounted", "all"), ("beaten", "more")]


def test_first_passes_over_a_promotion_that_can_do_nothing():
    decision = play(
        promotion("set", discount=NthFree(3), group="g", priority=1),
        promotion("all", discount=PercentOff(1_000), group="g", priority=2),
        promotion("more", discount=PercentOff(2_000), group="g", priority=3),
        groups={"g": FIRST},
    )

    assert told(decision) == [("discounted", "all"), ("no_sets", "set"), ("beaten", "more")]


def test_first_is_one_for_the_receipt_when_one_is_not_line_by_line():
    decision = play(
        promotion("tea", lines=TEA, discount=PercentOff(500), group="g", priority=1),
        promotion("together", discount=AmountOff(1_000), group="g", priority=2),
        lines=(tea(), coffee()),
        groups={"g": FIRST},
    )

    assert priced(decision) == [9_500, 20_000]
    assert decision.reasons[-1].detail == "tea"


def test_first_may_be_a_promotion_that_gives_points():
    decision = play(
        promotion("points", lines=TEA, earn=(Earn("bonus", percent=1_000),), group="g", priority=1),
        promotion("all", discount=PercentOff(1_000), group="g", priority=2),
        lines=(tea(), coffee()),
        groups={"g": FIRST},
    )

    assert priced(decision) == [10_000, 18_000]
    assert earned(decision) == {"points": (10, 1)}


def test_all_of_a_group_are_taken_in_turn_where_the_group_stands():
    decision = play(
        promotion("half", discount=PercentOff(5_000), group="g", priority=2),
        promotion("receipt", discount=AmountOff(2_000), group="g", priority=1),
        promotion("other", discount=AmountOff(1_000, each=True)),
        promotion("points", earn=(Earn("bonus", percent=1_000),), group="g"),
        groups={"g": ALL},
    )

    assert [code for _, code in told(decision)] == ["receipt", "half", "other", "points"]
    assert priced(decision) == [3_000]


def test_exclusive_goes_first_and_closes_its_lines():
    decision = play(
        promotion("yellow", lines=TEA, discount=FixedPrice(900_000), priority=500, group="x"),
        promotion("weaker", lines=TEA, discount=PercentOff(500), group="x"),
        promotion("all", discount=PercentOff(1_000)),
        promotion("tea", lines=TEA, discount=PercentOff(1_000)),
        promotion("cashback", earn=(Earn("bonus", percent=1_000),)),
        lines=(tea(), coffee()),
        groups={"x": EXCLUSIVE},
    )

    assert priced(decision) == [9_000, 18_000]
    assert told(decision)[:4] == [
        ("discounted", "yellow"),
        ("discounted", "all"),
        ("earned", "cashback"),
        ("beaten", "weaker"),
    ]
    assert told(decision)[4] == ("closed_lines", "tea")
    assert earned(decision) == {"cashback": (27, 1)}


def test_closed_lines_give_no_pieces_to_sets_and_gifts():
    decision = play(
        promotion("yellow", lines=TEA, discount=FixedPrice(900_000), group="x"),
        promotion("gift", discount=GiftLine("tea")),
        promotion("set", discount=Bundle((TEA, COFFEE), percent=5_000)),
        lines=(tea(sku="tea"), coffee()),
        groups={"x": EXCLUSIVE},
    )

    assert priced(decision) == [9_000, 20_000, 0]
    assert told(decision) == [("discounted", "yellow"), ("gift_added", "gift"), ("no_sets", "set")]


def test_two_exclusive_groups_respect_each_other():
    decision = play(
        promotion("one", lines=TEA, discount=PercentOff(1_000), group="x", priority=1),
        promotion("two", lines=TEA, discount=PercentOff(2_000), group="y", priority=2),
        groups={"x": EXCLUSIVE, "y": EXCLUSIVE},
        lines=(tea(),),
    )

    assert told(decision) == [("discounted", "one"), ("closed_lines", "two")]


def test_the_best_way_to_earn_is_chosen_line_by_line():
    decision = play(
        promotion("base", earn=(Earn("bonus", percent=500),), group="g"),
        promotion("tea", lines=TEA, earn=(Earn("bonus", percent=1_000),), group="g"),
        promotion("little", earn=(Earn("bonus", percent=100),), group="g"),
        lines=(tea(), coffee()),
        groups={"g": BEST},
    )

    assert earned(decision) == {"base": (10, 1), "tea": (10, 1)}
    assert told(decision)[-1] == ("beaten", "little")


def test_the_best_way_to_earn_is_one_for_the_receipt_when_one_gives_per_receipt():
    decision = play(
        promotion("tea", lines=TEA, earn=(Earn("bonus", percent=1_000),), group="g"),
        promotion("receipt", earn=(Earn("bonus", units=15),), group="g"),
        lines=(tea(), coffee()),
        groups={"g": BEST},
    )

    assert earned(decision) == {"receipt": (15, 1)}
    assert told(decision)[-1] == ("beaten", "tea")


def test_a_multiplier_competes_with_what_it_would_add_to_the_others():
    base = promotion("base", earn=(Earn("bonus", percent=500),))
    double = promotion("double", earn=(Earn("bonus", multiply=200),), group="g")
    more = promotion("more", earn=(Earn("bonus", percent=400),), group="g")

    decision = play(base, double, more, groups={"g": BEST})

    assert told(decision) == [("earned", "base"), ("multiplied", "double"), ("beaten", "more")]
    assert [lot.units for lot in decision.lots] == [10]


def test_points_of_a_group_are_given_where_its_discounts_did_nothing():
    decision = play(
        promotion("tea", lines=TEA, discount=PercentOff(1_000), group="g"),
        promotion("points", earn=(Earn("bonus", percent=1_000),), group="g"),
        promotion("tea-points", lines=TEA, earn=(Earn("bonus", percent=1_000),), group="g"),
        lines=(tea(), coffee()),
        groups={"g": BEST},
    )

    assert priced(decision) == [9_000, 20_000]
    assert earned(decision) == {"points": (20, 1)}
    assert ("beaten", "tea-points") in told(decision)


def test_a_winning_discount_gives_its_points_on_the_lines_it_won():
    decision = play(
        promotion("tea", lines=TEA, discount=PercentOff(2_000), group="g"),
        promotion("all", discount=PercentOff(1_000), earn=(Earn("bonus", percent=1_000),), group="g"),
        lines=(tea(), coffee()),
        groups={"g": BEST},
    )

    assert earned(decision) == {"all": (18, 1)}


def test_a_promotion_that_finds_the_price_at_its_lowest_still_gives_its_points():
    decision = play(
        promotion(discount=PercentOff(1_000), earn=(Earn("bonus", percent=1_000),)),
        lines=(line(1, 10_000, min_price=1_000_000),),
    )

    assert told(decision) == [("earned", "sale"), ("nothing_left", "sale")]


def test_a_promotion_without_its_set_gives_no_points():
    decision = play(promotion(discount=NthFree(3), earn=(Earn("bonus", percent=1_000),)))

    assert told(decision) == [("no_sets", "sale")]


def test_pieces_used_by_a_set_keep_their_price_when_the_line_gets_cheaper():
    said = rulebook(
        promotion("set", discount=NthFree(3)),
        promotion("receipt", discount=AmountOff(10_000)),
        promotion("coupon", discount=NthFree(2, percent=5_000), coupon="c"),
        coupons={"c": Coupon("c", ("C",))},
    )

    decision = decide(said, member(), receipt(line(1, 10_000, 5), codes=("c",)))

    assert priced(decision) == [26_250]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"window": Window(AT + timedelta(seconds=1), None)}, "not_in_time"),
        ({"window": Window(None, AT)}, "not_in_time"),
        ({"branches": ("north",)}, "not_in_branch"),
        ({"coupon": "c"}, "no_coupon"),
        ({"locked": True}, "locked"),
        ({"lines": TEA}, "no_lines"),
        ({"over_discounted": False, "lines": asks("sku", "sku-1")}, "no_lines"),
        ({"over_discounted": False}, "no_lines"),
        ({"over_discounted": False, "lines": asks("price", above=0)}, "no_lines"),
    ],
)
def test_why_a_promotion_does_nothing(facts, why):
    decision = play(promotion(discount=PercentOff(1_000), **facts), lines=(line(1, discount=1),), branch="centre")

    assert told(decision) == [(why, "sale")]


def test_a_promotion_works_within_its_window_in_its_branches():
    window = Window(AT, AT + timedelta(hours=1))

    decision = play(promotion(discount=PercentOff(1_000), window=window, branches=("centre",)), branch="centre")

    assert priced(decision) == [9_000]


def test_a_window_of_new_year_ends_on_the_minute():
    """S4.15: from 9:00 on 1 January until 22:00 on 3 January."""
    window = Window(AT.replace(month=1, day=1, hour=9, minute=0), AT.replace(month=1, day=3, hour=22, minute=0))
    sale = promotion(discount=PercentOff(1_000), window=window)

    def price_at(day, hour, minute):
        return priced(play(sale, at=AT.replace(month=1, day=day, hour=hour, minute=minute)))

    assert price_at(1, 8, 59) == [10_000]
    assert price_at(1, 9, 0) == [9_000]
    assert price_at(3, 21, 59) == [9_000]
    assert price_at(3, 22, 0) == [10_000]


def test_over_discounted_goods_may_be_left_out():
    decision = play(
        promotion(discount=PercentOff(1_000), over_discounted=False),
        lines=(line(1, 10_000, discount=1), line(2, 10_000)),
    )

    assert priced(decision) == [9_999, 9_000]


def test_a_rule_for_points_does_nothing_for_an_anonymous_buyer():
    decision = play(promotion(earn=(Earn("bonus", percent=500),)), who=Standing(None))

    assert told(decision) == [("anonymous", "sale")]
    assert decision.lots == []


def test_a_discount_with_points_gives_an_anonymous_buyer_the_discount():
    decision = play(promotion(discount=PercentOff(1_000), earn=(Earn("bonus", percent=500),)), who=Standing(None))

    assert told(decision) == [("discounted", "sale"), ("anonymous", "sale")]
    assert priced(decision) == [9_000]


def test_mute_lines_are_recorded_and_take_part_in_nothing():
    decision = play(
        promotion(discount=PercentOff(1_000), earn=(Earn("bonus", units=1, per=Per.LINE),)),
        lines=(line(1, 10_000), line(2, 0), line(3, 10_000, quantity=-1_000, amount=0)),
    )

    assert priced(decision) == [9_000, 0, 0]
    assert [lot.units for lot in decision.lots] == [1]
    assert [printed.line for printed in decision.fiscal] == [1, 2]


def test_a_receipt_without_lines_that_count_gives_nothing():
    decision = play(
        promotion(discount=AmountOff(100)), promotion("gift", discount=GiftLine("cup")), lines=(line(1, 0),)
    )

    assert told(decision) == [("no_lines", "sale"), ("no_lines", "gift")]


def test_first_passes_over_closed_lines():
    decision = play(
        promotion("yellow", lines=TEA, discount=FixedPrice(900_000), group="x"),
        promotion("closed", lines=TEA, discount=PercentOff(1_000), group="g", priority=1),
        promotion("points", lines=TEA, earn=(Earn("bonus", percent=1_000),), group="g", priority=2),
        lines=(tea(),),
        groups={"x": EXCLUSIVE, "g": FIRST},
    )

    assert told(decision) == [("discounted", "yellow"), ("earned", "points"), ("closed_lines", "closed")]


def test_a_multiplier_competes_in_its_own_currency():
    base = promotion("base", earn=(Earn("stamps", percent=10_000),))
    double = promotion("double", earn=(Earn("bonus", multiply=200),), group="g")
    little = promotion("little", earn=(Earn("bonus", percent=100),), group="g")
    said = rulebook(base, double, little, groups={"g": BEST}, points=(BONUS, STAMPS))

    assert told(decide(said, member(), receipt()))[-1] == ("beaten", "double")
    assert told(decide(said, member(), receipt()))[-1] == ("beaten", "double")
