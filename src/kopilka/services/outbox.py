"""Handling what happened: each event once its cause is committed, in the order of happening."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.bookkeeping.gifts import plan_cards
from kopilka.bookkeeping.goods import CLOSING, anybody_waits, close_bought
from kopilka.bookkeeping.outbox import mark_handled, open_events
from kopilka.bookkeeping.rulebooks import load_rulebook, load_rulebook_version
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.segment_looks import MOVING, has_live_segments, plan_look_after
from kopilka.bookkeeping.sharing.acceptance import note_acceptance
from kopilka.bookkeeping.sharing.planning import plan_shares
from kopilka.engine.cards import has_cards
from kopilka.engine.refusal import Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.services.automations.handling import ANSWERED, plan_automations, plan_take_backs
from kopilka.services.webhooks.requesting import TOLD, anybody_listens, plan_calls

EVENTS_AT_ONCE = 500

Handler = Callable[[UUID, Sequence[Happened]], None]

RECENT_VERSIONS = 5
"""A sale is played by the rules of its day: so many versions back are asked whether they answer events."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is done about these kinds of events, where the program has `use` for it: asked once for many events."""

    kinds: Container[str]
    handler: Handler
    use: Callable[[UUID, Rulebook | None], bool] = lambda _program_id, _rulebook: True


def _answers_events(program_id: UUID, rulebook: Rulebook | None) -> bool:
    if rulebook is None:
        return False
    number = load_rulebook(program_id)[0]
    versions = range(max(1, number - RECENT_VERSIONS + 1), number + 1)
    return any(load_rulebook_version(program_id, one).mechanics.automations for one in versions)


ANSWERS = (
    Answer(MOVING, plan_look_after, lambda _, rules: rules is not None and has_live_segments(rules)),
    Answer(CLOSING, close_bought, lambda program_id, _: anybody_waits(program_id)),
    Answer(ANSWERED, plan_automations, _answers_events),
    Answer((EventKind.PURCHASE_RETURNED,), plan_take_backs),
    Answer(TOLD, plan_calls, lambda program_id, _: anybody_listens(program_id)),
    Answer(
        (EventKind.PURCHASE_CONFIRMED, EventKind.POINTS_ADJUSTED), plan_cards,
        lambda _, rules: rules is not None and has_cards(rules),
    ),
    Answer((EventKind.SHARES_DECIDED, EventKind.SHARES_RETURNED), plan_shares),
    Answer(
        (EventKind.PURCHASE_CONFIRMED, EventKind.PURCHASE_RETURNED), note_acceptance,
        lambda _, rules: rules is not None and bool(rules.mechanics.partners),
    ),
)  # fmt: skip
"""In this order; each gets its events in theirs. A handler works inside the transaction that marks them: it may write,
not call, and what it does for one event must not ask what another one did for it."""


def hand_over(program_id: UUID, events: Sequence[Happened]) -> None:
    """Give these events to whoever answers them; inside a transaction that entered the program."""
    try:
        rulebook = load_rulebook(program_id)[1]
    except Refusal:  # things happen before any rules are published
        rulebook = None
    for answer in ANSWERS:
        mine = [event for event in events if event.kind in answer.kinds]
        if mine and answer.use(program_id, rulebook):
            answer.handler(program_id, mine)


def handle_events(*, program_id: UUID, at: datetime, progress: Callable[[int], None] | None = None) -> int:
    """Hand every open event to its handlers and mark it handled; how many there were."""
    handled = 0
    while now := _handle_some(program_id, at):
        handled += now
        if progress:
            progress(now)
    return handled


@transaction.atomic(durable=True)
def _handle_some(program_id: UUID, at: datetime) -> int:
    enter_program(program_id)
    events = open_events(program_id, EVENTS_AT_ONCE)
    if events:
        hand_over(program_id, events)
        mark_handled(program_id, events, at)
    return len(events)
