"""Moments that have lost their point by the time something is done about them."""

from __future__ import annotations

from datetime import datetime

from kopilka.engine.mechanics import On
from kopilka.engine.standing import Standing
from kopilka.services.automations.plans import Plan

BOUGHT = "bought_meanwhile"
SPENT = "nothing_left"


def passed(plan: Plan, standing: Standing, at: datetime) -> str:
    """Why there is nothing to do: somebody quiet has bought, points that were about to expire are spent."""
    if plan.on is On.QUIET:
        last = standing.last_purchase_at
        known = datetime.fromisoformat(str(plan.facts["last_purchase_at"]))
        return "" if last == known else BOUGHT
    if plan.on is On.EXPIRING:
        first, end = (datetime.fromisoformat(str(plan.facts[key])) for key in ("day_start", "day_end"))
        units = {
            currency: left
            for currency, lots in standing.lots.items()
            if (
                left := sum(
                    lot.remaining
                    for lot in lots
                    if lot.expires_at is not None and first <= lot.expires_at < end and lot.expires_at > at
                )
            )
        }
        plan.facts["expiring"] = units
        return "" if units else SPENT
    return ""
