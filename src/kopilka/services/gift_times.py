"""What time does to gifts: those nobody collected are over, cards that have become full turn into gifts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.claims import close_claim, due_claims, lock_claim, pay_back, put_back
from kopilka.bookkeeping.gifts import fill_cards, members_with_full_cards
from kopilka.bookkeeping.loading import load_known
from kopilka.bookkeeping.purchasing.due import settle_due
from kopilka.bookkeeping.purchasing.outcome import Outcome
from kopilka.bookkeeping.purchasing.transactions import act_once
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.writing import Written
from kopilka.data.ids import new_id
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.cards import has_cards
from kopilka.engine.ledger import Act, Kind
from kopilka.engine.refusal import Code, Refusal

AT_ONCE = 200

Progress = Callable[[int], None]


def expire_gifts(*, program_id: UUID, at: datetime, progress: Progress | None = None) -> int:
    """End every gift whose time is over, each in a transaction of its own; what was paid for it goes back.

    A full card that became a gift stays used up. How many gifts ended.
    """
    ended = 0
    while batch := _due(program_id, at):
        for claim_id, member_id in batch:
            ended += act_once(program_id, lambda outcome: _expire(outcome, program_id, claim_id, member_id, at))  # noqa: B023
            if progress:
                progress(1)
    return ended


def fill_all_cards(*, program_id: UUID, at: datetime, progress: Progress | None = None) -> int:
    """Look for full cards, whatever brought the points: grants, imports, points that could be spent from now on.

    How many gifts were made. Purchases and adjustments do not wait for this.
    """
    if not _program_has_cards(program_id):
        return 0
    made = 0
    for member_id in _full(program_id):
        made += act_once(program_id, lambda outcome: _fill(outcome, program_id, member_id, at))  # noqa: B023
        if progress:
            progress(1)
    return made


@transaction.atomic(durable=True)
def _due(program_id: UUID, at: datetime) -> list[tuple[UUID, UUID]]:
    enter_program(program_id)
    return due_claims(program_id, at=at, limit=AT_ONCE)


@transaction.atomic(durable=True)
def _full(program_id: UUID) -> list[UUID]:
    enter_program(program_id)
    return list(members_with_full_cards(program_id, load_rulebook(program_id)[1], AT_ONCE))


@transaction.atomic(durable=True)
def _program_has_cards(program_id: UUID) -> bool:
    enter_program(program_id)
    try:
        return has_cards(load_rulebook(program_id)[1])
    except Refusal as refusal:
        if refusal.code is Code.RULEBOOK_MISSING:
            return False
        raise


def _expire(outcome: Outcome, program_id: UUID, claim_id: UUID, member_id: UUID, at: datetime) -> int:
    enter_program(program_id)
    known = load_known(program_id, member_id)
    claim = lock_claim(program_id, claim_id)
    if claim is None or claim.state != "open" or claim.until is None or claim.until > at:
        return 0
    act = Act(known.standing, at, new_id)
    if claim.origin != "card":
        pay_back(program_id, act, claim, load_rulebook(program_id)[1])
    close_claim(program_id, claim, "expired", at)
    put_back(program_id, claim.gift, claim.count)
    if act.postings:
        outcome.written.append(
            Written(Kind.GIFT_BACK, member_id, claim_id, at, at, SYSTEM_ACTOR, act, reason=claim.gift)
        )
    return 1


def _fill(outcome: Outcome, program_id: UUID, member_id: UUID, at: datetime) -> int:
    enter_program(program_id)
    known = load_known(program_id, member_id)
    rulebook = load_rulebook(program_id)[1]
    outcome.written.extend(settle_due(known.standing, at=at, recorded_at=at))
    act = Act(known.standing, at, new_id)
    events = fill_cards(program_id, rulebook, known.standing, act, None)
    if events:
        outcome.events += events
        outcome.written.append(Written(Kind.GIFT, member_id, member_id, at, at, SYSTEM_ACTOR, act))
    return sum(event.kind == "gift_granted" for event in events)
