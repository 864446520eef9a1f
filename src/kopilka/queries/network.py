"""Whom a member brought, whom those brought, and so on: totals by level, and the people of one level (S4.25).

Levels are joins over the inviter, each by an index of the program, so a network of a million takes seconds at most.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, Sum

from kopilka.data.models.members import Member, Profile
from kopilka.data.models.shares import ShareState
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.scope import reading

PAGE_MAX = 200


@dataclass(frozen=True, slots=True)
class NetworkLevel:
    """One level below a member: how many, how many of them have bought, what they paid, what it brought him.

    Money in minor units, less returns; `rewards` in smallest units by points currency, less what was taken back.
    """

    level: int
    members: int
    buyers: int
    turnover_minor: int
    rewards: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NetworkMember:
    """Somebody of the network and whom he was invited by."""

    member_id: UUID
    inviter_id: UUID
    name: str
    enrolled_at: datetime
    referrals: int
    purchases: int
    spent_minor: int


def network_of_member(program_id: UUID, member_id: UUID, levels: int) -> list[NetworkLevel]:
    """Every level down to `levels`, or to the first that is empty; `not_found`."""
    with reading(program_id):
        _must_exist(program_id, member_id)
        rewards = _rewards(program_id, member_id)
        found: list[NetworkLevel] = []
        for level in range(1, levels + 1):
            told = _below(program_id, member_id, level).aggregate(
                members=Count("id"), buyers=Count("id", filter=Q(purchases__gt=0)), turnover=Sum("spent_minor")
            )
            if not told["members"]:
                break
            found.append(
                NetworkLevel(level, told["members"], told["buyers"], told["turnover"] or 0, rewards.get(level, {}))
            )
    return found


def members_of_level(
    program_id: UUID, member_id: UUID, level: int, *, after: UUID | None = None, limit: int = 50
) -> tuple[tuple[NetworkMember, ...], UUID | None]:
    """A page of one level in the order of ids; where the next begins, None when there is none."""
    limit = max(1, min(limit, PAGE_MAX))
    with reading(program_id):
        _must_exist(program_id, member_id)
        rows = _below(program_id, member_id, level)
        if after is not None:
            rows = rows.filter(id__gt=after)
        found = list(rows.order_by("id")[: limit + 1])
        page = found[:limit]
        named = Profile.objects.of(program_id).filter(member_id__in=[row.id for row in page])
        names = dict(named.values_list("member_id", "name"))
    told = tuple(
        NetworkMember(
            row.id,
            row.inviter_id,
            names.get(row.id, ""),
            row.enrolled_at,
            row.referrals,
            row.purchases,
            row.spent_minor,
        )
        for row in page
    )
    return told, told[-1].member_id if len(found) > limit else None


def _below(program_id: UUID, member_id: UUID, level: int) -> Any:
    """Each step names the program, so that the index by inviter leads from one level to the next."""
    path = "__".join(["inviter"] * level)
    steps = {f"{'__'.join(['inviter'] * depth)}__program_id": program_id for depth in range(1, level)}
    return Member.objects.of(program_id).filter(**{f"{path}_id": member_id}, **steps)


def _rewards(program_id: UUID, member_id: UUID) -> dict[int, dict[str, int]]:
    rows = ShareState.objects.of(program_id).filter(member_id=member_id, to="inviter").values("level", "currency")
    found: dict[int, dict[str, int]] = {}
    for level, currency, units in rows.annotate(left=Sum(F("units") - F("taken"))).values_list(
        "level", "currency", "left"
    ):
        found.setdefault(level, {})[currency] = units
    return found


def _must_exist(program_id: UUID, member_id: UUID) -> None:
    if not Member.objects.of(program_id).filter(id=member_id).exists():
        raise Refusal(Code.NOT_FOUND, what="member")
