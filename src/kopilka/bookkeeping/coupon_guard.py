"""Against guessing of codes: whoever names too many unknown words within a stretch of time is told to wait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min, Sum

from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.data.ids import new_id
from kopilka.data.models.coupons import WordMiss
from kopilka.engine.actor import Actor, ActorKind
from kopilka.engine.refusal import Code, Refusal

MISSES_MAX = 30
WITHIN = timedelta(minutes=10)
MISSES_OF_MEMBER_MAX = 10
WITHIN_OF_MEMBER = timedelta(hours=1)
"""Somebody at home names fewer words than a till does."""

_MISSES = Rows(WordMiss, "id", "asker", "at", "misses")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who names words, and when by the server's clock. A key of a till is that till, wherever the key goes."""

    who: str
    at: datetime
    misses_max: int = MISSES_MAX
    within: timedelta = WITHIN


def asker_of(by: Actor, at: datetime) -> Asker | None:
    """None for the system and imports, who need not guess."""
    if by.till:
        return Asker(f"till:{by.till}", at)
    if by.id and by.kind is ActorKind.MEMBER:
        return Asker(f"member:{by.id}", at, MISSES_OF_MEMBER_MAX, WITHIN_OF_MEMBER)
    return Asker(f"key:{by.id}", at) if by.id else None


def must_not_guess(program_id: UUID, asker: Asker | None) -> None:
    """`too_many_codes` (retry_after_seconds) when this asker has named too many unknown words lately."""
    if asker is None:
        return
    lately = WordMiss.objects.of(program_id).filter(asker=asker.who, at__gt=asker.at - asker.within)
    found = lately.aggregate(misses=Sum("misses"), first=Min("at"))
    if (found["misses"] or 0) >= asker.misses_max:
        wait = found["first"] + asker.within - asker.at
        raise Refusal(Code.TOO_MANY_CODES, retry_after_seconds=max(1, int(wait.total_seconds()) + 1))


def note_misses(program_id: UUID, misses: Sequence[tuple[Asker, int]]) -> None:
    """Write down how many unknown words were named; inside a transaction that entered the program."""
    with store.together():
        store.insert(_MISSES, program_id, [(new_id(), asker.who, asker.at, count) for asker, count in misses])


def forget_misses(program_id: UUID, *, at: datetime) -> int:
    """Delete those that count no more; how many rows."""
    return int(WordMiss.objects.of(program_id).filter(at__lte=at - WITHIN).delete()[0])
