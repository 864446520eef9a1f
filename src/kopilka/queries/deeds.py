"""What rules gave by deeds, read from end to end for a check of the books; inside `books.snapshot`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery

from kopilka.data.models.deeds import Deed
from kopilka.data.models.events import Event
from kopilka.data.models.ledger import Lot, Operation
from kopilka.data.models.purchases import Purchase
from kopilka.data.models.shares import ShareState

Row = tuple[Any, ...]

CHUNK = 500
SHARES = ("shares_decided", "shares_returned")


def shares_of_purchases(program_id: UUID) -> Iterator[Row]:
    """(share, rule, to, level, currency, units, taken, its lots, is more to come, decision, what returns have undone).

    In the order of purchases. More comes while a deed or an event of the purchase waits; None for an unknown purchase.
    """
    purchase = Purchase.objects.of(program_id).filter(id=OuterRef("purchase_id"))
    deed = Deed.objects.of(program_id).filter(kind="share", subject=OuterRef("purchase_id"), state="due")
    event = Event.objects.of(program_id).filter(
        kind__in=SHARES, subject_id=OuterRef("purchase_id"), handled_at__isnull=True
    )
    rows = ShareState.objects.of(program_id).annotate(
        waits=Exists(deed) | Exists(event),
        decision=Subquery(purchase.values("decision")[:1]),
        undone=Subquery(purchase.values("returned")[:1]),
    )
    columns = ("rule", "to", "level", "currency", "units", "taken", "lots", "waits", "decision", "undone")
    yield from rows.order_by("purchase_id", "id").values_list("id", *columns).iterator(chunk_size=CHUNK)


def amounts_of_lots(program_id: UUID, lot_ids: list[str]) -> int:
    """Units these lots were made with, of those that are there."""
    return sum(Lot.objects.of(program_id).filter(id__in=lot_ids).values_list("amount", flat=True))


def shares_not_posted(program_id: UUID) -> Iterator[Row]:
    """(deed, purchase, rule) of deeds that gave a share of which nothing is kept."""
    state = ShareState.objects.of(program_id).filter(
        purchase_id=OuterRef("subject"), rule=OuterRef("rule"), member_id=OuterRef("member_id")
    )
    rows = Deed.objects.of(program_id).filter(~Exists(state), kind="share", state="done")
    yield from rows.order_by("id").values_list("id", "subject", "rule").iterator(chunk_size=CHUNK)


def deeds_without_operation(program_id: UUID) -> Iterator[Row]:
    """(deed, rule, units, operation) done, that gave points or name an operation, where there is none of theirs."""
    operation = Operation.objects.of(program_id).filter(id=OuterRef("operation_id"), subject_id=OuterRef("id"))
    rows = Deed.objects.of(program_id).filter(Q(units__gt=0) | Q(operation_id__isnull=False), state="done")
    rows = rows.exclude(Exists(operation))
    yield from rows.order_by("id").values_list("id", "rule", "units", "operation_id").iterator(chunk_size=CHUNK)


def deeds_not_done(program_id: UUID) -> Iterator[Row]:
    """(deed, rule, state) of deeds that have an operation although they say that they were not done.

    One that ended with nothing may have given and taken the same.
    """
    rows = Deed.objects.of(program_id).filter(operation_id__isnull=False).exclude(state__in=("done", "nothing"))
    yield from rows.order_by("id").values_list("id", "rule", "state").iterator(chunk_size=CHUNK)
