"""Which tier a member has reached once a purchase is counted, and what is missing to the next. It never lowers him."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kopilka.engine.compiling.book import Book, first_tier
from kopilka.engine.decision import Beyond, Hint, LotPlan, Tell
from kopilka.engine.fact_readers import SLOTS
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.sale import Facts, Sale
from kopilka.engine.standing import Bought, Standing
from kopilka.engine.tiering.counting import History, history_of
from kopilka.engine.tiering.judging import Judge, judge_of_sale
from kopilka.engine.tiering.missing import Way, missing_to_next
from kopilka.engine.tiering.ready import Ready, ready_of
from kopilka.engine.tiering.reviewing import highest, is_ceiling

LAST: Final = SLOTS["last_purchase"]
LAST_DAYS: Final = SLOTS["last_purchase_days"]
BALANCE: Final = SLOTS["balance"]
EARNED: Final = SLOTS["earned"]


@dataclass(slots=True)
class Reached:
    """The tier after a purchase, and what to say of the next one."""

    tier: str
    hints: list[Hint]


NOWHERE = Reached("", [])


def tier_now(rulebook: Rulebook, standing: Standing) -> str:
    """The member's tier; who has none yet stands on the lowest one, when that asks for nothing."""
    if standing.member_id is None:
        return ""
    return standing.tier or first_tier(rulebook)


def tier_after(sale: Sale, book: Book, *, net: int, paid: int, lots: list[LotPlan], brief: bool) -> Reached:
    """The highest tier he may enter after the purchase of `net` minor units, `paid` of them with money.

    `lots` are the points it earns. `brief`: nothing is to be said of the next one.
    """
    standing = sale.standing
    if standing.member_id is None or not book.has_tiers:
        return NOWHERE
    judge = _judge(ready_of(book.rulebook), sale, net, paid, lots)
    tier = sale.tier
    if not (standing.tier_until is not None and sale.at < standing.tier_until and is_ceiling(standing)):
        tier = highest(judge, above=tier) or tier
    way = None if brief else missing_to_next(judge, tier)
    return Reached(tier, hints_of(way) if way is not None else [])


def told_beyond(beyond: Beyond | None, hints: list[Hint]) -> Beyond | None:
    """With these hints behind all others; nothing stays nothing."""
    if not hints:
        return beyond
    beyond = beyond or Beyond()
    beyond.hints += hints
    return beyond


def hints_of(way: Way) -> list[Hint]:
    """One hint for each figure that is missing on the shortest way."""
    if not way.ways:
        return []
    shortest = way.ways[0]
    for lacks in way.ways:
        if len(lacks) < len(shortest):
            shortest = lacks
    return [
        Hint(
            Tell.NEXT_TIER, way.tier, way.until, amount=lack.amount,
            detail=f"{lack.fact}:{lack.of}" if lack.of else lack.fact,
        )
        for lack in shortest
    ]  # fmt: skip


def _judge(ready: Ready, sale: Sale, net: int, paid: int, lots: list[LotPlan]) -> Judge:
    """As he stands with this purchase; single purchases are put together only where tiers look at them."""
    standing = sale.standing
    if ready.asks_bought or ready.asks_largest:
        history = history_of(standing).more(Bought(sale.at, paid, net))
    else:
        history = History(standing.spent + paid, standing.purchases + 1, 0, ())
    judge = judge_of_sale(ready, sale, history)
    facts = judge.facts
    facts[LAST], facts[LAST_DAYS] = net, 0
    if ready.asks_points:
        _move_points(facts, sale, lots)
    return judge


def _move_points(facts: Facts, sale: Sale, lots: list[LotPlan]) -> None:
    """Points as they are once this purchase has been paid with them and has earned new ones."""
    balance = {code: wallet.available for code, wallet in sale.standing.wallets.items()}
    earned = dict(sale.standing.earned)
    for spent in sale.spent:
        for code, units in spent.items():
            balance[code] = balance.get(code, 0) - units
    for lot in lots:
        earned[lot.currency] = earned.get(lot.currency, 0) + lot.units
        if not lot.pending:
            balance[lot.currency] = balance.get(lot.currency, 0) + lot.units
    facts[BALANCE], facts[EARNED] = balance, earned
