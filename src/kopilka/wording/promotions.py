"""What a promotion is called and what it gives, said once per rulebook: "Скидка 20 % по акции «Пятница растений»"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kopilka.engine.rulebook import (
    AmountOff,
    Bundle,
    BuyGet,
    Discount,
    FixedPrice,
    GiftLine,
    NthFree,
    PercentOff,
    Promotion,
)
from kopilka.engine.rulebook_earn import Earn, Per
from kopilka.engine.switches import STAND_INS
from kopilka.wording.amounts import Shown, exact, percent, price, quantity, whole
from kopilka.wording.languages import Language

FREE = 10_000
"""The percent (hundredths) that makes a thing free."""


@dataclass(frozen=True, slots=True)
class EarnWords:
    """What a rule gives ("5 %", "10 баллов за чек"); `is_share`: of a base, which the sentence may name."""

    phrase: str
    is_share: bool


@dataclass(frozen=True, slots=True)
class PromotionWords:
    """`subject` begins a sentence (Акция «X»), `by` follows what it gave (по акции «X»).

    `discount` is the phrase for money off; `earns` and `multiplies` are those for points, by currency. Where one
    promotion gives a currency in two ways, none of them is named.
    """

    name: str
    quoted: str
    subject: str
    by: str
    discount: str
    earns: dict[str, EarnWords] = field(default_factory=dict)
    multiplies: dict[str, str] = field(default_factory=dict)
    share: str = ""


def promotion_words(
    promotion: Promotion | None,
    code: str,
    language: Language,
    money: Shown,
    digits: int,
    points: Mapping[str, Shown],
) -> PromotionWords:
    """The words of `promotion`; None for one that is known by its code alone."""
    if promotion is None:
        promotion = STAND_INS.get(code) or Promotion(code)
    bare = _name(promotion, language)
    name = quoted(bare, language)
    is_rule = promotion.discount is None and bool(promotion.earn)
    share = percent(promotion.spending_share or 0, language)
    if language is Language.RU:
        subject, by = (f"Правило {name}", f"по правилу {name}") if is_rule else (f"Акция {name}", f"по акции {name}")
    else:
        subject, by = (f"Rule {name}", f"by rule {name}") if is_rule else (f"Promotion {name}", f"by promotion {name}")
    discount = discount_text(promotion.discount, language, money, digits)
    return PromotionWords(
        name=bare,
        quoted=name,
        subject=subject,
        by=by,
        discount=f"{discount} {by}",
        earns=_earns(promotion, language, money, points),
        multiplies={
            earn.currency: f"×{exact(earn.multiply, 100, language)}" for earn in promotion.earn if earn.multiply
        },
        share=share,
    )


def quoted(text: str, language: Language) -> str:
    return f"«{text}»" if language is Language.RU else f"“{text}”"


def discount_text(discount: Discount | None, language: Language, money: Shown, digits: int) -> str:
    """What comes off, beginning with a capital: "Скидка 20 %"."""
    russian = language is Language.RU
    return _discount_ru(discount, money, digits) if russian else _discount_en(discount, money, digits)


def _name(promotion: Promotion, language: Language) -> str:
    names = (promotion.name_ru, promotion.name_en)
    first, second = names if language is Language.RU else reversed(names)
    return first or second or promotion.code


def _discount_ru(discount: Discount | None, money: Shown, digits: int) -> str:  # noqa: PLR0911 - one phrase per kind
    match discount:
        case PercentOff(percent=part):
            return f"Скидка {percent(part, Language.RU)}"
        case AmountOff(minor=minor, each=each):
            return f"Скидка {money(minor)}{' с каждой единицы' if each else ''}"
        case FixedPrice(price=fixed):
            return f"Цена {price(fixed, money, digits, Language.RU)}"
        case NthFree(nth=nth, percent=part):
            return f"Каждый {nth}-й {_off_ru(part)}"
        case BuyGet(buy=buy, get=get, percent=part):
            return f"Покупка {buy}\u00a0+\u00a0{get}, {_off_ru(part)}"
        case Bundle(price_minor=None, percent=part):
            return f"Скидка {percent(part, Language.RU)} на набор"
        case Bundle(price_minor=int(minor)):
            return f"Набор за {money(minor)}"
        case GiftLine(name=name, sku=sku, quantity=amount):
            return f"Подарок «{name or sku}» × {quantity(amount, Language.RU)}"
        case _:
            return "Скидка"


def _discount_en(discount: Discount | None, money: Shown, digits: int) -> str:  # noqa: PLR0911 - one phrase per kind
    match discount:
        case PercentOff(percent=part):
            return f"{percent(part, Language.EN)} off"
        case AmountOff(minor=minor, each=each):
            return f"{money(minor)} off{' each' if each else ''}"
        case FixedPrice(price=fixed):
            return f"Price {price(fixed, money, digits, Language.EN)}"
        case NthFree(nth=nth, percent=part):
            return f"Every {_ordinal(nth)} {_off_en(part)}"
        case BuyGet(buy=buy, get=get, percent=part):
            return f"Buy {buy}, get {get} {_off_en(part)}"
        case Bundle(price_minor=None, percent=part):
            return f"{percent(part, Language.EN)} off the set"
        case Bundle(price_minor=int(minor)):
            return f"Set for {money(minor)}"
        case GiftLine(name=name, sku=sku, quantity=amount):
            return f"Gift “{name or sku}” × {quantity(amount, Language.EN)}"
        case _:
            return "Discount"


def _off_ru(part: int) -> str:
    return "бесплатно" if part == FREE else f"со скидкой {percent(part, Language.RU)}"


def _off_en(part: int) -> str:
    return "free" if part == FREE else f"at {percent(part, Language.EN)} off"


def _ordinal(number: int) -> str:
    """2nd, 3rd, 4th, 11th."""
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{({1: 'st', 2: 'nd', 3: 'rd'}).get(number % 10, 'th')}"


def _earns(promotion: Promotion, language: Language, money: Shown, points: Mapping[str, Shown]) -> dict[str, EarnWords]:
    given = [earn for earn in promotion.earn if not earn.multiply]
    currencies = [earn.currency for earn in given]
    return {
        earn.currency: EarnWords(_earn(earn, language, money, points), is_share=bool(earn.percent))
        for earn in given
        if currencies.count(earn.currency) == 1
    }


def _earn(earn: Earn, language: Language, money: Shown, points: Mapping[str, Shown]) -> str:
    """What the rule gives, without its result: "5 %", "10 баллов за чек"."""
    russian = language is Language.RU
    if earn.percent:
        return percent(earn.percent, language)
    shown = points.get(earn.currency)
    units = shown(earn.units) if shown else whole(earn.units, language)
    match earn.per:
        case Per.RECEIPT:
            return f"{units} за чек" if russian else f"{units} per receipt"
        case Per.LINE:
            return f"{units} за строку" if russian else f"{units} per line"
        case Per.UNIT:
            return f"{units} за единицу" if russian else f"{units} per unit"
        case Per.AMOUNT:
            per = money(earn.per_minor)
            return f"{units} за каждые {per}" if russian else f"{units} per {per}"
