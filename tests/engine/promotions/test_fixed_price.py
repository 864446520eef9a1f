from kopilka.engine.rulebook import FixedPrice, PercentOff
from tests.engine.samples import line, play, priced, promotion, told


def test_fixed_price_is_paid_for_every_piece():
    decision = play(promotion(discount=FixedPrice(599_000)), lines=(line(1, 8_990, 2),))

    assert priced(decision) == [11_980]


def test_fixed_price_never_raises_a_price():
    decision = play(promotion(discount=FixedPrice(599_000)), lines=(line(1, 4_990),))

    assert priced(decision) == [4_990]
    assert told(decision) == [("nothing_left", "sale")]


def test_fixed_price_undercuts_the_minimum_of_the_line_but_lets_nothing_go_further():
    decision = play(
        promotion("yellow", discount=FixedPrice(599_000)),
        promotion("percent", discount=PercentOff(1_000)),
        lines=(line(1, 8_990, min_price=800_000),),
    )

    assert priced(decision) == [5_990]
    assert told(decision) == [("discounted", "yellow"), ("nothing_left", "percent")]


def test_fixed_price_of_three_decimals_is_rounded_once_per_line():
    decision = play(promotion(discount=FixedPrice(1_005)), lines=(line(1, 20, 3),))

    assert priced(decision) == [30]
