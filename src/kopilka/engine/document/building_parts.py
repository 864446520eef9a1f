"""Small pieces that building a rulebook's parts shares: names, windows, units, what a rule gives in points."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from kopilka.engine.document.checks import Values
from kopilka.engine.period import Window
from kopilka.engine.points import PointsCurrency
from kopilka.engine.rulebook_earn import Earn, Per

Read = dict[str, Any]
"""Values of a record; what each key holds follows from its kind in the specs."""


def zone_of(document: Values) -> ZoneInfo:
    return cast("ZoneInfo", document["timezone"])


def names(values: Read) -> tuple[str, str]:
    ru, en = values.get("name", ("", ""))
    return ru, en


def units(hundredths: int, currency: PointsCurrency) -> int:
    """Smallest units of a currency; `hundredths` of a point was checked to be no finer."""
    return hundredths * currency.scale // 100


def window(values: Read, zone: ZoneInfo) -> Window:
    return Window(_moment(values.get("from"), zone), _moment(values.get("until"), zone))


def _moment(local: datetime | None, zone: ZoneInfo) -> datetime | None:
    return local.replace(tzinfo=zone) if local else None


def earns(values: Read, points: dict[str, PointsCurrency]) -> tuple[Earn, ...]:
    return tuple(_earn(earn, points) for earn in values.get("earn", ()))


def _earn(values: Read, points: dict[str, PointsCurrency]) -> Earn:
    currency = points[values.get("in") or next(iter(points))]
    per = values.get("per", Per.RECEIPT)
    by_amount = isinstance(per, int)
    return Earn(
        currency=currency.code,
        percent=values.get("percent", 0),
        units=units(values.get("points", 0), currency),
        per=Per.AMOUNT if by_amount else Per(per),
        per_minor=per if by_amount else 0,
        multiply=values.get("multiply", 0),
        units_max=units(values["at_most"], currency) if "at_most" in values else None,
        life=values.get("life"),
        starts_after=values.get("starts_after"),
    )
