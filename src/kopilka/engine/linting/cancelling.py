"""Promotions that cancel each other: one turns off what another gives, or always wins where another could."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from kopilka.engine.linting.boxes import covers
from kopilka.engine.linting.findings import Finding, FindingCode, Severity
from kopilka.engine.linting.search import takes_off
from kopilka.engine.linting.subject import Subject, Ways
from kopilka.engine.promotions import KINDS
from kopilka.engine.rulebook import PercentOff, Promotion, Stacking

RIVALS_MAX = 200
"""So many rules of a kind are compared with all others; more of them would be comparing for minutes."""


def find(subject: Subject) -> Iterator[Finding]:
    able = [one for one in subject.working if not one.is_open]
    yield from _taken_away(able)
    yield from _closed(able, subject)
    yield from _beaten(able, subject)
    yield from _nothing_to_multiply(able)


def _taken_away(able: list[Ways]) -> Iterator[Finding]:
    """B gives points (or lets points pay) only where A has turned that off."""
    stoppers = _widest([one for one in able if one.rule.no_earning and not one.rule.group])
    for one in able:
        if one.rule.earn and not one.rule.no_earning:
            other = _around(one, stoppers)
            if other is not None:
                yield _finding(one, "earn", FindingCode.EARNING_TAKEN_AWAY, other)
    payers = _widest([one for one in able if one.rule.no_spending and not one.rule.group])
    for one in able:
        if one.rule.spending_share is not None and not one.rule.no_spending:
            other = _around(one, payers)
            if other is not None:
                yield _finding(one, "spending_share", FindingCode.SPENDING_SHARE_IDLE, other)


def _closed(able: list[Ways], subject: Subject) -> Iterator[Finding]:
    """An exclusive promotion takes every line on which another could lower the price."""
    groups = subject.rulebook.groups
    exclusive = [one for one in able if groups.get(one.rule.group) is Stacking.EXCLUSIVE]
    closers = _widest([one for one in exclusive if isinstance(one.rule.discount, PercentOff)])
    for one in able:
        if one.rule.discount is not None and groups.get(one.rule.group) is not Stacking.EXCLUSIVE:
            other = _around(one, closers)
            if other is not None:
                yield _finding(one, "discount", FindingCode.LINES_CLOSED, other)


def _beaten(able: list[Ways], subject: Subject) -> Iterator[Finding]:
    """In a group of which one wins, a rule that another one beats wherever it works."""
    by_group: dict[str, list[Ways]] = defaultdict(list)
    for one in able:
        if one.rule.group and subject.rulebook.groups[one.rule.group] is not Stacking.ALL:
            by_group[one.rule.group].append(one)
    for group, rivals in by_group.items():
        mode = subject.rulebook.groups[group]
        strong = _widest(rivals)
        for one in rivals:
            other = next((two for two in strong if two is not one and _beats(two, one, mode)), None)
            if other is not None:
                params: dict[str, object] = {"other": other.rule.code, "group": group}
                yield Finding(one.path, FindingCode.NEVER_WINS, Severity.WARNING, params)


def _beats(strong: Ways, weak: Ways, mode: Stacking) -> bool:
    if not _is_around(strong, weak):
        return False
    if mode is Stacking.FIRST:
        return _gives_surely(strong.rule) and _place(strong.rule) < _place(weak.rule)
    both = strong.rule.discount, weak.rule.discount
    if not (isinstance(both[0], PercentOff) and isinstance(both[1], PercentOff)):
        return False
    if strong.rule.discount_max is not None:
        return False
    return both[0].percent > both[1].percent or (
        both[0].percent == both[1].percent and _place(strong.rule) < _place(weak.rule)
    )


def _gives_surely(rule: Promotion) -> bool:
    return isinstance(rule.discount, PercentOff) or (rule.discount is None and bool(rule.earn))


def _place(rule: Promotion) -> tuple[bool, int, int, str]:
    """Its place in the order of calculation."""
    step = KINDS[type(rule.discount)](rule.discount, 2).step if rule.discount is not None else 99
    return bool(rule.coupon), step, rule.priority, rule.code


def _nothing_to_multiply(able: list[Ways]) -> Iterator[Finding]:
    """A multiplier of points that no other rule gives."""
    given = {earn.currency for one in able for earn in one.rule.earn if not earn.multiply}
    for one in able:
        for earn in one.rule.earn:
            if earn.multiply and earn.currency not in given:
                params: dict[str, object] = {"currency": earn.currency}
                yield Finding(f"{one.path}.earn", FindingCode.NOTHING_TO_MULTIPLY, Severity.WARNING, params)


def _widest(rules: list[Ways]) -> list[Ways]:
    """Those that ask for least first: they reach furthest."""
    return sorted(rules, key=lambda one: (min(len(box) for box in one.boxes), -takes_off(one.rule)))[:RIVALS_MAX]


def _around(one: Ways, others: list[Ways]) -> Ways | None:
    return next((other for other in others if other is not one and _is_around(other, one)), None)


def _is_around(outer: Ways, inner: Ways) -> bool:
    """Does the outer rule work wherever the inner one does?"""
    rule = outer.rule
    if rule.locked or rule.bounds.limits or rule.bounds.budget or rule.bounds.holdout:
        return False
    return all(any(covers(wide, narrow) for wide in outer.boxes) for narrow in inner.boxes)


def _finding(one: Ways, key: str, code: FindingCode, other: Ways) -> Finding:
    return Finding(f"{one.path}.{key}", code, Severity.WARNING, {"other": other.rule.code})
