from kopilka.engine.rulebook import NthFree, PercentOff
from tests.engine.samples import line, play, priced, promotion, told


def test_nth_free_gives_the_cheapest_of_three_away():
    decision = play(promotion(discount=NthFree(3)), lines=(line(1, 30_000), line(2, 10_000), line(3, 20_000)))

    assert priced(decision) == [30_000, 0, 20_000]


def test_nth_free_gives_the_two_cheapest_of_seven_away():
    decision = play(promotion(discount=NthFree(3)), lines=(line(1, 30_000, 4), line(2, 10_000), line(3, 20_000, 2)))

    assert priced(decision) == [120_000, 0, 20_000]


def test_nth_free_is_bounded_by_times_and_percent():
    decision = play(promotion(discount=NthFree(2, percent=5_000, times=1)), lines=(line(1, 10_000, 6),))

    assert priced(decision) == [55_000]


def test_nth_free_without_a_whole_set_tells_so():
    decision = play(promotion(discount=NthFree(3)), lines=(line(1, 10_000, 2),))

    assert priced(decision) == [20_000]
    assert told(decision) == [("no_sets", "sale")]


def test_nth_free_counts_no_pieces_of_goods_sold_by_weight():
    decision = play(promotion(discount=NthFree(3)), lines=(line(1, 10_000, quantity=4_500),))

    assert told(decision) == [("no_sets", "sale")]


def test_nth_free_takes_a_line_apart_to_the_kopeck():
    decision = play(promotion(discount=NthFree(3)), lines=(line(1, 10_000, 3, discount=100),))

    assert priced(decision) == [19_934]


def test_nth_free_leaves_used_pieces_to_no_other_set():
    decision = play(
        promotion("first", discount=NthFree(3)), promotion("second", discount=NthFree(2)), lines=(line(1, 10_000, 5),)
    )

    assert priced(decision) == [30_000]
    assert told(decision) == [("discounted", "first"), ("discounted", "second")]


def test_nth_free_shares_what_came_off_a_line_with_the_pieces_it_used():
    decision = play(
        promotion("first", discount=NthFree(3)),
        promotion("coupon", discount=PercentOff(1_000), priority=1),
        promotion("late", discount=NthFree(2), priority=200),
        lines=(line(1, 10_000, 5),),
    )

    assert priced(decision) == [27_000]


def test_nth_free_never_goes_under_the_minimum_of_a_line():
    decision = play(promotion(discount=NthFree(2)), lines=(line(1, 10_000, 2, min_price=700_000),))

    assert priced(decision) == [14_000]


def test_nth_free_handles_a_hundred_thousand_pieces_at_once():
    decision = play(promotion(discount=NthFree(3)), lines=(line(1, 100, 100_000),))

    assert priced(decision) == [6_666_700]
