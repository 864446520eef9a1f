"""Ratios: two sides that alternate within one run, the median of their quotients, as text and as JSON."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """One goal: `ratio` is the median of ours / theirs over the alternations, `ours` and `theirs` are medians."""

    goal: str
    what: str
    unit: str
    ratio: float
    low: float
    high: float
    wanted: str
    reached: bool
    ours: float
    theirs: float
    more: Figures = field(default_factory=dict)


@dataclass(slots=True)
class Report:
    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        self.rows.append(row)
        self._say(row)

    def text(self) -> str:
        head = f"{'goal':<5} {'what':<58} {'ratio':>8} {'range':>17} {'wanted':>9}"
        lines = [head, "-" * len(head)]
        lines += [
            f"{row.goal:<5} {row.what:<58} {row.ratio:>8.2f} {row.low:>8.2f}-{row.high:<8.2f} {row.wanted:>9}"
            f"{'' if row.reached else '  not reached'}"
            for row in self.rows
        ]
        return "\n".join(lines)

    def json(self) -> str:
        return json.dumps([asdict(row) for row in self.rows], indent=1)

    @staticmethod
    def _say(row: Row) -> None:
        print(
            f"[{row.goal}] {row.what}: ratio {row.ratio:.2f} ({row.low:.2f}-{row.high:.2f}), wanted {row.wanted}; "
            f"ours {row.ours:.1f}, theirs {row.theirs:.1f} {row.unit}",
            file=sys.stderr,
            flush=True,
        )


def alternate(
    ours: Callable[[], Figures], theirs: Callable[[], Figures], times: int
) -> tuple[list[Figures], list[Figures]]:
    """Run both sides in turn `times` times; which goes first changes every time."""
    mine: list[Figures] = []
    other: list[Figures] = []
    for turn in range(times):
        for side in (0, 1) if turn % 2 == 0 else (1, 0):
            (mine if side == 0 else other).append((ours if side == 0 else theirs)())
    return mine, other


def compare(
    goal: str, what: str, unit: str, wanted: str, mine: list[float], other: list[float], more: Figures | None = None
) -> Row:
    """A row of the table; `wanted` is written as ">=1.3" or "<=5"."""
    ratios = [a / b for a, b in zip(mine, other, strict=True)]
    middle = statistics.median(ratios)
    bound = float(wanted[2:])
    reached = middle >= bound if wanted.startswith(">=") else middle <= bound
    return Row(
        goal, what, unit, middle, min(ratios), max(ratios), wanted, reached,
        statistics.median(mine), statistics.median(other), more or {},
    )  # fmt: skip


def middle(figures: list[Figures], name: str) -> float:
    return statistics.median(item[name] for item in figures)
