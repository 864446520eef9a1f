"""A birthday is told once and changed rarely: a gift for it must not be had twice a year."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from kopilka.data.models.members import Profile
from kopilka.engine.refusal import Code, Refusal

BETWEEN_CHANGES = timedelta(days=365)
QUIET = timedelta(days=30)
"""Nobody moves his birthday so shortly before the old one or the new one."""


def must_be_changeable(program_id: UUID, member_id: UUID, birth_date: date | None, *, zone: str, at: datetime) -> None:
    """`birthday_fixed` (until): told less than a year ago, or one of both birthdays is less than 30 days ahead."""
    row = Profile.objects.of(program_id).filter(member_id=member_id).values_list("birth_date", "birth_told_at").first()
    before, told_at = row or (None, None)
    if before == birth_date or told_at is None:
        return
    today = at.astimezone(ZoneInfo(zone)).date()
    until = (told_at + BETWEEN_CHANGES).astimezone(ZoneInfo(zone)).date()
    near = [day for one in (before, birth_date) if one and (day := _next(one, today)) - today < QUIET]
    until = max([until, *(day + timedelta(days=1) for day in near)])
    if until > today:
        raise Refusal(Code.BIRTHDAY_FIXED, until=until.isoformat())


def _next(birth_date: date, today: date) -> date:
    """Today or later; one of 29 February is kept on the 28th of a common year."""
    day = _in_year(birth_date, today.year)
    return day if day >= today else _in_year(birth_date, today.year + 1)


def _in_year(birth_date: date, year: int) -> date:
    try:
        return birth_date.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
