"""Whom a member brought, and what each of them has brought him, as he himself may see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import F, Sum

from kopilka.data.models.deeds import Deed
from kopilka.data.models.members import Identifier, Member, Profile
from kopilka.data.models.purchases import Purchase
from kopilka.data.models.shares import ShareState
from kopilka.queries.scope import reading
from kopilka.wording.masking import masked_name

PAGE_MAX = 100
TO_HIM = ("automation", "pass_on")


@dataclass(frozen=True, slots=True)
class FriendView:
    """`name` is his first name and the first letters of the rest; `brought` units by currency, less returns."""

    member_id: UUID
    name: str
    came_at: datetime
    has_bought: bool
    brought: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FriendsPage:
    """The last who came first. `came` and `brought` in all; `after`: where the next page begins, None: nowhere."""

    friends: tuple[FriendView, ...]
    came: int
    brought: dict[str, int]
    after: UUID | None


def code_of(program_id: UUID, member_id: UUID) -> str:
    """His code for friends; empty until he has asked for one."""
    with reading(program_id):
        rows = Identifier.objects.of(program_id).filter(member_id=member_id, kind="referral", owner=None)
        return rows.values_list("value", flat=True).first() or ""


def friends_of(program_id: UUID, member_id: UUID, *, after: UUID | None = None, limit: int = 20) -> FriendsPage:
    limit = max(1, min(limit, PAGE_MAX))
    with reading(program_id):
        mine = Member.objects.of(program_id).filter(inviter_id=member_id)
        came = mine.count()
        rows = mine.filter(id__lt=after) if after is not None else mine
        found = list(rows.order_by("-id")[: limit + 1])
        page = [row.id for row in found[:limit]]
        named = Profile.objects.of(program_id).filter(member_id__in=page)
        names = dict(named.values_list("member_id", "name"))
        each = _brought(program_id, member_id, page)
        total = _brought_in_all(program_id, member_id)
    friends = tuple(
        FriendView(row.id, masked_name(names.get(row.id, "")), row.enrolled_at, row.purchases > 0, each.get(row.id, {}))
        for row in found[:limit]
    )
    return FriendsPage(friends, came, total, page[-1] if len(found) > limit else None)


def _brought(program_id: UUID, member_id: UUID, friends: list[UUID]) -> dict[UUID, dict[str, int]]:
    """By friend and currency: what rules gave because of him, and shares of what he bought."""
    found: dict[UUID, dict[str, int]] = {}
    deeds = Deed.objects.of(program_id).filter(
        member_id=member_id, kind__in=TO_HIM, state="done", units__gt=0, about__in=friends
    )
    for about, currency, units in deeds.values_list("about", "currency").annotate(sum=Sum("units")):
        _add(found.setdefault(about, {}), currency, units)
    bought = dict(Purchase.objects.of(program_id).filter(member_id__in=friends).values_list("id", "member_id"))
    shares = ShareState.objects.of(program_id).filter(
        member_id=member_id, to="inviter", level=1, purchase_id__in=list(bought)
    )
    for purchase, currency, units, taken in shares.values_list("purchase_id", "currency", "units", "taken"):
        _add(found.setdefault(bought[purchase], {}), currency, units - taken)
    return found


def _brought_in_all(program_id: UUID, member_id: UUID) -> dict[str, int]:
    found: dict[str, int] = {}
    deeds = Deed.objects.of(program_id).filter(member_id=member_id, kind__in=TO_HIM, state="done", units__gt=0)
    others = deeds.filter(about__isnull=False).exclude(about=member_id)
    for currency, units in others.values_list("currency").annotate(sum=Sum("units")):
        _add(found, currency, units)
    shares = ShareState.objects.of(program_id).filter(member_id=member_id, to="inviter").values_list("currency")
    for currency, units in shares.annotate(sum=Sum(F("units") - F("taken"))):
        _add(found, currency, units)
    return found


def _add(sums: dict[str, int], currency: str, units: int) -> None:
    if units:
        sums[currency] = sums.get(currency, 0) + units
