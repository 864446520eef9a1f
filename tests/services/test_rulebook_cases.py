from pathlib import Path

import pytest

from kopilka.bookkeeping.rulebooks import check_rulebook
from kopilka.engine.refusal import Refusal
from kopilka.services.rulebook_cases import Failure, must_pass, play_source

CASES = Path(__file__).resolve().parent.parent / "cases"
FILES = sorted(CASES.rglob("*.yaml"))

HEAD = """
rulebook: 1
program: Cases
money: RUB
timezone: Europe/Moscow
points:
  bonus: {worth: "1.00", decimals: 2, starts_after: at_once}
spending: {bonus: {}}
promotions: {cashback: {earn: {percent: 5}}}
tests:
  a test:
    member: {points: {bonus: 10}}
    receipt: {at: "2026-03-02 12:00", lines: [[A, "100.00"]], spend: max}
    expect: """


@pytest.mark.parametrize("file", FILES, ids=[str(file.relative_to(CASES)) for file in FILES])
def test_case_file_comes_out_as_expected(file):
    report = play_source(file.read_bytes())

    assert report.failures == []
    assert [problem for problem in report.problems if problem.is_error] == []
    assert report.tests > 0


def test_report_tells_each_figure_that_differs():
    report = play_source(
        HEAD + '{pay: "91.00", net: "100.00", spent: {bonus: 9}, earned: {},'
        ' lines: {1: {pay: "90", net: "1"}, 2: {pay: "1"}}}'
    )

    assert not report.is_good
    assert report.failures == [
        Failure("a test", "pay", "91", "90"),
        Failure("a test", "spent", "bonus 9", "bonus 10"),
        Failure("a test", "earned", "nothing", "bonus 4.5"),
        Failure("a test", "lines.1.net", "1", "100"),
        Failure("a test", "lines.2", "a line", "nothing"),
    ]


def test_report_tells_refused_coupons_and_what_certificates_pay():
    paid = 'spend: max, codes: FIRST, certificates: {"77-0001": "30.00"}'
    sold = '    certificates: {"77-0001": "50.00"}\n    member:'
    text = HEAD.replace("    member:", sold).replace("spend: max", paid)

    report = play_source(text + '{refused_coupons: {FIRST: over}, advance: "50.00"}')

    assert report.failures == [
        Failure("a test", "refused_coupons", "FIRST over", "FIRST unknown"),
        Failure("a test", "advance", "50", "30"),
    ]


def test_report_tells_a_refusal_that_came_or_did_not_come():
    came = play_source(HEAD.replace("spend: max", "spend: {bonus: 11}") + '{pay: "90.00"}')
    missed = play_source(HEAD + "{refused: spend_limit}")

    assert [(failure.place, failure.expected) for failure in came.failures] == [("refused", "nothing")]
    assert missed.failures == [Failure("a test", "refused", "spend_limit", "nothing")]


def test_steps_see_what_the_one_before_left():
    source = HEAD.rpartition("    receipt:")[0] + (
        "    steps:\n"
        '      - receipt: {at: "2026-03-02 12:00", lines: [[A, "100.00"]], spend: max}\n'
        "        expect: {spent: {bonus: 10}}\n"
        '      - receipt: {at: "2026-03-02 12:01", lines: [[A, "100.00"]], spend: max}\n'
        "        expect: {spent: {bonus: 10}}\n"
    )

    report = play_source(source)

    assert report.failures == [Failure("a test", "steps[1].spent", "bonus 10", "bonus 4.5")]


def test_document_with_errors_is_not_played():
    report = play_source(HEAD.replace("percent: 5", "percent: 500") + '{pay: "1.00"}')

    assert not report.is_good
    assert (report.tests, report.failures) == (0, [])
    assert [(problem.path, problem.code.value, problem.line) for problem in report.problems] == [
        ("promotions.cashback.earn.percent", "out_of_range", 9)
    ]


def test_document_must_pass_its_own_tests():
    must_pass(check_rulebook(HEAD + '{pay: "90.00"}'))

    with pytest.raises(Refusal) as refused:
        must_pass(check_rulebook(HEAD + '{pay: "91.00"}'))

    params = {"test": "a test", "place": "pay", "expected": "91", "got": "90"}
    assert refused.value.params == {
        "problems": [{"path": "tests.a test.pay", "code": "test_failed", "params": params, "line": 11}]
    }
