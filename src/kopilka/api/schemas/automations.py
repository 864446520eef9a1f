"""Rules that answer events: what they did, answers of profiles, events of the shop's own, webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from kopilka.api.schemas.fields import In, Moment, Out
from kopilka.api.schemas.receipts import MemberIn

Code = Annotated[str, Meta(min_length=1, max_length=64)]
Url = Annotated[str, Meta(min_length=1, max_length=500)]
Kinds = Annotated[list[Code], Meta(max_length=100, description="Kinds of events to be told of.")]
Fact = str | int | bool | None


class RuleOut(Out):
    """A rule of the document. `state`: on, off, not_yet, over, over_budget. What a budget has left; null: no bound."""

    path: str
    code: str
    name: str
    event: str
    to: str
    state: str
    money_left_minor: int | None
    points_left: int | None
    currency: str


class RulesOut(Out):
    items: list[RuleOut]


class RuleReportOut(Out):
    """What a rule has done. `deeds` by state: due, done, nothing (its conditions did not hold), holdout, limited,
    over_budget, missed, refused. `points` by currency: given less taken back. `members` it gave points to.
    """

    rule: RuleOut
    deeds: dict[str, int]
    points: dict[str, int]
    members: int


class DeedOut(Out):
    """What a rule owed a member and what became of it; `points` (negative: taken back) of `currency`."""

    id: UUID
    kind: str
    rule: str
    cause: str
    state: str
    told: str
    currency: str
    points: int
    about: UUID | None
    subject_id: UUID | None
    planned_at: datetime
    due_at: datetime
    done_at: datetime | None


class DeedsOut(Out):
    """The newest first; `next` is the cursor of the following page, null on the last one."""

    items: list[DeedOut]
    next: str | None


class AnswerIn(In):
    """One answer; `name` of whom it is, such as a child or a pet. Dates as 2024-11-20, flags as yes or no."""

    value: Annotated[str, Meta(max_length=500)]
    name: Annotated[str, Meta(max_length=200)] = ""


class AnswerOut(Out):
    value: str
    name: str


GivenAnswers = Annotated[
    dict[Code, Annotated[list[AnswerIn], Meta(max_length=20)]],
    Meta(max_length=200, description="By question of the rulebook's profile."),
]


class AnswersIn(In):
    """Answers by question; an empty list takes them away, questions that are not named stay as they are."""

    answers: GivenAnswers


class AnswersOut(Out):
    """A member's answers; `missing` are the questions still to be asked."""

    member_id: UUID
    answers: dict[str, list[AnswerOut]]
    missing: list[str]


class EventIn(In):
    """An event of your own. `subject`: what it was about; the same subject counts once for each rule and member.

    `facts`: up to 50 more figures for messages; `amount_minor` is the money a percent is counted on.
    """

    name: Annotated[str, Meta(min_length=1, max_length=64, pattern="^[a-z0-9][a-z0-9_-]*$")]
    member: MemberIn
    subject: Annotated[str, Meta(max_length=100)] = ""
    facts: Annotated[dict[Code, Fact], Meta(max_length=50)] = {}
    occurred_at: Moment | None = None


class EventOut(Out):
    id: UUID
    name: str
    member_id: UUID
    subject: str
    occurred_at: datetime


class WebhookIn(In):
    """An address to call: `https`, on the open internet. Rules call it by its `code`."""

    code: Annotated[str, Meta(min_length=1, max_length=64, pattern="^[a-z0-9][a-z0-9-]*$")]
    url: Url
    events: Kinds = []


class WebhookChangeIn(In):
    """What shall be different; absent fields stay."""

    url: Url | UnsetType = UNSET
    events: Kinds | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class WebhookOut(Out):
    code: str
    url: str
    events: list[str]
    active: bool
    created_at: datetime


class NewWebhookOut(WebhookOut):
    """With the `secret` that signs calls: shown only now, empty when the request is repeated."""

    secret: str


class WebhooksOut(Out):
    items: list[WebhookOut]


class CallOut(Out):
    """One event on its way to a webhook. `state`: due, delivered, dead. `status` of the last answer, 0: none came."""

    id: UUID
    event_id: UUID
    member_id: UUID | None
    state: str
    tries: int
    status: int
    told: str
    at: datetime
    due_at: datetime
    delivered_at: datetime | None


class CallsOut(Out):
    """The newest first; `next` is the cursor of the following page, null on the last one."""

    items: list[CallOut]
    next: str | None


class ReplayOut(Out):
    id: UUID
