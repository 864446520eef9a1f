"""Points that come to more than a program can bear: on goods, on services, on an ordinary purchase (S4.7)."""

from __future__ import annotations

from collections.abc import Iterator

from kopilka.engine.decision import Why
from kopilka.engine.document.kinds import written
from kopilka.engine.linting.boxes import boxes_of
from kopilka.engine.linting.findings import Finding, FindingCode, Severity
from kopilka.engine.linting.losses import worth_of
from kopilka.engine.linting.search import Played, evidence_of, gives, play, search
from kopilka.engine.linting.subject import IS_MEMBER, Subject
from kopilka.engine.receipt import ArticleKind
from kopilka.engine.switches import path_of

GOODS_LIMIT = 1_000
SERVICES_LIMIT = 2_500
AVERAGE_LIMIT = 500
WHOLE = 10_000
"""Hundredths of a percent of what the buyer pays: a program that gives more seldom pays."""


def find(subject: Subject) -> Iterator[Finding]:
    """Each smallest set of rules that together give too much; then the ordinary purchase of an ordinary member."""
    told: set[frozenset[str]] = set()
    paths = {rule.code: path_of(rule) for rule in subject.rulebook.promotions}
    for played in search(subject, gives).played:
        rate = rate_of(played, subject)
        service = played.made.receipt.lines[0].kind == ArticleKind.SERVICE
        limit = SERVICES_LIMIT if service else GOODS_LIMIT
        codes = _givers(played)
        if rate > limit and not any(known <= {*codes} for known in told):
            told.add(frozenset(codes))
            params: dict[str, object] = {"rules": codes, "percent": written(rate, 2), "limit": written(limit, 2)}
            yield Finding(paths[codes[0]], FindingCode.EARNS_TOO_MUCH, Severity.WARNING, params, evidence_of(played))
    yield from _of_ordinary(subject)


def _of_ordinary(subject: Subject) -> Iterator[Finding]:
    played = play(subject, boxes_of(IS_MEMBER)[0], ())
    if played is None:
        return
    rate = rate_of(played, subject)
    if rate > AVERAGE_LIMIT:
        params: dict[str, object] = {"percent": written(rate, 2), "limit": written(AVERAGE_LIMIT, 2)}
        yield Finding("promotions", FindingCode.EARNS_OVER_AVERAGE, Severity.ADVICE, params, evidence_of(played))


def rate_of(played: Played, subject: Subject) -> int:
    """Hundredths of a percent of what the buyer pays for the first line that he gets back in points."""
    line = played.decision.lines[0]
    return worth_of(line.earned, played, subject) * WHOLE // line.paid if line.paid else 0


def _givers(played: Played) -> list[str]:
    told = {Why.EARNED, Why.MULTIPLIED}
    return list(dict.fromkeys(reason.rule for reason in played.decision.reasons if reason.why in told))
