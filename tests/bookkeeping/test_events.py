"""Events are written with their cause."""

from uuid import UUID

import pytest
from django.db import transaction

from kopilka.bookkeeping.events import EventKind, record
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.events import Event
from tests.factories import NOON, make_program
from tests.tills import rows

pytestmark = pytest.mark.django_db(transaction=True)

SUBJECT = UUID(int=5)


def test_event_is_recorded_unhandled():
    program = make_program()

    with transaction.atomic():
        enter_program(program.id)
        record(program.id, EventKind.PURCHASE_CONFIRMED, member_id=None, subject_id=SUBJECT, at=NOON, payload="{}")

    assert rows(program.id, Event, "kind", "member_id", "subject_id", "payload", "at", "handled_at")[-1] == (
        "purchase_confirmed", None, SUBJECT, "{}", NOON, None,
    )  # fmt: skip


def record_and_fail(program):
    with transaction.atomic():
        enter_program(program.id)
        record(program.id, EventKind.PURCHASE_CONFIRMED, member_id=None, subject_id=SUBJECT, at=NOON)
        raise ZeroDivisionError


def test_event_goes_with_a_cause_that_was_rolled_back():
    program = make_program()
    before = rows(program.id, Event, "id")

    with pytest.raises(ZeroDivisionError):
        record_and_fail(program)

    assert rows(program.id, Event, "id") == before
