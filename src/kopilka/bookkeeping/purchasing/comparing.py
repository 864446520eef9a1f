"""Is what a quote offered still true? Compared is what the buyer would notice."""

from __future__ import annotations

from kopilka.bookkeeping.documents import decision_from_text, to_text
from kopilka.engine.decision import Decision
from kopilka.engine.refusal import Code, Refusal


def must_equal(quoted_text: str, now: Decision) -> None:
    """Refuse with `quote_outdated` and differences {field: [quoted, now]} unless both come to the same."""
    if quoted_text == to_text(now):
        return
    before, after = _noticed(decision_from_text(quoted_text)), _noticed(now)
    differences = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if differences:
        raise Refusal(Code.QUOTE_OUTDATED, differences=differences)


def _noticed(decision: Decision) -> dict[str, object]:
    totals = decision.totals
    return {
        "pay": totals.paid,
        "net": totals.net,
        "points": totals.points,
        "spend": {plan.currency: plan.units for plan in decision.spend if plan.units},
        "earn": _sums([(lot.currency, lot.units) for lot in decision.lots]),
        "coupons": decision.coupons,
        "lines": [[line.number, line.sku, line.net, line.points, line.paid] for line in decision.lines],
        "print": [[line.line, line.quantity, line.price, line.total, line.counter] for line in decision.fiscal],
    }


def _sums(pairs: list[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for currency, units in pairs:
        sums[currency] = sums.get(currency, 0) + units
    return sums
