"""Returns, wallets, holds and entries as answers."""

from __future__ import annotations

from collections.abc import Mapping

from kopilka.api.rendering import balances_out, decimal_text
from kopilka.api.schemas.holds import HoldOut
from kopilka.api.schemas.members import AdjustmentOut, AmountAtOut, WalletOut
from kopilka.api.schemas.returns import PointsBackOut, ReturnedLineOut, ReturnOut, UnmatchedOut
from kopilka.engine.returned import PointsBack, ReturnDecision
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.wallets import WalletView
from kopilka.services.holds import HoldResult
from kopilka.services.returns import ReturnResult
from kopilka.services.wallets import AdjustResult
from kopilka.wording.languages import Language


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


def wallet_out(view: WalletView, rulebook: Rulebook | None, language: Language) -> WalletOut:
    """A currency that the current rulebook does not know any more is told by its code."""
    currency = rulebook.points.get(view.currency) if rulebook else None
    names = (currency.name_ru, currency.name_en) if currency else ("", "")
    first, second = names if language is Language.RU else (names[1], names[0])
    return WalletOut(
        id=view.id,
        currency=view.currency,
        name=first or second or view.currency,
        decimals=currency.decimals if currency else 0,
        worth_minor=currency.worth_minor if currency else 0,
        balance=view.balance,
        available=view.available,
        pending=view.pending,
        held=view.held,
        debt=view.debt,
        pending_by_date=[AmountAtOut(points=one.units, at=one.at) for one in view.starting],
        expiring_by_date=[AmountAtOut(points=one.units, at=one.at) for one in view.expiring],
    )


def adjustment_out(result: AdjustResult, decimals: Mapping[str, int]) -> AdjustmentOut:
    return AdjustmentOut(
        id=result.operation_id,
        member_id=result.member_id,
        currency=result.currency,
        decimals=decimals.get(result.currency, 0),
        points=result.units,
        reason=result.reason,
        recorded_at=result.at,
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
