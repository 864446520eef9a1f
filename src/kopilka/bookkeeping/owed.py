"""What a deed of an automation carries from its planning to its doing; settling what it gave with what came back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

from kopilka.bookkeeping.returning.held import note_held
from kopilka.engine.automations import Owed
from kopilka.engine.decision import Decision, LotPlan
from kopilka.engine.ledger import Act
from kopilka.engine.mechanics import On
from kopilka.engine.returned import Returned, Reversed, Sold
from kopilka.engine.rulebook import Returns
from kopilka.engine.settling import Settling
from kopilka.engine.standing import Lot


@dataclass(slots=True)
class Plan:
    """`on`, `name`, `at` and `facts` of the event; `version`: the rules that answered it, by which it is done.

    `owed`: all that is given to the deed's member, by line of the purchase where it goes back with the goods.
    `returned`: what returns and reversals of the rule have taken back of it so far.
    """

    on: On
    version: int
    at: datetime
    name: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    owed: list[Owed] = field(default_factory=list)
    returned: Returned | None = None


def is_by_line(owed: Iterable[Owed]) -> bool:
    """Are there points of a purchase's lines, which go back with the goods?"""
    return any(number for one in owed for number in one.lines)


def given_of(plan: Plan) -> dict[int, dict[int, int]]:
    """All it gave, by line and place among what was owed, as reversals write it."""
    given: dict[int, dict[int, int]] = {}
    for place, one in enumerate(plan.owed):
        for number, units in one.lines.items():
            if units:
                given.setdefault(number, {})[place] = units
    return given


def settle_owed(
    program_id: UUID,
    act: Act,
    zone: tzinfo,
    plan: Plan,
    sold: tuple[UUID, Decision, Returns],
    lines: dict[int, int],
    own: Iterable[Lot],
    reversed_: Reversed | None = None,
) -> Settling:
    """Take back, or give again, what the deed's points should be when `lines` are back: the difference is posted.

    `sold`: the deed's id, the purchase's decision and the rules on debts. `own`: the lots the deed made. `reversed_`
    (None: as it was): what of it was taken back with its rule.
    """
    deed_id, decision, policy = sold
    own = list(own)
    known = Sold(deed_id, _as_sold(decision, plan.owed), plan.returned or Returned(), policy)
    for lot in own:
        lot.purchase_id = deed_id
    note_held(program_id, act.standing, [known])
    settling = Settling(known, dict(lines), act, zone, reversed=reversed_)
    for currency in sorted({one.currency for one in plan.owed}):
        settling.forgive(currency)
        settling.take(currency)
    for lot in own:
        lot.purchase_id = None  # of the member's purchases it is none: it must not be settled with them
    plan.returned = settling.after
    return settling


def _as_sold(decision: Decision, owed: list[Owed]) -> Decision:
    """The purchase as if these points were all that it had earned."""
    lines = [
        replace(
            line,
            spent={},
            earned={place: one.lines[line.number] for place, one in enumerate(owed) if line.number in one.lines},
        )
        for line in decision.lines
    ]
    lots = [LotPlan(one.currency, one.units, decision.at, None, pending=False, num=0, den=1) for one in owed]
    return replace(decision, lines=lines, lots=lots, draws=[], spend=[], carry=[], reasons=[])
