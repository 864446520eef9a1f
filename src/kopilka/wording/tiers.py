"""What is missing to the next tier, and to keep this one, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

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
    russian = vocabulary.language is Language.RU
    name = _name(way.tier, vocabulary)
    said = _either(way.ways, vocabulary) + _until(way, vocabulary)
    return [f"До уровня {name} осталось{_joint(said)}{said}." if russian else f"To reach tier {name}: {said}."]


def next_tier_text(hint: Hint, vocabulary: Vocabulary) -> str:
    """One figure of a decision's hint, without a full stop."""
    fact, _, of = hint.detail.partition(":")
    way = Way(hint.code, ((Lack(fact, hint.amount, 0, hint.amount, of),),), hint.until)
    return way_texts(way, vocabulary)[0].removesuffix(".")


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
    said = _either(way.ways, vocabulary) + _until(way, vocabulary)
    if russian:
        return [f"Чтобы сохранить уровень {name}, осталось{_joint(said)}{said}."]
    return [f"To keep tier {name}: {said}."]


def _joint(said: str) -> str:
    """Russian verbs follow at once, things are listed."""
    return " " if said.startswith(_VERBS) else ": "


def _either(ways: Sequence[tuple[Lack, ...]], vocabulary: Vocabulary) -> str:
    russian = vocabulary.language is Language.RU
    both, either = (" и ", " или ") if russian else (" and ", " or ")
    return either.join(both.join(_lack(lack, vocabulary) for lack in lacks) for lacks in ways)


def _lack(lack: Lack, vocabulary: Vocabulary) -> str:
    russian = vocabulary.language is Language.RU
    match lack.fact:
        case "spent":
            told = "купить на {}" if russian else "spend {}"
            return told.format(vocabulary.money(lack.amount))
        case "largest" | "last_purchase":
            told = "одна покупка на {}" if russian else "one purchase of {}"
            return told.format(vocabulary.money(lack.amount))
        case "purchases":
            return _counted(lack.amount, ("покупка", "покупки", "покупок"), ("purchase", "purchases"), vocabulary)
        case "referrals":
            forms = ("приглашённый друг", "приглашённых друга", "приглашённых друзей")
            return _counted(lack.amount, forms, ("friend invited", "friends invited"), vocabulary)
        case "balance" | "earned" if lack.of:
            told = "накопить {}" if russian else "collect {}"
            return told.format(vocabulary.currency(lack.of).units(lack.amount))
    return f"{fact_name(lack.fact, vocabulary.language)}: {lack.amount}"


def _counted(number: int, russian: tuple[str, str, str], english: tuple[str, str], vocabulary: Vocabulary) -> str:
    if vocabulary.language is not Language.RU:
        return f"{number}{SPACE}{english[number != 1]}"
    last, teens = number % 10, _TEENS[0] <= number % 100 < _TEENS[1]
    form = 2 if teens or last == 0 or last >= _MANY else 0 if last == 1 else 1
    return f"{number}{SPACE}{russian[form]}"


def _until(way: Way, vocabulary: Vocabulary) -> str:
    if way.until is None:
        return ""
    day = day_of(way.until, vocabulary.zone, vocabulary.language)
    return f" до {day}" if vocabulary.language is Language.RU else f" before {day}"


def _name(code: str, vocabulary: Vocabulary) -> str:
    return quoted(vocabulary.tiers.get(code, code), vocabulary.language)
