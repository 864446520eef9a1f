"""Handling what happened: each event once its cause is committed, in the order of happening."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.bookkeeping.gifts import plan_cards
from kopilka.bookkeeping.goods import CLOSING, close_bought
from kopilka.bookkeeping.outbox import mark_handled, open_events
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.segment_looks import MOVING, plan_look_after
from kopilka.bookkeeping.sharing.acceptance import note_acceptance
from kopilka.bookkeeping.sharing.planning import plan_shares
from kopilka.services.automations.handling import ANSWERED, plan_automations, plan_take_backs
from kopilka.services.webhooks.requesting import TOLD, plan_calls

EVENTS_AT_ONCE = 500

Handler = Callable[[UUID, Happened], None]


def _by_kind(*handled: tuple[Iterable[str], Handler]) -> dict[str, tuple[Handler, ...]]:
    table: dict[str, tuple[Handler, ...]] = {}
    for kinds, handler in handled:
        for kind in kinds:
            table[kind] = (*table.get(kind, ()), handler)
    return table


HANDLERS: Mapping[str, tuple[Handler, ...]] = _by_kind(
    (MOVING, plan_look_after),
    (CLOSING, close_bought),
    (ANSWERED, plan_automations),
    ((EventKind.PURCHASE_RETURNED,), plan_take_backs),
    (TOLD, plan_calls),
    ((EventKind.PURCHASE_CONFIRMED, EventKind.POINTS_ADJUSTED), plan_cards),
    ((EventKind.SHARES_DECIDED, EventKind.SHARES_RETURNED), plan_shares),
    ((EventKind.PURCHASE_CONFIRMED, EventKind.PURCHASE_RETURNED), note_acceptance),
)
"""By kind of event. A handler works inside the transaction that marks the event: it may write, not call out."""


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
    for event in events:
        for handler in HANDLERS.get(event.kind, ()):
            handler(program_id, event)
    if events:
        mark_handled(program_id, events, at)
    return len(events)
