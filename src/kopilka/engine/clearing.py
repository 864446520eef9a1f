"""Clearing between partners of a coalition: who issued the points that were paid, what is owed, netted to the kopeck.

Every sale and return is worked out on its own, so whatever the periods, their sums are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from kopilka.engine.decision import Decision
from kopilka.engine.money import part_of, share_of, split


@dataclass(slots=True)
class Paid:
    """What one issuer's points of one kind paid: `minor` units of money, of which the issuer keeps `fee_minor`.

    `by_lot`: (units, minor) by the lot they were drawn from.
    """

    issuer: str
    currency: str
    units: int = 0
    minor: int = 0
    fee_minor: int = 0
    by_lot: dict[UUID, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClearingLine:
    """Points of `issuer` taken by `acceptor` in a period, less returns. `count` of sales and returns."""

    issuer: str
    acceptor: str
    currency: str
    units: int
    minor: int
    fee_minor: int
    count: int = 0

    @property
    def owed_minor(self) -> int:
        """What the issuer owes the acceptor for it."""
        return self.minor - self.fee_minor


@dataclass(frozen=True, slots=True)
class Payment:
    """One partner pays another what is left after both sides are set off."""

    payer: str
    payee: str
    minor: int


@dataclass(frozen=True, slots=True)
class Clearing:
    """A period settled: what lies behind it, what is to be paid, and each one's balance; these sum to zero."""

    lines: list[ClearingLine]
    payments: list[Payment]
    balances: dict[str, int]


def paid_by_issuer(decision: Decision, issuers: Mapping[UUID, str], fee: int) -> list[Paid]:
    """What a sale was paid with, by issuer; `fee` hundredths of a percent.

    What a kind of points paid is given to its lots by largest remainder, so that the sum is exact.
    """
    found: dict[tuple[str, str], Paid] = {}
    for plan in decision.spend:
        draws = [draw for draw in decision.draws if draw.currency == plan.currency]
        for draw, minor in zip(draws, split(plan.minor, [draw.units for draw in draws]), strict=True):
            issuer = issuers[draw.lot]
            paid = found.setdefault((issuer, plan.currency), Paid(issuer, plan.currency))
            paid.units += draw.units
            paid.minor += minor
            known = paid.by_lot.get(draw.lot, (0, 0))
            paid.by_lot[draw.lot] = (known[0] + draw.units, known[1] + minor)
    for paid in found.values():
        paid.fee_minor = share_of(paid.minor, fee)
    return [found[key] for key in sorted(found) if found[key].minor]


def given_back(paid: Paid, before: Mapping[UUID, int], after: Mapping[UUID, int]) -> Paid:
    """What a return reverses, all with a minus; `before` and `after`: units given back by lot in all.

    Once everything is back, everything is reversed, in whatever parts it came.
    """
    was, now = _back(paid, before), _back(paid, after)
    fee = part_of(paid.fee_minor, now[1], paid.minor) - part_of(paid.fee_minor, was[1], paid.minor)
    return Paid(paid.issuer, paid.currency, was[0] - now[0], was[1] - now[1], -fee)


def _back(paid: Paid, given: Mapping[UUID, int]) -> tuple[int, int]:
    units = minor = 0
    for lot, (drawn, worth) in paid.by_lot.items():
        back = min(given.get(lot, 0), drawn)
        units += back
        minor += part_of(worth, back, drawn) if back else 0
    return units, minor


def clear(lines: Iterable[ClearingLine]) -> Clearing:
    """Set off what each two owe each other; one payment for each pair, and none where they are even."""
    kept = sorted(lines, key=lambda line: (line.issuer, line.acceptor, line.currency))
    owed: dict[tuple[str, str], int] = {}
    for line in kept:
        first, second = sorted((line.issuer, line.acceptor))
        sign = 1 if line.issuer == first else -1
        owed[first, second] = owed.get((first, second), 0) + sign * line.owed_minor
    payments: list[Payment] = []
    balances: dict[str, int] = {name: 0 for line in kept for name in (line.issuer, line.acceptor)}
    for (first, second), minor in sorted(owed.items()):
        if minor:
            payer, payee = (first, second) if minor > 0 else (second, first)
            payments.append(Payment(payer, payee, abs(minor)))
            balances[payer] -= abs(minor)
            balances[payee] += abs(minor)
    assert not sum(balances.values()), "what one pays another one gets"
    return Clearing(kept, payments, balances)
