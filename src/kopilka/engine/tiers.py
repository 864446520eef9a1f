"""Which tier a member has reached once a purchase is counted. A purchase never lowers it."""

from __future__ import annotations

from kopilka.engine.compiling.book import Book
from kopilka.engine.fact_readers import SLOTS
from kopilka.engine.rulebook import Rulebook
from kopilka.engine.sale import Facts, Sale
from kopilka.engine.standing import Standing

PURCHASES, SPENT = SLOTS["purchases"], SLOTS["spent"]
LAST, LAST_DAYS = SLOTS["last_purchase"], SLOTS["last_purchase_days"]
TIER = SLOTS["tier"]


def tier_now(rulebook: Rulebook, standing: Standing) -> str:
    """The member's tier; who has none yet stands on the lowest one, when that asks for nothing."""
    if standing.member_id is None:
        return ""
    tiers = rulebook.tiers
    return standing.tier or (tiers[0].code if tiers and tiers[0].enter is None else "")


def tier_after(sale: Sale, book: Book, *, net: int, paid: int) -> str:
    """The highest tier whose condition holds after the purchase of `net` minor units, `paid` of them with money."""
    if sale.standing.member_id is None:
        return ""
    facts = _counted(sale, net, paid)
    for code, checks in reversed(book.tiers):
        if code == sale.tier:
            return code
        for check in checks:
            if not check(facts):
                break
        else:
            return code
    return sale.tier


def _counted(sale: Sale, net: int, paid: int) -> Facts:
    standing, facts = sale.standing, list(sale.facts)
    facts[PURCHASES] = standing.purchases + 1
    facts[SPENT] = standing.spent + paid
    facts[LAST] = net
    facts[LAST_DAYS] = 0
    return facts
