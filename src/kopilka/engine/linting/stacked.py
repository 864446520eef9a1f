"""Discounts that together come to more than the whole price."""

from __future__ import annotations

from collections.abc import Iterator

from kopilka.engine.decision import PricedLine
from kopilka.engine.document.kinds import written
from kopilka.engine.linting.findings import Finding, FindingCode, Severity
from kopilka.engine.linting.search import Played, evidence_of, search, takes_off
from kopilka.engine.linting.subject import Subject
from kopilka.engine.rulebook import PercentOff, Promotion
from kopilka.engine.switches import path_of

WHOLE = 10_000


def find(subject: Subject) -> Iterator[Finding]:
    """Each smallest set of rules, by the receipt that shows it. An error where nothing is left to pay."""
    found = search(subject, takes_off)
    told: set[frozenset[str]] = set()
    rules = {rule.code: rule for rule in subject.rulebook.promotions}
    for played in found.played:
        for line in played.decision.lines:
            names = frozenset(code for code, _ in line.discounts)
            if len(names) > 1 and not any(known <= names for known in told):
                finding = _of_line(line, played, rules, subject)
                if finding is not None:
                    told.add(names)
                    yield finding
    if found.tried < found.of:
        params: dict[str, object] = {"tried": found.tried, "of": found.of}
        yield Finding("promotions", FindingCode.SEARCH_LIMITED, Severity.ADVICE, params)


def _of_line(line: PricedLine, played: Played, rules: dict[str, Promotion], subject: Subject) -> Finding | None:
    """More than all of it is promised, or nothing is left of the price."""
    promised = sum(_promised(rules[code], off, line.amount) for code, off in line.discounts)
    if promised <= WHOLE and line.net > 0:
        return None
    codes = [code for code, _ in line.discounts]
    digits = subject.rulebook.digits
    params: dict[str, object] = {
        "rules": codes,
        "percent": written(promised, 2),
        "price": written(line.amount, digits),
        "pays": written(line.net, digits),
    }
    severity = Severity.ERROR if line.net == 0 else Severity.WARNING
    path = path_of(rules[codes[0]])
    return Finding(path, FindingCode.STACK_OVER_HUNDRED, severity, params, evidence_of(played))


def _promised(rule: Promotion, off: int, amount: int) -> int:
    """Hundredths of a percent of the full price that the buyer reads in the rule, or was given by it."""
    if isinstance(rule.discount, PercentOff):
        return rule.discount.percent
    return off * WHOLE // amount if amount else 0
