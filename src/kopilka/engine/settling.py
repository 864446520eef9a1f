"""Settling the points of a returned purchase: from which lots earned points are taken, to which spent ones go back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import Enum
from fractions import Fraction
from uuid import UUID

from kopilka.engine.decision import DrawPlan
from kopilka.engine.earning import CARRY_GRID
from kopilka.engine.ledger import Act, draw_order
from kopilka.engine.returned import (
    LotMove,
    PointsBack,
    Returned,
    Reversed,
    Sold,
    carried_back,
    reversed_lots,
    spent_on,
    undone_by,
)
from kopilka.engine.rulebook import TakeBack
from kopilka.engine.standing import Lot


class _Gone(Enum):
    """Units of the purchase's own lots that cannot be taken: set aside, or expired before they could be."""

    HELD = "held"
    EXPIRED = "expired"


@dataclass(slots=True)
class Settling:
    """One purchase whose returned goods have become `lines`: works out the whole, posts the difference.

    `reversed` (None: as it was): what reversed rules had given on it; it may shrink when a reversal is undone.

    The calls in order: `forgive`, `give`, `take`, `carry`; forgiving first, so that what comes back is not spent on a
    debt that one full return would not have made. `forgive` and `take` may be repeated when a lot has gained units.
    """

    sold: Sold
    lines: dict[int, int]
    act: Act
    zone: tzinfo
    back: dict[str, PointsBack] = field(default_factory=dict)
    takes: list[LotMove] = field(default_factory=list)
    gives: list[LotMove] = field(default_factory=list)
    gained: set[UUID] = field(default_factory=set)
    reversed: Reversed | None = None
    after: Returned = field(init=False)

    def __post_init__(self) -> None:
        self.after = deepcopy(self.sold.returned)
        self.after.lines = self.lines
        if self.reversed is not None:
            self.after.reversed = self.reversed

    def forgive(self, currency: str) -> None:
        """Take back the debt of earlier returns as far as it still stands: `take` makes it anew."""
        wallet, back = self.act.wallet(currency), self._back(currency)
        owed = self.after.owed.pop(currency, 0)
        standing = min(owed, wallet.debt)
        self.act.owe(currency, -standing)
        back.owed -= standing
        back.forgotten -= self.after.forgotten.pop(currency, 0)
        if owed > standing:
            self.after.settled[currency] = self.after.settled.get(currency, 0) + owed - standing

    def to_give(self, currency: str) -> dict[UUID, int]:
        """Units to give back now by the lot they were drawn from, last drawn first; nothing where the rules say so."""
        if not self.sold.policy.give_back:
            return {}
        draws = [draw for draw in self.sold.decision.draws if draw.currency == currency]
        wanted = _last_drawn_first(draws, spent_on(self.sold.decision, self.lines, currency))
        given = self.after.given
        return {lot: units - given.get(lot, 0) for lot, units in wanted.items() if units > given.get(lot, 0)}

    def give(self, currency: str) -> None:
        """Give spent points back to their lots; where a lot's life is over, into grace or to expiry at once."""
        lots, back, grace = self._lots(currency), self._back(currency), self.sold.policy.grace
        grace_until = None if grace.is_empty else grace.after(self.act.at, self.zone)
        for lot_id, units in self.to_give(currency).items():
            lot = lots[lot_id]
            over = lot.is_over(self.act.at)
            lives_on = over and grace_until is not None and not lot.grace
            back.given += units
            back.in_grace += units if lives_on else 0
            back.lapsed += units if over and not lives_on else 0
            self.gives.append(LotMove(lot_id, currency, units))
            self.after.given[lot_id] = self.after.given.get(lot_id, 0) + units
            self.act.give_back(lot, units, grace_until=grace_until)

    def take(self, currency: str) -> None:
        """Take back what the returned goods had earned: the state for all of them, posted as a difference."""
        decision, back = self.sold.decision, self._back(currency)
        target = undone_by(decision, self.lines, self.after.reversed, currency)
        before = self.sold.returned
        back.earned = target - undone_by(decision, before.lines, before.reversed, currency)
        lots = self._lots(currency)
        old = {lot: self.after.taken.pop(lot) for lot in [*self.after.taken] if lot in lots}
        taken = {lot: units for lot, units in old.items() if lots[lot].is_over(self.act.at)}
        rest = target - self.after.settled.get(currency, 0) - sum(taken.values())
        if rest < 0 and self.reversed is not None:
            rest += self._hand_back(currency, -rest, taken, back)
        assert rest >= 0, "more was taken back than had been earned"
        aside = 0
        for source, available in self._sources(lots, old):
            part = min(rest, available)
            rest -= part
            if isinstance(source, Lot):
                taken |= {source.id: taken.get(source.id, 0) + part} if part else {}
            elif source is _Gone.HELD:
                aside = part
        self._post(lots, old, {lot: units for lot, units in taken.items() if units}, back)
        self._post_short(currency, aside, rest, back)
        back.expired = back.earned - back.taken - back.owed - back.forgotten

    def carry(self, currency: str) -> None:
        """Undo the purchase's share of the wallet's kept fraction, so that buying and returning gains nothing."""
        decision = self.sold.decision
        if any(carry.currency == currency for carry in decision.carry):
            wallet = self.act.wallet(currency)
            kept = Fraction(wallet.carry_num, wallet.carry_den)
            kept += carried_back(decision, self.lines, currency)
            kept -= carried_back(decision, self.sold.returned.lines, currency)
            if kept.denominator > CARRY_GRID:
                kept = Fraction(kept.numerator * CARRY_GRID // kept.denominator, CARRY_GRID)
            wallet.carry_num, wallet.carry_den = kept.numerator, kept.denominator

    def _sources(self, lots: Mapping[UUID, Lot], old: Mapping[UUID, int]) -> Iterator[tuple[Lot | _Gone, int]]:
        """From where units are taken, in order, and how many could be there.

        First the lots that reversed rules had given. The purchase's own lots, pending before active, the longest-lived
        first (else a debt repaid meanwhile could be swapped for their long life); its points that stand aside; its
        expired ones; then the member's other active lots, soonest to expire first.
        """
        at = self.act.at
        own = sorted((lot for lot in lots.values() if lot.purchase_id == self.sold.id), key=draw_order, reverse=True)
        alive = [lot for lot in own if not lot.is_over(at)]
        given = self._of_reversed(alive, old) if self.after.reversed else {}
        yield from ((lot, given[lot.id]) for lot in alive if lot.id in given)
        for lot in [*(lot for lot in alive if not lot.active), *(lot for lot in alive if lot.active)]:
            yield lot, lot.remaining + old.get(lot.id, 0) - given.get(lot.id, 0)
        yield _Gone.HELD, sum(self.sold.held.get(lot.id, 0) for lot in own)
        yield _Gone.EXPIRED, sum(lot.expired + lot.remaining for lot in own if lot.is_over(at))
        others = (lot for lot in lots.values() if lot.purchase_id != self.sold.id and lot.active)
        for lot in sorted(others, key=draw_order):
            if not lot.is_over(at):
                yield lot, lot.remaining + old.get(lot.id, 0)

    def _of_reversed(self, alive: list[Lot], old: Mapping[UUID, int]) -> dict[UUID, int]:
        """Units to be taken from the very lots that reversed rules had given, as far as they are there."""
        found: dict[UUID, int] = {}
        for index, units in reversed_lots(self.after.reversed).items():
            plan = self.sold.decision.lots[index]
            times = (plan.starts_at, plan.expires_at)
            lot = next((one for one in alive if (one.starts_at, one.expires_at) == times), None)
            if lot is not None and lot.currency == plan.currency:
                found[lot.id] = min(units, lot.remaining + old.get(lot.id, 0))
        return found

    def _hand_back(self, currency: str, surplus: int, taken: dict[UUID, int], back: PointsBack) -> int:
        """A reversal is undone that took more than is left to take: new points for a debt that was repaid meanwhile.

        They live as long as those of the purchase did. What was taken from a lot whose life has ended goes back there,
        and ends.
        """
        paid = min(surplus, self.after.settled.get(currency, 0))
        if paid:
            self.after.settled[currency] -= paid
            back.owed -= paid
            self.act.grant(currency, paid, starts_at=self.act.at, expires_at=self._life_from_now(currency))
        rest = surplus - paid
        for lot_id, units in taken.items():
            part = min(rest, units)
            taken[lot_id] = units - part
            rest -= part
        return surplus - rest

    def _life_from_now(self, currency: str) -> datetime | None:
        plans = [plan for plan in self.sold.decision.lots if plan.currency == currency]
        lives = [plan.expires_at - plan.starts_at for plan in plans if plan.expires_at is not None]
        return self.act.at + max(lives) if len(lives) == len(plans) and lives else None

    def _post(self, lots: Mapping[UUID, Lot], old: dict[UUID, int], taken: dict[UUID, int], back: PointsBack) -> None:
        for lot_id in [*(lot for lot in old if lot not in taken), *taken]:
            more = taken.get(lot_id, 0) - old.get(lot_id, 0)
            if more > 0:
                self.act.take_back(lots[lot_id], more)
            elif more < 0:
                self.act.restore(lots[lot_id], -more)
                if lots[lot_id].is_over(self.act.at):
                    self.act.expire(lots[lot_id])
                self.gained.add(lot_id)
            if more:
                back.taken += more
                self.takes.append(LotMove(lot_id, back.currency, more))
        self.after.taken.update(taken)

    def _post_short(self, currency: str, aside: int, short: int, back: PointsBack) -> None:
        """What stands aside is owed whatever the rules say: when it comes back, it repays."""
        owed = aside if self.sold.policy.take_back is TakeBack.CLAMP else aside + short
        if short + aside > owed:
            self.after.forgotten[currency] = short + aside - owed
            back.forgotten += short + aside - owed
        if owed:
            self.after.owed[currency] = owed
            back.owed += owed
            self.act.owe(currency, owed)

    def _back(self, currency: str) -> PointsBack:
        return self.back.setdefault(currency, PointsBack(currency))

    def _lots(self, currency: str) -> dict[UUID, Lot]:
        return {lot.id: lot for lot in self.act.standing.lots.get(currency, ())}


def _last_drawn_first(draws: list[DrawPlan], units: int) -> dict[UUID, int]:
    """Spread `units` over the draws from the last to the first: it only ever grows with `units`."""
    parts: dict[UUID, int] = {}
    for draw in reversed(draws):
        part = min(units, draw.units)
        units -= part
        if part:
            parts[draw.lot] = parts.get(draw.lot, 0) + part
    return parts
