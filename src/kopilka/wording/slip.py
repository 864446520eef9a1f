"""The few lines a till prints under the receipt: what was spent, what was earned, what is there, what expires soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kopilka.engine.decision import Decision, Why
from kopilka.wording.amounts import SPACE, day_of
from kopilka.wording.hints import FOR_CASHIER, hint_text
from kopilka.wording.languages import Language
from kopilka.wording.reasons import sentence
from kopilka.wording.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Expiring:
    """Units of a currency whose life ends at a moment."""

    currency: str
    units: int
    at: datetime


def slip_text(
    decision: Decision,
    vocabulary: Vocabulary,
    *,
    balances: dict[str, int] | None = None,
    expiring: Sequence[Expiring] = (),
    hints: list[str] | None = None,
) -> str:
    """Short lines, each whole in itself; empty for an anonymous purchase.

    `balances` are the units available after the purchase by currency; None leaves them out. Spaces are ordinary ones:
    printers of tills know no others. `hints` are the texts of the decision's hints where somebody has them already.
    """
    if decision.member is None:
        return ""
    lines = _spent(decision, vocabulary) + _earned(decision, vocabulary)
    if any(line.gift for line in decision.fiscal):
        lines = _gifts(decision, vocabulary) + lines
    if balances:
        lines += _balances(balances, vocabulary)
    if expiring:
        lines += _expiring(expiring, vocabulary)
    lines += _tier(decision, vocabulary)
    if decision.beyond is not None:
        for index, hint in enumerate(decision.beyond.hints):
            if hint.tell not in FOR_CASHIER:
                lines.append(hint_text(hint, vocabulary) if hints is None else hints[index])
    return "\n".join(lines).replace(SPACE, " ")


def _gifts(decision: Decision, vocabulary: Vocabulary) -> list[str]:
    """Gifts the member had chosen or was owed; those of promotions stand among the lines of the receipt."""
    return [sentence(reason, vocabulary) for reason in decision.reasons if reason.why is Why.GIFT_GIVEN]


def _spent(decision: Decision, vocabulary: Vocabulary) -> list[str]:
    told = "Оплачено баллами" if _is_russian(vocabulary) else "Paid with points"
    return [
        f"{told}: {vocabulary.currency(plan.currency).units(plan.units)} = {vocabulary.money(plan.minor)}"
        for plan in decision.spend
        if plan.minor
    ]


def _earned(decision: Decision, vocabulary: Vocabulary) -> list[str]:
    told, since = ("Начислено", "доступны с") if _is_russian(vocabulary) else ("Earned", "available from")
    lines = []
    for lot in decision.lots:
        line = f"{told}: {vocabulary.currency(lot.currency).units(lot.units)}"
        if lot.pending:
            line += f", {since} {day_of(lot.starts_at, vocabulary.zone, vocabulary.language)}"
        lines.append(line)
    return lines


def _balances(balances: dict[str, int], vocabulary: Vocabulary) -> list[str]:
    told = "На счёте" if _is_russian(vocabulary) else "Balance"
    return [f"{told}: {vocabulary.currency(code).units(balances[code])}" for code in sorted(balances)]


def _expiring(expiring: Sequence[Expiring], vocabulary: Vocabulary) -> list[str]:
    told = "{day} сгорит: {units}" if _is_russian(vocabulary) else "Expires on {day}: {units}"
    return [
        told.format(
            day=day_of(part.at, vocabulary.zone, vocabulary.language),
            units=vocabulary.currency(part.currency).units(part.units),
        )
        for part in expiring
    ]


def _tier(decision: Decision, vocabulary: Vocabulary) -> list[str]:
    after = decision.tier_after
    if not after or after == decision.tier:
        return []
    told = "Новый уровень" if _is_russian(vocabulary) else "New tier"
    return [f"{told}: {vocabulary.tiers.get(after, after)}"]


def _is_russian(vocabulary: Vocabulary) -> bool:
    return vocabulary.language is Language.RU
