import pytest

from kopilka.engine.quote import decide
from kopilka.engine.receipt import SpendMode, SpendWish
from kopilka.engine.rulebook import PercentOff, Tier
from kopilka.engine.standing import Standing
from tests.engine.samples import AT, asks, line, member, paying, promotion, receipt, rulebook, told

TIERS = (
    Tier("bronze"),
    Tier("gold", enter=asks("spent", above=1_000_000)),
    Tier("platinum", enter=asks("spent", at_least=3_000_000)),
)


def tier_after(spent, price, tiers=TIERS, **known):
    return decide(rulebook(tiers=tiers), member(spent=spent, **known), receipt(line(1, price))).tier_after


@pytest.mark.parametrize(
    ("spent", "price", "tier"),
    [
        (0, 1_000_000, "bronze"),
        (0, 1_000_001, "gold"),
        (999_999, 2, "gold"),
        (2_000_000, 999_999, "gold"),
        (2_000_000, 1_000_000, "platinum"),
        (0, 3_000_000, "platinum"),
    ],
)
def test_gold_above_ten_thousand_and_platinum_at_thirty_thousand(spent, price, tier):
    """S4.20: the first threshold is exclusive, the second inclusive."""
    assert tier_after(spent, price, tier="bronze") == tier


def test_a_purchase_never_lowers_a_tier():
    assert tier_after(0, 100, tier="platinum") == "platinum"


def test_what_is_paid_with_points_does_not_count():
    said = rulebook(tiers=TIERS, spending=(paying(),))

    decision = decide(said, member(1_000), receipt(line(1, 1_000_001), spend=SpendWish(SpendMode.AMOUNT, 1)))

    assert decision.tier_after == "bronze"


@pytest.mark.parametrize(
    ("enter", "known", "tier"),
    [
        (asks("purchases", at_least=3), {"purchases": 2}, "gold"),
        (asks("purchases", at_least=3), {"purchases": 1}, "bronze"),
        (asks("last_purchase", at_least=10_000), {}, "gold"),
        (asks("last_purchase", at_least=10_001), {}, "bronze"),
        (asks("last_purchase_days", 0), {"last_purchase_at": AT.replace(year=2020)}, "gold"),
        (asks("referrals", at_least=2), {"referrals": 2}, "gold"),
        (asks("referrals", at_least=2), {"referrals": 1}, "bronze"),
    ],
)
def test_a_tier_may_ask_for_other_counters_after_the_purchase(enter, known, tier):
    """S4.21."""
    tiers = (Tier("bronze"), Tier("gold", enter=enter))

    assert tier_after(0, 10_000, tiers, **known) == tier


def test_who_has_no_tier_yet_stands_on_the_lowest_that_asks_for_nothing():
    sale = promotion(when=asks("tier", "bronze"), discount=PercentOff(1_000))

    decision = decide(rulebook(sale, tiers=TIERS), member(), receipt())

    assert decision.tier == "bronze"
    assert told(decision) == [("discounted", "sale")]


def test_without_a_lowest_tier_a_member_may_have_none():
    tiers = (Tier("gold", enter=asks("spent", above=1_000_000)),)

    decision = decide(rulebook(tiers=tiers), member(), receipt())

    assert (decision.tier, decision.tier_after) == ("", "")


def test_a_tier_that_is_no_longer_in_the_rulebook_is_kept_until_one_is_reached():
    tiers = (Tier("gold", enter=asks("spent", above=1_000_000)),)

    assert tier_after(0, 100, tiers, tier="silver") == "silver"
    assert tier_after(1_000_000, 100, tiers, tier="silver") == "gold"


def test_an_anonymous_buyer_has_no_tier():
    decision = decide(rulebook(tiers=TIERS), Standing(None), receipt())

    assert (decision.tier, decision.tier_after) == ("", "")
