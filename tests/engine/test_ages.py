"""Years of cats and dogs, and the month in which each is reached."""

import pytest

from kopilka.engine.ages import age_in, months_to
from kopilka.engine.mechanics import Years


@pytest.mark.parametrize(
    ("years", "age", "months"),
    [
        (Years.HUMAN, 18, 216),
        (Years.CAT, 15, 12),
        (Years.CAT, 18, 16),
        (Years.CAT, 24, 24),
        (Years.CAT, 28, 36),
        (Years.CAT, 25, 27),
        (Years.DOG, 24, 24),
        (Years.DOG, 29, 36),
        (Years.DOG, 1, 1),
        (Years.CAT, 0, 0),
    ],
)
def test_months_of_life_until_an_age(years, age, months):
    assert months_to(age, years) == months


@pytest.mark.parametrize("years", list(Years))
def test_age_is_reached_in_that_month_and_not_before(years):
    for age in range(1, 101):
        month = months_to(age, years)

        assert age_in(month, years) >= age
        assert age_in(month - 1, years) < age
