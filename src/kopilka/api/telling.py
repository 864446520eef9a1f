"""Returns, wallets, holds and entries as answers."""

from __future__ import annotations

from collections.abc import Mapping

from kopilka.api.rendering import balances_out, decimal_text
from kopilka.api.schemas.holds import HoldOut
from kopilka.api.schemas.returns import PointsBackOut, ReturnedLineOut, ReturnOut, UnmatchedOut
from kopilka.engine.returned import PointsBack, ReturnDecision
from kopilka.services.holds import HoldResult
from kopilka.services.returns import ReturnResult


def return_out(result: ReturnResult, currency: str, decimals: Mapping[str, int]) -> ReturnOut:
    return ReturnOut(
        id=result.return_id,
        purchase_id=result.purchase_id,
        member_id=result.member_id,
        source=result.source,
        external_id=result.external_id,
        occurred_at=result.at,
        recorded_at=result.recorded_at,
        currency=currency,
        refund_minor=result.refund_minor,
        lines=[line for decision in result.decisions for line in _lines(decision)],
        unmatched=[
            UnmatchedOut(
                sku=one.sku, name=one.name, quantity=decimal_text(one.quantity, 3), refund_minor=one.amount_minor
            )
            for one in result.unmatched
        ],
        points=_points(result.decisions, decimals),
        balances=balances_out(result.balances, decimals),
    )


def hold_out(result: HoldResult, decimals: Mapping[str, int]) -> HoldOut:
    return HoldOut(
        id=result.hold_id,
        member_id=result.member_id,
        currency=result.currency,
        decimals=decimals.get(result.currency, 0),
        points=result.units,
        captured=result.captured,
        state=result.state,
        expires_at=result.expires_at,
        balances=balances_out(result.balances, decimals),
    )


def _lines(decision: ReturnDecision) -> list[ReturnedLineOut]:
    return [
        ReturnedLineOut(
            purchase_id=decision.purchase,
            line=one.number,
            sku=one.sku,
            name=one.name,
            quantity=decimal_text(one.quantity, 3),
            refund_minor=one.refund_minor,
        )
        for one in decision.lines
    ]


def _points(decisions: list[ReturnDecision], decimals: Mapping[str, int]) -> list[PointsBackOut]:
    """Added up over the purchases that the goods were bought in."""
    sums: dict[str, PointsBack] = {}
    for one in (back for decision in decisions for back in decision.points):
        known = sums.setdefault(one.currency, PointsBack(one.currency))
        for name in ("earned", "taken", "expired", "owed", "forgotten", "given", "in_grace", "lapsed"):
            setattr(known, name, getattr(known, name) + getattr(one, name))
    return [
        PointsBackOut(
            currency=code,
            decimals=decimals.get(code, 0),
            earned=one.earned,
            taken_back=one.taken,
            expired=one.expired,
            owed=one.owed,
            forgiven=one.forgotten,
            given_back=one.given,
            in_grace=one.in_grace,
            lapsed=one.lapsed,
        )
        for code, one in sorted(sums.items())
    ]
