"""What tiers count, read from the books: a member's purchases in short, his largest, the points he was ever given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Max, Sum

from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.query import Query, Step
from kopilka.bookkeeping.kernel.rows import ColumnKind
from kopilka.data.models.ledger import Draw, Lot
from kopilka.data.models.purchases import Purchase
from kopilka.engine.standing import Bought, Standing
from kopilka.engine.tiering.ready import Ready

# One range of the index (member, at) for each member.
_BOUGHT = Query(
    "p.member_id, p.at, p.paid_minor - p.returned_minor, p.net_minor - p.returned_minor, p.is_back",
    takes=(("member_id", ColumnKind.UUID), ("since", ColumnKind.TIME)),
    steps=(
        Step(
            "p",
            "kopilka_purchase",
            "p.member_id = given.member_id AND p.at >= given.since AND p.state = 'confirmed'",
        ),
    ),
    gives=(ColumnKind.UUID, ColumnKind.TIME, ColumnKind.INTEGER, ColumnKind.INTEGER, ColumnKind.FLAG),
    order_by="p.at",
)


def read_histories(program_id: UUID, ready: Ready, standings: Mapping[UUID, Standing], at: datetime) -> None:
    """Put into these standings what the tiers of the rulebook count at moments from `at` on."""
    read_since(program_id, ready, standings, dict.fromkeys(standings, ready.looks_back_to(at)))


def read_since(
    program_id: UUID, ready: Ready, standings: Mapping[UUID, Standing], since: Mapping[UUID, datetime]
) -> None:
    """The same, purchase by purchase since a moment of each member's own."""
    if not standings:
        return
    if ready.asks_bought or ready.is_timed:
        _read_bought(program_id, standings, since)
    if ready.asks_largest:
        _read_largest(program_id, standings, since)
    if ready.asks_earned:
        _read_earned(program_id, standings)


def _read_bought(program_id: UUID, standings: Mapping[UUID, Standing], since: Mapping[UUID, datetime]) -> None:
    ids = list(standings)
    for standing in standings.values():
        standing.bought = []
    for member_id, *columns in store.ask(_BOUGHT, program_id, ids, [since[one] for one in ids]).fetchall():
        standings[member_id].bought.append(_bought(columns))


def _bought(columns: list[Any]) -> Bought:
    at, paid, net, is_back = columns
    return Bought(at, paid, net, not is_back)


def _read_largest(program_id: UUID, standings: Mapping[UUID, Standing], since: Mapping[UUID, datetime]) -> None:
    """Of purchases that were not read one by one."""
    rows = _confirmed(program_id, standings).filter(is_back=False).order_by()
    by_since: dict[datetime | None, list[UUID]] = {}
    for member_id, standing in standings.items():
        by_since.setdefault(since[member_id] if standing.bought else None, []).append(member_id)
    for moment, members in by_since.items():
        some = rows.filter(member_id__in=members)
        some = some if moment is None else some.filter(at__lt=moment)
        largest = some.values("member_id").annotate(largest=Max(F("net_minor") - F("returned_minor")))
        found = dict(largest.values_list("member_id", "largest"))
        for member_id in members:
            standings[member_id].largest = found.get(member_id, 0)


def _read_earned(program_id: UUID, standings: Mapping[UUID, Standing]) -> None:
    """Everything given in lots, but for those given back after their life, less what returns took back."""
    lots = Lot.objects.of(program_id).filter(wallet__member_id__in=list(standings), grace=False).order_by()
    for standing in standings.values():
        standing.earned = {}
    given = lots.values("wallet__member_id", "wallet__currency").annotate(units=Sum("amount"))
    for member_id, currency, units in given.values_list("wallet__member_id", "wallet__currency", "units"):
        standings[member_id].earned[currency] = units
    taken = Draw.objects.of(program_id).filter(
        lot__wallet__member_id__in=list(standings), lot__grace=False, operation__kind="return", units__gt=0
    )
    back = taken.order_by().values("lot__wallet__member_id", "lot__wallet__currency").annotate(total=Sum("units"))
    columns = ("lot__wallet__member_id", "lot__wallet__currency", "total")
    for member_id, currency, units in back.values_list(*columns):
        standings[member_id].earned[currency] -= units


def _confirmed(program_id: UUID, members: Iterable[UUID]) -> Any:
    return Purchase.objects.of(program_id).filter(member_id__in=list(members), state="confirmed")
