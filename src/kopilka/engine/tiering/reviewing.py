"""A member's tier looked at: he rises, keeps it, or falls. Time does it, or a return."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from kopilka.engine.rulebook import Rulebook
from kopilka.engine.rulebook_tiers import Down
from kopilka.engine.spans import midnight_after
from kopilka.engine.standing import FOR_EVER, Standing
from kopilka.engine.tiering.counting import History, ripens_at
from kopilka.engine.tiering.judging import Judge, judge_of
from kopilka.engine.tiering.moments import frame_at, next_moment
from kopilka.engine.tiering.ready import Ready, Rung, counted_facts, ready_of


@dataclass(frozen=True, slots=True)
class Verdict:
    """The tier after the look; `next_at`: when to look again (None: never by time alone).

    `hold_over`: the time for which it was set by hand has ended.
    """

    tier: str
    next_at: datetime | None
    hold_over: bool = False


def review(rulebook: Rulebook, standing: Standing, tier: str, at: datetime) -> Verdict:
    """Look at a member's tier at a moment that `next_look` gave, or any other: then it can only rise.

    `tier` is the one he stands on now; `standing.bought` goes back as far as `Ready.looks_back_to`.
    """
    ready = ready_of(rulebook)
    judge = judge_of(ready, standing, at, tier=tier)
    hold_over = standing.tier_until is not None and standing.tier_until <= at
    found = _after_hold(judge, tier) if hold_over else tier
    if not _held(standing, at):
        found = highest(judge, above=found) or found
        if found == tier and not hold_over:
            found = _unless_kept(judge, standing, found)
    then = after_change(standing, ready, tier, found, at)
    if hold_over:
        then = replace(then, tier_until=None)
    return Verdict(found, next_look(rulebook, then, found, at), hold_over)


def highest(judge: Judge, *, above: str) -> str:
    """The highest tier above this one that he may enter; empty when there is none."""
    low = judge.ready.rank(above)
    for rung in reversed(judge.ready.rungs):
        if rung.rank <= low:
            break
        if judge.may_enter(rung):
            return rung.code
    return ""


def lower(judge: Judge, rung: Rung) -> str:
    """The highest tier below that asks for nothing he does not do; at least the first."""
    below = reversed(judge.ready.rungs[: rung.rank])
    return next((one.code for one in below if judge.enters(one)), judge.ready.rungs[0].code)


def after_change(standing: Standing, ready: Ready, before: str, after: str, at: datetime) -> Standing:
    """The standing on another tier, reached or fallen to at this moment."""
    if after == before:
        return standing
    fallen = ready.rank(after) < ready.rank(before)
    return replace(standing, tier=after, tier_since=at, tier_lowered_at=at if fallen else standing.tier_lowered_at)


def next_look(rulebook: Rulebook, standing: Standing, tier: str, at: datetime) -> datetime | None:
    """The next moment after `at` at which time may change the tier; None: it never does."""
    ready, zone = ready_of(rulebook), rulebook.zone
    found: list[datetime] = []
    until = standing.tier_until
    if until is not None and at < until < FOR_EVER:
        found.append(until)
    if not rulebook.counting.after.is_empty:
        found += [moment for one in standing.bought if (moment := ripens_at(rulebook.counting, one, zone)) > at]
    rung = ready.rung(tier)
    if rung is not None and rung.said.keep is not None and rung.rank and until != FOR_EVER:
        looked = at if until is None else max(at, until)
        due = _next_of_keep(ready, rung, standing, looked)
        found += [due] if due is not None else []
    return min(found, default=None)


def is_ceiling(standing: Standing) -> bool:
    """Was he lowered by hand? Then purchases do not lift him before the time is over."""
    return standing.tier_until is not None and standing.tier_lowered_at == standing.tier_since


def _held(standing: Standing, at: datetime) -> bool:
    return standing.tier_until is not None and at < standing.tier_until


def _after_hold(judge: Judge, tier: str) -> str:
    """What is his without the hand that had set it."""
    rung = judge.ready.rung(tier)
    if rung is None or judge.enters(rung) or (rung.keep and judge.keeps(rung, None)):
        return tier
    return lower(judge, rung) if rung.rank else tier


def _unless_kept(judge: Judge, standing: Standing, tier: str) -> str:
    rung, zone = judge.ready.rung(tier), judge.ready.rulebook.zone
    since = standing.tier_since or standing.enrolled_at
    if rung is None or rung.said.keep is None or since is None or not rung.rank:
        return tier
    keep = rung.said.keep
    frame = frame_at(keep, since, judge.at, zone)
    if frame is None or judge.keeps(rung, frame):
        return tier
    if keep.otherwise is Down.ONE_DOWN:
        return judge.ready.rungs[rung.rank - 1].code
    return lower(judge, rung)


def _next_of_keep(ready: Ready, rung: Rung, standing: Standing, at: datetime) -> datetime | None:
    keep, zone = rung.said.keep, ready.rulebook.zone
    since = standing.tier_since or standing.enrolled_at
    assert keep is not None, "only a tier that can be lost is looked at"
    if since is None:
        return None
    due = next_moment(keep, since, at, zone)
    if due is None or not keep.review.daily or keep.within.is_empty or not counted_facts(keep.when):
        return due
    return max(due, _first_leaving(ready, rung, standing, at, due))


def _first_leaving(ready: Ready, rung: Rung, standing: Standing, at: datetime, due: datetime) -> datetime:
    """Before the oldest purchase leaves the stretch nothing can change: so a daily look need not be daily."""
    keep, zone = rung.said.keep, ready.rulebook.zone
    assert keep is not None, "only a tier that can be lost is looked at"
    history = History(0, 0, 0, tuple(one for one in standing.bought if one.at <= at))
    frame = frame_at(keep, standing.tier_since or due, due, zone)
    inside = [one.at for one in history.bought if frame is None or frame[0] is None or frame[0] <= one.at]
    if not inside or ready.rulebook.counting.after.is_empty is False:
        return due
    leaves = keep.grace.after(keep.within.life.after(min(inside), zone), zone)
    return midnight_after(leaves - datetime.resolution, zone)
