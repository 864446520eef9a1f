"""Arithmetic that nobody can do in his head, and fine print (S4.5, rules 1 and 2)."""

from __future__ import annotations

from collections.abc import Iterator

from kopilka.engine.checks import parts_of, tests_of
from kopilka.engine.conditions import Condition, Not
from kopilka.engine.decision import Why
from kopilka.engine.document.kinds import written
from kopilka.engine.linting.findings import Finding, FindingCode, Severity
from kopilka.engine.linting.search import evidence_of, gives, search, takes_off
from kopilka.engine.linting.subject import Subject
from kopilka.engine.rulebook import PercentOff, Promotion
from kopilka.engine.rulebook_earn import Earn
from kopilka.engine.switches import path_of

EASY = frozenset(
    {100, 200, 300, 500, 1_000, 1_500, 2_000, 2_500, 3_000, 4_000, 5_000, 6_000, 7_000, 7_500, 8_000, 9_000, 10_000}
)
"""Percents (hundredths) that people take in their heads."""

RULES_MAX = 3
BUTS_MAX = 3
SCORE_MAX = 20

FOR_PERCENT, FOR_WORTH, FOR_RULES, FOR_BUT = 1, 3, 2, 1
"""What each of these adds to the score."""


def find(subject: Subject) -> Iterator[Finding]:
    score = 0
    for told, weight in _all(subject):
        score += weight
        if told is not None:
            yield told
    if score > SCORE_MAX:
        params: dict[str, object] = {"score": score, "limit": SCORE_MAX}
        yield Finding("", FindingCode.HARD_ARITHMETIC, Severity.ADVICE, params)


def _all(subject: Subject) -> Iterator[tuple[Finding | None, int]]:
    """Findings with what each adds to the score; a few buts add without being a finding."""
    yield from _worths(subject)
    for rule in subject.rulebook.promotions:
        path = path_of(rule)
        for percent, where in _percents(rule):
            if percent not in EASY:
                params: dict[str, object] = {"percent": written(percent, 2)}
                yield Finding(f"{path}.{where}", FindingCode.ODD_PERCENT, Severity.ADVICE, params), FOR_PERCENT
        count = buts_of(rule)
        told = None
        if count > BUTS_MAX:
            told = Finding(path, FindingCode.FINE_PRINT, Severity.ADVICE, {"count": count, "limit": BUTS_MAX})
        yield told, count * FOR_BUT
    yield from _crowded(subject)


def _worths(subject: Subject) -> Iterator[tuple[Finding, int]]:
    one = int(10**subject.rulebook.digits)
    for code, currency in subject.rulebook.points.items():
        if currency.worth_minor and currency.worth_minor not in {one, 10 * one}:
            params: dict[str, object] = {"worth": written(currency.worth_minor, subject.rulebook.digits)}
            yield Finding(f"points.{code}.worth", FindingCode.ODD_WORTH, Severity.ADVICE, params), FOR_WORTH


def _percents(rule: Promotion) -> Iterator[tuple[int, str]]:
    if isinstance(rule.discount, PercentOff):
        yield rule.discount.percent, "discount.percent"
    for earn in rule.earn:
        if earn.percent:
            yield earn.percent, "earn.percent"


def buts_of(rule: Promotion) -> int:
    """What a customer must be told after the word "but": switches, caps, and every not in the conditions."""
    caps = (rule.discount_max, rule.spending_share, *(earn.units_max for earn in rule.earn))
    count = sum(cap is not None for cap in caps) + rule.no_earning + rule.no_spending
    count += sum(_is_own_time(earn) for earn in rule.earn)
    for condition in (rule.when, rule.lines):
        count += sum(isinstance(part, Not) for part in _all_parts(condition))
        count += max(0, len(list(tests_of(condition))) - 1)
    return count


def _is_own_time(earn: Earn) -> bool:
    return earn.life is not None or earn.starts_after is not None


def _all_parts(condition: Condition | None) -> Iterator[Condition]:
    for part in parts_of(condition):
        yield part
        for inner in () if isinstance(part, Not) or not hasattr(part, "parts") else part.parts:
            yield from _all_parts(inner)


def _crowded(subject: Subject) -> Iterator[tuple[Finding, int]]:
    """The receipt on which most rules touch one article."""
    most: tuple[int, Finding] | None = None
    for played in (*search(subject, takes_off).played, *search(subject, gives).played):
        line = played.decision.lines[0]
        earning = {reason.rule for reason in played.decision.reasons if reason.why in {Why.EARNED, Why.MULTIPLIED}}
        codes = list(dict.fromkeys([*(code for code, _ in line.discounts), *sorted(earning)]))
        if len(codes) > RULES_MAX and (most is None or len(codes) > most[0]):
            params: dict[str, object] = {"rules": codes, "count": len(codes), "limit": RULES_MAX}
            path = next(path_of(rule) for rule in subject.rulebook.promotions if rule.code == codes[0])
            found = Finding(path, FindingCode.MANY_RULES, Severity.ADVICE, params, evidence_of(played))
            most = (len(codes), found)
    if most is not None:
        yield most[1], (most[0] - RULES_MAX) * FOR_RULES
