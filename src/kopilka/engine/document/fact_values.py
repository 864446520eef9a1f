"""How the values of facts are written in conditions, by fact or by its kind."""

from __future__ import annotations

from dataclasses import dataclass

from kopilka.engine.document.kinds import BAD, Bad, CodeOf, Flag, Kind, Money, Number, Place, Schema, Text, Word
from kopilka.engine.document.times import Day
from kopilka.engine.facts import Kind as FactKind
from kopilka.engine.receipt import ArticleKind, Origin

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of the week, read as 0 (Monday) to 6."""

    def read(self, node: object, place: Place) -> int | Bad:
        word = Word(WEEKDAYS).read(node, place)
        return BAD if isinstance(word, Bad) else WEEKDAYS.index(word)

    def schema(self) -> Schema:
        return Word(WEEKDAYS).schema()


COUNT = Number(digits=0, minimum=0, maximum=10**9)
AMOUNT = Money(minimum=0)
PRICE = Number(digits=4, minimum=0, maximum=10**14)
QUANTITY = Number(digits=3, minimum=0, maximum=10**12)

COMPARED: dict[FactKind, Kind] = {
    FactKind.COUNT: COUNT,
    FactKind.DAYS: COUNT,
    FactKind.MONEY: AMOUNT,
    FactKind.PRICE: PRICE,
    FactKind.QUANTITY: QUANTITY,
}
"""Kinds of facts that can be above, at least, below, at most."""

VALUES: dict[str, Kind] = {
    **{kind.value: compared for kind, compared in COMPARED.items()},
    FactKind.TEXT.value: Text(limit=100),
    FactKind.SET.value: Text(limit=100),
    FactKind.WEEKDAY.value: Weekday(),
    FactKind.DATE.value: Day(),
    FactKind.FLAG.value: Flag(),
    "tier": CodeOf("tiers"),
    "segment": CodeOf("segments"),
    "coupon": CodeOf("coupons"),
    "origin": Word(tuple(origin.value for origin in Origin)),
    "article": Word(tuple(kind.value for kind in ArticleKind)),
}
"""Plain values by the fact's name, else by its kind. Hours and birthday windows have no plain value."""
