from kopilka.engine.rulebook import PercentOff
from tests.engine.samples import asks, line, play, priced, promotion, told


def test_percent_off_takes_its_part_off_each_selected_line():
    selected = asks("category", "tea")

    decision = play(
        promotion(lines=selected, discount=PercentOff(2_000)),
        lines=(line(1, 9_999, category="tea/green"), line(2, 5_000, category="coffee"), line(3, 333, category="tea")),
    )

    assert priced(decision) == [7_999, 5_000, 266]
    assert decision.lines[0].discounts == [("sale", 2_000)]
    assert decision.reasons[0].amount == 2_067
    assert decision.reasons[0].num == 10_332


def test_percent_off_counts_on_the_price_after_the_tills_own_discount():
    decision = play(promotion(discount=PercentOff(1_000)), lines=(line(1, 10_000, discount=2_000),))

    assert priced(decision) == [7_200]
    assert decision.lines[0].manual == 2_000


def test_percent_off_stops_at_the_minimum_price_of_the_line():
    decision = play(promotion(discount=PercentOff(5_000)), lines=(line(1, 10_000, 2, min_price=800_000),))

    assert priced(decision) == [16_000]


def test_percent_off_a_line_at_its_lowest_tells_that_nothing_is_left():
    decision = play(promotion(discount=PercentOff(5_000)), lines=(line(1, 10_000, min_price=1_000_000),))

    assert priced(decision) == [10_000]
    assert told(decision) == [("nothing_left", "sale")]


def test_percent_off_everything_makes_a_line_free():
    decision = play(promotion(discount=PercentOff(10_000)))

    assert priced(decision) == [0]
    assert decision.lines[0].gift
