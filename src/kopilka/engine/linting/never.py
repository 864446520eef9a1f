"""Rules that can never work: conditions that contradict each other, time that is over, keys nobody has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kopilka.engine.checks import tests_of
from kopilka.engine.conditions import All, Condition
from kopilka.engine.linting.boxes import can_hold
from kopilka.engine.linting.findings import Finding, FindingCode, Severity
from kopilka.engine.linting.subject import Subject, Ways
from kopilka.engine.linting.unlocks import COUPON, PROMOTION, circle_of, within_reach
from kopilka.engine.period import Window
from kopilka.engine.rulebook import Promotion


def find(subject: Subject) -> Iterator[Finding]:
    reach = within_reach(subject.rulebook)
    for one in subject.ways:
        yield from _of_promotion(one, subject, reach)
    for code, automation in subject.rulebook.mechanics.automations.items():
        yield from _of_rule(f"automations.{code}", automation.window, automation.when, automation.lines, subject)
    for code, share in subject.rulebook.mechanics.shares.items():
        yield from _of_rule(f"shares.{code}", share.window, share.when, share.lines, subject)


def _of_promotion(one: Ways, subject: Subject, reach: frozenset[tuple[str, str]]) -> Iterator[Finding]:
    rule, path = one.rule, one.path
    if is_over(rule.window, subject):
        yield _over(path, rule.window)
    elif not one.boxes:
        yield _contradiction(path, rule)
    elif rule.locked and (PROMOTION, rule.code) not in reach:
        chain = circle_of(subject.rulebook, rule.code)
        if chain:
            told: dict[str, object] = {"chain": [*chain, chain[0]]}
            yield Finding(f"{path}.locked", FindingCode.CYCLIC_UNLOCK, Severity.ERROR, told)
        else:
            yield Finding(f"{path}.locked", FindingCode.NEVER_UNLOCKED, Severity.WARNING)
    elif rule.coupon and not _coupon_can_come(rule, subject, reach):
        told = {"coupon": rule.coupon}
        yield Finding(f"{path}.coupon", FindingCode.COUPON_OUT_OF_REACH, Severity.WARNING, told)
    elif subject.dead_tiers and (asked := one.tiers()) and asked <= subject.dead_tiers:
        told = {"tier": min(asked)}
        yield Finding(f"{path}.when", FindingCode.TIER_OUT_OF_REACH, Severity.WARNING, told)


def _of_rule(
    path: str, window: Window, when: Condition | None, lines: Condition | None, subject: Subject
) -> Iterator[Finding]:
    if is_over(window, subject):
        yield _over(path, window)
        return
    for key, condition in (("when", when), ("lines", lines)):
        if condition is not None and can_hold(condition) is False:
            told = {"fact": facts_of(condition)}
            yield Finding(f"{path}.{key}", FindingCode.NEVER_WORKS, Severity.ERROR, told)


def is_over(window: Window, subject: Subject) -> bool:
    if window.end is None:
        return False
    start = datetime.combine(subject.today, datetime.min.time(), tzinfo=subject.rulebook.zone)
    return window.end <= start


def _over(path: str, window: Window) -> Finding:
    until = f"{window.end:%Y-%m-%d %H:%M}" if window.end else ""
    return Finding(f"{path}.until", FindingCode.OVER_ALREADY, Severity.ADVICE, {"until": until})


def _contradiction(path: str, rule: Promotion) -> Finding:
    """The condition that cannot hold by itself, or both of them together with what stands around."""
    for key, condition in (("when", rule.when), ("lines", rule.lines)):
        if condition is not None and can_hold(condition) is False:
            return Finding(f"{path}.{key}", FindingCode.NEVER_WORKS, Severity.ERROR, {"fact": facts_of(condition)})
    parts = tuple(part for part in (rule.when, rule.lines) if part is not None)
    told = {"fact": facts_of(All(parts)) if parts else ["date"]}
    return Finding(path, FindingCode.NEVER_WORKS, Severity.ERROR, told)


def facts_of(condition: Condition) -> list[str]:
    """The facts a condition asks about, each once."""
    return list(dict.fromkeys(test.fact for test in tests_of(condition)))


def _coupon_can_come(rule: Promotion, subject: Subject, reach: frozenset[tuple[str, str]]) -> bool:
    """Is there a coupon to be had, and is it good while the promotion runs?"""
    coupon = subject.rulebook.coupons.get(rule.coupon)
    if coupon is None:
        return False
    if is_over(coupon.window, subject) or not _overlap(coupon.window, rule.window):
        return False
    return bool(coupon.words) or coupon.series is not None or (COUPON, coupon.code) in reach


def _overlap(first: Window, second: Window) -> bool:
    begins = max((one.start for one in (first, second) if one.start is not None), default=None)
    ends = min((one.end for one in (first, second) if one.end is not None), default=None)
    return begins is None or ends is None or begins < ends
