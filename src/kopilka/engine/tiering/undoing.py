"""Which tier remains when goods come back: the one he would have reached without them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kopilka.engine.fact_readers import SLOTS
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.standing import Standing
from kopilka.engine.tiering.counting import History
from kopilka.engine.tiering.judging import Judge, judge_of
from kopilka.engine.tiering.ready import Ready, Rung, ready_of

LAST = SLOTS["last_purchase"]


@dataclass(frozen=True, slots=True)
class Stood:
    """A tier he stood on before the present one, and since when."""

    tier: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Left:
    """What remains; `since` is as if the goods had never been bought."""

    tier: str
    since: datetime | None


def tier_left(
    rulebook: Rulebook, standing: Standing, stood: Sequence[Stood], at: datetime, *, had: History, has: History
) -> Left:
    """The tier after a return: he falls only where goods brought back, now or before, were needed to reach it.

    `had` are all his purchases as they were sold, `has` less all that came back; `stood` the newest first.
    """
    ready, tier = ready_of(rulebook), standing.tier
    stays = Left(tier, standing.tier_since)
    rung, since = ready.rung(tier), standing.tier_since
    if rung is None or not rung.rank or since is None or (standing.tier_until is not None and at < standing.tier_until):
        return stays
    looks = _Looks(ready, standing, had, has)
    if looks.reached(rung, since, has) or looks.reached(rung, at, has) or not looks.reached(rung, since, had):
        return stays
    now = looks.judge(at, has)
    found = next((one for one in reversed(ready.rungs[: rung.rank]) if now.may_enter(one)), ready.rungs[0])
    earlier = next((one for one in stood if ready.rank(one.tier) < rung.rank and looks.stands(one)), None)
    if earlier is not None and ready.rank(earlier.tier) >= found.rank:
        return Left(earlier.tier, earlier.since)
    return Left(found.code, since)


@dataclass(frozen=True, slots=True)
class _Looks:
    ready: Ready
    standing: Standing
    had: History
    has: History

    def stands(self, stood: Stood) -> bool:
        """Would he have come to this tier all the same?"""
        rung = self.ready.rung(stood.tier)
        if rung is None or not rung.rank or stood.since is None:
            return rung is not None and not rung.rank
        return self.reached(rung, stood.since, self.has) or not self.reached(rung, stood.since, self.had)

    def reached(self, rung: Rung, at: datetime, history: History) -> bool:
        return self.judge(at, history).enters(rung)

    def judge(self, at: datetime, history: History) -> Judge:
        """As it was at a moment: later purchases do not count."""
        later = [one for one in history.bought if one.at > at]
        earlier = tuple(one for one in history.bought if one.at <= at)
        then = History(
            history.spent - sum(one.paid for one in later),
            history.purchases - sum(1 for one in later if one.counts),
            history.largest,
            earlier,
        )
        judge = judge_of(self.ready, self.standing, at, tier=self.standing.tier, history=then)
        last = max((one for one in earlier if one.counts), key=lambda one: one.at, default=None)
        judge.facts[LAST] = last.net if last is not None else None
        return judge
