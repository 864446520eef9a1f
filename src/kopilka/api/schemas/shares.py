"""Friends, agents, employees and partners as bodies and answers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from kopilka.api.schemas.fields import In, Minor, Out

PersonCode = Annotated[str, Meta(min_length=1, max_length=64, description="As receipts name him.")]
PersonName = Annotated[str, Meta(max_length=200)]
Branch = Annotated[str, Meta(max_length=64)]
Note = Annotated[str, Meta(max_length=500)]
Device = Annotated[str, Meta(max_length=200, description="The id of the member's own telephone or browser.")]
Kind = Literal["employee", "agent", "partner"]


class ReferralCodeOut(Out):
    """The member's code for friends. `link`: what to put behind the address of your registration page."""

    member_id: UUID
    code: str
    link: str


class InviterIn(In):
    """Whose code the member names."""

    invited_by: Annotated[str, Meta(min_length=1, max_length=40)]
    device: Device = ""


class AgentIn(In):
    """Whose customer the member is from now on; an empty text: nobody's."""

    agent: Annotated[str, Meta(max_length=64)]


class SplitIn(In):
    """Another split of a share, by the codes of the rulebook."""

    share: PersonCode
    split: PersonCode


class RelationOut(Out):
    """Who stands behind a member. `split` in force until `until` (null: for the next sale, or always)."""

    member_id: UUID
    inviter_id: UUID | None
    agent: str
    split: str
    segment: str
    until: str | None


class NetworkLevelOut(Out):
    """One level below a member. Money in minor units less returns; rewards in smallest units by points currency."""

    level: int
    members: int
    buyers: int
    turnover_minor: int
    rewards: dict[str, int]


class NetworkOut(Out):
    """Level by level, down to the first that is empty."""

    member_id: UUID
    levels: list[NetworkLevelOut]


class NetworkMemberOut(Out):
    member_id: UUID
    inviter_id: UUID
    name: str
    enrolled_at: datetime
    referrals: int
    purchases: int
    spent_minor: int


class NetworkMembersOut(Out):
    items: list[NetworkMemberOut]
    next: str | None


class BeneficiaryIn(In):
    """Who shall get shares of sales. `person_id`: he himself as a buyer; nobody earns on his own purchases."""

    kind: Kind
    code: PersonCode
    name: PersonName = ""
    branch: Branch = ""
    person_id: UUID | None = None


class BeneficiaryChangeIn(In):
    """What shall be different; absent fields stay. `person_id` null takes the link to his own membership away."""

    name: PersonName | UnsetType = UNSET
    branch: Branch | UnsetType = UNSET
    person_id: UUID | UnsetType | None = UNSET
    active: bool | UnsetType = UNSET


class BeneficiaryOut(Out):
    """`account_id` is the member whose wallets hold what he gets."""

    id: UUID
    kind: str
    code: str
    name: str
    branch: str
    active: bool
    account_id: UUID
    person_id: UUID | None
    created_at: datetime


class BeneficiariesOut(Out):
    items: list[BeneficiaryOut]
    next: str | None


class StaffFiguresOut(Out):
    """`named_share` hundredths of a percent of the receipts that name a member. Money in minor units."""

    receipts: int
    named: int
    named_share: int
    turnover_minor: int
    returned_minor: int
    enrolments: int


class StaffReportOut(Out):
    """`points` in smallest units by points currency, less what was taken back."""

    code: str
    name: str
    figures: StaffFiguresOut
    points: dict[str, int]


class StaffReportsOut(Out):
    items: list[StaffReportOut]


class GoalProgressOut(Out):
    """A goal in the period that runs now: what is there and what is asked for (null: not asked for)."""

    goal: str
    name: str
    period: date
    ends_at: datetime
    premium_minor: int
    currency: str
    points: int
    points_needed: int | None
    enrolments: int
    enrolments_needed: int | None
    named_share: int
    named_share_needed: int | None
    is_reached: bool


class PremiumOut(Out):
    """A goal reached, and whether its premium was handed out."""

    goal: str
    staff: str
    period: date
    premium_minor: int
    reached_at: datetime
    paid_at: datetime | None
    paid_minor: int | None
    paid_by: str
    note: str


class PremiumsOut(Out):
    items: list[PremiumOut]


class StaffBalanceOut(Out):
    currency: str
    decimals: int
    available: int
    pending: int
    debt: int


class StaffOut(Out):
    """What an employee sees of himself: points, today, goals, premiums."""

    code: str
    name: str
    branch: str
    active: bool
    today: StaffFiguresOut
    balances: list[StaffBalanceOut]
    goals: list[GoalProgressOut]
    premiums: list[PremiumOut]


class PayoutIn(In):
    """The premium of a goal was handed out. `period`: the day on which it began."""

    goal: PersonCode
    period: date
    paid_minor: Minor
    note: Note = ""
