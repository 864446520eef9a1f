"""Members for whom a moment has come: whose day it is, who has been quiet, whose points will expire.

To be called inside a transaction that entered the program. `members` filters rows of Member.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

from django.db.models import Min, Q
from django.db.models.lookups import In

from kopilka.data.models.automations import ProfileAnswer
from kopilka.data.models.ledger import Lot
from kopilka.data.models.members import Member, Profile
from kopilka.engine.moments import DAY, local_moment
from kopilka.queries.member_conditions.expressions import MonthDay
from kopilka.queries.member_conditions.facts import any_of

BIRTHDAY, ENROLMENT = "birthday", "enrolment"
ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class DayOf:
    """A day of somebody's: the member's own, or by an answer of his profile (`name`, `same`: see ProfileAnswer)."""

    member_id: UUID
    day: date
    name: str = ""
    same: int = 0


def who_celebrates(
    program_id: UUID, members: Q, of: str, days: Sequence[str], zone: tzinfo, *, before: date
) -> list[DayOf]:
    """Whose day `of` (birthday, enrolment or a question) is one of these of the year (MM-DD), in years `before`."""
    if of == ENROLMENT:
        ranges = _years(program_id, days, before)
        return _enrolled(program_id, members, ranges, zone)
    rows, column = _days(program_id, members, of)
    return _found(rows.filter(In(MonthDay(column), days), **{f"{column}__lt": before.replace(month=1, day=1)}), column)


def whose_day_was(program_id: UUID, members: Q, of: str, days: Sequence[date], zone: tzinfo) -> list[DayOf]:
    """Whose day `of` is one of these dates."""
    if of == ENROLMENT:
        return _enrolled(program_id, members, days, zone)
    rows, column = _days(program_id, members, of)
    return _found(rows.filter(**{f"{column}__in": list(days)}), column)


def who_bought_last(program_id: UUID, members: Q, after: datetime, until: datetime) -> list[tuple[UUID, datetime]]:
    """Members whose last purchase lies in [`after`, `until`], with its moment."""
    rows = _members(program_id, members).filter(last_purchase_at__gte=after, last_purchase_at__lte=until)
    return list(rows.order_by("id").values_list("id", "last_purchase_at"))


def whose_points_end(program_id: UUID, members: Q, after: datetime, until: datetime) -> list[tuple[UUID, datetime]]:
    """Members with points that expire in (`after`, `until`], each end once."""
    lots = Lot.objects.of(program_id).filter(remaining__gt=0, expires_at__gt=after, expires_at__lte=until)
    ids = _members(program_id, members).values("id")
    rows = lots.filter(wallet__member_id__in=ids).values_list("wallet__member_id", "expires_at")
    return sorted(set(rows))


def everybody(program_id: UUID, members: Q) -> list[UUID]:
    return list(_members(program_id, members).order_by("id").values_list("id", flat=True))


def _members(program_id: UUID, members: Q) -> Any:
    return Member.objects.of(program_id).filter(members, status=ACTIVE, role="")


def _days(program_id: UUID, members: Q, of: str) -> tuple[Any, str]:
    ids = _members(program_id, members).values("id")
    if of == BIRTHDAY:
        return Profile.objects.of(program_id).filter(member_id__in=ids), "birth_date"
    return ProfileAnswer.objects.of(program_id).filter(question=of, member_id__in=ids), "day"


def _found(rows: Any, column: str) -> list[DayOf]:
    named = ("name", "same") if column == "day" else ()
    found = rows.order_by("member_id").values_list("member_id", column, *named)
    return [DayOf(*row) for row in found]


def _years(program_id: UUID, days: Iterable[str], before: date) -> list[date]:
    """These days of every year since the first member came."""
    first = Member.objects.of(program_id).aggregate(first=Min("enrolled_at"))["first"]
    if first is None:
        return []
    found = []
    for year in range(first.year - 1, before.year):
        for text in days:
            month, day = map(int, text.split("-"))
            try:
                found.append(date(year, month, day))
            except ValueError:  # 29 February
                continue
    return found


def _enrolled(program_id: UUID, members: Q, days: Iterable[date], zone: tzinfo) -> list[DayOf]:
    found = []
    spans = [(local_moment(day, 0, zone), local_moment(day + DAY, 0, zone)) for day in days]
    rows = _members(program_id, members)
    asked = any_of(Q(enrolled_at__gte=start, enrolled_at__lt=end) for start, end in spans)
    for member_id, at in rows.filter(asked).order_by("id").values_list("id", "enrolled_at"):
        found.append(DayOf(member_id, at.astimezone(zone).date()))
    return found
