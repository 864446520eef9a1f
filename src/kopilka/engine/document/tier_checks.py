"""What does not fit together in the tiers of a document: order, stretches of time, what contradicts itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from kopilka.engine.checks import parts_of, tests_of
from kopilka.engine.conditions import All, Condition, Not, Op, Test
from kopilka.engine.conditions import Any as AnyOf
from kopilka.engine.document.kinds import Place
from kopilka.engine.document.problems import ProblemCode
from kopilka.engine.document.tier_spec import span_of
from kopilka.engine.period import Edge, Life
from kopilka.engine.spans import Span
from kopilka.engine.tiering.ready import COUNTED

Values = dict[str, object]

_SOME_DAY = datetime(2025, 1, 1, tzinfo=UTC)
"""For comparing lengths of time: a month of January, a year of 365 days."""


@dataclass(frozen=True, slots=True)
class Step:
    """The least integer with which a tier's simple entry condition holds, over a stretch of time."""

    tier: str
    fact: tuple[str, str, Span]
    least: int


def check_tiers(tiers: dict[str, Values], document: Values, place: Place) -> None:
    steps: dict[tuple[str, str, Span], Step] = {}
    delayed = isinstance(document.get("counting"), dict)
    for index, (code, tier) in enumerate(tiers.items()):
        spot = place.into("tiers").into(code)
        _check_place(index, code, tier, spot)
        _check_order(code, tier, spot, steps)
        _check_facts(tier.get("enter"), code, spot.into("enter"), delayed=delayed)
        if "within" in tier and "enter" in tier and not _asks_counted(tier["enter"]):
            spot.into("within").wrong(ProblemCode.WITHIN_OF_NOTHING, tier=code)
        keep = tier.get("keep")
        if isinstance(keep, dict):
            _check_facts(keep.get("when"), code, spot.into("keep").into("when"), delayed=delayed)
            _check_keep(code, tier, keep, spot.into("keep"))
    _check_after(document, place)


def _check_place(index: int, code: str, tier: Values, spot: Place) -> None:
    """The first tier is everybody's: nothing to reach, nothing to lose."""
    if index == 0:
        if "enter" in tier:
            spot.into("enter").wrong(ProblemCode.FIRST_TIER_ENTER, tier=code)
        for key in ("within", "keep"):
            if key in tier:
                spot.into(key).wrong(ProblemCode.FIRST_TIER_LOST, tier=code)
    elif "enter" not in tier:
        spot.wrong(ProblemCode.TIER_WITHOUT_ENTER, tier=code)


def _check_order(code: str, tier: Values, spot: Place, steps: dict[tuple[str, str, Span], Step]) -> None:
    within = tier.get("within")
    span = span_of(within) if isinstance(within, dict) else Span()
    step = _step(code, tier.get("enter"), span)
    if step is None:
        return
    lower = steps.get(step.fact)
    if lower is not None and step.least == lower.least:
        spot.into("enter").wrong(ProblemCode.TIERS_SAME, tier=code, other=lower.tier)
    elif lower is not None and step.least < lower.least:
        spot.into("enter").wrong(ProblemCode.TIERS_UNORDERED, tier=code, other=lower.tier)
    steps[step.fact] = step


def _step(tier: str, enter: object, span: Span) -> Step | None:
    if not isinstance(enter, Test) or not isinstance(enter.value, int):
        return None
    fact = (enter.fact, enter.of, span if enter.fact in COUNTED else Span())
    match enter.op:
        case Op.ABOVE:
            return Step(tier, fact, enter.value + 1)
        case Op.AT_LEAST:
            return Step(tier, fact, enter.value)
    return None


def _check_facts(condition: object, code: str, spot: Place, *, delayed: bool) -> None:
    """Conditions that can never hold, and facts that know nothing of the delay."""
    if not isinstance(condition, Test | All | AnyOf | Not):
        return
    if delayed and any(test.fact == "last_purchase" for test in tests_of(condition)):
        spot.wrong(ProblemCode.COUNTS_AT_ONCE, tier=code)
    ways = condition.parts if isinstance(condition, AnyOf) else (condition,)
    if ways and all(_is_empty(parts_of(way)) for way in ways):
        spot.wrong(ProblemCode.TIER_UNREACHABLE, tier=code)


def _is_empty(parts: tuple[Condition, ...]) -> bool:
    """Do bounds of one fact exclude each other?"""
    low: dict[tuple[str, str], int] = {}
    high: dict[tuple[str, str], int] = {}
    for part in parts:
        if not isinstance(part, Test) or not isinstance(part.value, int):
            continue
        fact, value = (part.fact, part.of), part.value
        match part.op:
            case Op.ABOVE | Op.AT_LEAST:
                low[fact] = max(low.get(fact, 0), value + (part.op is Op.ABOVE))
            case Op.BELOW | Op.AT_MOST:
                bound = value - (part.op is Op.BELOW)
                high[fact] = min(high.get(fact, bound), bound)
    return any(fact in high and high[fact] < max(bound, 0) for fact, bound in {**dict.fromkeys(high, 0), **low}.items())


def _check_keep(code: str, tier: Values, keep: Values, spot: Place) -> None:
    within, review = keep.get("within"), keep.get("review")
    span = span_of(within) if isinstance(within, dict) else Span()
    if span.this is not None and review == "daily":
        spot.into("review").wrong(ProblemCode.REVIEW_OF_PERIOD, tier=code, period=span.this.value)
    if "grace" in keep and span.is_empty and not isinstance(review, dict):
        spot.into("grace").wrong(ProblemCode.GRACE_WITHOUT_WITHIN, tier=code)
    when, enter = keep.get("when"), tier.get("enter")
    if not isinstance(when, Test | All | AnyOf | Not) or not isinstance(enter, Test | All | AnyOf | Not):
        return
    if "within" in keep and not _asks_counted(when):
        spot.into("within").wrong(ProblemCode.WITHIN_OF_NOTHING, tier=code)
    entered = tier.get("within")
    entry = span_of(entered) if isinstance(entered, dict) else Span()
    if _is_empty((*_counted_parts(when), *_of_enter(enter, entry, span))):
        spot.into("when").wrong(ProblemCode.KEEP_AGAINST_ENTER, tier=code)
    elif any(_asks_more(mine, theirs, entry, span) for mine in parts_of(when) for theirs in parts_of(enter)):
        spot.into("when").wrong(ProblemCode.KEEP_ABOVE_ENTER, tier=code)


def _counted_parts(condition: Condition) -> Iterator[Condition]:
    yield from (part for part in parts_of(condition) if isinstance(part, Test))


def _of_enter(condition: Condition, entry: Span, span: Span) -> Iterator[Condition]:
    """What entering asks for and cannot change while the tier is kept: only what is looked at alike."""
    for part in parts_of(condition):
        if isinstance(part, Test) and (part.fact not in COUNTED or (entry == span and part.fact == "largest")):
            yield part


def _asks_more(keep: Condition, enter: Condition, entry: Span, span: Span) -> bool:
    """Must he buy more to keep the tier than he had to in order to reach it, in no longer time?"""
    if not isinstance(keep, Test) or not isinstance(enter, Test) or keep.fact != enter.fact or keep.of != enter.of:
        return False
    more, less = _step("", keep, span), _step("", enter, span)
    if more is None or less is None or more.least <= less.least or keep.fact not in COUNTED:
        return False
    return entry.is_empty or (not span.is_empty and _days(span) <= _days(entry))


def _days(span: Span) -> int:
    life = Life(months=span.this.months) if span.this is not None else span.life
    return (life.after(_SOME_DAY, UTC) - _SOME_DAY).days


def _asks_counted(condition: object) -> bool:
    return isinstance(condition, Test | All | AnyOf | Not) and any(test.fact in COUNTED for test in tests_of(condition))


def _check_after(document: Values, place: Place) -> None:
    counting = document.get("counting")
    after = counting.get("after") if isinstance(counting, dict) else None
    if isinstance(after, Life) and after.to_end_of is not Edge.NONE:
        place.into("counting").into("after").wrong(ProblemCode.COUNTS_WITH_EDGE)
