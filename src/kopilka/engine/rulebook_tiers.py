"""How tiers are kept and lost, and what counts for them, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kopilka.engine.conditions import Condition
from kopilka.engine.period import Life
from kopilka.engine.spans import Span


class Down(StrEnum):
    """Where a member goes who does not keep his tier."""

    ONE_DOWN = "one_down"
    BY_ENTER = "by_enter"


@dataclass(frozen=True, slots=True)
class Review:
    """When it is looked at whether a member keeps his tier: at the end of each stretch of time, or otherwise.

    `daily`: every local midnight, over the last such stretch; `days`: at the midnights that begin these days.
    """

    daily: bool = False
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Keep:
    """What must hold over each stretch of time for a member to stay on a tier; `grace` is added before he falls.

    Empty `within`: over all time, looked at daily.
    """

    when: Condition
    within: Span = Span()
    otherwise: Down = Down.BY_ENTER
    grace: Life = Life()
    review: Review = Review()


@dataclass(frozen=True, slots=True)
class Counting:
    """What counts for tiers: a purchase only once it is `after` old (empty: at once)."""

    after: Life = Life()
