"""What the cashier and the member are told beside the figures: "use it until 15 Apr 2026, purchases left: 2"."""

from __future__ import annotations

from datetime import datetime, timedelta

from kopilka.engine.decision import Hint, Tell
from kopilka.wording.amounts import day_of, whole
from kopilka.wording.languages import Language
from kopilka.wording.tiers import next_tier_text
from kopilka.wording.vocabulary import Vocabulary

FOR_CASHIER = frozenset({Tell.CLUB, Tell.COUPON})
"""What the member need not read on his slip."""


def hint_text(hint: Hint, vocabulary: Vocabulary) -> str:  # noqa: PLR0911 - one sentence per kind
    """One hint as a sentence, without a full stop."""
    match hint.tell:
        case Tell.PRIVILEGE:
            return _privilege(hint, vocabulary)
        case Tell.GIFT_DUE:
            return _gift_due(hint, vocabulary)
        case Tell.STAMPS:
            return _stamps(hint, vocabulary)
        case Tell.NEXT_TIER:
            return next_tier_text(hint, vocabulary)
        case Tell.EXPIRING:
            units = vocabulary.currency(hint.detail).units(hint.amount)
            return _say(vocabulary, "Сгорит {}: {}", "Expires {}: {}").format(_until(hint.until, vocabulary), units)
        case Tell.CLUB:
            return _say(vocabulary, "Только для участников клуба: {}", "For members of the club only: {}").format(
                hint.code
            )
        case Tell.COUPON:
            return _say(
                vocabulary,
                "У покупателя есть купон {}: назовите его код на кассе",
                "The buyer has coupon {}: enter its code at the till",
            ).format(hint.detail or hint.code) + _good_until(hint, vocabulary)


def _privilege(hint: Hint, vocabulary: Vocabulary) -> str:
    name = vocabulary.promotion(hint.code).quoted
    told = _say(vocabulary, "Открыто: {}", "Unlocked: {}").format(name)
    if hint.until is not None:
        told += _say(vocabulary, ", используйте до {}", ", use it until {}").format(_until(hint.until, vocabulary))
    if hint.count:
        told += _say(vocabulary, ", осталось покупок: {}", ", purchases left: {}").format(hint.count)
    return told


def _gift_due(hint: Hint, vocabulary: Vocabulary) -> str:
    told = _say(vocabulary, "Ждёт подарок: {} × {}", "A gift is due: {} × {}")
    told = told.format(vocabulary.gift(hint.code), whole(hint.count, vocabulary.language))
    if hint.detail:
        told += f" ({hint.detail})"
    return told + _good_until(hint, vocabulary)


def _stamps(hint: Hint, vocabulary: Vocabulary) -> str:
    name = vocabulary.gift(hint.code)
    if not hint.count:
        return _say(vocabulary, "Карта заполнена, подарок: {}", "The card is full, the gift is: {}").format(name)
    units = vocabulary.currency(hint.detail).units(hint.count)
    return _say(vocabulary, "До подарка «{}» осталось: {}", "To the gift “{}” still missing: {}").format(name, units)


def _good_until(hint: Hint, vocabulary: Vocabulary) -> str:
    if hint.until is None:
        return ""
    return _say(vocabulary, ", до {}", ", until {}").format(_until(hint.until, vocabulary))


def _until(end: datetime | None, vocabulary: Vocabulary) -> str:
    """The last day on which it holds."""
    if end is None:
        return ""
    return day_of(end - timedelta(microseconds=1), vocabulary.zone, vocabulary.language)


def _say(vocabulary: Vocabulary, russian: str, english: str) -> str:
    return russian if vocabulary.language is Language.RU else english
