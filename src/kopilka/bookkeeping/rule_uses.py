"""Counters of rules that are bounded: locked, read and added to, in the order of their keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import connection
from django.db.models import F, Sum

from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.data.ids import new_id
from kopilka.data.models.rulebooks import RuleUse

USES, UNITS, MINOR = "rule", "rule_units", "rule_minor"

Key = tuple[str, str]
"""Kind and code of a counter for everybody."""


def lock_uses(program_id: UUID, keys: Iterable[Key]) -> dict[Key, int]:
    """These counters as they stand, made where they are missing; locked after the member until the end."""
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    with store.together():
        store.insert_missing_counters(program_id, [(new_id(), kind, code, None) for kind, code in wanted])
    found: dict[Key, int] = {}
    for kind, code in wanted:
        rows = RuleUse.objects.of(program_id).filter(kind=kind, code=code, member__isnull=True)
        if locks_are_on() and connection.vendor == "postgresql":
            rows = rows.select_for_update()
        found[kind, code] = rows.values_list("used", flat=True)[0]
    return found


def add_uses(program_id: UUID, added: Mapping[Key, int]) -> None:
    """Add to locked counters (negative: give back)."""
    for (kind, code), count in sorted(added.items()):
        if count:
            RuleUse.objects.of(program_id).filter(kind=kind, code=code, member__isnull=True).update(
                used=F("used") + count
            )


def used_since(program_id: UUID, kind: str, rule: str, first_day: str) -> int:
    """What a rule has used by the counters of its days from `first_day` (YYYY-MM-DD) on."""
    rows = RuleUse.objects.of(program_id).filter(kind=kind, code__startswith=f"{rule}@", member__isnull=True)
    rows = rows.filter(code__gte=f"{rule}@{first_day}")
    return int(rows.aggregate(sum=Sum("used"))["sum"] or 0)


def day_code(rule: str, day: object) -> str:
    """The code of the counter of one local day."""
    return f"{rule}@{day}"
