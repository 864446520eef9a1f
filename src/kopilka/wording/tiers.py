"""What is missing to the next tier, and to keep this one, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kopilka.engine.decision import Hint
from kopilka.engine.tiering.missing import Lack, Progress, Way
from kopilka.wording.amounts import SPACE, day_of
from kopilka.wording.facts import fact_name
from kopilka.wording.languages import Language
from kopilka.wording.promotions import quoted
from kopilka.wording.vocabulary import Vocabulary

_VERBS = ("купить", "накопить")
_MANY = 5
_TEENS = (11, 15)


def progress_texts(progress: Progress, vocabulary: Vocabulary) -> list[str]:
    """One sentence for the next tier and one for keeping this one, where there is anything to say."""
    told = []
    if progress.next is not None:
        told += way_texts(progress.next, vocabulary)
    if progress.keep is not None:
        told += _keeping(progress.keep, vocabulary)
    return told


def way_texts(way: Way, vocabulary: Vocabulary) -> list[str]:
    """«До уровня «Золотой» осталось купить на 1 234,56 ₽.»"""
    if not way.ways or not all(way.ways):
        return []
    return [f"{_to_tier(way.tier, _either(way.ways, vocabulary), way.until, vocabulary)}."]


def next_tier_text(hint: Hint, vocabulary: Vocabulary) -> str:
    """One figure of a decision's hint, without a full stop."""
    fact, _, of = hint.detail.partition(":")
    return _to_tier(hint.code, _lacking(fact, hint.amount, of, vocabulary), hint.until, vocabulary)


def _to_tier(tier: str, lacking: str, until: datetime | None, vocabulary: Vocabulary) -> str:
    name, said = _name(tier, vocabulary), lacking + _until(until, vocabulary)
    if vocabulary.language is Language.RU:
        return f"До уровня {name} осталось{_joint(said)}{said}"
    return f"To reach tier {name}: {said}"


def _keeping(way: Way, vocabulary: Vocabulary) -> list[str]:
    russian = vocabulary.language is Language.RU
    name = _name(way.tier, vocabulary)
    if any(not lacks for lacks in way.ways):
        if way.until is None:
            return []
        day = day_of(way.until, vocabulary.zone, vocabulary.language)
        told = "Уровень {} ваш и после {}." if russian else "Tier {} is yours after {} too."
        return [told.format(name, day)]
    if not way.ways:
        return []
    said = _either(way.ways, vocabulary) + _until(way.until, vocabulary)
    if russian:
        return [f"Чтобы сохранить уровень {name}, осталось{_joint(said)}{said}."]
    return [f"To keep tier {name}: {said}."]


def _joint(said: str) -> str:
    """Russian verbs follow at once, things are listed."""
    return " " if said.startswith(_VERBS) else ": "


def _either(ways: Sequence[tuple[Lack, ...]], vocabulary: Vocabulary) -> str:
    russian = vocabulary.language is Language.RU
    both, either = (" и ", " или ") if russian else (" and ", " or ")
    return either.join(
        [both.join([_lacking(one.fact, one.amount, one.of, vocabulary) for one in lacks]) for lacks in ways]
    )


def _lacking(fact: str, amount: int, of: str, vocabulary: Vocabulary) -> str:
    """So much of a fact, `of` a currency where it counts points."""
    russian = vocabulary.language is Language.RU
    match fact:
        case "spent":
            return f"{'купить на' if russian else 'spend'} {vocabulary.money(amount)}"
        case "largest" | "last_purchase":
            return f"{'одна покупка на' if russian else 'one purchase of'} {vocabulary.money(amount)}"
        case "purchases":
            return _counted(amount, ("покупка", "покупки", "покупок"), ("purchase", "purchases"), vocabulary)
        case "referrals":
            forms = ("приглашённый друг", "приглашённых друга", "приглашённых друзей")
            return _counted(amount, forms, ("friend invited", "friends invited"), vocabulary)
        case "balance" | "earned" if of:
            return f"{'накопить' if russian else 'collect'} {vocabulary.currency(of).units(amount)}"
    return f"{fact_name(fact, vocabulary.language)}: {amount}"


def _counted(number: int, russian: tuple[str, str, str], english: tuple[str, str], vocabulary: Vocabulary) -> str:
    if vocabulary.language is not Language.RU:
        return f"{number}{SPACE}{english[number != 1]}"
    last, teens = number % 10, _TEENS[0] <= number % 100 < _TEENS[1]
    form = 2 if teens or last == 0 or last >= _MANY else 0 if last == 1 else 1
    return f"{number}{SPACE}{russian[form]}"


def _until(until: datetime | None, vocabulary: Vocabulary) -> str:
    if until is None:
        return ""
    day = day_of(until, vocabulary.zone, vocabulary.language)
    return f" до {day}" if vocabulary.language is Language.RU else f" before {day}"


def _name(code: str, vocabulary: Vocabulary) -> str:
    return quoted(vocabulary.tiers.get(code, code), vocabulary.language)
