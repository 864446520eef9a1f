"""Bad input of every kind is told with its place in the document: an error of reading, or of the linter."""

from datetime import date

import pytest

from kopilka.bookkeeping.rulebook_text import read_source
from kopilka.engine.linting.findings import Severity
from kopilka.engine.linting.lint import lint
from kopilka.engine.linting.subject import Subject

HEAD = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00"}
"""


def errors(rules):
    """(path, code) of everything that is an error, of the document or of the linter."""
    read = read_source(HEAD + rules)
    found = {(problem.path, problem.code.value) for problem in read.problems if problem.is_error}
    if read.rulebook is not None:
        told = lint(Subject(read.rulebook, date(2026, 3, 2), read.tree))
        found |= {(one.path, one.code.value) for one in told if one.severity is Severity.ERROR}
    return found


@pytest.mark.parametrize(
    ("rules", "path", "code"),
    [
        ("promotions:\n  a: {when: {colour: red}, discount: {percent: 5}}", "promotions.a.when.colour", "unknown_fact"),
        ("promotions:\n  a: {lines: {tier: gold}, discount: {percent: 5}}", "promotions.a.lines.tier",
         "fact_not_of_lines"),
        ("promotions:\n  a: {discount: {percent: -5}}", "promotions.a.discount.percent", "out_of_range"),
        ("promotions:\n  a: {discount: {percent: 101}}", "promotions.a.discount.percent", "out_of_range"),
        ("promotions:\n  a: {earn: {percent: -1}}", "promotions.a.earn.percent", "out_of_range"),
        ("promotions:\n  a: {from: '2026-05-02', until: '2026-05-01 00:00', discount: {percent: 5}}",
         "promotions.a.until", "end_before_start"),
        ("promotions:\n  a: {when: {date: {from: 2026-05-02, through: 2026-05-01}}, discount: {percent: 5}}",
         "promotions.a.when.date", "end_before_start"),
        ("promotions:\n  a: {when: {spent: {above: '10.00', below: '5.00'}}, discount: {percent: 5}}",
         "promotions.a.when.spent", "bounds_crossed"),
        ("promotions:\n  a: {when: {all: [{weekday: mon}, {weekday: tue}]}, discount: {percent: 5}}",
         "promotions.a.when", "never_works"),
        ("coupons:\n  ca: {series: {count: 10}}\n  cb: {series: {count: 10}}\n"
         "promotions:\n  a: {locked: yes, coupon: ca, discount: {percent: 5}}\n"
         "  b: {locked: yes, coupon: cb, discount: {percent: 5}}\n"
         "automations:\n"
         "  open-a: {event: coupon_used, when: {coupon: cb}, unlock: {a: {for: {days: 30}}}, give: {coupon: ca}}\n"
         "  open-b: {event: coupon_used, when: {coupon: ca}, unlock: {b: {for: {days: 30}}}, give: {coupon: cb}}\n",
         "promotions.a.locked", "cyclic_unlock"),
        ("promotions:\n  a: {when: {tier: platinum}, discount: {percent: 5}}", "promotions.a.when.tier", "unknown_code"),  # noqa: E501
    ],
)  # fmt: skip
def test_bad_input_is_an_error_with_its_path(rules, path, code):
    assert (path, code) in errors(rules)


def test_ten_thousand_rules_are_one_clear_error():
    rules = "promotions:\n" + "".join(f"  p{n}: {{discount: {{percent: 5}}}}\n" for n in range(10_000))

    read = read_source(HEAD + rules)

    assert [(one.path, one.code.value, one.params) for one in read.problems if one.is_error] == [
        ("promotions", "too_many", {"limit": 5_000})
    ]
