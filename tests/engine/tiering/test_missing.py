"""What is missing to the next tier and to keep this one."""

from datetime import datetime
from zoneinfo import ZoneInfo

from kopilka.engine import conditions
from kopilka.engine.decision import Tell
from kopilka.engine.period import Life
from kopilka.engine.quote import decide
from kopilka.engine.rulebook import Tier
from kopilka.engine.rulebook_tiers import Keep
from kopilka.engine.spans import Period, Span
from kopilka.engine.standing import Bought
from kopilka.engine.tiering.missing import Lack, missing
from tests.engine.samples import AT, asks, line, member, receipt, rulebook

MOSCOW = ZoneInfo("Europe/Moscow")
GOLD = Tier("gold", enter=asks("spent", above=1_000_000))


def rules(*tiers):
    return rulebook(tiers=(Tier("bronze"), *tiers))


def to_next(tiers, standing, tier="bronze"):
    return missing(rules(*tiers), standing, tier, AT).next


def test_missing_money_is_counted_to_the_kopeck():
    way = to_next([GOLD], member(spent=876_545))

    assert (way.tier, way.ways) == ("gold", ((Lack("spent", 123_456, 876_545, 1_000_001),),))


def test_several_conditions_are_missed_together_and_alternatives_beside_each_other():
    both = conditions.All((asks("purchases", at_least=5), asks("referrals", at_least=2)))
    either = conditions.Any((both, asks("largest", at_least=500_000)))

    way = to_next([Tier("gold", enter=either)], member(purchases=2, referrals=2, largest=100))

    assert way.ways == ((Lack("purchases", 3, 2, 5),), (Lack("largest", 500_000, 100, 500_000),))


def test_what_cannot_be_said_in_figures_is_no_way():
    tagged = Tier("gold", enter=conditions.All((asks("tags", "vip"), asks("spent", at_least=100))))

    assert to_next([tagged], member()).ways == ()


def test_on_the_highest_tier_nothing_is_missing():
    assert to_next([GOLD], member(tier="gold"), "gold") is None


def test_a_calendar_window_says_until_when():
    this_year = Tier("gold", enter=asks("spent", at_least=1_000_000), within=Span(this=Period.YEAR))
    last_year = Bought(datetime(2025, 12, 31, 23, tzinfo=MOSCOW), 900_000, 900_000)
    this = Bought(datetime(2026, 1, 1, tzinfo=MOSCOW), 300_000, 300_000)

    way = to_next([this_year], member(spent=1_200_000, bought=[last_year, this]))

    assert way.ways == ((Lack("spent", 700_000, 300_000, 1_000_000),),)
    assert way.until == datetime(2027, 1, 1, tzinfo=MOSCOW)


def test_what_keeps_the_tier_and_until_when():
    keep = Keep(asks("spent", at_least=500_000), Span(Life(months=12)))
    since = datetime(2026, 1, 10, 12, tzinfo=MOSCOW)
    standing = member(tier="gold", tier_since=since, spent=200_000, bought=[Bought(since, 200_000, 200_000)])

    way = missing(rules(Tier("gold", enter=asks("spent", at_least=1), keep=keep)), standing, "gold", AT).keep

    assert (way.tier, way.ways) == ("gold", ((Lack("spent", 300_000, 200_000, 500_000),),))
    assert way.until == datetime(2027, 1, 10, 12, tzinfo=MOSCOW)


def test_a_decision_carries_what_is_missing_after_it():
    decision = decide(rules(GOLD), member(spent=876_545), receipt(line(1, 23_456)))

    (hint,) = decision.beyond.hints
    assert (hint.tell, hint.code, hint.detail, hint.amount) == (Tell.NEXT_TIER, "gold", "spent", 100_000)


def test_nobody_is_told_of_tiers_who_is_no_member():
    assert decide(rules(GOLD), member(tier="gold", spent=2_000_000), receipt()).beyond is None
