"""Gift certificates as a till and the office see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from kopilka.data.models.certificates import Certificate, CertificateEntry
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading


@dataclass(frozen=True, slots=True)
class CertificateView:
    """Money in minor units. `state`: active, blocked, closed, expired. `line` of the purchase that sold it."""

    id: UUID
    number: str
    kind: str
    state: str
    asks_pin: bool
    balance_minor: int
    held_minor: int
    issued_at: datetime
    valid_until: datetime | None
    purchase_id: UUID | None
    line: int | None


@dataclass(frozen=True, slots=True)
class CertificateMove:
    """What came onto the certificate (positive) or left it, by `kind`."""

    kind: str
    minor: int
    subject_id: UUID | None
    at: datetime
    reason: str


def certificate_by_number(program_id: UUID, number: str, *, at: datetime) -> CertificateView:
    """`number` is normalised; `not_found` for one that nobody has sold."""
    with reading(program_id):
        row = Certificate.objects.of(program_id).filter(number=number).values_list(*_COLUMNS).first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="certificate")
    return _view(row, at)


def certificates_of_purchase(program_id: UUID, purchase_id: UUID, *, at: datetime) -> list[CertificateView]:
    """Those a purchase has sold, by line."""
    rows = Certificate.objects.of(program_id).filter(purchase_id=purchase_id).order_by("line", "number")
    with reading(program_id):
        return [_view(row, at) for row in rows.values_list(*_COLUMNS)]


def moves_of_certificate(program_id: UUID, certificate_id: UUID) -> list[CertificateMove]:
    """All that changed its balance, the eldest first."""
    rows = CertificateEntry.objects.of(program_id).filter(certificate_id=certificate_id, account="balance")
    with reading(program_id):
        found = rows.order_by("id").values_list("kind", "minor", "subject_id", "at", "reason")
        return [CertificateMove(*row) for row in found]


def uneven_operations(program_id: UUID) -> Iterator[tuple[Any, ...]]:
    """Operations of certificates whose entries do not sum to zero, with their sums."""
    rows = CertificateEntry.objects.of(program_id).values("operation").annotate(total=Sum("minor"))
    yield from rows.exclude(total=0).values_list("operation", "total").iterator()


def certificates_unlike_their_entries(program_id: UUID) -> Iterator[tuple[Any, ...]]:
    """Certificates whose row is not the sum of its entries: id, balance and held of the row, then of the entries."""
    sums = {account: Sum("minor", filter=Q(account=account), default=0) for account in ("balance", "held")}
    entries = CertificateEntry.objects.of(program_id).values("certificate_id").annotate(**sums)
    known = {row[0]: row[1:] for row in entries.values_list("certificate_id", "balance", "held").iterator()}
    rows = Certificate.objects.of(program_id).values_list("id", "balance_minor", "held_minor")
    for certificate_id, balance, held in rows.iterator():
        summed = known.get(certificate_id, (0, 0))
        if summed != (balance, held):
            yield certificate_id, balance, held, *summed


_COLUMNS = (
    "id", "number", "kind", "state", "asks_pin", "balance_minor", "held_minor", "issued_at", "valid_until",
    "purchase_id", "line",
)  # fmt: skip


def _view(row: tuple[Any, ...], at: datetime) -> CertificateView:
    view = CertificateView(*row)
    if view.state != "active" or view.valid_until is None or view.valid_until > at:
        return view
    return CertificateView(*(*row[:3], "expired", *row[4:]))
