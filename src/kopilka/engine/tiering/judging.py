"""Do a tier's conditions hold for a member at a moment, as his purchases count then?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kopilka.engine.fact_readers import MOMENT, SLOTS
from kopilka.engine.receipt import Receipt
from kopilka.engine.sale import Facts, Sale
from kopilka.engine.standing import Standing
from kopilka.engine.tiering.counting import Counted, Frame, History, count, count_frame, history_of, ripe_until
from kopilka.engine.tiering.ready import Asked, Ready, Rung

SPENT: Final = SLOTS["spent"]
PURCHASES: Final = SLOTS["purchases"]
LARGEST: Final = SLOTS["largest"]


@dataclass(slots=True)
class Judge:
    """What is known of a member at a moment; `facts` hold everything but what stretches of time bound.

    Plain, because one is made for every purchase. `of_all_time` are the facts over everything he ever bought, which is
    what most tiers ask about: made once for all of them.
    """

    ready: Ready
    history: History
    at: datetime
    facts: Facts
    lowered: bool
    of_all_time: Facts | None = None

    def may_enter(self, rung: Rung) -> bool:
        """Who has fallen once must also do what keeps the tier: else he would be back with the next purchase."""
        if not self.enters(rung):
            return False
        return not (self.lowered and rung.keep) or self.keeps(rung, None)

    def enters(self, rung: Rung) -> bool:
        return _holds(rung.enter, self.entering(rung))

    def keeps(self, rung: Rung, frame: Frame | None) -> bool:
        """Over a frame, or (None) over the stretch that ends now."""
        return _holds(rung.keep, self.over(self.kept(rung, frame)))

    def entering(self, rung: Rung) -> Facts:
        """All facts, as what counts for entering says."""
        if not rung.of_all_time:
            return self.over(self.counted(rung))
        if self.of_all_time is None:
            self.of_all_time = self.over(self.counted(rung))
        return self.of_all_time

    def counted(self, rung: Rung) -> Counted:
        """What counts for entering."""
        rulebook = self.ready.rulebook
        return count(self.history, self.at, span=rung.said.within, counting=rulebook.counting, zone=rulebook.zone)

    def kept(self, rung: Rung, frame: Frame | None) -> Counted:
        """What counts for keeping."""
        rulebook, keep = self.ready.rulebook, rung.said.keep
        assert keep is not None, "only a tier that can be lost is kept"
        if frame is None or keep.within.is_empty:
            return count(self.history, self.at, span=keep.within, counting=rulebook.counting, zone=rulebook.zone)
        return count_frame(self.history, frame, ripe_until(rulebook.counting, self.at, rulebook.zone))

    def over(self, counted: Counted) -> Facts:
        """All facts, with these for what was bought."""
        facts = list(self.facts)
        facts[SPENT], facts[PURCHASES], facts[LARGEST] = counted.spent, counted.purchases, counted.largest
        return facts


def _holds(ways: list[Asked], facts: Facts) -> bool:
    for asked in ways:
        for part in asked:
            if not part.check(facts):
                break
        else:
            return True
    return False


def judge_of(
    ready: Ready, standing: Standing, at: datetime, *, tier: str = "", history: History | None = None
) -> Judge:
    """A member while nothing is being sold to him."""
    sale = Sale(standing, Receipt((), at), local=at.astimezone(ready.rulebook.zone), tier=tier, per_minor=1)
    return judge_of_sale(ready, sale, history or history_of(standing))


def judge_of_sale(ready: Ready, sale: Sale, history: History) -> Judge:
    facts: Facts = [None] * (MOMENT + 1)
    facts[MOMENT] = sale.at
    for slot, read in ready.readers:
        facts[slot] = read(sale)
    return Judge(ready, history, sale.at, facts, sale.standing.tier_lowered_at is not None)
