"""S4.22: exit conditions, looked at when the document says."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from kopilka.engine.period import Life
from kopilka.engine.rulebook import Tier
from kopilka.engine.rulebook_tiers import Counting, Down, Keep, Review
from kopilka.engine.spans import Period, Span
from kopilka.engine.standing import FOR_EVER, Bought
from kopilka.engine.tiering.reviewing import next_look, review
from tests.engine.samples import asks, member, rulebook

MOSCOW = ZoneInfo("Europe/Moscow")
YEAR = Span(Life(months=12))
THIS_YEAR = Span(this=Period.YEAR)
FIVE = asks("spent", at_least=500_000)


def at(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=MOSCOW)


def tiers(within=YEAR, otherwise=Down.BY_ENTER, when=FIVE, **said):
    keep = Keep(when, within, otherwise, **said)
    return (
        Tier("bronze"),
        Tier("silver", enter=asks("spent", at_least=200_000)),
        Tier("gold", enter=asks("spent", at_least=1_000_000), keep=keep),
    )


def rules(*made, **said):
    return rulebook(tiers=made or tiers(), **said)


def golden(*bought, since=None, **known):
    rows = [Bought(moment, paid, paid) for moment, paid in bought]
    total = known.pop("spent", 0) + sum(paid for _, paid in bought)
    return member(
        tier="gold", tier_since=since or at(2026, 1, 10, 12), spent=total, purchases=len(rows), bought=rows, **known
    )


def test_a_tier_is_kept_at_the_end_of_a_stretch_in_which_enough_was_bought():
    standing = golden((at(2026, 1, 10, 12), 1_000_000))

    seen = review(rules(), standing, "gold", at(2027, 1, 10, 12))

    assert (seen.tier, seen.next_at) == ("gold", at(2028, 1, 10, 12))


def test_a_kopeck_less_and_the_tier_is_lost():
    standing = golden((at(2026, 1, 10, 12), 499_999), spent=1_000_000)

    assert review(rules(), standing, "gold", at(2027, 1, 10, 12)).tier == "silver"


def test_a_stretch_is_half_open():
    on_the_first_moment = golden((at(2026, 1, 10, 12), 500_000))
    at_its_end = golden((at(2027, 1, 10, 12), 500_000), spent=1_000_000)

    assert review(rules(), on_the_first_moment, "gold", at(2027, 1, 10, 12)).tier == "gold"
    assert review(rules(), at_its_end, "gold", at(2027, 1, 10, 12)).tier == "silver"


def test_only_the_planned_moment_lowers():
    standing = golden(spent=1_000_000)

    seen = review(rules(), standing, "gold", at(2026, 6, 1))

    assert (seen.tier, seen.next_at) == ("gold", at(2027, 1, 10, 12))


@pytest.mark.parametrize(("otherwise", "tier"), [(Down.ONE_DOWN, "silver"), (Down.BY_ENTER, "bronze")])
def test_who_falls_goes_one_down_or_where_enter_holds(otherwise, tier):
    standing = golden(spent=100)

    seen = review(rules(*tiers(otherwise=otherwise)), standing, "gold", at(2027, 1, 10, 12))

    assert (seen.tier, seen.next_at) == (tier, None)


def test_grace_is_added_before_he_falls_and_what_he_buys_then_counts():
    made = tiers(grace=Life(days=30))
    rich = golden((at(2027, 2, 1), 500_000))
    poor = golden((at(2027, 2, 9, 12), 500_000), spent=1_000_000)

    assert next_look(rules(*made), golden(), "gold", at(2026, 1, 10, 12)) == at(2027, 2, 9, 12)
    assert review(rules(*made), rich, "gold", at(2027, 2, 9, 12)).tier == "gold"
    assert review(rules(*made), poor, "gold", at(2027, 2, 9, 12)).tier == "silver"


def test_a_calendar_year_is_looked_at_when_it_ends_first_the_one_after_he_came():
    made = tiers(within=THIS_YEAR)
    came = at(2026, 11, 20)
    bought = golden((at(2026, 12, 31, 23, 59), 1_000_000), since=came)

    assert next_look(rules(*made), bought, "gold", came) == at(2028, 1, 1)
    assert review(rules(*made), bought, "gold", at(2028, 1, 1)).tier == "silver"
    again = golden((at(2027, 1, 1), 500_000), since=came)
    assert review(rules(*made), again, "gold", at(2028, 1, 1)).tier == "gold"


@pytest.mark.parametrize(
    ("period", "since", "looked"),
    [
        (Period.MONTH, at(2026, 1, 1), at(2026, 2, 1)),
        (Period.MONTH, at(2026, 1, 2), at(2026, 3, 1)),
        (Period.QUARTER, at(2026, 2, 28), at(2026, 7, 1)),
        (Period.QUARTER, at(2026, 10, 1), at(2027, 1, 1)),
        (Period.YEAR, at(2026, 1, 1), at(2027, 1, 1)),
    ],
)
def test_the_first_whole_period_is_the_first_that_is_looked_at(period, since, looked):
    made = tiers(within=Span(this=period))

    assert next_look(rules(*made), golden(since=since), "gold", since) == looked


def test_a_daily_look_begins_when_the_first_stretch_is_over():
    made = tiers(review=Review(daily=True))
    standing = golden(spent=1_000_000)

    assert next_look(rules(*made), standing, "gold", at(2026, 1, 10, 12)) == at(2027, 1, 11)
    assert review(rules(*made), standing, "gold", at(2027, 1, 11)).tier == "silver"


def test_a_daily_look_waits_until_a_purchase_leaves_the_stretch():
    made = tiers(review=Review(daily=True))
    standing = golden((at(2026, 8, 20, 10), 500_000))

    seen = review(rules(*made), standing, "gold", at(2027, 1, 11))

    assert (seen.tier, seen.next_at) == ("gold", at(2027, 8, 21))
    assert review(rules(*made), standing, "gold", at(2027, 8, 21)).tier == "silver"


def test_tiers_are_looked_at_on_named_days():
    made = tiers(review=Review(days=(date(2026, 7, 1), date(2027, 7, 1))))
    standing = golden((at(2026, 3, 1), 600_000))

    assert next_look(rules(*made), standing, "gold", at(2026, 1, 10, 12)) == at(2026, 7, 1)
    assert review(rules(*made), standing, "gold", at(2026, 7, 1)).tier == "gold"
    assert review(rules(*made), standing, "gold", at(2027, 7, 1)).tier == "silver"


def test_without_a_stretch_a_tier_is_looked_at_every_night():
    made = tiers(within=Span(), when=asks("last_purchase_days", at_most=90))
    standing = golden(spent=1_000_000, last_purchase_at=at(2026, 3, 1, 10), last_purchase_minor=100)

    assert next_look(rules(*made), standing, "gold", at(2026, 1, 10, 12)) == at(2026, 1, 11)
    assert review(rules(*made), standing, "gold", at(2026, 5, 30)).tier == "gold"
    assert review(rules(*made), standing, "gold", at(2026, 5, 31)).tier == "silver"


def test_purchases_raise_when_they_begin_to_count():
    made = (Tier("bronze"), Tier("gold", enter=asks("spent", at_least=1_000_000)))
    said = rules(*made, counting=Counting(Life(days=14)))
    standing = member(tier="bronze", spent=1_000_000, purchases=1, bought=[Bought(at(2026, 3, 1, 9), 1_000_000, 0)])

    assert next_look(said, standing, "bronze", at(2026, 3, 1, 9)) == at(2026, 3, 15, 9)
    assert review(said, standing, "bronze", at(2026, 3, 15, 8, 59)).tier == "bronze"
    assert review(said, standing, "bronze", at(2026, 3, 15, 9)).tier == "gold"


def test_who_fell_is_back_only_when_he_does_what_keeps_the_tier():
    back = golden((at(2027, 2, 1), 400_000), spent=1_000_000)
    back.tier, back.tier_since, back.tier_lowered_at = "silver", at(2027, 1, 10, 12), at(2027, 1, 10, 12)

    assert review(rules(), back, "silver", at(2027, 2, 2)).tier == "silver"
    back.bought.append(Bought(at(2027, 2, 3), 100_000, 100_000))
    assert review(rules(), back, "silver", at(2027, 2, 3)).tier == "gold"


def test_a_tier_set_by_hand_is_not_lowered_before_its_time():
    standing = golden(spent=100, tier_until=at(2028, 1, 1))

    assert review(rules(), standing, "gold", at(2027, 1, 10, 12)).tier == "gold"
    over = review(rules(), standing, "gold", at(2028, 1, 1))
    assert (over.tier, over.hold_over) == ("bronze", True)


def test_a_tier_set_for_ever_is_never_looked_at():
    standing = golden(spent=100, tier_until=FOR_EVER)

    assert next_look(rules(), standing, "gold", at(2027, 1, 1)) is None
