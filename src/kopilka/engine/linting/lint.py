"""Guard rails: what an owner should know before his rules meet customers. Pure, like the engine it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kopilka.engine.linting import (
    always,
    arithmetic,
    cancelling,
    levels,
    losses,
    never,
    rates,
    stacked,
    stale,
    welcome,
)
from kopilka.engine.linting.findings import ORDER, Finding
from kopilka.engine.linting.subject import Subject

KINDS: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    stacked.find,
    losses.find,
    levels.find,
    never.find,
    always.find,
    cancelling.find,
    rates.find,
    arithmetic.find,
    welcome.find,
    stale.find,
)
"""Every kind of finding there is."""

FINDINGS_MAX = 1_000


def lint(subject: Subject) -> list[Finding]:
    """All findings, the gravest first, then by place; at most FINDINGS_MAX."""
    found = [finding for find in KINDS for finding in find(subject)]
    found.sort(key=lambda one: (ORDER[one.severity], one.path, one.code))
    return found[:FINDINGS_MAX]
