"""How tiers stand in the document: how one is reached and kept, over which stretch of time, when it is looked at."""

from __future__ import annotations

from typing import Any

from kopilka.engine.document.conditions import ENTER
from kopilka.engine.document.kinds import PERCENT, CodeOf, Word, whole
from kopilka.engine.document.promotion_spec import EARNS, NAME, NOTE
from kopilka.engine.document.shapes import Field, ListOf, Record, WordOr
from kopilka.engine.document.times import LIFE, Day
from kopilka.engine.period import Life
from kopilka.engine.rulebook import TierBack
from kopilka.engine.rulebook_tiers import Counting, Down, Keep, Review
from kopilka.engine.spans import Period, Span

STRETCH = Record(
    "stretch",
    "The last so many months and days, or the calendar period that runs now.",
    {
        "months": Field(whole(1, 1200), "So many months."),
        "days": Field(whole(1, 36_500), "So many days."),
        "this": Field(Word(tuple(period.value for period in Period)), "This month, quarter or year of the calendar."),
    },
    at_least_one=("months", "days", "this"),
    at_most_one=(("this", "months"), ("this", "days")),
)

REVIEW = Record(
    "review",
    "Days on which it is looked at who keeps a tier.",
    {"on": Field(ListOf(Day(), or_one=True, distinct=True), "At the midnight that begins this day.", required=True)},
)

KEEP = Record(
    "keep",
    "What a member must do to stay on a tier.",
    {
        "when": Field(ENTER, "What must hold.", required=True),
        "within": Field(STRETCH, "What is bought in such a stretch of time counts; over all time when not said."),
        "review": Field(
            WordOr(("daily",), REVIEW),
            "When it is looked at: daily, or on days; at the end of each stretch when not said, daily without one.",
        ),
        "otherwise": Field(
            Word(tuple(way.value for way in Down)),
            "one_down, or by_enter: to the highest tier below whose enter holds; by_enter when not said.",
        ),
        "grace": Field(LIFE, "So much longer he stays before he falls; what he buys then still counts."),
    },
)

TIER = Record(
    "tier",
    "A step with benefits of its own. Tiers stand from the lowest to the highest; everybody starts on the first.",
    {
        "name": NAME,
        "note": NOTE,
        "enter": Field(ENTER, "Reached when this holds; the first tier needs none."),
        "within": Field(STRETCH, "For enter only what is bought in such a stretch of time counts; all when not said."),
        "keep": Field(KEEP, "Stays while this holds; for ever when not said."),
        "earn": Field(EARNS, "Points its members get on every purchase."),
        "discount": Field(PERCENT, "Percent off everything for its members."),
        "group": Field(CodeOf("groups"), "The stacking group of its discount."),
        "spending_share": Field(PERCENT, "Points pay at most this percent of its members' receipts."),
    },
)

COUNTING = Record(
    "counting",
    "What counts for tiers.",
    {"after": Field(LIFE, "A purchase counts once it is so old: as long as it can be brought back.", required=True)},
)

TIERS_OF_RETURNS = Field(
    Word(tuple(policy.value for policy in TierBack)),
    "keep: a return leaves the tier; review: it falls where it would not have been reached without what came back.",
)

Read = dict[str, Any]


def span_of(said: Read | None) -> Span:
    if said is None:
        return Span()
    this = said.get("this")
    return Span(Life(months=said.get("months", 0), days=said.get("days", 0)), Period(this) if this else None)


def keep_of(said: Read | None) -> Keep | None:
    if said is None:
        return None
    looked = said.get("review")
    review = Review(daily=looked == "daily", days=tuple(sorted(looked["on"])) if isinstance(looked, dict) else ())
    otherwise = Down(said.get("otherwise", Down.BY_ENTER))
    return Keep(said["when"], span_of(said.get("within")), otherwise, said.get("grace", Life()), review)


def counting_of(said: Read | None) -> Counting:
    return Counting() if said is None else Counting(said["after"])
