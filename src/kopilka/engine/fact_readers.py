"""Where the value of each fact comes from, and the slot it has in a sale's facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final

from kopilka.engine.facts import FACTS, Kind, Scope
from kopilka.engine.receipt import Line
from kopilka.engine.sale import Sale

Reader = Callable[[Sale], Any]
LineReader = Callable[[Line], Any]

NO_TEXTS: frozenset[str] = frozenset()

SLOTS = {fact.name: slot for slot, fact in enumerate(f for f in FACTS.values() if f.scope is not Scope.LINE)}
"""Facts of receipt, member and moment have a place in the list of a sale's facts."""

EXTRA_SLOTS = 16
"""Places kept for facts that extensions add (`extending.py`)."""

MOMENT: Final = len(SLOTS) + EXTRA_SLOTS
"""The slot of the receipt's own moment, for the windows of promotions."""

UNLOCKED: Final = MOMENT + 1
"""The slot of the locked promotions that are open for the buyer."""


def of_member(read: Callable[[Sale], Any], *, unknown: object = None) -> Reader:
    """Nothing is known about an anonymous buyer."""
    return lambda sale: unknown if sale.standing.member_id is None else read(sale)


def days_since(sale: Sale, moment: datetime | None) -> int | None:
    """Days by the calendar of the program's zone."""
    if moment is None:
        return None
    return (sale.local.date() - moment.astimezone(sale.local.tzinfo).date()).days


def birthday_in(birth: date, year: int) -> date:
    """Who was born on 29 February celebrates on the 28th in other years."""
    try:
        return birth.replace(year=year)
    except ValueError:
        return birth.replace(year=year, day=28)


def age(sale: Sale) -> int | None:
    birth = sale.standing.birth_date
    if birth is None:
        return None
    today = sale.local.date()
    return today.year - birth.year - (today < birthday_in(birth, today.year))


def birthday_distances(sale: Sale) -> tuple[int, ...]:
    """Days from the birthdays of the last, this and the next year to today; negative: still to come."""
    birth = sale.standing.birth_date
    if birth is None:
        return ()
    today = sale.local.date()
    years = (today.year - 1, today.year, today.year + 1)
    return tuple((today - birthday_in(birth, year)) // timedelta(days=1) for year in years)


def agent_of(sale: Sale) -> str:
    """The agent who shares in this sale: named with it, else the one the buyer came with; nobody is his own agent."""
    standing = sale.standing
    agent = sale.receipt.agent or standing.agent
    if not agent or ("agent", agent) in standing.roles:
        return ""
    known = standing.beneficiaries
    return agent if known is None or ("agent", agent) in known else ""


READERS: dict[str, Reader] = {
    "total": lambda sale: sum(sale.nets),
    "items": lambda sale: sum(sale.lines[i].quantity for i in sale.live),
    "branch": lambda sale: sale.receipt.branch,
    "till": lambda sale: sale.receipt.till,
    "origin": lambda sale: sale.receipt.origin,
    "sold_brand": lambda sale: sale.receipt.brand,
    "staff": lambda sale: sale.receipt.staff,
    "agent": lambda sale: sale.receipt.agent,
    "coupon": lambda sale: sale.accepted,
    "has_lines": lambda sale: [sale.lines[i] for i in sale.live],
    "member": lambda sale: sale.standing.member_id is not None,
    "tier": of_member(lambda sale: sale.tier),
    "segment": of_member(lambda sale: sale.standing.segments, unknown=NO_TEXTS),
    "tags": of_member(lambda sale: sale.standing.tags, unknown=NO_TEXTS),
    "age": of_member(age),
    "birthday": of_member(birthday_distances, unknown=()),
    "enrolled_days": of_member(lambda sale: days_since(sale, sale.standing.enrolled_at)),
    "purchases": of_member(lambda sale: sale.standing.purchases),
    "spent": of_member(lambda sale: sale.standing.spent),
    "last_purchase": of_member(lambda sale: sale.standing.last_purchase_minor),
    "last_purchase_days": of_member(lambda sale: days_since(sale, sale.standing.last_purchase_at)),
    "referrals": of_member(lambda sale: sale.standing.referrals),
    "link": of_member(lambda sale: sale.standing.link),
    "invited": of_member(lambda sale: sale.standing.inviter is not None),
    "has_agent": of_member(lambda sale: bool(agent_of(sale))),
    "largest": of_member(lambda sale: sale.standing.largest),
    "balance": of_member(lambda sale: {code: one.available for code, one in sale.standing.wallets.items()}),
    "earned": of_member(lambda sale: sale.standing.earned),
    "date": lambda sale: sale.local.date(),
    "weekday": lambda sale: sale.local.weekday(),
    "hours": lambda sale: sale.local.hour * 60 + sale.local.minute,
}

LINE_READERS: dict[str, LineReader] = {
    "sku": lambda line: line.sku,
    "category": lambda line: line.category,
    "brand": lambda line: line.brand,
    "line_tags": lambda line: line.tags,
    "article": lambda line: line.kind,
    "price": lambda line: line.price,
    "quantity": lambda line: line.quantity,
    "amount": lambda line: line.amount,
    "discounted": lambda line: line.discount > 0,
}

SETS = frozenset(name for name, fact in FACTS.items() if fact.kind is Kind.SET)
MEMBER_FACTS = frozenset(name for name, fact in FACTS.items() if fact.scope is Scope.MEMBER)
