"""The rows of returns: finding what was booked, locking, writing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from kopilka.bookkeeping.documents import from_text, to_text
from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.bookkeeping.returning.requests import ReturnDocument, ReturnResult
from kopilka.bookkeeping.returning.shelf import Shelf
from kopilka.data.models.ledger import Operation
from kopilka.data.models.members import Member
from kopilka.data.models.purchases import Purchase, Return
from kopilka.engine.standing import Standing


@dataclass(slots=True)
class ReturnRow:
    """A return about to be written; its operation bears its id."""

    id: UUID
    member_id: UUID | None
    purchase_id: UUID | None
    source: str
    external_id: str
    fingerprint: bytes
    at: datetime
    recorded_at: datetime
    refund_minor: int
    document: ReturnDocument


def owners_of(program_id: UUID, purchase_ids: Iterable[UUID]) -> dict[UUID, UUID | None]:
    """The members of these purchases (None: anonymous); unknown purchases are absent."""
    rows = Purchase.objects.of(program_id).filter(id__in=set(purchase_ids))
    return dict(rows.values_list("id", "member_id"))


def existing_members(program_id: UUID, member_ids: Iterable[UUID]) -> set[UUID]:
    return set(Member.objects.of(program_id).filter(id__in=set(member_ids)).values_list("id", flat=True))


def lock_anonymous(program_id: UUID, purchase_ids: Iterable[UUID]) -> None:
    """Lock purchases that have no member to lock instead, in the order of their ids."""
    rows = Purchase.objects.of(program_id).filter(id__in=set(purchase_ids), member=None).order_by("id")
    if locks_are_on():
        rows = rows.select_for_update()
    list(rows.values_list("id", flat=True))


def booked_numbers(program_id: UUID, numbers: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these (source, external id) stand for a return already."""
    of_source: dict[str, list[str]] = {}
    for source, external_id in numbers:
        of_source.setdefault(source, []).append(external_id)
    returns = Return.objects.of(program_id)
    return {
        (source, found)
        for source, wanted in of_source.items()
        for found in returns.filter(source=source, external_id__in=wanted).values_list("external_id", flat=True)
    }


def find_return(program_id: UUID, **which: object) -> tuple[bytes, ReturnResult] | None:
    """A booked return with the fingerprint of what was asked: by `id`, or by `source` and `external_id`."""
    row = Return.objects.of(program_id).filter(**which).first()
    if row is None:
        return None
    operation = Operation.objects.of(program_id).get(id=row.id)
    document = from_text(row.document, ReturnDocument)
    return bytes(row.fingerprint), ReturnResult(
        row.id, row.purchase_id, row.member_id, row.source, row.external_id, row.at, row.recorded_at,
        row.refund_minor, document.decisions, document.unmatched, document.balances,
        operation.language, operation.status, replayed=True,
    )  # fmt: skip


def write_returns(program_id: UUID, rows: Sequence[ReturnRow], shelf: Shelf, standings: Iterable[Standing]) -> None:
    """Write returns, what they changed of their purchases, and the members' counters and tiers."""
    changed = [(one.id, to_text(one.sold.returned), one.returned_minor, one.is_back) for one in shelf.changed()]
    with store.together():
        store.insert(_RETURNS, program_id, [_row(one) for one in rows])
        store.update(_PURCHASES, program_id, changed)
        store.update(_MEMBERS, program_id, [_counts(one) for one in standings])


_RETURNS = Rows(
    Return, "id", "member_id", "purchase_id", "source", "external_id", "fingerprint", "at", "recorded_at",
    "refund_minor", "document",
)  # fmt: skip
_PURCHASES = Rows(Purchase, "id", "returned", "returned_minor", "is_back")
_MEMBERS = Rows(
    Member, "id", "spent_minor", "purchases", "last_purchase_minor", "last_purchase_at", "tier", "tier_since"
)


def _counts(one: Standing) -> tuple[Any, ...]:
    return (
        one.member_id, one.spent, one.purchases, one.last_purchase_minor, one.last_purchase_at, one.tier,
        one.tier_since,
    )  # fmt: skip


def _row(one: ReturnRow) -> tuple[Any, ...]:
    return (
        one.id, one.member_id, one.purchase_id, one.source, one.external_id, one.fingerprint, one.at, one.recorded_at,
        one.refund_minor, to_text(one.document),
    )  # fmt: skip
