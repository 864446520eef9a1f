"""Every complaint about a document: where it stands, its code, its figures."""

import pytest

from kopilka.bookkeeping.rulebook_text import read_source
from kopilka.engine.document.problems import ADVICE, ProblemCode
from kopilka.wording.languages import Language
from kopilka.wording.problems import problem_text

HEAD = "rulebook: 1\nprogram: Shop\nmoney: RUB\ntimezone: Europe/Moscow\n"
BONUS = 'points: {bonus: {worth: "1.00", starts_after: at_once}}\nspending: {bonus: {}}\n'
TWO = "points: {bonus: {}, stars: {}}\n"
RULE = "promotions:\n  rule: "
GOLD = "tiers: {a: {}, b: {enter: {spent: {above: 5}}, keep: "

FAULTS = [
    # head
    ("program: Shop\nmoney: RUB\ntimezone: UTC", "", "missing_key", {"key": "rulebook"}),
    (
        "rulebook: 2\nprogram: S\nmoney: RUB\ntimezone: UTC",
        "rulebook",
        "version_unknown",
        {"text": "2", "known": ["1"]},
    ),
    ("rulebook: 1\nprogram: S\nmoney: rub\ntimezone: UTC", "money", "not_a_currency", {"text": "rub"}),
    ("rulebook: 1\nprogram: S\nmoney: RUB\ntimezone: ../etc", "timezone", "not_a_zone", {"text": "../etc"}),
    ("rulebook: 1\nprogram: S\nmoney: RUB\ntimezone: Europe", "timezone", "not_a_zone", {"text": "Europe"}),
    ("rulebook: 1\nprogram: S\nmoney: RUB\ntimezone: Moscow", "timezone", "not_a_zone", {"text": "Moscow"}),
    ("- rulebook: 1", "", "not_a_mapping", {}),
    ("just text", "", "not_a_mapping", {}),
    (HEAD + "promotion: {}", "promotion", "unknown_key", {"key": "promotion", "suggestion": "promotions"}),
    (HEAD + "zzz: {}", "zzz", "unknown_key", {"key": "zzz", "suggestion": ""}),
    # plain places
    (HEAD + "note: [a]", "note", "not_a_value", {}),
    (HEAD + "note:", "note", "empty", {}),
    (HEAD + 'note: "a\\0b"', "note", "control_character", {}),
    (HEAD + 'note: "a\\ud800b"', "note", "control_character", {}),
    (HEAD + "note: " + "x" * 2001, "note", "too_long", {"limit": 2000}),
    (HEAD + "points: {Bonus: {}}", "points.Bonus", "not_a_code", {"text": "Bonus"}),
    (HEAD + "points: {бонус: {}}", "points.бонус", "not_a_code", {"text": "бонус"}),
    (HEAD + "points: {b: {round: dwn}}", "points.b.round", "not_a_word", {"text": "dwn", "suggestion": "down"}),
    (HEAD + "points: {b: {carry: maybe}}", "points.b.carry", "not_a_flag", {"text": "maybe"}),
    (HEAD + "points: {b: {decimals: 3}}", "points.b.decimals", "out_of_range", {"minimum": "0", "maximum": "2"}),
    (HEAD + "points: {b: {decimals: 1.5}}", "points.b.decimals", "not_whole", {"text": "1.5"}),
    (HEAD + "points: {b: {worth: 1e3}}", "points.b.worth", "not_a_number", {"text": "1e3"}),
    (HEAD + "points: {b: {worth: 007}}", "points.b.worth", "not_a_number", {"text": "007"}),
    (HEAD + "points: {b: {worth: '1,50'}}", "points.b.worth", "not_a_number", {"text": "1,50"}),
    (HEAD + "points: {b: {worth: '٣'}}", "points.b.worth", "not_a_number", {"text": "٣"}),
    (HEAD + "points: {b: {worth: -1}}", "points.b.worth", "out_of_range", {"text": "-1", "minimum": "0"}),
    (HEAD + "points: {b: {worth: '1.005'}}", "points.b.worth", "too_fine", {"text": "1.005", "digits": 2}),
    (HEAD + "points: {b: {life: {days: 0}}}", "points.b.life", "life_empty", {}),
    (HEAD + "points: {b: {life: for ever}}", "points.b.life", "not_a_word", {"suggestion": "forever"}),
    (HEAD + "points: {b: {life: {weeks: 1}}}", "points.b.life.weeks", "unknown_key", {"key": "weeks"}),
    (HEAD + "points: {b: {life: {days: [1]}}}", "points.b.life.days", "not_a_value", {}),
    (HEAD + "points: {b: {life: [1]}}", "points.b.life", "not_a_mapping", {}),
    (HEAD + "points: {b: {life: {to_end_of: mnth}}}", "points.b.life.to_end_of", "not_a_word", {"suggestion": "month"}),
    # rules
    (HEAD + RULE + "{branches: a}", "promotions.rule", "at_least_one", {"keys": ["discount", "earn", "turn_off"]}),
    (HEAD + RULE + "{discount: {}}", "promotions.rule.discount", "exactly_one", {"given": []}),
    (HEAD + RULE + "{discount: {percent: 5, amount: 1}}", "promotions.rule.discount", "exactly_one", {}),
    (
        HEAD + RULE + "{discount: {percent: 120}}",
        "promotions.rule.discount.percent",
        "out_of_range",
        {"maximum": "100"},
    ),
    (HEAD + RULE + "{discount: {percent: 0}}", "promotions.rule.discount.percent", "out_of_range", {"minimum": "0.01"}),
    (HEAD + RULE + "{discount: {percent: 5, per: unit}}", "promotions.rule.discount.per", "at_least_one", {}),
    (HEAD + RULE + "{discount: {cheapest: {of: 1}}}", "promotions.rule.discount.cheapest.of", "out_of_range", {}),
    (HEAD + RULE + "{discount: {cheapest: {}}}", "promotions.rule.discount.cheapest", "missing_key", {"key": "of"}),
    (
        HEAD + RULE + "{discount: {bundle: {parts: [{sku: A}], price: 1}}}",
        "promotions.rule.discount.bundle.parts",
        "empty",
        {},
    ),
    (
        HEAD + RULE + "{discount: {bundle: {parts: {sku: A}, price: 1}}}",
        "promotions.rule.discount.bundle.parts",
        "not_a_list",
        {},
    ),
    (
        HEAD + RULE + "{turn_off: [earning, earning]}",
        "promotions.rule.turn_off[1]",
        "duplicate_value",
        {"text": "earning"},
    ),
    (HEAD + RULE + "{turn_off: earnings}", "promotions.rule.turn_off", "not_a_word", {"suggestion": "earning"}),
    (
        HEAD + RULE + "{from: 2026-13-01, turn_off: earning}",
        "promotions.rule.from",
        "not_a_date",
        {"text": "2026-13-01"},
    ),
    (HEAD + RULE + "{from: soon, turn_off: earning}", "promotions.rule.from", "not_a_moment", {"text": "soon"}),
    (HEAD + RULE + "{from: 2026-01-01T10:00, turn_off: earning}", "promotions.rule.from", "not_a_moment", {}),
    (HEAD + RULE + "{until: 2026-01-31, turn_off: earning}", "promotions.rule.until", "until_without_time", {}),
    (
        HEAD + RULE + "{from: 2026-02-01, until: '2026-02-01 00:00', turn_off: earning}",
        "promotions.rule.until",
        "end_before_start",
        {"start": "2026-02-01 00:00", "end": "2026-02-01 00:00"},
    ),
    (HEAD + "coupons: {a: {words: [X, X]}}", "coupons.a.words[1]", "duplicate_value", {"text": "X"}),
    (
        HEAD + "coupons: {a: {words: X}, b: {words: x}}",
        "coupons.b.words",
        "coupon_word_taken",
        {"word": "x", "other": "a"},
    ),
    (HEAD + "coupons: {a: {words: X, bind: yes}}", "coupons.a.bind", "needs_series", {"coupon": "a"}),
    (HEAD + "coupons: {a: {words: X, by_itself: yes}}", "coupons.a.by_itself", "needs_series", {"coupon": "a"}),
    (
        HEAD + "coupons: {a: {words: X}}\ntests: {t: {member: {coupons: a}, receipt: "
        "{at: '2026-03-02', lines: [[A, 1]]}}}",
        "tests.t.member.coupons",
        "needs_series",
        {"coupon": "a"},
    ),
    # segments
    (
        HEAD + "segments: {a: {when: {segment: b}}, b: {when: {not: {segment: [c, a]}}}, c: {by: hand}}",
        "segments.a.when",
        "segment_circle",
        {"segments": ["a", "b"]},
    ),
    (HEAD + "segments: {a: {when: {segment: a}}}", "segments.a.when", "segment_circle", {"segments": ["a"]}),
    (
        HEAD + "segments: {a: {when: {tags: x}}}\nlinks: {b: {segment: a}}",
        "links.b.segment",
        "not_put_into",
        {"segment": "a"},
    ),
    (
        HEAD + "segments: {a: {when: {tags: x}}}\nautomations: {b: {event: purchase, put_into: a}}",
        "automations.b.put_into",
        "not_put_into",
        {"segment": "a"},
    ),
    (
        HEAD + "segments: {a: {when: {tags: x}, life: {days: 1}}}",
        "segments.a.life",
        "life_of_live",
        {"segment": "a"},
    ),
    # points of rules
    (HEAD + RULE + "{earn: {percent: 5}}", "promotions.rule.earn", "unknown_code", {"section": "points"}),
    (
        HEAD + TWO + RULE + "{earn: {percent: 5}}",
        "promotions.rule.earn",
        "currency_unsaid",
        {"known": ["bonus", "stars"]},
    ),
    (
        HEAD + TWO + RULE + "{earn: {percent: 5, in: star}}",
        "promotions.rule.earn.in",
        "unknown_code",
        {"suggestion": "stars"},
    ),
    (HEAD + BONUS + RULE + "{earn: {percent: 5, points: 1}}", "promotions.rule.earn", "exactly_one", {}),
    (
        HEAD + BONUS + RULE + "{earn: {percent: 5, per: unit}}",
        "promotions.rule.earn.per",
        "at_least_one",
        {"keys": ["points"]},
    ),
    (
        HEAD + BONUS + RULE + "{earn: {points: 1, per: units}}",
        "promotions.rule.earn.per",
        "not_a_word",
        {"suggestion": "unit"},
    ),
    (HEAD + BONUS + RULE + "{earn: {points: 1.5}}", "promotions.rule.earn.points", "points_too_fine", {"digits": 0}),
    (HEAD + BONUS + RULE + "{earn: {multiply: 2, life: {days: 1}}}", "promotions.rule.earn", "at_most_one", {}),
    (HEAD + BONUS + RULE + "{earn: [{percent: 5}, {points: 0}]}", "promotions.rule.earn[1].points", "out_of_range", {}),
    (HEAD + "points: {b: {round: up, carry: yes}}", "points.b.carry", "carry_needs_down", {}),
    (HEAD + "points: {b: {}}\nspending: {b: {}}", "spending.b", "worthless", {"currency": "b"}),
    (HEAD + "spending: {b: {}}", "spending.b", "unknown_code", {"section": "points", "text": "b"}),
    (HEAD + BONUS.replace("{bonus: {}}", "{bonus: {step: 0.5}}"), "spending.bonus.step", "points_too_fine", {}),
    # conditions
    (HEAD + RULE + "{turn_off: earning, when: {}}", "promotions.rule.when", "empty", {}),
    (HEAD + RULE + "{turn_off: earning, when: {all: []}}", "promotions.rule.when.all", "empty", {}),
    (HEAD + RULE + "{turn_off: earning, when: {any: {tier: a}}}", "promotions.rule.when.any", "not_a_list", {}),
    (HEAD + RULE + "{turn_off: earning, when: {not: [a]}}", "promotions.rule.when.not", "not_a_mapping", {}),
    (
        HEAD + RULE + "{turn_off: earning, when: {teir: gold}}",
        "promotions.rule.when.teir",
        "unknown_fact",
        {"suggestion": "tier"},
    ),
    (HEAD + RULE + "{turn_off: earning, when: {sku: A}}", "promotions.rule.when.sku", "fact_of_lines", {"fact": "sku"}),
    (
        HEAD + RULE + "{turn_off: earning, lines: {tier: a}}",
        "promotions.rule.lines.tier",
        "fact_not_of_lines",
        {"fact": "tier"},
    ),
    (HEAD + "segments: {a: {when: {total: 1}}}", "segments.a.when.total", "fact_not_here", {}),
    (HEAD + "tiers: {a: {}, b: {enter: {branch: x}}}", "tiers.b.enter.branch", "fact_not_here", {"fact": "branch"}),
    (
        HEAD + RULE + "{turn_off: earning, when: {tier: gold}}",
        "promotions.rule.when.tier",
        "unknown_code",
        {"section": "tiers"},
    ),
    (HEAD + RULE + "{turn_off: earning, when: {tier: {above: a}}}", "promotions.rule.when.tier", "not_a_value", {}),
    (
        HEAD + RULE + "{turn_off: earning, when: {origin: shop}}",
        "promotions.rule.when.origin",
        "not_a_word",
        {"text": "shop"},
    ),
    (
        HEAD + RULE + "{turn_off: earning, when: {weekday: friday}}",
        "promotions.rule.when.weekday",
        "not_a_word",
        {"suggestion": "fri"},
    ),
    (HEAD + RULE + "{turn_off: earning, when: {hours: '18:00'}}", "promotions.rule.when.hours", "not_a_mapping", {}),
    (
        HEAD + RULE + "{turn_off: earning, when: {hours: {from: 18:00}}}",
        "promotions.rule.when.hours",
        "missing_key",
        {"key": "until"},
    ),
    (
        HEAD + RULE + "{turn_off: earning, when: {hours: {from: 9:00, until: 10:00}}}",
        "promotions.rule.when.hours.from",
        "not_a_time",
        {"text": "9:00"},
    ),
    (
        HEAD + RULE + "{turn_off: earning, when: {total: {more: 5}}}",
        "promotions.rule.when.total.more",
        "comparison_unknown",
        {"fact": "total", "comparison": "more"},
    ),
    (
        HEAD + RULE + "{turn_off: earning, when: {total: {above: 5, below: 5.01}}}",
        "promotions.rule.when.total",
        "bounds_crossed",
        {},
    ),
    (
        HEAD + RULE + "{turn_off: earning, when: {date: {from: 2026-02-02, through: 2026-02-01}}}",
        "promotions.rule.when.date",
        "end_before_start",
        {},
    ),
    # tiers
    (HEAD + "tiers: {a: {enter: {spent: 1}}}", "tiers.a.enter", "first_tier_enter", {"tier": "a"}),
    (HEAD + "tiers: {a: {}, b: {}}", "tiers.b", "tier_without_enter", {"tier": "b"}),
    (
        HEAD + "tiers: {a: {}, b: {enter: {spent: {above: '99.99'}}}, c: {enter: {spent: {at_least: 100}}}}",
        "tiers.c.enter",
        "tiers_same",
        {"tier": "c", "other": "b"},
    ),
    (
        HEAD + "tiers: {a: {}, b: {enter: {spent: {at_least: 100}}}, c: {enter: {spent: {at_least: 50}}}}",
        "tiers.c.enter",
        "tiers_unordered",
        {"tier": "c", "other": "b"},
    ),
    # tests
    (HEAD + "tests: {t: {receipt: {at: '2026-01-01', lines: [[A]]}}}", "tests.t.receipt.lines[0]", "line_shape", {}),
    (HEAD + "tests: {t: {receipt: {at: '2026-01-01', lines: []}}}", "tests.t.receipt.lines", "empty", {}),
    (
        HEAD
        + "tests: {t: {steps: [{receipt: {at: '2026-01-01', lines: [[A, 1]]}, expect: {pay: 1}}], expect: {pay: 1}}}",
        "tests.t",
        "at_most_one",
        {"given": ["expect", "steps"]},
    ),
    (
        HEAD + "tests: {t: {receipt: {at: '2026-01-01', lines: [[A, x]]}}}",
        "tests.t.receipt.lines[0][1]",
        "not_a_number",
        {},
    ),
    # places that hold something of another shape
    (HEAD + RULE + "{turn_off: earning, group: [a]}", "promotions.rule.group", "not_a_value", {}),
    (
        HEAD + RULE + "{turn_off: earning, when: {date: {from: [x]}}}",
        "promotions.rule.when.date.from",
        "not_a_value",
        {},
    ),
    (HEAD + 'points: {"": {}}', "points.", "empty", {}),
    (HEAD + "points: {b: {carry: [yes]}}", "points.b.carry", "not_a_value", {}),
    (HEAD + "points: {b: {life: {to_end_of: [day]}}}", "points.b.life.to_end_of", "not_a_value", {}),
    (HEAD + "points: [a]", "points", "not_a_mapping", {}),
    (HEAD + "promotions: {a: 1}", "promotions.a", "not_a_mapping", {}),
    (HEAD + RULE + "{from: [a], turn_off: earning}", "promotions.rule.from", "not_a_value", {}),
    (HEAD + RULE + "{from: '2026-01-01 ', turn_off: earning}", "promotions.rule.from", "not_a_moment", {}),
    (
        HEAD + RULE + "{limit: {times: 1, within: 3}, turn_off: earning}",
        "promotions.rule.limit.within",
        "not_a_mapping",
        {},
    ),
    (HEAD + RULE + "{turn_off: earning, when: {weekday: []}}", "promotions.rule.when.weekday", "empty", {}),
    (
        HEAD + RULE + "{turn_off: earning, when: {weekday: [mon, x]}}",
        "promotions.rule.when.weekday[1]",
        "not_a_word",
        {},
    ),
    (
        HEAD + RULE + "{turn_off: earning, when: {total: {above: x}}}",
        "promotions.rule.when.total.above",
        "not_a_number",
        {},
    ),
    (HEAD + RULE + "{turn_off: earning, when: {total: {}}}", "promotions.rule.when.total", "empty", {}),
    (HEAD + RULE + "{turn_off: earning, when: {date: {from: x}}}", "promotions.rule.when.date.from", "not_a_date", {}),
    (
        HEAD + RULE + "{turn_off: earning, when: {date: {until: 2026-01-01}}}",
        "promotions.rule.when.date.until",
        "comparison_unknown",
        {},
    ),
    (
        HEAD + RULE + "{turn_off: earning, when: {birthday: {before: x}}}",
        "promotions.rule.when.birthday.before",
        "not_a_number",
        {},
    ),
    (
        HEAD + RULE + "{turn_off: earning, when: {birthday: {around: 1}}}",
        "promotions.rule.when.birthday.around",
        "comparison_unknown",
        {},
    ),
    (
        HEAD + RULE + "{turn_off: earning, when: {hours: {from: [1], until: 10:00}}}",
        "promotions.rule.when.hours.from",
        "not_a_value",
        {},
    ),
    (
        HEAD + RULE + "{turn_off: earning, when: {has: {skv: A}}}",
        "promotions.rule.when.has.skv",
        "unknown_fact",
        {"suggestion": "sku"},
    ),
    # extensions that are not installed
    (
        HEAD + RULE + "{turn_off: earning, when: {acme.kinds: {at_least: 3}}}",
        "promotions.rule.when.acme.kinds",
        "not_installed",
        {"key": "acme.kinds", "extension": "acme"},
    ),
    (
        HEAD + "automations: {a: {event: enrolled, send: hello, acme.donate: {points: 5}}}",
        "automations.a.acme.donate",
        "not_installed",
        {"key": "acme.donate", "extension": "acme"},
    ),
    # tiers
    (HEAD + "tiers: {a: {within: {months: 1}}}", "tiers.a.within", "first_tier_lost", {"tier": "a"}),
    (
        HEAD + "tiers: {a: {}, b: {enter: {referrals: {at_least: 1}}, within: {months: 1}}}",
        "tiers.b.within",
        "within_of_nothing",
        {"tier": "b"},
    ),
    (
        HEAD + GOLD + "{when: {spent: {at_least: 1}}, within: {this: year}, review: daily}}}",
        "tiers.b.keep.review",
        "review_of_period",
        {"tier": "b", "period": "year"},
    ),
    (
        HEAD + GOLD + "{when: {referrals: {at_least: 1}}, grace: {days: 3}}}}",
        "tiers.b.keep.grace",
        "grace_without_within",
        {"tier": "b"},
    ),
    (
        HEAD + "tiers: {a: {}, b: {enter: {referrals: {at_least: 3}}, keep: {when: {referrals: {below: 2}}}}}",
        "tiers.b.keep.when",
        "keep_against_enter",
        {"tier": "b"},
    ),
    (
        HEAD + GOLD + "{when: {spent: {at_least: 99}}, within: {months: 12}}}}",
        "tiers.b.keep.when",
        "keep_above_enter",
        {"tier": "b"},
    ),
    (
        HEAD + "tiers: {a: {}, b: {enter: {all: [{spent: {above: 5}}, {spent: {below: 4}}]}}}",
        "tiers.b.enter",
        "tier_unreachable",
        {"tier": "b"},
    ),
    (
        HEAD + "counting: {after: {days: 14}}\ntiers: {a: {}, b: {enter: {last_purchase: {above: 5}}}}",
        "tiers.b.enter",
        "counts_at_once",
        {"tier": "b"},
    ),
    (HEAD + "counting: {after: {days: 1, to_end_of: day}}", "counting.after", "counts_with_edge", {}),
    (HEAD + "tiers: {a: {}, b: {enter: {balance: {x: {above: 5}}}}}", "tiers.b.enter.balance.x", "unknown_code", {}),
    (HEAD + "tiers: {a: {}, b: {enter: {tier: a}}}", "tiers.b.enter.tier", "fact_not_here", {"fact": "tier"}),
    (
        HEAD + "tiers: {a: {}, b: {enter: {spent: {above: 5}}, within: {this: year, months: 1}}}",
        "tiers.b.within",
        "at_most_one",
        {"given": ["this", "months"]},
    ),
    # shares
    (
        HEAD + TWO + "shares: {a: {to: agent, level: 2, earn: {percent: 1, in: bonus}}}",
        "shares.a.level",
        "share_key",
        {"key": "level", "to": "agent"},
    ),
    (
        HEAD + TWO + "shares: {a: {to: inviter, earn: {multiply: 2, in: bonus}}}",
        "shares.a.earn",
        "share_multiplies",
        {},
    ),
    (
        HEAD + TWO + "segments: {s: {by: hand}}\nshares: {a: {to: agent, earn: {percent: 15, in: bonus}, splits: "
        "{b: {segment: s, buyer_discount: 10, earn: {percent: 6, in: bonus}}}}}",
        "shares.a.splits.b",
        "split_too_much",
        {"split": "b", "percent": "16", "limit": "15"},
    ),
    # advice
    (
        HEAD + "automations: {a: {event: {calendar: {cron: 61 * * * *}}, send: hello}}",
        "automations.a.event.calendar.cron",
        "not_a_cron",
        {"text": "61 * * * *"},
    ),
    (HEAD + 'points: {b: {worth: "1.00"}}\nspending: {b: {}}', "points.b", "no_return_window", {"currency": "b"}),
    (HEAD + 'points: {b: {worth: "1.00"}}', "points.b", "cannot_be_spent", {"currency": "b"}),
    (HEAD + "coupons: {a: {words: X}}", "coupons.a", "coupon_unused", {"coupon": "a"}),
    (HEAD + "groups: {a: best}", "groups.a", "group_unused", {"group": "a"}),
    (
        HEAD + "coupons: {a: {series: {count: 1074, length: 6}}}\n" + RULE + "{coupon: a, discount: {percent: 5}}",
        "coupons.a.series",
        "series_guessable",
        {"coupon": "a", "count": 1074, "limit": 1073},
    ),
    (
        HEAD
        + "coupons: {a: {series: {count: 11, length: 7, letters: no}}}\n"
        + RULE
        + "{coupon: a, discount: {percent: 5}}",
        "coupons.a.series",
        "series_guessable",
        {"coupon": "a", "count": 11, "limit": 10},
    ),
]


@pytest.mark.parametrize(("source", "path", "code", "params"), FAULTS)
def test_problem_tells_where_and_what(source, path, code, params):
    read = read_source(source)

    found = [problem for problem in read.problems if (problem.path, problem.code) == (path, code)]
    assert len(found) == 1, read.problems
    assert {name: found[0].params[name] for name in params if name != "keys"} == {
        name: value for name, value in params.items() if name != "keys"
    }
    assert (read.rulebook is None) == (found[0].code not in ADVICE)
    assert found[0].line >= 1


@pytest.mark.parametrize(("source", "path", "code", "params"), FAULTS)
def test_problem_can_be_said(source, path, code, params):
    for problem in read_source(source).problems:
        for language in Language:
            assert "{" not in problem_text(problem.code, problem.params, language)


def test_every_problem_of_a_document_is_tried():
    tried = {code for _, _, code, _ in FAULTS}
    of_the_text = {
        "not_utf8", "too_large", "too_deep", "syntax", "tab", "duplicate_key", "anchor", "alias", "tag", "merge_key",
        "several_documents", "empty_document", "key_not_text",
    }  # fmt: skip
    elsewhere = {"null", "float", "too_many", "other_money", "points_in_use", "points_ahead", "test_failed"}

    assert {code.value for code in ProblemCode} == tried | of_the_text | elsewhere


def test_all_problems_are_told_at_once():
    read = read_source(
        HEAD + "points: {b: {life: {days: 0}, decimals: 9}}\npromotions: {a: {discount: {percent: 101}}, b: {whn: 1}}\n"
    )

    assert [problem.code.value for problem in read.problems if problem.is_error] == [
        "out_of_range",
        "life_empty",
        "out_of_range",
        "at_least_one",
        "unknown_key",
    ]


def test_lists_and_mappings_are_bounded():
    many = "{turn_off: earning, when: {any: [" + "{till: a}," * 201 + "]}}"
    values = "{turn_off: earning, when: {till: [" + "a," * 5_001 + "]}}"
    rules = "promotions: {" + "".join(f"a{number}: {{turn_off: earning}}, " for number in range(5_001)) + "}"

    found = [read_source(source).problems for source in (HEAD + RULE + many, HEAD + RULE + values, HEAD + rules)]

    assert [[(problem.path, problem.code.value) for problem in problems] for problems in found] == [
        [("promotions.rule.when.any", "too_many")],
        [("promotions.rule.when.till", "too_many")],
        [("promotions", "too_many")],
    ]


def test_errors_beyond_a_thousand_are_not_told_and_not_forgotten():
    advice = "coupons: {" + "".join(f"a{number}: {{words: W{number}}}, " for number in range(1_200)) + "}"

    read = read_source(HEAD + advice + "\nquote: {minutes: 0}\n")

    assert len(read.problems) == 1_000
    assert read.rulebook is None
    assert [problem.path for problem in read.problems if problem.is_error] == ["quote.minutes"]


def test_only_the_first_mistakes_are_helped():
    source = HEAD + "promotions: {a: {turn_off: earning, when: {" + "".join(f"teir{n}: x, " for n in range(100)) + "}}}"

    helped = [problem for problem in read_source(source).problems if problem.params["suggestion"]]

    assert len(helped) == 51
