"""A program with automations for tests: what happens, what is done because of it, and what is left."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.events import EventKind, record
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.deeds import Deed
from kopilka.data.models.events import Event
from kopilka.data.models.ledger import Wallet
from kopilka.data.models.members import Member
from kopilka.services.deeds import do_due_deeds
from kopilka.services.outbox import handle_events
from kopilka.services.returns import return_purchase
from tests.factories import NOON
from tests.tills import TILL_1, rows

DAY = timedelta(days=1)
HEAD = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
spending_proof: {by: none}
points:
  bonus: {name: Бонусы, worth: "1.00", life: {days: 365}}
"""


def rules(text: str) -> str:
    """A rulebook whose automations are these."""
    return HEAD + "automations:\n" + "\n".join(f"  {line}" for line in text.strip("\n").split("\n")) + "\n"


def live(program_id: UUID, at: datetime = NOON) -> None:
    """What the worker does about events and deeds at this moment, until there is nothing left."""
    while handle_events(program_id=program_id, at=at) + do_due_deeds(program_id=program_id, at=at):
        pass


def happen(program_id: UUID, kind: EventKind, member_id: UUID | None, at: datetime = NOON, **facts: object) -> None:
    """Record an event as whoever owns it would."""
    subject = facts.pop("subject_id", None)
    with transaction.atomic():
        enter_program(program_id)
        record(program_id, kind, member_id=member_id, subject_id=subject, at=at, payload=json.dumps(facts))


def points(program_id: UUID, member_id: UUID, currency: str = "bonus") -> int:
    """What he can spend, less his debt."""
    with transaction.atomic():
        enter_program(program_id)
        found = Wallet.objects.of(program_id).filter(member_id=member_id, currency=currency)
        available, pending, debt = found.values_list("available", "pending", "debt").first() or (0, 0, 0)
        return available + pending - debt


def deeds(program_id: UUID) -> list[tuple[str, str, str, int]]:
    """Kind, rule, state and units of every deed, in the order of planning."""
    return rows(program_id, Deed, "kind", "rule", "state", "units")


def states(program_id: UUID) -> list[str]:
    return [state for _, _, state, _ in deeds(program_id)]


def told(program_id: UUID, kind: EventKind) -> list[dict]:
    """Payloads of the events of one kind."""
    return [json.loads(payload or "{}") for of, payload in rows(program_id, Event, "kind", "payload") if of == kind]


def change_member(program_id: UUID, member_id: UUID, **columns: object) -> None:
    with transaction.atomic():
        enter_program(program_id)
        Member.objects.of(program_id).filter(id=member_id).update(**columns)


def bring_back(program_id: UUID, purchase_id: UUID, number: str, lines: dict[int, int] | None, at: datetime) -> None:
    return_purchase(
        program_id=program_id, purchase_id=purchase_id, lines=lines, source="till:1", external_id=number, by=TILL_1,
        at=at,
    )  # fmt: skip
