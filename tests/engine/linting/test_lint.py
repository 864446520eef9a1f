"""Each kind of finding, with the rule it stands at; a clean program is left alone (S0.3)."""

from datetime import UTC, date, datetime
from time import process_time
from zoneinfo import ZoneInfo

import pytest

from kopilka.bookkeeping.rulebook_text import read_source
from kopilka.engine.conditions import All, Op
from kopilka.engine.conditions import Test as Condition
from kopilka.engine.document.case_values import receipt_of
from kopilka.engine.linting.findings import FindingCode, Severity
from kopilka.engine.linting.lint import lint
from kopilka.engine.linting.stale import since_of
from kopilka.engine.linting.subject import Subject
from kopilka.engine.period import Hours
from kopilka.engine.points import PointsCurrency
from kopilka.engine.receipt import Line
from kopilka.engine.rulebook import PercentOff, Promotion, Rulebook, Stacking, Tier
from kopilka.engine.rulebook_earn import Earn

MONDAY = date(2026, 3, 2)

HEAD = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00", starts_after: at_once}
spending: {bonus: {share_of_receipt: 50}}
"""


def subject_of(rules, **facts):
    read = read_source(HEAD + rules)
    assert read.rulebook is not None, read.problems
    return Subject(read.rulebook, MONDAY, read.tree, **facts)


def found(rules, **facts):
    return [(one.path, one.code.value) for one in lint(subject_of(rules, **facts))]


def of(rules, code, **facts):
    (only,) = [one for one in lint(subject_of(rules, **facts)) if one.code == code]
    return only


def test_clean_program_has_no_findings():
    assert (
        found("promotions:\n  cashback: {earn: {percent: 5}}\n  tea: {lines: {category: tea}, discount: {percent: 10}}")
        == []
    )


def test_discounts_that_together_take_everything_are_an_error_with_their_receipt():
    rules = (
        "promotions:\n  sale: {lines: {category: shoes}, discount: {percent: 60}}\n"
        "  friday: {when: {weekday: fri, hours: {from: '18:00', until: '20:00'}}, discount: {percent: 50}}\n"
        "  card: {discount: {amount: '300.00'}}"
    )

    finding = of(rules, FindingCode.STACK_OVER_HUNDRED)

    assert finding.severity is Severity.ERROR
    assert finding.params == {"rules": ["friday", "sale", "card"], "percent": "130", "price": "1000", "pays": "0"}
    assert finding.evidence.at == "2026-03-06 18:00"
    line = finding.evidence.lines[0]
    assert (line.amount, line.discounts, line.net) == (
        100_000, (("friday", 50_000), ("sale", 30_000), ("card", 20_000)), 0
    )  # fmt: skip


def test_more_than_hundred_percent_on_paper_is_a_warning_while_something_is_paid():
    rules = "promotions:\n  a: {discount: {percent: 60}}\n  b: {discount: {percent: 50}}"

    finding = of(rules, FindingCode.STACK_OVER_HUNDRED)

    assert (finding.severity, finding.params["percent"], finding.params["pays"]) == (Severity.WARNING, "110", "200")


def test_discounts_of_one_group_do_not_add_up():
    rules = (
        "groups: {price: best}\npromotions:\n  a: {group: price, lines: {brand: x}, discount: {percent: 60}}\n"
        "  b: {group: price, discount: {percent: 50}}"
    )

    assert found(rules) == []


def test_discounts_that_can_never_meet_do_not_add_up():
    rules = (
        "promotions:\n  a: {when: {weekday: mon}, discount: {percent: 60}}\n"
        "  b: {when: {weekday: tue}, discount: {percent: 60}}"
    )

    assert found(rules) == []


SHOE = Line(1, "SHOE", 1_000, 10_000_000, 100_000, category="shoes", cost=7_000_000)


def test_article_sold_below_cost_by_a_stack_is_an_error():
    rules = (
        "promotions:\n  a: {lines: {category: shoes}, discount: {percent: 20}}\n"
        "  b: {when: {weekday: fri}, discount: {percent: 20}}"
    )

    finding = of(rules, FindingCode.SOLD_BELOW_COST, lines=(SHOE,))

    assert finding.severity is Severity.ERROR
    assert finding.params == {"sku": "SHOE", "rules": ["a", "b"], "pays": "640", "cost": "700"}
    assert finding.evidence.at == "2026-03-06 12:00"


def test_one_discount_below_cost_is_a_warning():
    finding = of("promotions:\n  a: {discount: {percent: 40}}", FindingCode.SOLD_BELOW_COST, lines=(SHOE,))

    assert (finding.severity, finding.params["rules"]) == (Severity.WARNING, ["a"])


def test_cost_counts_the_points_that_are_given():
    rules = "promotions:\n  a: {discount: {percent: 25}}\n  c: {earn: {percent: 10}}"

    finding = of(rules, FindingCode.LOSS_WITH_POINTS, lines=(SHOE,))

    assert finding.params == {"sku": "SHOE", "rules": ["a"], "pays": "750", "cost": "700", "points": "75"}


def test_yellow_price_below_the_lines_own_minimum_is_told():
    tagged = Line(1, "SHOE", 1_000, 10_000_000, 100_000, min_price=9_000_000)

    finding = of("promotions:\n  a: {discount: {price: '800.00'}}", FindingCode.SOLD_BELOW_MINIMUM, lines=(tagged,))

    assert finding.params == {"sku": "SHOE", "rules": ["a"], "pays": "800", "minimum": "900"}


def test_cost_in_the_documents_own_tests_is_read():
    rules = (
        "promotions:\n  a: {discount: {percent: 40}}\n"
        "tests:\n  shoe:\n    receipt: {at: '2026-03-02 12:00', lines: [{sku: SHOE, price: '1000', cost: '700'}]}\n"
        "    expect: {net: '600.00'}\n"
    )
    read = read_source(HEAD + rules)
    line = receipt_of(read.tests["shoe"]["receipt"], read.rulebook).lines[0]

    assert line.cost == 7_000_000


@pytest.mark.parametrize(
    ("rules", "path", "code"),
    [
        ("tiers:\n  a: {}\n  b: {enter: {all: [{spent: {above: '10.00'}}, {referrals: {at_least: 1}}]}}\n"
         "  c: {enter: {spent: {above: '5.00'}}}", "tiers.b.enter", "tier_skipped"),
        ("promotions:\n  a: {when: {all: [{hours: {from: '10:00', until: '12:00'}}, {hours: {from: '14:00',"
         " until: '16:00'}}]}, discount: {percent: 5}}", "promotions.a.when", "never_works"),
        ("promotions:\n  a: {when: {all: [{total: {above: '100.00'}}, {total: {below: '50.00'}}]},"
         " discount: {percent: 5}}", "promotions.a.when", "never_works"),
        ("tiers: {b: {}}\npromotions:\n  a: {when: {member: no, tier: b}, discount: {percent: 5}}",
         "promotions.a.when", "never_works"),
        ("promotions:\n  a: {when: {date: {from: 2026-05-04, through: 2026-05-05}, weekday: sun},"
         " discount: {percent: 5}}", "promotions.a.when", "never_works"),
        ("promotions:\n  a: {from: '2026-05-04 00:00', until: '2026-05-05 23:00', when: {weekday: sun},"
         " discount: {percent: 5}}", "promotions.a", "never_works"),
        ("promotions:\n  a: {branches: north, when: {branch: south}, discount: {percent: 5}}",
         "promotions.a", "never_works"),
        ("promotions:\n  a: {lines: {category: tea, not: {category: tea}}, discount: {percent: 5}}",
         "promotions.a.lines", "never_works"),
        ("promotions:\n  a: {until: '2026-03-01 00:00', discount: {percent: 5}}", "promotions.a.until", "over_already"),
        ("promotions:\n  a: {locked: yes, discount: {percent: 5}}", "promotions.a.locked", "never_unlocked"),
        ("coupons:\n  c: {words: X, until: '2026-03-01 00:00'}\npromotions:\n  a: {coupon: c, discount: {percent: 5}}",
         "promotions.a.coupon", "coupon_out_of_reach"),
        ("promotions:\n  a: {when: {weekday: [mon, tue, wed, thu, fri, sat, sun]}, discount: {percent: 5}}",
         "promotions.a.when", "always_holds"),
        ("promotions:\n  a: {when: {any: [{member: yes}, {member: no}]}, discount: {percent: 5}}",
         "promotions.a.when", "always_holds"),
        ("promotions:\n  a: {when: {spent: {at_least: '0.00'}}, discount: {percent: 5}}",
         "promotions.a.when", "always_holds"),
        ("promotions:\n  milk: {lines: {category: milk}, turn_off: earning}\n"
         "  b: {lines: {category: milk/cow}, earn: {percent: 5}}", "promotions.b.earn", "earning_taken_away"),
        ("promotions:\n  milk: {lines: {category: milk}, turn_off: spending}\n"
         "  b: {lines: {category: milk/cow}, spending_share: 20}", "promotions.b.spending_share", "spending_share_idle"),  # noqa: E501
        ("groups: {p: best}\npromotions:\n  a: {group: p, discount: {percent: 20}}\n"
         "  b: {group: p, lines: {brand: x}, discount: {percent: 10}}", "promotions.b", "never_wins"),
        ("groups: {p: first}\npromotions:\n  a: {group: p, priority: 1, discount: {percent: 5}}\n"
         "  b: {group: p, priority: 2, lines: {brand: x}, discount: {percent: 10}}", "promotions.b", "never_wins"),
        ("groups: {p: exclusive}\npromotions:\n  a: {group: p, discount: {percent: 5}}\n"
         "  b: {lines: {brand: x}, discount: {percent: 10}}", "promotions.b.discount", "lines_closed"),
        ("promotions:\n  a: {earn: {multiply: 2}}", "promotions.a.earn", "nothing_to_multiply"),
        ("promotions:\n  a: {discount: {percent: 7}}", "promotions.a.discount.percent", "odd_percent"),
        ("automations:\n  w: {event: enrolled, grant: {points: 300, life: {days: 90}}}",
         "automations.w.grant", "welcome_life"),
        ("automations:\n  w: {event: enrolled, grant: {points: 300, life: {days: 3}}}",
         "automations.w.grant", "welcome_life"),
    ],
)  # fmt: skip
def test_finding_stands_at_its_place(rules, path, code):
    assert (path, code) in found(rules)


@pytest.mark.parametrize(
    "rules",
    [
        "automations:\n  w: {event: enrolled, grant: {points: 300, life: {days: 14}}}",
        "automations:\n  w: {event: enrolled, grant: {points: 300, life: {days: 7}}}",
        "promotions:\n  a: {when: {hours: {from: '22:00', until: '02:00'}}, discount: {percent: 5}}",
        "promotions:\n  a: {lines: {category: tea, not: {category: tea/green}}, discount: {percent: 5}}",
        "promotions:\n  a: {when: {age: {at_least: 0}}, discount: {percent: 5}}\n",
        "promotions:\n  a: {locked: yes, discount: {percent: 5}}\n"
        "automations:\n  u: {event: purchase, unlock: {a: {for: {days: 30}}}}",
        "promotions:\n  milk: {lines: {category: milk}, turn_off: earning}\n  b: {earn: {percent: 5}}",
    ],
)
def test_sound_rules_are_left_alone(rules):
    assert [one for one in found(rules) if one[1] != "always_holds"] == []


def test_promotions_that_only_unlock_each_other_are_a_circle():
    rules = (
        "coupons:\n  ca: {series: {count: 10}}\n  cb: {series: {count: 10}}\n"
        "promotions:\n  a: {locked: yes, coupon: ca, discount: {percent: 5}}\n"
        "  b: {locked: yes, coupon: cb, discount: {percent: 5}}\n"
        "automations:\n"
        "  open-a: {event: coupon_used, when: {coupon: cb}, unlock: {a: {for: {days: 30}}}, give: {coupon: ca}}\n"
        "  open-b: {event: coupon_used, when: {coupon: ca}, unlock: {b: {for: {days: 30}}}, give: {coupon: cb}}\n"
    )

    circles = [one for one in lint(subject_of(rules)) if one.code is FindingCode.CYCLIC_UNLOCK]

    assert [(one.path, one.severity) for one in circles] == [
        ("promotions.a.locked", Severity.ERROR),
        ("promotions.b.locked", Severity.ERROR),
    ]
    assert circles[0].params["chain"] == ["open-a", "open-b", "open-a"]


def test_rates_of_all_rules_that_meet_are_added_up_s4_7():
    rules = (
        "tiers:\n  a: {}\n  gold: {enter: {spent: {above: '100.00'}}, earn: {percent: 5}}\n"
        "promotions:\n  base: {earn: {percent: 5}}\n  tea: {lines: {category: tea}, earn: {percent: 5}}"
    )

    finding = of(rules, FindingCode.EARNS_TOO_MUCH)

    assert finding.severity is Severity.WARNING
    assert (sorted(finding.params["rules"]), finding.params["percent"], finding.params["limit"]) == (
        ["base", "tea", "tiers.gold"], "15", "10"
    )  # fmt: skip


def test_services_may_give_twenty_five_percent_s4_7():
    service = "promotions:\n  a: {{lines: {{article: service}}, earn: {{percent: {}}}}}"

    assert (FindingCode.EARNS_TOO_MUCH.value) not in [code for _, code in found(service.format(25))]
    assert ("promotions.a", "earns_too_much") in found(service.format(26))


def test_ordinary_purchase_over_five_percent_is_worth_a_thought_s4_7():
    assert ("promotions", "earns_over_average") in found("promotions:\n  a: {earn: {percent: 10}}")
    assert found("promotions:\n  a: {earn: {percent: 5}}") == []


def test_many_rules_on_one_article_and_fine_print_are_counted_s4_5():
    many = "promotions:\n" + "".join(f"  p{n}: {{discount: {{percent: 1}}}}\n" for n in range(5))
    fine = (
        "promotions:\n  a: {when: {weekday: mon, total: {above: '100.00'}, not: {branch: north}},"
        " discount: {percent: 5, at_most: '50.00'}, turn_off: [earning, spending]}"
    )

    assert of(many, FindingCode.MANY_RULES).params["count"] == 5
    assert of(fine, FindingCode.FINE_PRINT).params == {"count": 6, "limit": 3}


def test_worth_that_nobody_counts_in_his_head_s4_5():
    read = read_source(HEAD.replace('"1.00"', '"0.37"'))

    findings = lint(Subject(read.rulebook, MONDAY, read.tree))

    assert [(one.path, one.code.value, dict(one.params)) for one in findings] == [
        ("points.bonus.worth", "odd_worth", {"worth": "0.37"})
    ]


TIERS = "tiers:\n  a: {}\n  gold: {enter: {spent: {above: '10000.00'}}}"
THRESHOLD = "tiers.gold.enter.spent.above"


def test_threshold_that_stood_for_more_than_a_year_is_stale_s3_3():
    old = {THRESHOLD: datetime(2025, 2, 1, tzinfo=UTC)}
    fresh = {THRESHOLD: datetime(2025, 4, 1, tzinfo=UTC)}

    assert of(TIERS, FindingCode.THRESHOLD_STALE, since=old).params == {"since": "2025-02-01", "days": 394}
    assert found(TIERS, since=fresh) == []


def test_threshold_eaten_by_inflation_tells_todays_sum_s2_7():
    finding = of(
        TIERS, FindingCode.THRESHOLD_EATEN, since={THRESHOLD: datetime(2024, 3, 2, tzinfo=UTC)}, inflation=1_000
    )

    assert finding.params == {"since": "2024-03-02", "threshold": "10000.00", "worth": "12100", "percent": "17"}


def test_threshold_is_as_old_as_the_version_since_which_it_stands():
    def tree(sum_):
        return {"tiers": {"gold": {"enter": {"spent": {"above": sum_}}}}}

    versions = [
        (datetime(2023, 1, 1, tzinfo=UTC), tree("5000.00")),
        (datetime(2024, 1, 1, tzinfo=UTC), tree("10000.00")),
        (datetime(2025, 1, 1, tzinfo=UTC), tree("10000.00")),
    ]

    assert since_of(versions) == {THRESHOLD: datetime(2024, 1, 1, tzinfo=UTC)}


def test_ten_thousand_rules_are_linted_in_seconds():
    promotions = tuple(
        Promotion(
            f"p{n}",
            when=All((Condition("spent", Op.ABOVE, n), Condition("hours", Op.WITHIN, Hours(600, 601 + n % 300))))
            if n % 5
            else None,
            lines=Condition("sku", Op.ONE_OF, (f"S{n // 7}",))
            if n % 3
            else Condition("category", Op.ONE_OF, (f"c{n % 40}",)),
            discount=PercentOff(100 + n % 30 * 100) if n % 2 else None,
            earn=() if n % 2 else (Earn("bonus", percent=100),),
            group="price" if n % 11 == 0 else "",
        )
        for n in range(10_000)
    )
    rulebook = Rulebook(
        "f", "n", "RUB", ZoneInfo("Europe/Moscow"), points={"bonus": PointsCurrency("bonus", "Б", "B", worth_minor=100)},  # noqa: E501
        tiers=(Tier("a"),), groups={"price": Stacking.BEST}, promotions=promotions,
    )  # fmt: skip
    began = process_time()

    findings = lint(Subject(rulebook, MONDAY))

    assert len(findings) == 1_000
    assert process_time() - began < 30
