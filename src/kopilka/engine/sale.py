"""A sale being worked out: the lines of a receipt with the prices, switches and points decided so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from kopilka.engine.decision import Beyond, Reason
from kopilka.engine.receipt import ArticleKind, Line, Receipt
from kopilka.engine.standing import Standing

Facts = list[Any]
"""Values of the facts a rulebook asks for, by slot (`compiling/readers.py`); None: unknown, satisfies no comparison."""

Offer = dict[int, int]
"""Minor units a promotion would take off, by index of the line. Lines it takes nothing off are absent."""

FULL = 10_000
CERTIFICATE: Final = ArticleKind.CERTIFICATE


@dataclass(slots=True)
class Used:
    """Pieces of a line that sets have used up: they still cost `cost` of the `of` minor units the line cost then."""

    pieces: int
    cost: int
    of: int


class Sale:
    """What has been decided so far. Lists run parallel to `lines`, which are in the order of their numbers.

    `live`: indexes of the lines that take part. `tier`: the member's before the purchase. `manual`, `nets`, `floors`,
    `points` in minor units: the till's own discount, the price so far, the least it may fall to, the part paid with
    points. `offs`: (promotion, minor units).
    `shares`: hundredths of a percent of a line that points may pay. `closed`: lines an exclusive promotion has taken.
    `used`: pieces that sets have used up. `gifts`: thousandths of a line that were given as a gift. `spent`: units of
    each currency that pay for a line. `beyond`: what it moves beside the buyer's points. `is_brief`: nobody asks for
    `offs` and `told`, so what is made for nearly every receipt need not be put there.
    """

    __slots__ = (
        "accepted", "at", "beyond", "closed", "earning_off", "facts", "floors", "gifts", "is_brief", "lines", "live",
        "local", "manual", "nets", "offs", "points", "receipt", "refused", "shares", "spent", "standing", "tier",
        "told", "used",
    )  # fmt: skip

    def __init__(
        self, standing: Standing, receipt: Receipt, *, local: datetime, tier: str, per_minor: int, brief: bool = False
    ) -> None:
        """Take the lines in at their price after the till's own discount; a mute line is recorded only.

        `per_minor` is the price times quantity that makes one minor unit.
        """
        self.standing = standing
        self.receipt = receipt
        self.at = receipt.at
        self.local = local
        self.tier = tier
        self.lines = lines = _in_order(receipt.lines)
        self.live: list[int] = []
        self.manual = [0] * len(lines)
        self.nets: list[int] = []
        self.floors = [0] * len(lines)
        self.offs: list[list[tuple[str, int]]] = []
        self.shares = [FULL] * len(lines)
        self.points = [0] * len(lines)
        self.spent: list[dict[str, int]] = []
        self._take_in(per_minor)
        self.closed: set[int] = set()
        self.earning_off: set[int] = set()
        self.used: dict[int, Used] = {}
        self.gifts: dict[int, int] = {}
        self.accepted: frozenset[str] = frozenset()
        self.facts: Facts = []
        self.told: list[Reason] = []
        self.refused: list[Reason] = []
        self.beyond: Beyond | None = None
        self.is_brief = brief

    def _take_in(self, per_minor: int) -> None:
        """The price of each line now, and the least it may fall to; one pass, for every purchase makes it."""
        live, nets, offs, spent = self.live, self.nets, self.offs, self.spent
        for i, line in enumerate(self.lines):
            net = amount = line.amount
            if line.discount:
                self.manual[i] = off = max(0, min(line.discount, amount))
                net -= off
            if line.min_price:
                self.floors[i] = min(net, -(-line.min_price * line.quantity // per_minor))
            if amount > 0 and line.quantity > 0 and line.kind is not CERTIFICATE:
                live.append(i)
            nets.append(net)
            offs.append([])
            spent.append({})

    def add_gift(self, line: Line) -> None:
        """Put a given article on the receipt, at its worth; it takes part in nothing else."""
        self.gifts[len(self.lines)] = line.quantity
        self.lines.append(line)
        self.manual.append(0)
        self.nets.append(line.amount)
        self.floors.append(0)
        self.offs.append([])
        self.shares.append(FULL)
        self.points.append(0)
        self.spent.append({})

    def moved(self) -> Beyond:
        """What this sale moves beside the buyer's points, to put more into."""
        if self.beyond is None:
            self.beyond = Beyond()
        return self.beyond

    def open_lines(self) -> list[int]:
        """Lines that take part and are not closed by an exclusive promotion."""
        return [i for i in self.live if i not in self.closed] if self.closed else self.live


def _in_order(lines: tuple[Line, ...]) -> list[Line]:
    """Lines by number, so that the order in which a till sends them changes nothing."""
    last = 0
    for line in lines:
        if line.number < last:
            return sorted(lines, key=lambda line: line.number)
        last = line.number
    return list(lines)
