import pytest

from kopilka.engine.points import PointsCurrency, Rounding, round_by


@pytest.mark.parametrize(
    ("mode", "rounded"),
    [
        (Rounding.DOWN, [0, 0, 1, 1, 2, 2]),
        (Rounding.UP, [1, 1, 1, 2, 2, 3]),
        (Rounding.HALF_UP, [0, 1, 1, 1, 2, 3]),
        (Rounding.HALF_EVEN, [0, 0, 1, 1, 2, 2]),
    ],
)
def test_every_mode_of_rounding(mode, rounded):
    """Of 0.25, 0.5, 1, 1.25, 2 and 2.5."""
    assert [round_by(mode, quarters, 4) for quarters in (1, 2, 4, 5, 8, 10)] == rounded


def test_a_currency_tells_its_worth_both_ways():
    cents = PointsCurrency("bonus", "Бонусы", "Points", worth_minor=30, decimals=2)
    stamps = PointsCurrency("stamps", "Штампы", "Stamps", worth_minor=0)

    assert (cents.scale, cents.money(7), cents.units_for(2)) == (100, 2, 7)
    assert (stamps.money(7), stamps.units_for(2)) == (0, 0)
