"""The search for receipts on which much comes together: each rule in turn takes along whatever may work with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kopilka.engine.decision import Decision
from kopilka.engine.linting.boxes import Box, meet
from kopilka.engine.linting.domains import Domain
from kopilka.engine.linting.findings import Evidence, EvidenceLine
from kopilka.engine.linting.subject import Subject, Ways
from kopilka.engine.linting.witness import Witness, witness
from kopilka.engine.money import PRICE_SCALE, QUANTITY_SCALE
from kopilka.engine.quote import decide
from kopilka.engine.receipt import Line
from kopilka.engine.refusal import Refusal
from kopilka.engine.rulebook import AmountOff, Bundle, BuyGet, FixedPrice, NthFree, PercentOff, Promotion, Stacking

SEEDS_MAX = 200
ALONG_MAX = 80
LINES_MAX = 60
STEPS_MAX = 4
PLAYS_MIN, PLAYS_COST = 150, 2_000_000
"""How many rules begin a search, how many others each may take along, how many known articles are tried; with so few
taken along a receipt is played after each, so that the shortest one that shows something is
found. So many receipts are played for as many rules, so that linting takes seconds whatever their number."""

SAMPLE_MINOR = 100_000
"""What an ordinary article costs, minor units: by this rules of different kinds are compared."""

WHOLE = 10_000

Weight = Callable[[Promotion], int]


@dataclass(frozen=True, slots=True)
class Played:
    """A made-up receipt as the engine decided it; `rules` were taken along."""

    made: Witness
    decision: Decision
    rules: tuple[Ways, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What was played, and of how many rules only the heaviest began a search."""

    played: tuple[Played, ...]
    tried: int
    of: int


def search(subject: Subject, weight: Weight) -> Search:
    """Receipts on which the rules that weigh anything come together, as far as may be; searched for once."""
    known = subject.found.get(weight.__name__)
    if isinstance(known, Search):
        return known
    able = sorted((one for one in subject.working if weight(one.rule) > 0), key=lambda one: -weight(one.rule))
    left = max(PLAYS_MIN, PLAYS_COST // (len(subject.rulebook.promotions) or 1))
    seen: set[frozenset[str]] = set()
    played: list[Played] = []
    tried = 0
    for seed in able[:SEEDS_MAX]:
        if left <= 0:
            break
        tried += 1
        for box, rules in _together(seed, able, subject):
            names = frozenset(one.rule.code for one in rules)
            if names not in seen:
                seen.add(names)
                left -= 1
                found = play(subject, box, rules)
                if found is not None:
                    played.append(found)
    played.sort(key=lambda one: len(one.rules))
    made = subject.found[weight.__name__] = Search(tuple(played), tried, len(able))
    return made


def search_lines(subject: Subject, weight: Weight) -> Iterator[Played]:
    """The known articles, each with as many of the rules as may come together on it."""
    able = sorted((one for one in subject.working if weight(one.rule) > 0), key=lambda one: -weight(one.rule))
    for line in subject.lines[:LINES_MAX]:
        known = box_of(line)
        fitting = [one for one in able if any(meet(box, known) is not None for box in one.boxes)]
        alone = play(subject, known, (), line)
        if alone is not None:
            yield alone
        for seed in fitting[:ALONG_MAX]:
            for box, rules in _together(seed, fitting, subject, known):
                found = play(subject, box, rules, line)
                if found is not None:
                    yield found


def _together(
    seed: Ways, able: Sequence[Ways], subject: Subject, known: Box | None = None
) -> Iterator[tuple[Box, tuple[Ways, ...]]]:
    """A rule with all the others that can work with it on the same line, the heaviest first."""
    for start in seed.boxes[:2]:
        box = start if known is None else meet(start, known)
        if box is None:
            continue
        taken, groups = [seed], _closed_by(seed, subject)
        for other in able[:ALONG_MAX]:
            if other is seed or other.rule.group in groups:
                continue
            wider = next((both for way in other.boxes if (both := meet(box, way)) is not None), None)
            if wider is not None:
                if len(taken) <= STEPS_MAX:
                    yield box, tuple(taken)
                box = wider
                taken.append(other)
                groups |= _closed_by(other, subject)
        yield box, tuple(taken)


def _closed_by(one: Ways, subject: Subject) -> set[str]:
    """Its group, where only one of that can win."""
    group = one.rule.group
    return {group} if group and subject.rulebook.groups[group] is not Stacking.ALL else set()


def play(subject: Subject, box: Box, rules: Sequence[Ways], line: Line | None = None) -> Played | None:
    """Make a receipt of the box and let the engine decide it; None where none can be made."""
    windows = [one.rule.window for one in rules]
    pieces = max((pieces_of(one.rule) for one in rules), default=1)
    unlocked = frozenset(one.rule.code for one in rules if one.rule.locked)
    made = witness(box, subject.rulebook, windows, subject.today, line=line, pieces=pieces, unlocked=unlocked)
    if made is None:
        return None
    try:
        decision = decide(subject.rulebook, made.standing, made.receipt)
    except Refusal:
        return None
    return Played(made, decision, tuple(rules))


def pieces_of(rule: Promotion) -> int:
    """Pieces of one article that set the rule going."""
    match rule.discount:
        case NthFree(nth=nth):
            return nth
        case BuyGet(buy=buy, get=get):
            return buy + get
    return 1


def box_of(line: Line) -> Box:
    """A known article as a box: nothing about it is left open."""
    texts = {"sku": line.sku, "category": line.category, "brand": line.brand, "article": str(line.kind)}
    found = {name: Domain(name, known=True, allowed=frozenset({text})) for name, text in texts.items()}
    found["line_tags"] = Domain("line_tags", known=True, needs=tuple(frozenset({tag}) for tag in line.tags))
    for name, number in (("price", line.price), ("quantity", line.quantity), ("amount", line.amount)):
        found[name] = Domain(name, known=True, low=number, high=number)
    return found


def takes_off(rule: Promotion) -> int:  # noqa: PLR0911 - one figure per kind
    """Roughly, hundredths of a percent that a rule takes off an ordinary article; 0: it leaves the price alone."""
    match rule.discount:
        case PercentOff(percent=part):
            return part
        case AmountOff(minor=minor):
            return min(WHOLE, minor * WHOLE // SAMPLE_MINOR) or 1
        case FixedPrice():
            return WHOLE // 2
        case NthFree(nth=nth, percent=part):
            return part // nth or 1
        case BuyGet(buy=buy, get=get, percent=part):
            return part * get // (buy + get) or 1
        case Bundle(price_minor=None, percent=part):
            return part
        case Bundle():
            return WHOLE // 4
    return 0


def gives(rule: Promotion) -> int:
    """Roughly, how much a rule gives in points, to be compared only."""
    found: int = sum(earn.percent + 10 * earn.multiply + min(earn.units, WHOLE) for earn in rule.earn)
    return found


def evidence_of(played: Played) -> Evidence:
    """The receipt in figures, for people."""
    receipt, decision = played.made.receipt, played.decision
    lines = tuple(
        EvidenceLine(line.sku, line.quantity, line.price, line.amount, tuple(line.discounts), line.net)
        for line in decision.lines
    )
    earned: dict[str, int] = {}
    for lot in decision.lots:
        earned[lot.currency] = earned.get(lot.currency, 0) + lot.units
    at = f"{receipt.at:%Y-%m-%d %H:%M}"
    return Evidence(at, played.made.who, lines, earned, receipt.branch, receipt.codes)


def cost_of(price: int, quantity: int, digits: int) -> int:
    """Minor units of so many (thousandths) at a price of one in 1/10,000, rounded up."""
    return -(-price * quantity * int(10**digits) // (PRICE_SCALE * QUANTITY_SCALE))
