from kopilka.engine.rulebook import BuyGet
from tests.engine.samples import asks, line, play, priced, promotion, told

SHIRTS = asks("category", "shirts")
SOCKS = asks("category", "socks")
CLOTHES = asks("category", "socks", "shirts")


def shirt(number, price, pieces=1):
    return line(number, price, pieces, category="shirts")


def socks(number, price, pieces=1):
    return line(number, price, pieces, category="socks")


def test_buy_get_of_the_same_lines_takes_the_cheapest():
    decision = play(promotion(discount=BuyGet(2, 1)), lines=(line(1, 30_000, 2), line(2, 10_000)))

    assert priced(decision) == [60_000, 0]


def test_buy_get_of_other_lines_takes_as_many_as_were_bought_for():
    decision = play(
        promotion(lines=SHIRTS, discount=BuyGet(2, 1, gets=SOCKS)), lines=(shirt(1, 100_000, 5), socks(2, 10_000, 4))
    )

    assert priced(decision) == [500_000, 20_000]


def test_buy_get_is_bounded_by_times_and_percent():
    decision = play(
        promotion(lines=SHIRTS, discount=BuyGet(1, 1, gets=SOCKS, percent=5_000, times=2)),
        lines=(shirt(1, 100_000, 5), socks(2, 10_000, 4)),
    )

    assert priced(decision) == [500_000, 30_000]


def test_buy_get_without_what_is_to_be_got_tells_so():
    decision = play(promotion(lines=SHIRTS, discount=BuyGet(1, 1, gets=SOCKS)), lines=(shirt(1, 100_000, 5),))

    assert told(decision) == [("no_sets", "sale")]


def test_buy_get_never_counts_one_piece_as_bought_and_got():
    decision = play(
        promotion(lines=CLOTHES, discount=BuyGet(1, 1, gets=SOCKS)), lines=(shirt(1, 100_000), socks(2, 10_000, 3))
    )

    assert priced(decision) == [100_000, 10_000]


def test_buy_get_leaves_enough_of_overlapping_goods_to_be_bought():
    decision = play(
        promotion(lines=SOCKS, discount=BuyGet(2, 1, gets=CLOTHES)), lines=(socks(1, 10_000, 2), shirt(2, 100_000))
    )

    assert priced(decision) == [20_000, 0]


def test_buy_get_uses_up_what_was_bought():
    decision = play(
        promotion("first", lines=SHIRTS, discount=BuyGet(2, 1, gets=SOCKS)),
        promotion("second", lines=SHIRTS, discount=BuyGet(2, 1, gets=SOCKS)),
        lines=(shirt(1, 100_000, 2), socks(2, 10_000, 2)),
    )

    assert priced(decision) == [200_000, 10_000]
    assert told(decision) == [("discounted", "first"), ("no_sets", "second")]
