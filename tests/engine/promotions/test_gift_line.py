from kopilka.engine.decision import FiscalLine
from kopilka.engine.rulebook import GiftLine, PercentOff
from tests.engine.samples import line, play, priced, promotion, told

CAN = GiftLine("cat-food", quantity=5_000, price=450_000, name="Cat food")


def test_gift_line_is_added_at_zero_price():
    decision = play(promotion(discount=CAN), lines=(line(1, 10_000),))

    gift = decision.lines[1]
    assert (gift.number, gift.sku, gift.name, gift.quantity) == (2, "cat-food", "Cat food", 5_000)
    assert (gift.amount, gift.net, gift.paid, gift.gift) == (22_500, 0, 0, True)
    assert gift.discounts == [("sale", 22_500)]
    assert decision.fiscal[1] == FiscalLine(2, "cat-food", "Cat food", 5_000, 0, 0, gift=True)
    assert told(decision) == [("gift_added", "sale")]
    assert decision.totals.net == 10_000


def test_gift_line_without_worth_leaves_the_sum_as_it_is():
    decision = play(promotion(discount=GiftLine("flyer")), lines=(line(1, 10_000),))

    assert priced(decision) == [10_000, 0]
    assert decision.lines[1].name == "flyer"
    assert decision.totals.amount == 10_000


def test_gift_line_makes_free_what_is_on_the_receipt_already():
    decision = play(promotion(discount=CAN), lines=(line(1, 4_500, 5, sku="cat-food"), line(2, 10_000)))

    assert priced(decision) == [0, 10_000]
    assert decision.lines[0].gift


def test_gift_line_makes_a_part_of_a_line_free_and_prints_it_apart():
    decision = play(promotion(discount=CAN), lines=(line(1, 4_500, 7, sku="cat-food"),))

    assert priced(decision) == [9_000]
    assert not decision.lines[0].gift
    assert [(f.quantity, f.price, f.total, f.gift) for f in decision.fiscal] == [
        (5_000, 0, 0, True),
        (2_000, 4_500, 9_000, False),
    ]


def test_gift_line_adds_what_is_missing_on_the_receipt():
    decision = play(promotion(discount=CAN), lines=(line(1, 4_500, 2, sku="cat-food"),))

    assert [(sold.quantity, sold.net) for sold in decision.lines] == [(2_000, 0), (3_000, 0)]


def test_gift_line_undercuts_the_minimum_of_the_line():
    decision = play(
        promotion(discount=GiftLine("cat-food")), lines=(line(1, 4_500, 2, sku="cat-food", min_price=450_000),)
    )

    assert priced(decision) == [4_500]


def test_two_gifts_of_one_article_take_different_pieces():
    decision = play(
        promotion("one", discount=GiftLine("cat-food")),
        promotion("two", discount=GiftLine("cat-food", quantity=2_000, price=450_000)),
        lines=(line(1, 4_500, 2, sku="cat-food"),),
    )

    assert [(sold.quantity, sold.net) for sold in decision.lines] == [(2_000, 0), (1_000, 0)]


def test_gift_comes_after_all_discounts():
    decision = play(
        promotion("gift", discount=GiftLine("cat-food"), priority=1),
        promotion("percent", discount=PercentOff(1_000), priority=2),
        lines=(line(1, 4_500, 2, sku="cat-food"),),
    )

    assert told(decision) == [("discounted", "percent"), ("gift_added", "gift")]
    assert priced(decision) == [4_050]


def test_gift_that_is_worth_more_than_the_promotion_may_give_is_not_given():
    decision = play(promotion(discount=CAN, discount_max=22_499))

    assert priced(decision) == [10_000]
    assert told(decision) == [("nothing_left", "sale")]
