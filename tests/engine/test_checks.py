"""Every fact of the catalogue, asked in a promotion: one receipt on which it holds, one on which it does not."""

from datetime import date, datetime, timedelta

import pytest

from kopilka.engine.conditions import All, Any, Not, Op
from kopilka.engine.conditions import Test as Comparison
from kopilka.engine.facts import FACTS, Scope
from kopilka.engine.period import Hours
from kopilka.engine.quote import decide, wanted
from kopilka.engine.receipt import ArticleKind, Origin
from kopilka.engine.rulebook import Bundle, BuyGet, Coupon, PercentOff, Tier
from kopilka.engine.standing import Standing, WalletState
from tests.engine.samples import AT, MEMBER, MOSCOW, asks, line, member, play, promotion, receipt, rulebook, told

SALE = PercentOff(1_000)

ON_LINES = {
    "sku": (asks("sku", "TEA"), line(sku="TEA"), line(sku="TEA-2")),
    "category": (asks("category", "tea"), line(category="tea/green"), line(category="teapots")),
    "brand": (asks("brand", "AQUA"), line(brand="AQUA"), line(brand="")),
    "line_tags": (asks("line_tags", "new", "eco"), line(tags=("eco",)), line(tags=("old",))),
    "article": (asks("article", "service"), line(kind=ArticleKind.SERVICE), line(kind=ArticleKind.GOODS)),
    "price": (asks("price", above=1_000_000), line(price=10_001), line(price=10_000)),
    "quantity": (asks("quantity", at_least=1_500), line(quantity=1_500), line(quantity=1_499)),
    "amount": (asks("amount", at_most=10_000), line(price=10_000), line(price=10_001)),
    "discounted": (asks("discounted", True), line(discount=1), line(discount=0)),
}

ON_RECEIPT = {
    "total": (asks("total", at_least=9_000), {"lines": (line(discount=1_000),)}, {"lines": (line(discount=1_001),)}),
    "items": (
        asks("items", above=2_000),
        {"lines": (line(1, pieces=2), line(2, quantity=1))},
        {"lines": (line(pieces=2),)},
    ),
    "branch": (asks("branch", "a", "b"), {"branch": "b"}, {"branch": "c"}),
    "till": (asks("till", "1"), {"till": "1"}, {"till": "2"}),
    "origin": (asks("origin", "online"), {"origin": Origin.ONLINE}, {"origin": Origin.TILL}),
    "sold_brand": (asks("sold_brand", "x"), {"brand": "x"}, {"brand": ""}),
    "staff": (asks("staff", "ann"), {"staff": "ann"}, {"staff": "bob"}),
    "agent": (asks("agent", "ann"), {"agent": "ann"}, {"agent": ""}),
    "coupon": (asks("coupon", "spring"), {"codes": ("hello",)}, {"codes": ("other",)}),
    "has_lines": (asks("has_lines", asks("sku", "TEA")), {"lines": (line(sku="TEA"),)}, {"lines": (line(),)}),
    "date": (asks("date", within=(date(2026, 3, 6), date(2026, 3, 7))), {"at": AT}, {"at": AT + timedelta(days=1)}),
    "weekday": (asks("weekday", 4), {"at": AT}, {"at": AT - timedelta(days=1)}),
    "hours": (
        asks("hours", within=Hours(18 * 60, 20 * 60)),
        {"at": AT.replace(hour=18, minute=0)},
        {"at": AT.replace(hour=20, minute=0)},
    ),
}

ON_MEMBER = {
    "member": (asks("member", True), {}, None),
    "tier": (asks("tier", "gold"), {"tier": "gold"}, {"tier": "silver"}),
    "segment": (asks("segment", "vip"), {"segments": frozenset({"vip", "x"})}, {"segments": frozenset({"x"})}),
    "tags": (asks("tags", "friend"), {"tags": frozenset({"friend"})}, {}),
    "age": (asks("age", at_least=18), {"birth_date": date(2008, 3, 6)}, {"birth_date": date(2008, 3, 7)}),
    "birthday": (asks("birthday", within=(3, 7)), {"birth_date": date(1990, 3, 9)}, {"birth_date": date(1990, 3, 10)}),
    "enrolled_days": (
        asks("enrolled_days", below=2),
        {"enrolled_at": AT - timedelta(days=1)},
        {"enrolled_at": AT - timedelta(days=2)},
    ),
    "purchases": (asks("purchases", at_most=3), {"purchases": 3}, {"purchases": 4}),
    "spent": (asks("spent", above=1_000_000), {"spent": 1_000_001}, {"spent": 1_000_000}),
    "last_purchase": (
        asks("last_purchase", above=300_000),
        {"last_purchase_minor": 300_001},
        {"last_purchase_minor": 300_000},
    ),
    "last_purchase_days": (
        asks("last_purchase_days", at_least=60),
        {"last_purchase_at": AT - timedelta(days=60)},
        {"last_purchase_at": AT - timedelta(days=59)},
    ),
    "referrals": (asks("referrals", at_least=1), {"referrals": 1}, {"referrals": 0}),
    "link": (asks("link", "fitmaster"), {"link": "fitmaster"}, {"link": ""}),
    "invited": (asks("invited", True), {"inviter": MEMBER}, {}),
    "has_agent": (asks("has_agent", True), {"agent": "petr"}, {}),
}

ON_TIERS = {
    "largest": (asks("largest", above=500_000), {"largest": 500_001}, {"largest": 500_000}),
    "balance": (
        Comparison("balance", Op.AT_LEAST, 500, "bonus"),
        {"wallets": {"bonus": WalletState("bonus", available=500)}},
        {"wallets": {"bonus": WalletState("bonus", available=499)}},
    ),
    "earned": (Comparison("earned", Op.BELOW, 500, "bonus"), {"earned": {"bonus": 499}}, {"earned": {"bonus": 500}}),
}

UNKNOWN = {"age", "birthday", "enrolled_days", "last_purchase", "last_purchase_days"}


def works(decision):
    return ("discounted", "sale") in told(decision)


def test_every_fact_of_the_catalogue_is_tried_here():
    assert set(ON_LINES) | set(ON_RECEIPT) | set(ON_MEMBER) | set(ON_TIERS) == set(FACTS)
    assert set(ON_TIERS) == {name for name, fact in FACTS.items() if fact.scope is Scope.TIER}


@pytest.mark.parametrize("fact", ON_LINES)
def test_fact_of_a_line_selects_it(fact):
    condition, fits, fits_not = ON_LINES[fact]

    assert works(play(promotion(lines=condition, discount=SALE), lines=(fits,)))
    assert told(play(promotion(lines=condition, discount=SALE), lines=(fits_not,))) == [("no_lines", "sale")]


@pytest.mark.parametrize("fact", ON_LINES)
def test_fact_of_a_line_selects_it_beside_another_condition(fact):
    condition, fits, fits_not = ON_LINES[fact]
    both = All((Not(asks("sku", "never")), condition))

    assert works(play(promotion(lines=both, discount=SALE), lines=(fits,)))
    assert told(play(promotion(lines=both, discount=SALE), lines=(fits_not,))) == [("no_lines", "sale")]


@pytest.mark.parametrize("fact", ON_RECEIPT)
def test_fact_of_a_receipt_or_moment_decides(fact):
    condition, holds, fails = ON_RECEIPT[fact]
    said = rulebook(promotion(when=condition, discount=SALE), coupons={"spring": Coupon("spring", ("HELLO",))})

    assert works(decide(said, member(), receipt(*holds.pop("lines", ()), **holds)))
    assert told(decide(said, member(), receipt(*fails.pop("lines", ()), **fails))) == [("condition", "sale")]


@pytest.mark.parametrize("fact", ON_MEMBER)
def test_fact_of_a_member_decides(fact):
    condition, holds, fails = ON_MEMBER[fact]
    other = Standing(None) if fails is None else member(**fails)

    assert works(play(promotion(when=condition, discount=SALE), who=member(**holds)))
    decision = play(promotion(when=condition, discount=SALE), who=other)

    assert [(reason.why.value, reason.detail) for reason in decision.reasons] == [("condition", fact)]


@pytest.mark.parametrize("fact", ON_TIERS)
def test_fact_of_tiers_decides_what_is_reached(fact):
    condition, holds, fails = ON_TIERS[fact]
    said = rulebook(tiers=(Tier("plain"), Tier("gold", enter=condition)))

    assert decide(said, member(**holds), receipt(line())).tier_after == "gold"
    assert decide(said, member(**fails), receipt(line())).tier_after == "plain"


@pytest.mark.parametrize("fact", ON_MEMBER)
def test_nothing_is_known_about_an_anonymous_buyer(fact):
    condition, _, _ = ON_MEMBER[fact]

    assert not works(play(promotion(when=condition, discount=SALE), who=Standing(None)))


@pytest.mark.parametrize("fact", sorted(UNKNOWN))
def test_what_is_not_known_satisfies_no_comparison(fact):
    condition, _, _ = ON_MEMBER[fact]

    assert not works(play(promotion(when=condition, discount=SALE), who=member()))


@pytest.mark.parametrize("fact", ON_MEMBER)
def test_wanted_names_the_facts_of_the_member(fact):
    condition, _, _ = ON_MEMBER[fact]

    assert wanted(rulebook(promotion(when=condition))) == {fact}


def test_wanted_looks_into_tiers_lines_parts_and_goods_to_be_got():
    said = rulebook(
        promotion("a", lines=asks("tier", "gold"), discount=BuyGet(1, 1, gets=asks("age", above=17))),
        promotion("b", when=Any((asks("tags", "x"), Not(asks("link", "y"))))),
        promotion("c", discount=Bundle((asks("has_lines", asks("purchases", above=1)),), percent=1)),
        tiers=(Tier("gold", enter=asks("referrals", above=2)),),
    )

    assert wanted(said) == {"tier", "age", "tags", "link", "purchases", "referrals"}


def test_all_names_the_first_fact_that_fails():
    when = All((asks("branch", ""), All((asks("till", "1"), asks("staff", "ann")))))

    decision = play(promotion(when=when, discount=SALE))

    assert decision.reasons[0].detail == "till"


def test_any_holds_when_one_part_does():
    when = Any((asks("till", "1"), All((asks("branch", "a"), asks("staff", "ann")))))

    assert works(play(promotion(when=when, discount=SALE), branch="a", staff="ann"))
    assert works(play(promotion(when=when, discount=SALE), till="1"))
    assert play(promotion(when=when, discount=SALE), branch="a").reasons[0].detail == "till"


def test_not_holds_when_its_part_does_not():
    when = Not(asks("tier", "gold"))

    assert works(play(promotion(when=when, discount=SALE), who=Standing(None)))
    assert play(promotion(when=when, discount=SALE), who=member(tier="gold")).reasons[0].detail == "tier"


def test_not_and_any_select_lines():
    selected = Any((asks("sku", "TEA"), Not(asks("price", below=5_000_000))))

    decision = play(
        promotion(lines=selected, discount=SALE), lines=(line(1, sku="TEA"), line(2, 50_000), line(3, 10_000))
    )

    assert [sold.net for sold in decision.lines] == [9_000, 45_000, 10_000]


def test_an_empty_condition_names_no_fact():
    decision = play(promotion(when=Any(()), discount=SALE))

    assert decision.reasons[0].detail == ""


def test_the_looked_up_article_must_satisfy_the_rest_of_the_condition_too():
    selected = All((asks("category", "tea"), asks("sku", "A", "B"), asks("price", below=5_000_000)))

    decision = play(
        promotion(lines=selected, discount=SALE),
        lines=(
            line(1, sku="A", category="tea"),
            line(2, 50_000, sku="A", category="tea"),
            line(3, sku="B", category="x"),
        ),
    )

    assert [sold.net for sold in decision.lines] == [9_000, 50_000, 10_000]


@pytest.mark.parametrize(
    ("born", "on", "age_then", "is_birthday"),
    [
        (date(2004, 2, 29), date(2026, 2, 28), 22, True),
        (date(2004, 2, 29), date(2026, 2, 27), 21, False),
        (date(2004, 2, 29), date(2028, 2, 28), 23, False),
        (date(2004, 2, 29), date(2028, 2, 29), 24, True),
        (date(1990, 12, 31), date(2026, 1, 1), 35, False),
    ],
)
def test_a_birthday_on_the_29th_of_february_is_kept_on_the_28th(born, on, age_then, is_birthday):
    at = datetime(on.year, on.month, on.day, 12, tzinfo=MOSCOW)
    who = Standing(MEMBER, birth_date=born)

    assert works(play(promotion(when=asks("age", age_then), discount=SALE), who=who, at=at))
    is_kept = works(play(promotion(when=asks("birthday", within=(0, 0)), discount=SALE), who=who, at=at))
    assert is_kept == is_birthday


@pytest.mark.parametrize(
    ("born", "holds"), [(date(1990, 12, 31), True), (date(1990, 1, 5), True), (date(1990, 1, 9), False)]
)
def test_a_birthday_window_reaches_over_new_year(born, holds):
    at = datetime(2026, 1, 2, 12, tzinfo=MOSCOW)

    decision = play(
        promotion(when=asks("birthday", within=(3, 3)), discount=SALE), who=Standing(MEMBER, birth_date=born), at=at
    )

    assert works(decision) == holds


def test_days_are_counted_by_the_calendar_of_the_program():
    late = datetime(2026, 3, 5, 23, 59, tzinfo=MOSCOW)
    who = Standing(MEMBER, enrolled_at=late)

    early = datetime(2026, 3, 6, 0, 1, tzinfo=MOSCOW)

    assert works(play(promotion(when=asks("enrolled_days", 1), discount=SALE), who=who, at=early))


def test_hours_may_cross_midnight_and_dates_may_be_compared():
    night = asks("hours", within=Hours(22 * 60, 6 * 60))
    since = asks("date", at_least=date(2026, 3, 6))

    assert works(play(promotion(when=All((night, since)), discount=SALE), at=AT.replace(hour=23)))
    assert not works(play(promotion(when=night, discount=SALE), at=AT.replace(hour=6)))
    assert works(play(promotion(when=asks("date", date(2026, 3, 6)), discount=SALE)))


def test_a_comparison_without_its_value_is_a_fault_of_the_rulebook():
    with pytest.raises(AssertionError, match="tuple"):
        play(promotion(when=Comparison("tier", Op.ONE_OF, "gold"), discount=SALE))
    with pytest.raises(AssertionError, match="has_lines"):
        play(promotion(when=asks("has_lines", "tea"), discount=SALE))
