"""What an import has come to, asked of the books themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, Sum

from kopilka.data.models.ledger import Lot, Operation, Wallet
from kopilka.data.models.purchases import Purchase, Return
from kopilka.queries.scope import reading

KEYS_AT_ONCE = 500


def members_of_source(program_id: UUID, source: str) -> int:
    """How many members bought or brought back something in receipts of this source."""
    with reading(program_id):
        bought = Purchase.objects.of(program_id).filter(source=source, member__isnull=False)
        returned = Return.objects.of(program_id).filter(source=source, member__isnull=False)
        members = bought.order_by().values_list("member_id").union(returned.order_by().values_list("member_id"))
        return members.count()


def outstanding_points(program_id: UUID) -> dict[str, int]:
    """What all members of the program hold less what they owe, smallest units by currency."""
    held = F("available") + F("pending") + F("held") - F("debt")
    with reading(program_id):
        rows = Wallet.objects.of(program_id).order_by().values("currency").annotate(units=Sum(held))
        return {row["currency"]: row["units"] for row in rows}


def outstanding_of(program_id: UUID, currency: str) -> int:
    return outstanding_points(program_id).get(currency, 0)


def booked_keys(program_id: UUID, owner: UUID, keys: Iterable[str]) -> set[str]:
    """Which of these keys of one owner an operation bears already."""
    wanted = list(keys)
    found: set[str] = set()
    with reading(program_id):
        operations = Operation.objects.of(program_id).filter(key_owner=owner)
        for start in range(0, len(wanted), KEYS_AT_ONCE):
            some = wanted[start : start + KEYS_AT_ONCE]
            found.update(operations.filter(key__in=some).values_list("key", flat=True))
    return found


def ended_points(program_id: UUID, at: datetime) -> dict[str, int]:
    """Units of lots whose life is over at this moment and that have not been expired in the books yet."""
    with reading(program_id):
        rows = (
            Lot.objects.of(program_id)
            .filter(remaining__gt=0, expires_at__lte=at)
            .order_by()
            .values("wallet__currency")
            .annotate(units=Sum("remaining"))
        )
        return {row["wallet__currency"]: row["units"] for row in rows}
