import pytest

from kopilka.engine.money import fill, half_up, line_amount, lowest_terms, part_of, share_of, split


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"), [(5, 2, 3), (-5, 2, -3), (4, 3, 1), (-4, 3, -1), (0, 7, 0)]
)
def test_half_is_rounded_away_from_zero(numerator, denominator, rounded):
    assert half_up(numerator, denominator) == rounded


@pytest.mark.parametrize(
    ("num", "den", "lowest"),
    [(6, 4, (3, 2)), (0, 7, (0, 1)), (7, 1, (7, 1)), (19_900, 10_000, (199, 100)), (-4, 20, (-1, 5))],
)
def test_a_fraction_is_told_in_lowest_terms(num, den, lowest):
    assert lowest_terms(num, den) == lowest


def test_the_amount_of_a_line_is_rounded_once():
    assert line_amount(899_000, 350) == 3_147
    assert line_amount(1_005, 3_000) == 30
    assert line_amount(5_000_000, 2_000, digits=0) == 1_000


def test_a_share_is_rounded_half_up():
    assert share_of(333, 5_000) == 167


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (11, [1, 1, 1], [4, 4, 3]),
        (10, [5, 3, 2], [5, 3, 2]),
        (1, [1, 3, 2], [0, 1, 0]),
        (7, [0, 0], [7, 0]),
        (7, [3], [7]),
        (7, [], []),
    ],
)
def test_split_gives_everything_away(amount, weights, parts):
    assert split(amount, weights) == parts


@pytest.mark.parametrize(
    ("amount", "weights", "caps", "parts"),
    [
        (10, [1, 1], [10, 10], [5, 5]),
        (10, [1, 1], [2, 10], [2, 8]),
        (10, [8, 1, 1], [3, 3, 10], [3, 3, 4]),
        (10, [5, 5, 5], [0, 10, 0], [0, 10, 0]),
        (0, [1, 1], [0, 0], [0, 0]),
        (9, [1, 1, 1], [3, 3, 3], [3, 3, 3]),
    ],
)
def test_fill_lets_the_excess_flow_to_parts_that_have_room(amount, weights, caps, parts):
    assert fill(amount, weights, caps) == parts


def test_fill_beyond_all_caps_is_a_fault():
    with pytest.raises(AssertionError, match="exceeds"):
        fill(11, [1, 1], [5, 5])


def test_parts_over_a_growing_quantity_give_away_the_total():
    assert [part_of(100, done, 3) for done in range(4)] == [0, 33, 66, 100]
