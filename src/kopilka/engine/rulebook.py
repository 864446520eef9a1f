"""A rulebook: everything a program's document says, as frozen values. `document/` reads it, `quote.py` plays by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from kopilka.engine.conditions import Condition
from kopilka.engine.mechanics import NO_BOUNDS, NO_MECHANICS, Bounds, Mechanics
from kopilka.engine.mechanics_things import Series
from kopilka.engine.period import Life, Window
from kopilka.engine.points import PointsCurrency
from kopilka.engine.rulebook_earn import Earn
from kopilka.engine.rulebook_tiers import Counting, Keep
from kopilka.engine.spans import Span


# --- what a promotion may take off the price -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PercentOff:
    """`percent` in hundredths of a percent, of each selected line's price so far."""

    percent: int


@dataclass(frozen=True, slots=True)
class AmountOff:
    """`minor` units off; `each`: off every single unit, else off the selected lines together, prorated."""

    minor: int
    each: bool = False


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """The yellow tag: one unit costs `price` (1/10,000 of the unit); never raises a price."""

    price: int


@dataclass(frozen=True, slots=True)
class NthFree:
    """Of every `nth` selected units the cheapest one gets `percent` off (10000: free).

    `times` bounds how many units get it in one receipt (0: no bound).
    """

    nth: int
    percent: int = 10_000
    times: int = 0


@dataclass(frozen=True, slots=True)
class BuyGet:
    """Buy `buy` units of the selected lines, get `get` units of `gets` (None: of the same lines) at `percent` off.

    Cheapest first; a unit is bought or got, never both. `times` bounds the repetitions (0: no bound).
    """

    buy: int
    get: int
    gets: Condition | None = None
    percent: int = 10_000
    times: int = 0


@dataclass(frozen=True, slots=True)
class Bundle:
    """One unit of each of `parts` together cost `price_minor`, or get `percent` off. Repeats `times` (0: no bound)."""

    parts: tuple[Condition, ...]
    price_minor: int | None = None
    percent: int = 0
    times: int = 0


@dataclass(frozen=True, slots=True)
class GiftLine:
    """A line is added at zero price: `quantity` thousandths of `sku`, worth `price` (1/10,000 of the unit) each.

    Where the receipt already holds the article, that much of it becomes free instead.
    """

    sku: str
    quantity: int = 1_000
    price: int = 0
    name: str = ""


Discount = PercentOff | AmountOff | FixedPrice | NthFree | BuyGet | Bundle | GiftLine


@dataclass(frozen=True, slots=True)
class Promotion:
    """A rule that changes the price or the points of a purchase.

    `when` asks about receipt, member and time; `lines` selects lines (None: all). `group` names a stacking group
    (empty: stacks with everything in its step); smaller `priority` goes first, ties by code. `spending_share`
    (hundredths of a percent) caps how much of its lines points may pay. `discount_max` (minor units) caps what it
    takes off one receipt. `coupon`: works only with this coupon. `locked`: works only for members who have it unlocked
    (privileges). `over_discounted` False leaves out lines that already have a manual discount.
    `is_off`: switched off by hand (`switches.py`).
    """

    code: str
    name_ru: str = ""
    name_en: str = ""
    when: Condition | None = None
    lines: Condition | None = None
    window: Window = Window()
    branches: tuple[str, ...] = ()
    discount: Discount | None = None
    earn: tuple[Earn, ...] = ()
    no_earning: bool = False
    no_spending: bool = False
    spending_share: int | None = None
    discount_max: int | None = None
    group: str = ""
    priority: int = 100
    coupon: str = ""
    locked: bool = False
    over_discounted: bool = True
    prompt_ru: str = ""
    prompt_en: str = ""
    is_off: bool = False
    bounds: Bounds = NO_BOUNDS


class Stacking(StrEnum):
    """How the promotions of a group combine.

    ALL: each in turn, on what the one before left. BEST: the one that gives the buyer most, line by line (for
    promotions over several lines: over the receipt). FIRST: the first that applies. EXCLUSIVE: the best one, and no
    promotion of any other group touches its lines.
    """

    ALL = "all"
    BEST = "best"
    FIRST = "first"
    EXCLUSIVE = "exclusive"


class OnReturn(StrEnum):
    """What becomes of a coupon when everything bought with it is brought back."""

    GIVE_BACK = "give_back"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon by code; `uses` and `uses_each` bound it in all and per member (0: no bound).

    `bind`: it can be bound to a phone by its link. `by_itself`: a bound code need not be named at the till; else the
    cashier is told of it, with `prompt`.
    """

    code: str
    words: tuple[str, ...]
    uses: int = 0
    uses_each: int = 0
    window: Window = Window()
    series: Series | None = None
    bind: bool = False
    by_itself: bool = False
    on_return: OnReturn = OnReturn.GIVE_BACK
    name_ru: str = ""
    name_en: str = ""
    prompt_ru: str = ""
    prompt_en: str = ""


@dataclass(frozen=True, slots=True)
class Tier:
    """A level: entered when `enter` holds (over spent, purchases, last_purchase, referrals, ...; None: at once).

    `spending_share` (hundredths of a percent) replaces the program's cap per receipt for its members. `within`: for
    `enter` only purchases of that stretch of time count (empty: all). `keep` None: kept for ever.
    """

    code: str
    name_ru: str = ""
    name_en: str = ""
    enter: Condition | None = None
    spending_share: int | None = None
    within: Span = Span()
    keep: Keep | None = None


@dataclass(frozen=True, slots=True)
class Spending:
    """How one currency pays. `of_line`: the share caps each line, not only the receipt; both caps can be given.

    `share_receipt`, `share_line` in hundredths of a percent of the net sum; `keep_price` in 1/10,000 of the currency
    unit that one unit of goods must still cost; `cash_min` minor units that must be paid with money; `step` units in
    whole multiples of which points are spent; `units_min` the fewest units of one payment.
    """

    currency: str
    share_receipt: int = 10_000
    share_line: int = 10_000
    keep_price: int = 0
    cash_min: int = 0
    step: int = 1
    units_min: int = 0


class EarnBase(StrEnum):
    """On what percents are counted: on what is paid with money, or on the net price however paid."""

    PAID_WITH_MONEY = "paid_with_money"
    NET = "net"


class TakeBack(StrEnum):
    """When a return takes back points that are no longer there: forget the rest, keep a debt, or show below zero."""

    CLAMP = "clamp"
    DEBT = "debt"
    NEGATIVE = "negative"


class TierBack(StrEnum):
    """What a return does to the member's tier: nothing, or take it back where it would not have been reached."""

    KEEP = "keep"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Returns:
    """`give_back`: spent points go back to their lots; `grace`: life of those whose lot has expired meanwhile."""

    take_back: TakeBack = TakeBack.DEBT
    give_back: bool = True
    grace: Life = Life()
    tiers: TierBack = TierBack.KEEP


class PointsAs(StrEnum):
    """How points stand on the fiscal receipt: as a discount, or as another counter-provision beside full prices."""

    DISCOUNT = "discount"
    COUNTER_PROVISION = "counter_provision"


class ZeroGift(StrEnum):
    """How a gift line is printed: at 0.00, or at one minor unit each with compensation on the other lines."""

    ZERO = "zero"
    MINOR_UNIT = "minor_unit"


@dataclass(frozen=True, slots=True)
class Fiscal:
    points_as: PointsAs = PointsAs.DISCOUNT
    zero_gift: ZeroGift = ZeroGift.ZERO


class Proof(StrEnum):
    """What must prove that the member himself spends: his one-time code, or nothing."""

    CODE = "code"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SpendingProof:
    """`free_up_to` minor units of money's worth may be spent without proof even where a code is asked for.

    `pin`: the PIN a member has chosen proves him at a till as well as a code.
    """

    by: Proof = Proof.CODE
    free_up_to: int = 0
    pin: bool = True


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One version of a program's rules. `fingerprint` is of the document's canonical form.

    `groups` maps a group's code to its mode; `tiers` go from the lowest to the highest; `quote_life` is how long a kept
    quote is good for. `spending` names exactly the currencies that may pay. A tier's own earning and discount stand
    among `promotions` as `tiers.<code>`. `rules_off`: paths of rules that were switched off by hand. `branches`: where
    the program works (empty: everywhere).
    """

    fingerprint: str
    name: str
    currency: str
    zone: ZoneInfo
    digits: int = 2
    points: dict[str, PointsCurrency] = field(default_factory=dict)
    spending: dict[str, Spending] = field(default_factory=dict)
    earn_base: EarnBase = EarnBase.PAID_WITH_MONEY
    tiers: tuple[Tier, ...] = ()
    groups: dict[str, Stacking] = field(default_factory=dict)
    promotions: tuple[Promotion, ...] = ()
    coupons: dict[str, Coupon] = field(default_factory=dict)
    returns: Returns = Returns()
    fiscal: Fiscal = Fiscal()
    proof: SpendingProof = SpendingProof()
    quote_life_minutes: int = 15
    branches: tuple[str, ...] = ()
    mechanics: Mechanics = NO_MECHANICS
    rules_off: frozenset[str] = frozenset()
    counting: Counting = Counting()
