"""Events of the shop's own, told by its site or its people: a review was written, a newsletter subscribed to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from kopilka.bookkeeping.events import EventKind, Happened, record_all
from kopilka.bookkeeping.locking import lock_members
from kopilka.bookkeeping.notes import Asking, keep_answer, told_before
from kopilka.bookkeeping.scope import enter_program
from kopilka.engine.actor import Capability
from kopilka.engine.refusal import Code, Refusal

FACTS_MAX = 50
FACTS_BYTES_MAX = 4_000
PAST_DAYS = 14
FUTURE_MINUTES = 5
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")

Value = str | int | bool | None


@dataclass(frozen=True, slots=True)
class CustomEvent:
    """What happened to whom: `subject` is what it was about (an order, an article), `facts` more figures.

    An `amount_minor` among the facts is the money a percent of an automation is counted on.
    """

    name: str
    member_id: UUID
    occurred_at: datetime
    subject: str = ""
    facts: Mapping[str, Value] | None = None


@dataclass(frozen=True, slots=True)
class EventTold:
    id: UUID
    name: str
    member_id: UUID
    subject: str
    occurred_at: datetime
    replayed: bool = False


def tell_event(*, program_id: UUID, find: Callable[[], CustomEvent], asking: Asking) -> EventTold:
    """Record it; automations answer it soon. The same subject counts once for each rule and member.

    `find` names the member once there is a connection. `not_found` (member), `invalid` (name, facts), `too_old`,
    `in_future`.
    """
    asking.by.must(Capability.EARN)
    told = find()
    if not _NAME.fullmatch(told.name):
        raise Refusal(Code.INVALID, field="name", reason="not_a_code")
    facts = dict(told.facts or {})
    if len(facts) > FACTS_MAX or len(msgspec.json.encode(facts)) > FACTS_BYTES_MAX:
        raise Refusal(Code.OUT_OF_RANGE, field="facts", minimum=0, maximum=FACTS_MAX)
    if told.occurred_at < asking.at - timedelta(days=PAST_DAYS):
        raise Refusal(Code.TOO_OLD, limit_days=PAST_DAYS)
    if told.occurred_at > asking.at + timedelta(minutes=FUTURE_MINUTES):
        raise Refusal(Code.IN_FUTURE, limit_minutes=FUTURE_MINUTES)
    try:
        return _tell(program_id, told, facts, asking)
    except IntegrityError:  # the same key at the same moment
        return _tell(program_id, told, facts, asking)


@transaction.atomic(durable=True)
def _tell(program_id: UUID, told: CustomEvent, facts: dict[str, Value], asking: Asking) -> EventTold:
    enter_program(program_id)
    lock_members(program_id, [told.member_id])
    done = told_before(program_id, asking, "event", EventTold)
    if done is not None:
        return replace(done, replayed=True)
    payload = msgspec.json.encode(facts | {"name": told.name, "subject": told.subject}).decode()
    happened = Happened(EventKind.CUSTOM, told.member_id, None, told.occurred_at, payload)
    record_all(program_id, [happened])
    answer = EventTold(happened.id, told.name, told.member_id, told.subject, told.occurred_at)
    keep_answer(program_id, asking, "event", answer, member_id=told.member_id, subject_id=happened.id)
    return answer
