"""A member's tier put by hand, until a date or for ever, with the reason that stays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.documents import from_text, to_text
from kopilka.bookkeeping.idempotency import DONE, NO_KEY, Request, find_answered
from kopilka.bookkeeping.loading import load_known
from kopilka.bookkeeping.purchasing.outcome import Outcome
from kopilka.bookkeeping.purchasing.tier_counting import note_change
from kopilka.bookkeeping.purchasing.transactions import act_once
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.tier_changes import put_on_tier
from kopilka.bookkeeping.tier_rows import TierChanged, TierWhy
from kopilka.bookkeeping.writing import Written
from kopilka.data.ids import new_id
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.contacts import clean_text
from kopilka.engine.ledger import Kind
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.standing import FOR_EVER

REASON_MAX = 500


@dataclass(frozen=True, slots=True)
class TierRequest:
    """`until` None and not `for_ever`: from now on the ordinary rules decide again."""

    member_id: UUID
    tier: str
    reason: str
    by: Actor
    at: datetime
    until: datetime | None = None
    for_ever: bool = False
    request: Request = NO_KEY
    language: str = "ru"
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class TierSet:
    """`until` None: no time was given, or it is `for_ever`."""

    operation_id: UUID
    member_id: UUID
    before: str
    tier: str
    since: datetime | None
    until: datetime | None
    for_ever: bool
    reason: str
    replayed: bool = False


def set_tier(*, program_id: UUID, request: TierRequest) -> TierSet:
    """Put a member on a tier. While it is held, neither time nor returns lower him; who was lowered is not raised.

    `not_allowed`, `missing` (reason), `invalid` (tier, until), `not_found`.
    """
    request.by.must(Capability.ADJUST)
    if not request.reason.strip():
        raise Refusal(Code.MISSING, field="reason")
    if request.until is not None and (request.for_ever or request.until <= request.at):
        raise Refusal(Code.INVALID, field="until", reason="not_in_future" if not request.for_ever else "for_ever")
    if request.until is not None and request.until >= FOR_EVER:
        raise Refusal(Code.INVALID, field="until", reason="too_far")
    return act_once(program_id, lambda outcome: _set(outcome, program_id, request))


def _set(outcome: Outcome, program_id: UUID, asked: TierRequest) -> TierSet:
    enter_program(program_id)
    known = load_known(program_id, asked.member_id)
    done = find_answered(program_id, asked.request)
    if done is not None:
        if done.kind != Kind.CHANGE or done.answer is None:
            raise Refusal(Code.KEY_REUSED, key=asked.request.key)
        return replace(from_text(done.answer, TierSet), replayed=True)
    standing, since = known.standing, known.standing.tier_since
    reason = clean_text(asked.reason, field="reason", length_max=REASON_MAX)
    held = {"until": str(standing.tier_until or "")}
    until = FOR_EVER if asked.for_ever else asked.until
    before, term = put_on_tier(load_rulebook(program_id)[1], standing, asked.tier, at=asked.at, until=until)
    outcome.marks[asked.member_id] = known
    outcome.tier_terms.append(term)
    told = TierSet(
        new_id(), asked.member_id, before, asked.tier, standing.tier_since, asked.until, asked.for_ever, reason
    )
    if before != asked.tier:
        note_change(
            outcome,
            TierChanged(
                asked.member_id, before, asked.tier, asked.at, asked.at, TierWhy.HAND, since, told.operation_id,
                asked.by.name, reason,
            ),
        )  # fmt: skip
    outcome.written.append(
        Written(
            Kind.CHANGE, asked.member_id, asked.member_id, asked.at, asked.at, asked.by, reason=reason,
            request=asked.request, request_id=asked.request_id, language=asked.language, status=DONE,
            answer=to_text(told), id=told.operation_id,
        )
    )  # fmt: skip
    record_audit(
        program_id, "tier_set", asked.member_id, by=asked.by, at=asked.at, before={"tier": before} | held,
        after={"tier": asked.tier, "until": str(until or "")}, reason=reason, request_id=asked.request_id,
    )  # fmt: skip
    return told
