"""Thresholds nobody has looked at for a year, and what prices have made of them meanwhile (S3.3, S2.7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction

from kopilka.engine.linting.findings import Finding, FindingCode, Severity
from kopilka.engine.linting.subject import Subject

STALE_DAYS = 365
EATEN = Fraction(1, 10)
"""A threshold that has lost more than this of its worth should be counted anew."""

PERCENT = 10_000

THRESHOLD_KEYS = ("spent", "total", "last_purchase", "cash_min", "amount")
COMPARISONS = ("above", "at_least", "below", "at_most")


def find(subject: Subject) -> Iterator[Finding]:
    for path, text in thresholds(subject.tree):
        since = subject.since.get(path)
        if since is None:
            continue
        day = since.astimezone(subject.rulebook.zone).date()
        days = (subject.today - day).days
        eaten = worth_left(days, subject.inflation)
        if subject.inflation and 1 - eaten >= EATEN:
            params: dict[str, object] = {
                "since": str(day),
                "threshold": text,
                "worth": _grown(text, eaten),
                "percent": _text(100 - eaten * 100),
            }
            yield Finding(path, FindingCode.THRESHOLD_EATEN, Severity.WARNING, params)
        elif days > STALE_DAYS:
            told: dict[str, object] = {"since": str(day), "days": days}
            yield Finding(path, FindingCode.THRESHOLD_STALE, Severity.ADVICE, told)


def worth_left(days: int, inflation: int) -> Fraction:
    """What money of `days` ago is worth now: whole years compound, the rest of a year counts by its days."""
    years, rest = divmod(max(days, 0), STALE_DAYS)
    yearly = Fraction(PERCENT + inflation, PERCENT)
    return (yearly**years * (1 + Fraction(inflation * rest, PERCENT * STALE_DAYS))) ** -1


def thresholds(tree: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Sums of money that conditions compare with, and the least paid with money, by their place."""
    if isinstance(tree, list):
        for index, inner in enumerate(tree):
            yield from thresholds(inner, f"{path}[{index}]")
    if not isinstance(tree, dict):
        return
    for key, inner in tree.items():
        place = f"{path}.{key}" if path else str(key)
        if place in {"tests", "program"}:
            continue
        if key in THRESHOLD_KEYS and isinstance(inner, dict):
            yield from ((f"{place}.{one}", text) for one, text in inner.items() if one in COMPARISONS)
        elif key == "cash_min" and isinstance(inner, str):
            yield place, inner
        else:
            yield from thresholds(inner, place)


def _grown(text: str, left: Fraction) -> str:
    """The sum that buys today what the threshold bought then, in whole units of money."""
    return str(round(Fraction(text) * left**-1)) if left else text


def _text(percent: Fraction) -> str:
    return str(round(percent))


def since_of(versions: list[tuple[datetime, object]]) -> dict[str, datetime]:
    """From when each threshold of the newest of these versions (elder first) has stood unchanged."""
    found: dict[str, tuple[str, datetime]] = {}
    for at, tree in versions:
        now = dict(thresholds(tree))
        found = {
            path: found[path] if path in found and found[path][0] == text else (text, at) for path, text in now.items()
        }
    return {path: at for path, (_, at) in found.items()}
