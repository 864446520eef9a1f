from kopilka.engine.rulebook import Bundle
from tests.engine.samples import asks, line, play, priced, promotion, told

COFFEE = asks("category", "coffee")
CAKE = asks("category", "cake")
ANYTHING = asks("category", "coffee", "cake")


def coffee(number, price, pieces=1, **facts):
    return line(number, price, pieces, category="coffee", **facts)


def cake(number, price, pieces=1):
    return line(number, price, pieces, category="cake")


def test_bundle_costs_its_price_and_spreads_what_comes_off():
    decision = play(
        promotion(discount=Bundle((COFFEE, CAKE), price_minor=30_000)), lines=(coffee(1, 20_000), cake(2, 15_000))
    )

    assert priced(decision) == [17_143, 12_857]


def test_bundle_repeats_as_often_as_all_parts_are_there():
    decision = play(
        promotion(discount=Bundle((COFFEE, CAKE), price_minor=30_000)), lines=(coffee(1, 20_000, 3), cake(2, 15_000, 2))
    )

    assert sum(priced(decision)) == 80_000


def test_bundle_is_bounded_by_times():
    decision = play(
        promotion(discount=Bundle((COFFEE, CAKE), price_minor=30_000, times=1)),
        lines=(coffee(1, 20_000, 3), cake(2, 15_000, 2)),
    )

    assert sum(priced(decision)) == 85_000


def test_bundle_takes_a_percent_of_its_parts():
    decision = play(
        promotion(discount=Bundle((COFFEE, CAKE), percent=1_000)), lines=(coffee(1, 20_000), cake(2, 15_000))
    )

    assert priced(decision) == [18_000, 13_500]


def test_bundle_takes_the_dearest_pieces():
    decision = play(
        promotion(discount=Bundle((COFFEE, CAKE), price_minor=30_000)),
        lines=(coffee(1, 10_000), coffee(2, 25_000), cake(3, 15_000)),
    )

    assert priced(decision) == [10_000, 18_750, 11_250]


def test_bundle_that_would_cost_more_changes_nothing():
    decision = play(
        promotion(discount=Bundle((COFFEE, CAKE), price_minor=90_000)), lines=(coffee(1, 20_000), cake(2, 15_000))
    )

    assert told(decision) == [("no_sets", "sale")]


def test_bundle_without_one_of_its_parts_changes_nothing():
    decision = play(promotion(discount=Bundle((COFFEE, CAKE), percent=1_000)), lines=(coffee(1, 20_000, 2),))

    assert told(decision) == [("no_sets", "sale")]


def test_bundle_gives_the_scarcest_part_its_piece_first():
    decision = play(
        promotion(discount=Bundle((ANYTHING, CAKE), percent=5_000)), lines=(coffee(1, 20_000), cake(2, 30_000))
    )

    assert priced(decision) == [10_000, 15_000]


def test_bundle_of_two_equal_parts_needs_two_pieces():
    decision = play(promotion(discount=Bundle((CAKE, CAKE), percent=5_000)), lines=(cake(1, 10_000, 5),))

    assert priced(decision) == [30_000]


def test_bundle_respects_the_minimum_of_a_line():
    decision = play(
        promotion(discount=Bundle((COFFEE, CAKE), price_minor=10_000)),
        lines=(coffee(1, 20_000, min_price=1_500_000), cake(2, 15_000)),
    )

    assert priced(decision) == [15_000, 4_286]
