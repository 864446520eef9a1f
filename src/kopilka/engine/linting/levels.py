"""Levels nobody can reach, and levels nobody stays on."""

from __future__ import annotations

from collections.abc import Iterator

from kopilka.engine.conditions import All, Condition, Not
from kopilka.engine.linting.boxes import can_hold
from kopilka.engine.linting.findings import Finding, FindingCode, Severity
from kopilka.engine.linting.subject import Subject


def find(subject: Subject) -> Iterator[Finding]:
    """A condition of entry that can never hold; a level whose members have always reached the next one too."""
    tiers = subject.rulebook.tiers
    for index, tier in enumerate(tiers):
        path = f"tiers.{tier.code}.enter"
        if tier.enter is not None and can_hold(tier.enter) is False:
            yield Finding(path, FindingCode.TIER_NEVER_REACHED, Severity.ERROR, {"tier": tier.code})
            continue
        for higher in tiers[index + 1 :]:
            if tier.enter is not None and higher.enter is not None and _brings(tier.enter, higher.enter):
                params: dict[str, object] = {"tier": tier.code, "other": higher.code}
                yield Finding(path, FindingCode.TIER_SKIPPED, Severity.ERROR, params)
                break


def _brings(lower: Condition, higher: Condition) -> bool:
    """Does whoever satisfies the lower condition satisfy the higher one too?"""
    return can_hold(lower) is True and can_hold(All((lower, Not(higher)))) is False
