"""A moment as the engine's facts see it, turned into bounds that a database can compare its columns with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from kopilka.engine.fact_readers import birthday_in
from kopilka.engine.rulebook import Rulebook

LEAP_YEAR = 2000
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """Of whose members a condition is asked, by which rules, and when."""

    program_id: UUID
    rulebook: Rulebook
    at: datetime

    @property
    def today(self) -> date:
        return self.at.astimezone(self.rulebook.zone).date()

    def day_start(self, days_ago: int) -> datetime | None:
        """When the local day so many days before today (negative: after it) began; None before all time."""
        try:
            day = self.today - days_ago * DAY
            return datetime(day.year, day.month, day.day, tzinfo=self.rulebook.zone)
        except OverflowError:
            return None

    def born_before(self, age: int) -> date | None:
        """Who has this age today was born before that day; None when nobody can be so old.

        Counted from tomorrow, which makes 29 February right: there the next day that exists is meant.
        """
        tomorrow = self.today + DAY
        year = tomorrow.year - age
        if year < 1:
            return None
        try:
            return tomorrow.replace(year=year)
        except ValueError:
            return date(year, 3, 1)

    def birthdays_within(self, before: int, after: int) -> list[str]:
        """Birthdays as MM-DD of which today lies at most so many days before or after."""
        today = self.today
        years = (today.year - 1, today.year, today.year + 1)
        found: list[str] = []
        for number in range(366):
            day = date(LEAP_YEAR, 1, 1) + number * DAY
            distances = ((today - birthday_in(day, year)) // DAY for year in years)
            if any(-before <= distance <= after for distance in distances):
                found.append(f"{day:%m-%d}")
        return found
