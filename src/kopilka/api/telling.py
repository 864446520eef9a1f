"""Returns, wallets, holds and entries as answers."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from kopilka.api.rendering import balances_out
from kopilka.api.schemas.decisions import PurchaseRowOut
from kopilka.api.schemas.entries import EntryOut
from kopilka.api.schemas.holds import HoldDoneOut, HoldOut
from kopilka.api.schemas.members import AdjustmentOut, AmountAtOut, WalletOut
from kopilka.api.schemas.returns import PointsBackOut, ReturnedLineOut, ReturnOut, UnmatchedOut
from kopilka.api.told import decimal_text
from kopilka.bookkeeping.documents import Balance, from_text
from kopilka.bookkeeping.returning.requests import ReturnDocument, UnmatchedLine
from kopilka.engine.returned import PointsBack, ReturnDecision
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.entries import EntryView
from kopilka.queries.holds import HoldView
from kopilka.queries.purchases import PurchaseRow
from kopilka.queries.returns import ReturnView
from kopilka.queries.wallets import WalletView
from kopilka.services.holds import HoldResult
from kopilka.services.returns import ReturnResult
from kopilka.services.wallets import AdjustResult
from kopilka.wording.languages import Language


def return_out(result: ReturnResult, currency: str, decimals: Mapping[str, int]) -> ReturnOut:
    """A return just booked, repeated or tried."""
    return _return_out(
        result, result.return_id, result.decisions, result.unmatched, result.balances, currency, decimals
    )


def return_read_out(view: ReturnView, currency: str, decimals: Mapping[str, int]) -> ReturnOut:
    """A return read later."""
    document = from_text(view.document, ReturnDocument)
    return _return_out(view, view.id, document.decisions, document.unmatched, document.balances, currency, decimals)


def _return_out(
    told: ReturnResult | ReturnView,
    return_id: UUID | None,
    decisions: list[ReturnDecision],
    unmatched: list[UnmatchedLine],
    balances: dict[str, Balance],
    currency: str,
    decimals: Mapping[str, int],
) -> ReturnOut:
    return ReturnOut(
        id=return_id,
        purchase_id=told.purchase_id,
        member_id=told.member_id,
        source=told.source,
        external_id=told.external_id,
        occurred_at=told.at,
        recorded_at=told.recorded_at,
        currency=currency,
        refund_minor=told.refund_minor,
        to_certificates_minor=sum(minor for one in decisions for minor in one.certificates.values()),
        lines=[line for decision in decisions for line in _lines(decision)],
        unmatched=[
            UnmatchedOut(
                sku=one.sku, name=one.name, quantity=decimal_text(one.quantity, 3), refund_minor=one.amount_minor
            )
            for one in unmatched
        ],
        points=_points(decisions, decimals),
        balances=balances_out(balances, decimals),
    )


def purchase_row_out(row: PurchaseRow) -> PurchaseRowOut:
    return PurchaseRowOut(
        id=row.id,
        state=row.state,
        member_id=row.member_id,
        source=row.source,
        external_id=row.external_id,
        branch=row.branch,
        occurred_at=row.at,
        recorded_at=row.recorded_at,
        net_minor=row.net_minor,
        paid_minor=row.paid_minor,
        returned_minor=row.returned_minor,
    )


def hold_out(view: HoldView, decimals: Mapping[str, int]) -> HoldOut:
    return HoldOut(
        id=view.id,
        member_id=view.member_id,
        currency=view.currency,
        decimals=decimals.get(view.currency, 0),
        points=view.units,
        captured=view.captured,
        state=view.state,
        expires_at=view.expires_at,
    )


def hold_done_out(result: HoldResult, decimals: Mapping[str, int]) -> HoldDoneOut:
    return HoldDoneOut(
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


def entry_out(view: EntryView, decimals: Mapping[str, int]) -> EntryOut:
    return EntryOut(
        id=view.id,
        operation_id=view.operation_id,
        kind=view.kind,
        account=view.account,
        currency=view.currency,
        decimals=decimals.get(view.currency, 0),
        points=view.units,
        at=view.at,
        recorded_at=view.recorded_at,
        subject_id=view.subject_id,
        reason=view.reason,
        by=view.actor_name,
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
