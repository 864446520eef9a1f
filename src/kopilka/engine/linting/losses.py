"""Articles of the sample and of the tests that are sold below what they cost, or below their lowest price."""

from __future__ import annotations

from collections.abc import Iterator

from kopilka.engine.decision import PricedLine
from kopilka.engine.document.kinds import written
from kopilka.engine.linting.findings import Finding, FindingCode, Severity
from kopilka.engine.linting.search import Played, cost_of, evidence_of, search_lines, takes_off
from kopilka.engine.linting.subject import Subject
from kopilka.engine.receipt import Line
from kopilka.engine.switches import path_of


def find(subject: Subject) -> Iterator[Finding]:
    """Of each article the worst receipt of each kind; nothing where no article has a cost or a lowest price."""
    worst: dict[tuple[str, FindingCode], tuple[int, Finding]] = {}
    for played in search_lines(subject, takes_off):
        line, priced = played.made.receipt.lines[0], played.decision.lines[0]
        for missing, finding in _of_line(line, priced, played, subject):
            key = (line.sku, finding.code)
            if key not in worst or missing > worst[key][0]:
                worst[key] = (missing, finding)
    yield from (finding for _, finding in worst.values())


def _of_line(line: Line, priced: PricedLine, played: Played, subject: Subject) -> Iterator[tuple[int, Finding]]:
    digits, net = subject.rulebook.digits, priced.net
    codes = [code for code, _ in priced.discounts]
    params: dict[str, object] = {"sku": line.sku, "rules": codes, "pays": written(net, digits)}
    grave = Severity.ERROR if len(codes) > 1 else Severity.WARNING
    path, evidence = _path(codes, subject), evidence_of(played)
    if line.min_price is not None:
        least = cost_of(line.min_price, line.quantity, digits)
        if net < least and codes:
            told = {**params, "minimum": written(least, digits)}
            yield least - net, Finding(path, FindingCode.SOLD_BELOW_MINIMUM, grave, told, evidence)
    if line.cost is None:
        return
    cost = cost_of(line.cost, line.quantity, digits)
    if net < cost:
        told = {**params, "cost": written(cost, digits)}
        yield cost - net, Finding(path, FindingCode.SOLD_BELOW_COST, grave, told, evidence)
        return
    points = worth_of(priced.earned, played, subject)
    if net - points < cost and points:
        told = {**params, "cost": written(cost, digits), "points": written(points, digits)}
        yield cost - net + points, Finding(path, FindingCode.LOSS_WITH_POINTS, Severity.WARNING, told, evidence)


def worth_of(earned: dict[int, int], played: Played, subject: Subject) -> int:
    """Minor units that points earned on a line can pay; `earned` units by index of the lot."""
    worth = 0
    for index, units in earned.items():
        currency = subject.rulebook.points[played.decision.lots[index].currency]
        worth += units * currency.worth_minor // currency.scale
    return worth


def _path(codes: list[str], subject: Subject) -> str:
    first = next((rule for rule in subject.rulebook.promotions if codes and rule.code == codes[0]), None)
    return path_of(first) if first is not None else "tests"
