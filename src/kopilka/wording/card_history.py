"""A purchase as its buyer reads it on his card: what it brought, by which offers, what it was paid with, until when.

Lines, roundings and the offers that did not apply are for whoever answers questions; those stand in `explanation`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from kopilka.engine.decision import Decision, LotPlan
from kopilka.wording.amounts import moment
from kopilka.wording.explanation import OF_EARNING
from kopilka.wording.languages import Language
from kopilka.wording.vocabulary import Vocabulary


def purchase_on_card(
    decision: Decision, currency: str, vocabulary: Vocabulary, *, is_pending: bool = False
) -> list[str]:
    """The most important sentence first; empty where the purchase did nothing in this currency.

    `is_pending`: the entry holds only what starts later.
    """
    spent = 0 if is_pending else sum(plan.units for plan in decision.spend if plan.currency == currency)
    lots = [lot for lot in decision.lots if lot.currency == currency]
    told = list(_sums(spent, sum(lot.units for lot in lots), currency, vocabulary))
    if spent:
        told += _paid(decision, currency, vocabulary)
    told += _given(decision, currency, vocabulary)
    told += [_life(lot, vocabulary) for lot in lots if lot.units]
    return told + list(_discounts(decision, vocabulary)) if told else []


def _sums(spent: int, earned: int, currency: str, vocabulary: Vocabulary) -> Iterator[str]:
    words, russian = vocabulary.currency(currency), vocabulary.language is Language.RU
    if spent and earned:
        both = "Потрачено {}, начислено {}." if russian else "Spent: {}, earned: {}."
        yield both.format(words.units(spent), words.units(earned))
    elif earned:
        yield ("За покупку начислено: {}." if russian else "Earned by the purchase: {}.").format(words.units(earned))


def _paid(decision: Decision, currency: str, vocabulary: Vocabulary) -> Iterator[str]:
    words, russian = vocabulary.currency(currency), vocabulary.language is Language.RU
    for plan in decision.spend:
        if plan.currency != currency or not plan.units:
            continue
        if plan.minor:
            told = "Оплачено баллами: {} = {}." if russian else "Paid with points: {} = {}."
            yield told.format(words.units(plan.units), vocabulary.money(plan.minor))
        else:
            told = "Выдан подарок: {}." if russian else "A gift was handed out: {}."
            yield told.format(words.units(plan.units))


def _given(decision: Decision, currency: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Each offer once, with what it brought on all lines together, before rounding."""
    words = vocabulary.currency(currency)
    brought: dict[str, Fraction] = {}
    for reason in decision.reasons:
        if reason.why in OF_EARNING and reason.detail == currency and reason.num > 0:
            brought[reason.rule] = brought.get(reason.rule, Fraction()) + Fraction(reason.num, reason.den or 1)
    for rule, units in brought.items():
        yield f"{vocabulary.promotion(rule).quoted}: +{words.exact_units(units.numerator, units.denominator)}."


def _discounts(decision: Decision, vocabulary: Vocabulary) -> Iterator[str]:
    russian, off = vocabulary.language is Language.RU, dict[str, int]()
    for line in decision.lines:
        for rule, minor in line.discounts:
            off[rule] = off.get(rule, 0) + minor
    for rule, minor in off.items():
        if minor > 0:
            name, sum_off = vocabulary.promotion(rule).quoted, vocabulary.money(minor)
            yield f"{name}: скидка {sum_off}." if russian else f"{name}: {sum_off} off."


def _life(lot: LotPlan, vocabulary: Vocabulary) -> str:
    """действуют до 16.05.2027 12:45, доступны с 20.11.2026 12:45."""
    russian = vocabulary.language is Language.RU
    units = vocabulary.currency(lot.currency).units(lot.units)
    if lot.expires_at is None:
        told = f"{units}: без срока" if russian else f"{units}: no end"
    else:
        until = moment(lot.expires_at, vocabulary.zone, vocabulary.language)
        told = f"{units}: до {until}" if russian else f"{units}: good until {until}"
    if lot.pending:
        start = moment(lot.starts_at, vocabulary.zone, vocabulary.language)
        told += f", доступно с {start}" if russian else f", available from {start}"
    return f"{told}."
