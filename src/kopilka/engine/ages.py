"""How old pets are in human years, and after how many months of life each of those years is reached.

The tables are those veterinarians show their clients. Cats: 15 human years for the first year of life, 24 at the end of
the second, four for each later one (feline life stages of the American Association of Feline Practitioners and the
American Animal Hospital Association, 2010). Dogs: 15, 24, then five for each later one (American Veterinary Medical
Association, for a dog of middle size). Within a year of life the human years are spread evenly over its months.
"""

from __future__ import annotations

from kopilka.engine.mechanics import Years

YEAR = 12
FIRST = 15
"""Human years of the first year of life."""
GROWN = 24
"""Human years at the end of the second."""
LATER = {Years.CAT: 4, Years.DOG: 5}
"""Human years of each year of life after the second."""


def months_to(age: int, years: Years) -> int:
    """Full months of life after which somebody is `age` in those years: a cat of 16 months is 18."""
    if years is Years.HUMAN:
        return age * YEAR
    if age <= FIRST:
        return _months(age, FIRST)
    if age <= GROWN:
        return YEAR + _months(age - FIRST, GROWN - FIRST)
    return 2 * YEAR + _months(age - GROWN, LATER[years])


def age_in(months: int, years: Years) -> int:
    """How old somebody is after so many full months of life."""
    if years is Years.HUMAN:
        return months // YEAR
    if months <= YEAR:
        return months * FIRST // YEAR
    if months <= 2 * YEAR:
        return FIRST + (months - YEAR) * (GROWN - FIRST) // YEAR
    return GROWN + (months - 2 * YEAR) * LATER[years] // YEAR


def _months(human: int, per_year: int) -> int:
    """Months in which so many human years go by, the last month begun counted whole."""
    return -(-human * YEAR // per_year)
