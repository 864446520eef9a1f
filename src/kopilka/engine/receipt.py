"""A receipt: the facts of a sale as the till states them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Origin(StrEnum):
    """Where a purchase came from."""

    TILL = "till"
    ONLINE = "online"
    IMPORT = "import"


class ArticleKind(StrEnum):
    GOODS = "goods"
    SERVICE = "service"
    CERTIFICATE = "certificate"


class SpendMode(StrEnum):
    NONE = "none"
    AMOUNT = "amount"
    MAX = "max"


@dataclass(slots=True, unsafe_hash=True)
class Line:
    """One line, plain because a frozen one takes four times as long to make, and never changed all the same.

    `amount` is its full price in minor units (price x quantity, rounded half up, before any discount).
    `quantity` in thousandths, `price`, `cost`, `min_price` in 1/10,000 of the currency unit for one, `discount` is
    a manual discount in minor units already promised by the till, `vat` in hundredths of a percent.
    A line with `quantity` <= 0 or `amount` 0 is mute: it is recorded and takes part in nothing. So is one that sells a
    certificate: nothing is taken off it, earned on it or paid for it with points.
    """

    number: int
    sku: str
    quantity: int
    price: int
    amount: int
    discount: int = 0
    name: str = ""
    category: str = ""
    brand: str = ""
    tags: tuple[str, ...] = ()
    kind: ArticleKind = ArticleKind.GOODS
    vat: int | None = None
    cost: int | None = None
    min_price: int | None = None


@dataclass(frozen=True, slots=True)
class SpendWish:
    """What the member wants to pay with points.

    `units` for mode AMOUNT, in the smallest unit of `currency` (None: the currencies in the program's order).
    """

    mode: SpendMode = SpendMode.NONE
    units: int = 0
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class CertificateWish:
    """A gift certificate to pay with: `minor` units of it (None: as much as it can). `mark`: of the PIN, if named."""

    number: str
    minor: int | None = None
    mark: str = ""


@dataclass(slots=True, unsafe_hash=True)
class Receipt:
    """The facts of a sale, plain as its lines are and never changed either.

    `at` is aware; `codes` are coupon codes as typed, normalised by the door.
    """

    lines: tuple[Line, ...]
    at: datetime
    branch: str = ""
    till: str = ""
    staff: str = ""
    agent: str = ""
    brand: str = ""
    origin: Origin = Origin.TILL
    codes: tuple[str, ...] = ()
    spend: SpendWish = field(default_factory=SpendWish)
    certificates: tuple[CertificateWish, ...] = ()
