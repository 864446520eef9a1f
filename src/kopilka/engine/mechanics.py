"""What depends on other people, on events and on time: the rules beside promotions, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from kopilka.engine.certificate_kinds import CertificateKind
from kopilka.engine.conditions import Condition
from kopilka.engine.mechanics_things import Family, Gift, Link, Partner, Question, Referral, Segment, Transfers
from kopilka.engine.period import Life, Window
from kopilka.engine.rulebook_earn import Earn


class Whose(StrEnum):
    """For whom a limit counts."""

    MEMBER = "member"
    EVERYBODY = "everybody"
    BRANCH = "branch"
    RECEIPT = "receipt"


@dataclass(frozen=True, slots=True)
class Limit:
    """A rule works at most `times` for whom it counts, within a stretch of time (empty: in all)."""

    times: int
    whose: Whose = Whose.MEMBER
    within: Life = Life()


@dataclass(frozen=True, slots=True)
class Budget:
    """What a rule may cost: `minor` units of discounts, `units` of points (None: not bounded), within a stretch."""

    minor: int | None = None
    units: int | None = None
    currency: str = ""
    within: Life = Life()


@dataclass(frozen=True, slots=True)
class Bounds:
    """All that bounds a rule. `holdout`: hundredths of a percent of members kept out of it, to measure it."""

    limits: tuple[Limit, ...] = ()
    budget: Budget | None = None
    holdout: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.limits or self.budget or self.holdout)


NO_BOUNDS = Bounds()


# --- automations: an event is answered --------------------------------------------------------------------------------
class On(StrEnum):
    """What an automation answers: acts of people, then moments nobody's act marks."""

    ENROLLED = "enrolled"
    PROFILE_FILLED = "profile_filled"
    PURCHASE = "purchase"
    FIRST_PURCHASE = "first_purchase"
    RETURN = "return"
    TIER_RAISED = "tier_raised"
    TIER_LOWERED = "tier_lowered"
    ENTERED_SEGMENT = "entered_segment"
    LEFT_SEGMENT = "left_segment"
    GIFT_GRANTED = "gift_granted"
    GIFT_COLLECTED = "gift_collected"
    COUPON_USED = "coupon_used"
    COUPON_BOUND = "coupon_bound"
    MEMBER_INVITED = "member_invited"
    GOODS_ARRIVED = "goods_arrived"
    GOAL_REACHED = "goal_reached"
    POINTS_EXPIRED = "points_expired"
    MESSAGE_ANSWERED = "message_answered"
    CUSTOM = "custom"
    DATE = "date"
    CALENDAR = "calendar"
    QUIET = "quiet"
    EXPIRING = "expiring"


class Years(StrEnum):
    """Whose years an age is counted in."""

    HUMAN = "human"
    CAT = "cat"
    DOG = "dog"


@dataclass(frozen=True, slots=True)
class Trigger:
    """The event of an automation; which fields mean something follows from `on`.

    `name`: the segment entered or left, the custom event, or for DATE birthday, enrolment or a field of the profile.
    DATE: `days` from the day itself (negative: before), `age` reached in `years`. `minute` of the local day at which
    DATE and CALENDAR happen. CALENDAR: on `day`, or again and again by `cron` (five fields). QUIET: no purchase for
    `life`; EXPIRING: points will expire within `life`.
    """

    on: On
    name: str = ""
    days: int = 0
    age: int | None = None
    years: Years = Years.HUMAN
    minute: int = 600
    day: date | None = None
    cron: str = ""
    life: Life = Life()


class Person(StrEnum):
    """Who gets something from an event or a sale."""

    MEMBER = "member"
    INVITER = "inviter"
    AGENT = "agent"
    EMPLOYEE = "employee"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Grant:
    """Points given: `units`, or `percent` (hundredths of a percent) of what the cause brought in money.

    `life` and `starts_after` None: the currency's own. `level` with INVITER: 1 is who invited the member.
    """

    currency: str
    units: int = 0
    percent: int = 0
    life: Life | None = None
    starts_after: Life | None = None
    to: Person = Person.MEMBER
    level: int = 1


@dataclass(frozen=True, slots=True)
class Unlock:
    """A locked promotion is opened for a stretch of time and for so many purchases (0: no bound)."""

    promotion: str
    life: Life = Life()
    times: int = 0


@dataclass(frozen=True, slots=True)
class Give:
    """A gift of the catalogue or a coupon handed over; `life` None: as the gift or the series says."""

    gift: str = ""
    coupon: str = ""
    quantity: int = 1
    life: Life | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """An action that an extension has added, `acme.donate`, and what its own builder made of what was written."""

    action: str
    value: object


@dataclass(frozen=True, slots=True)
class Automation:
    """When this happens, and if that holds, do this.

    `wait`: act so much later. `late`: a moment missed by more than this is not caught up. `lines`: with a purchase,
    only when it holds such lines, and a percent is counted on these. `send` and `call`: a message and a webhook by
    their codes, asked for in the outbox. `take_back`: fixed points go back with the goods too, as a percent always
    does.
    """

    code: str
    trigger: Trigger
    name_ru: str = ""
    name_en: str = ""
    window: Window = Window()
    branches: tuple[str, ...] = ()
    when: Condition | None = None
    lines: Condition | None = None
    wait: Life = Life()
    late: Life = Life(days=3)
    grants: tuple[Grant, ...] = ()
    unlocks: tuple[Unlock, ...] = ()
    gives: tuple[Give, ...] = ()
    tags_on: tuple[str, ...] = ()
    tags_off: tuple[str, ...] = ()
    put_into: tuple[str, ...] = ()
    take_out_of: tuple[str, ...] = ()
    tier: str = ""
    added: tuple[Added, ...] = ()
    send: str = ""
    call: str = ""
    bounds: Bounds = NO_BOUNDS
    take_back: bool = False


# --- shares: others get a part of a sale ------------------------------------------------------------------------------
class To(StrEnum):
    """To whom a share goes."""

    BUYER = "buyer"
    INVITER = "inviter"
    AGENT = "agent"
    EMPLOYEE = "employee"
    PARTNER = "partner"


class SplitFor(StrEnum):
    """How long another split holds: for the next sale, as long as the member is in its segment, or `life`."""

    NEXT_SALE = "next_sale"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Split:
    """Another sharing for members of `segment`: part to the buyer as a discount (hundredths of a percent)."""

    code: str
    segment: str
    buyer_discount: int = 0
    earns: tuple[Earn, ...] = ()
    holds: SplitFor = SplitFor.NEXT_SALE
    life: Life = Life()


@dataclass(frozen=True, slots=True)
class Share:
    """What somebody besides the buyer's ordinary earning gets from a sale.

    `level` with INVITER: 1 invited the buyer, 2 invited him. `first`: for so many first purchases of the buyer only
    (0: all). `partner`: which one, with PARTNER; `funded_by`: the partner who pays for it.
    """

    code: str
    to: To
    earns: tuple[Earn, ...]
    name_ru: str = ""
    name_en: str = ""
    window: Window = Window()
    branches: tuple[str, ...] = ()
    level: int = 1
    partner: str = ""
    when: Condition | None = None
    lines: Condition | None = None
    first: int = 0
    splits: tuple[Split, ...] = ()
    funded_by: str = ""
    bounds: Bounds = NO_BOUNDS


class Each(StrEnum):
    """The period of a goal, by the calendar of the program's zone."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Goal:
    """What an employee is to reach in every period, and the premium (minor units) for it; None: not asked for.

    `named_share` hundredths of a percent of his receipts that name a member. `reset`: each period counts anew.
    """

    code: str
    each: Each
    premium_minor: int
    name_ru: str = ""
    name_en: str = ""
    branches: tuple[str, ...] = ()
    units: int | None = None
    currency: str = ""
    enrolments: int | None = None
    named_share: int | None = None
    reset: bool = True


# --- club -------------------------------------------------------------------------------------------------------------
class Others(StrEnum):
    """What happens when somebody else is sold an article of the club."""

    REFUSED = "refused"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class ClubService:
    """A service or goods that only some members get.

    `lines`: the articles it is (None: it is not rung up); `others` are refused them, or the cashier is only told.
    """

    code: str
    when: Condition | None = None
    name_ru: str = ""
    name_en: str = ""
    cost_minor: int = 0
    limits: tuple[Limit, ...] = ()
    lines: Condition | None = None
    others: Others = Others.REFUSED


# --- all of them ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Mechanics:
    """All of these of one rulebook, by code, in the order of the document."""

    automations: dict[str, Automation] = field(default_factory=dict)
    shares: dict[str, Share] = field(default_factory=dict)
    goals: dict[str, Goal] = field(default_factory=dict)
    gifts: dict[str, Gift] = field(default_factory=dict)
    segments: dict[str, Segment] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    referral: Referral | None = None
    partners: dict[str, Partner] = field(default_factory=dict)
    club: dict[str, ClubService] = field(default_factory=dict)
    profile: dict[str, Question] = field(default_factory=dict)
    certificates: dict[str, CertificateKind] = field(default_factory=dict)
    transfers: Transfers | None = None
    family: Family | None = None


NO_MECHANICS = Mechanics()
