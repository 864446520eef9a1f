"""Conditions: a tree of all, any, not over facts. Values only; `compiling.py` turns them into checks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Op(StrEnum):
    """How a fact is compared. ONE_OF: equals one of (for sets: has one of)."""

    ONE_OF = "one_of"
    ABOVE = "above"
    AT_LEAST = "at_least"
    BELOW = "below"
    AT_MOST = "at_most"
    WITHIN = "within"


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison. `value` by the fact's kind and the op:

    ONE_OF: a tuple of texts or integers (weekdays 0..6, money in minor units, prices 1/10,000, quantities thousandths,
    dates as datetime.date, flags as a one-element tuple of bool);
    ABOVE, AT_LEAST, BELOW, AT_MOST: an integer or a date;
    WITHIN: Hours for hours, (date, date) half-open for date, (before, after) days for birthday.
    The fact `has_lines` has the op ONE_OF and a Condition over line facts as its value. `of`: the currency of a fact
    about points (values in its smallest unit).
    """

    fact: str
    op: Op
    value: object
    of: str = ""


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


Condition = Test | All | Any | Not
