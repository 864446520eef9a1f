"""Things of a rulebook that stand by themselves: gifts, segments, links, partners, questions, points between people."""

from __future__ import annotations

from dataclasses import dataclass, field

from kopilka.engine.conditions import Condition
from kopilka.engine.period import Life, Window


@dataclass(frozen=True, slots=True)
class Gift:
    """A thing of the gift catalogue, rung at zero price. `quantity` whole units of `sku` that one gift is.

    `prices` units by currency; `cash_minor` to be paid beside; `stock` None: without end; `auto`: granted by itself as
    soon as the points are there (a full stamp card). `code_needed`: handed out after its code is named.
    """

    code: str
    sku: str
    name_ru: str = ""
    name_en: str = ""
    quantity: int = 1
    prices: dict[str, int] = field(default_factory=dict)
    cash_minor: int = 0
    code_needed: bool = True
    life: Life = Life()
    stock: int | None = None
    window: Window = Window()
    branches: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    auto: bool = False
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """Members described by `when`, or put together by `hand` or by `link`, each for `life` (empty: without end)."""

    code: str
    name_ru: str = ""
    name_en: str = ""
    when: Condition | None = None
    by: str = ""
    life: Life = Life()


@dataclass(frozen=True, slots=True)
class Link:
    """An invite link: who enrols by it is marked."""

    code: str
    name_ru: str = ""
    name_en: str = ""
    window: Window = Window()
    segment: str = ""
    tags_on: tuple[str, ...] = ()
    tags_off: tuple[str, ...] = ()
    partner: str = ""
    cost_minor: int = 0
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Referral:
    """How members invite others: what a code is made of, how many levels up are remembered."""

    letters: bool = False
    levels: int = 1
    until_first_purchase: bool = False


@dataclass(frozen=True, slots=True)
class Partner:
    """Another business of a coalition: its branches, the points it gives and takes, its `fee` (percent hundredths)."""

    code: str
    name_ru: str = ""
    name_en: str = ""
    branches: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    fee: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the member's profile. `kind`: text, date, number, flag, choice; `many`: several answers."""

    code: str
    kind: str
    name_ru: str = ""
    name_en: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False
    many: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """Many different codes of one coupon, each good once. `life`: how long one is good once it is somebody's."""

    count: int
    prefix: str = ""
    length: int = 8
    letters: bool = True
    life: Life = Life()


@dataclass(frozen=True, slots=True)
class Transfers:
    """Members may hand these points to each other: at least `units_min` at a time, `units_a_day` (None: any) a day.

    `fee`: hundredths of a percent that stay with the program. Units in the smallest unit of each currency.
    """

    currencies: tuple[str, ...]
    units_min: int = 1
    units_a_day: int | None = None
    fee: int = 0


@dataclass(frozen=True, slots=True)
class Family:
    """Up to `size` members may join into one account, the head's, and earn and spend there together."""

    size: int = 5
