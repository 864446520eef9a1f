"""What an import or a simulation came to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields

from kopilka.bookkeeping.returning.requests import ReturnResult
from kopilka.engine.decision import Decision

Told = Callable[[int, int], None]
"""Hears how many receipts of how many are done."""


@dataclass(slots=True)
class PointsFigures:
    """One points currency, in its smallest unit: earned - taken_back - spent - expired is what members hold of it.

    `taken_back` counts what became a debt too; `spent` is less what returns gave back.
    """

    earned: int = 0
    taken_back: int = 0
    spent: int = 0
    expired: int = 0
    outstanding: int = 0


@dataclass(slots=True)
class Figures:
    """Money in minor units, summed over the rows of the file as they stand there.

    `receipts` are sales, with and without a member; `returns` receipts of the return prefix; `lines` the rows of both.
    """

    receipts: int = 0
    returns: int = 0
    lines: int = 0
    anonymous_receipts: int = 0
    members: int = 0
    sales_minor: int = 0
    refunds_minor: int = 0
    unmatched_minor: int = 0
    skipped_rows: int = 0
    rejected_rows: int = 0
    points: dict[str, PointsFigures] = field(default_factory=dict)

    def count_sale(self, minor: int, lines: int, decision: Decision) -> None:
        self.receipts += 1
        self.lines += lines
        self.sales_minor += minor
        if decision.member is None:
            self.anonymous_receipts += 1
            return
        for lot in decision.lots:
            self.of(lot.currency).earned += lot.units
        for plan in decision.spend:
            self.of(plan.currency).spent += plan.units

    def count_return(self, minor: int, lines: int, result: ReturnResult) -> None:
        self.returns += 1
        self.lines += lines
        self.refunds_minor += minor
        self.unmatched_minor += sum(line.amount_minor for line in result.unmatched)
        for decided in result.decisions:
            for points in [*decided.points, *(one for again in decided.resettled for one in again.points)]:
                of = self.of(points.currency)
                of.taken_back += points.taken + points.owed
                of.expired += points.lapsed
                of.spent -= points.given

    def of(self, currency: str) -> PointsFigures:
        return self.points.setdefault(currency, PointsFigures())

    def add(self, other: Figures) -> None:
        """Take in the figures of another share: no member is in both."""
        for name in (one.name for one in fields(self) if one.name != "points"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for code, points in other.points.items():
            mine = self.of(code)
            for name in (one.name for one in fields(points)):
                setattr(mine, name, getattr(mine, name) + getattr(points, name))

    def shown(self, seconds: float) -> dict[str, object]:
        """As `--json` prints them. The `points_…` figures are of the program's first currency, `points` of each."""
        plain = asdict(self)
        plain["points"] = {code: asdict(of) for code, of in sorted(self.points.items())}
        first = next(iter(self.points.values()), PointsFigures())
        done = self.receipts + self.returns
        return {
            **plain,
            **{f"points_{name}": value for name, value in asdict(first).items()},
            "seconds": round(seconds, 3),
            "receipts_per_second": round(done / seconds, 1) if seconds else 0,
        }
