"""Conditions that always hold: they say nothing, and were probably meant otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kopilka.engine.checks import parts_of
from kopilka.engine.conditions import Condition
from kopilka.engine.linting.boxes import Box, TooMany, boxes_against
from kopilka.engine.linting.findings import Finding, FindingCode, Severity
from kopilka.engine.linting.never import facts_of
from kopilka.engine.linting.subject import Subject


def find(subject: Subject) -> Iterator[Finding]:
    for one in subject.ways:
        yield from _of(f"{one.path}.when", one.rule.when)
        yield from _of(f"{one.path}.lines", one.rule.lines)
    mechanics = subject.rulebook.mechanics
    for code, automation in mechanics.automations.items():
        yield from _of(f"automations.{code}.when", automation.when)
    for code, share in mechanics.shares.items():
        yield from _of(f"shares.{code}.when", share.when)


def _of(path: str, condition: Condition | None) -> Iterator[Finding]:
    """Part by part: one that always holds among others is idle too."""
    for part in parts_of(condition):
        if _is_certain(part):
            yield Finding(path, FindingCode.ALWAYS_HOLDS, Severity.ADVICE, {"fact": facts_of(part)})


def _is_certain(condition: Condition) -> bool:
    """Can it fail at most where a fact is unknown?"""
    try:
        return all(_needs_unknown(box) for box in boxes_against(condition))
    except TooMany:
        return False


def _needs_unknown(box: Box) -> bool:
    return any(replace(domain, known=True).is_empty for domain in box.values())
