from kopilka.engine.rulebook import AmountOff
from tests.engine.samples import line, play, priced, promotion, told


def test_amount_off_together_is_prorated_to_the_kopeck():
    decision = play(promotion(discount=AmountOff(1_000)), lines=(line(1, 10_000), line(2, 10_000), line(3, 10_000)))

    assert priced(decision) == [9_666, 9_667, 9_667]


def test_amount_off_together_flows_over_to_lines_that_have_room():
    decision = play(promotion(discount=AmountOff(10_000)), lines=(line(1, 10_000, min_price=900_000), line(2, 10_000)))

    assert priced(decision) == [9_000, 1_000]


def test_amount_off_one_line_takes_no_more_than_it_costs():
    decision = play(promotion(discount=AmountOff(50_000)), lines=(line(1, 10_000),))

    assert priced(decision) == [0]


def test_amount_off_one_line_at_its_lowest_takes_nothing():
    decision = play(promotion(discount=AmountOff(100)), lines=(line(1, 10_000, min_price=1_000_000),))

    assert told(decision) == [("nothing_left", "sale")]


def test_amount_off_each_counts_pieces_and_weight():
    decision = play(
        promotion(discount=AmountOff(1_000, each=True)),
        lines=(line(1, 10_000, 3), line(2, 10_000, quantity=1_250), line(3, 600)),
    )

    assert priced(decision) == [27_000, 11_250, 0]


def test_amount_off_each_leaves_lines_at_their_lowest_alone():
    decision = play(
        promotion(discount=AmountOff(1_000, each=True)), lines=(line(1, 10_000, min_price=1_000_000), line(2, 10_000))
    )

    assert priced(decision) == [10_000, 9_000]
