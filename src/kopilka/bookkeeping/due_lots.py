"""Finding what is due at a moment: lots to begin or end, holds that have lived, quotes and codes nobody needs."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

from django.db.models import Q

from kopilka.data.models.card import LiveCodeUse
from kopilka.data.models.holds import Hold
from kopilka.data.models.ledger import Lot, Wallet
from kopilka.data.models.members import MemberCode
from kopilka.data.models.purchases import Quote
from kopilka.engine.period import Life


def members_with_starting_lots(program_id: UUID, at: datetime, limit: int) -> list[UUID]:
    return _members(Lot.objects.of(program_id).filter(active=False, starts_at__lte=at, remaining__gt=0), limit)


def members_with_ending_lots(program_id: UUID, at: datetime, limit: int, since: datetime | None) -> list[UUID]:
    """`since`: lots that ended before were settled by an earlier run; looking at all the past costs a long scan."""
    due = Lot.objects.of(program_id).filter(expires_at__lte=at, remaining__gt=0)
    return _members(due if since is None else due.filter(expires_at__gt=since), limit)


def began_before(silence: Life, at: datetime, zone: tzinfo) -> datetime:
    """A silence that lasts at `at` for so long has begun before this moment (months as the calendar has them)."""
    local = at.astimezone(zone)
    year, month = divmod(local.year * 12 + local.month - 1 - silence.months, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day) - timedelta(days=silence.days, hours=silence.hours)


def idle_members(program_id: UUID, currency: str, quiet_since: datetime, limit: int) -> list[UUID]:
    """Members with points of this currency whose last purchase (or enrolment) was before, in the order of ids."""
    wallets = Wallet.objects.of(program_id).filter(currency=currency, available__gt=0)
    never = Q(member__last_purchase_at__isnull=True, member__enrolled_at__lt=quiet_since)
    found = wallets.filter(Q(member__last_purchase_at__lt=quiet_since) | never).order_by("member_id")
    return list(found.values_list("member_id", flat=True)[:limit])


def activate_empty_lots(program_id: UUID, at: datetime) -> int:
    """Pending lots of which everything was taken back have nothing to post; they only must not be found again."""
    return int(Lot.objects.of(program_id).filter(active=False, starts_at__lte=at, remaining=0).update(active=True))


def due_holds(program_id: UUID, at: datetime, limit: int) -> list[tuple[UUID, UUID | None]]:
    """Open holds whose life is over, with the purchase each belongs to, the oldest first."""
    due = Hold.objects.of(program_id).filter(state="open", expires_at__lte=at).order_by("expires_at", "id")
    return list(due.values_list("id", "purchase_id")[:limit])


def delete_quotes(program_id: UUID, before: datetime, limit: int) -> int:
    return _delete(Quote.objects.of(program_id).filter(expires_at__lte=before), Quote, program_id, limit)


def delete_codes(program_id: UUID, before: datetime, limit: int) -> int:
    """Codes that can no longer be used and no longer count against a limit on new ones."""
    due = MemberCode.objects.of(program_id).filter(Q(expires_at__lte=before), Q(created_at__lte=before))
    return _delete(due, MemberCode, program_id, limit)


def delete_code_uses(program_id: UUID, before: datetime, limit: int) -> int:
    """Rotating codes shown so long ago that nobody repeats the request they came with."""
    return _delete(LiveCodeUse.objects.of(program_id).filter(at__lte=before), LiveCodeUse, program_id, limit)


def _members(due: Any, limit: int) -> list[UUID]:
    """Members of the first due lots, in the order of their ids (the order of locking)."""
    found: Iterable[UUID] = due.values_list("wallet__member_id", flat=True)[:limit]
    return sorted(set(found))


def _delete(due: Any, model: Any, program_id: UUID, limit: int) -> int:
    ids = list(due.values_list("id", flat=True)[:limit])
    return int(model.objects.of(program_id).filter(id__in=ids).delete()[0]) if ids else 0
