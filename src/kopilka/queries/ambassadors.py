"""Who recommends most: the members somebody brought, and what they bought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from kopilka.data.models.members import Identifier, Member, Profile
from kopilka.data.models.purchases import Purchase
from kopilka.queries.club import between
from kopilka.queries.scope import reading

RANKS = ("brought", "buyers", "revenue")
RANK_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Ambassador:
    """A member with those he brought in a period: how many, of them buyers, what they paid less returns (minor)."""

    member_id: UUID
    name: str
    phone: str
    tier: str
    brought: int
    buyers: int
    receipts: int
    revenue_minor: int


def rank_ambassadors(
    program_id: UUID, *, since: datetime | None, until: datetime | None, rank: str, limit: int
) -> list[Ambassador]:
    """The first `limit` by `rank`, then by their ids. Counted are members who enrolled in [since, until), and their
    purchases in it."""
    with reading(program_id):
        came = Member.objects.of(program_id).filter(inviter__isnull=False)
        for name, bound in (("gte", since), ("lt", until)):
            if bound is not None:
                came = came.filter(**{f"enrolled_at__{name}": bound})
        brought = dict(
            came.order_by().values("inviter_id").annotate(counted=Count("pk")).values_list("inviter_id", "counted")
        )
        bought = _bought(program_id, since, until)
        rows = [(member_id, count, *bought.get(member_id, (0, 0, 0))) for member_id, count in brought.items()]
        place = 1 + RANKS.index(rank) + (rank == "revenue")
        rows.sort(key=lambda row: (-row[place], row[0]))
        return _named(program_id, rows[: max(1, min(limit, RANK_MAX))])


def _bought(program_id: UUID, since: datetime | None, until: datetime | None) -> dict[UUID, tuple[int, int, int]]:
    """By inviter: buyers, receipts, revenue."""
    rows = Purchase.objects.of(program_id).filter(
        ~Q(paid_minor__gt=0, returned_minor=F("paid_minor")), state="confirmed", member__inviter__isnull=False
    )
    rows = between(rows, since, until)
    if since is not None:
        rows = rows.filter(member__enrolled_at__gte=since)
    summed = rows.order_by().values("member__inviter_id").annotate(
        buyers=Count("member", distinct=True), receipts=Count("pk"), money=Sum(F("paid_minor") - F("returned_minor"))
    )  # fmt: skip
    names = ("member__inviter_id", "buyers", "receipts", "money")
    return {inviter: (buyers, receipts, money) for inviter, buyers, receipts, money in summed.values_list(*names)}


def _named(program_id: UUID, rows: list[tuple[UUID, int, int, int, int]]) -> list[Ambassador]:
    ids = [row[0] for row in rows]
    tiers = dict(Member.objects.of(program_id).filter(id__in=ids).values_list("id", "tier"))
    names = dict(Profile.objects.of(program_id).filter(member_id__in=ids).values_list("member_id", "name"))
    known = Identifier.objects.of(program_id).filter(member_id__in=ids, kind="phone")
    phones = dict(known.values_list("member_id", "value"))
    return [
        Ambassador(
            member_id, names.get(member_id, ""), phones.get(member_id, ""), tiers.get(member_id, ""), brought, buyers,
            receipts, revenue,
        )
        for member_id, brought, buyers, receipts, revenue in rows
    ]  # fmt: skip
