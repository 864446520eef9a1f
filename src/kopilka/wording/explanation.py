"""Why did this entry move so many points: paragraphs for the member, the cashier and the owner.

Every function answers a list of sentences in the language of its vocabulary, the most important first. Figures come
from stored decisions, names from the rulebook version that made them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from kopilka.engine.decision import Decision, LotPlan, PricedLine, Reason, Why
from kopilka.engine.returned import PointsBack, ReturnDecision
from kopilka.wording.amounts import MINUS, day_of, moment, quantity
from kopilka.wording.languages import Language
from kopilka.wording.promotions import quoted
from kopilka.wording.reasons import DID_SOMETHING, limit_text, rounding_text, sentence
from kopilka.wording.vocabulary import Vocabulary

OF_EARNING = frozenset({Why.EARNED, Why.MULTIPLIED})


def explain_purchase(decision: Decision, currency: str, vocabulary: Vocabulary) -> list[str]:
    """What a purchase did in one currency: paid with points, earned points, or both in one entry."""
    say, words = _chooser(vocabulary), vocabulary.currency(currency)
    spent = sum(plan.units for plan in decision.spend if plan.currency == currency)
    if not spent:
        return explain_earned(decision, currency, vocabulary)
    told = explain_spent(decision, currency, vocabulary)
    earned = sum(lot.units for lot in decision.lots if lot.currency == currency)
    if not earned:
        return told + not_applied(decision, vocabulary)
    both = say("Потрачено {}, начислено {}.", "Spent: {}, earned: {}.").format(words.units(spent), words.units(earned))
    return [both, *told, *explain_earned(decision, currency, vocabulary)]


def explain_earned(decision: Decision, currency: str, vocabulary: Vocabulary) -> list[str]:
    """Why a purchase brought its points: the rules on each line, the rounding, the life, and what did not apply."""
    say, words = _chooser(vocabulary), vocabulary.currency(currency)
    lots = {index: lot for index, lot in enumerate(decision.lots) if lot.currency == currency}
    total = sum(lot.units for lot in lots.values())
    told = [say("За покупку начислено: {}.", "Earned by the purchase: {}.").format(words.units(total))]
    told += _earning(decision, currency, vocabulary)
    told += [f"{_rounding(reason, vocabulary)}." for reason in _rounded(decision, currency)]
    for line in decision.lines:
        if units := sum(line.earned.get(index, 0) for index in lots):
            told.append(f"{_line(line, vocabulary)} +{words.units(units)}.")
    told += [_life(lot, vocabulary) for lot in lots.values()]
    return told + not_applied(decision, vocabulary)


def explain_spent(decision: Decision, currency: str, vocabulary: Vocabulary) -> list[str]:
    """What a purchase paid with points, on which lines, and why not more."""
    say, words = _chooser(vocabulary), vocabulary.currency(currency)
    told = []
    for plan in decision.spend:
        if plan.currency == currency and not plan.minor:
            told.append(say("Выдан подарок: {}.", "A gift was handed out: {}.").format(words.units(plan.units)))
        elif plan.currency == currency:
            paid = say("Оплачено баллами: {} = {}.", "Paid with points: {} = {}.")
            told.append(paid.format(words.units(plan.units), vocabulary.money(plan.minor)))
            most = say("Самое большее можно было {}: {}.", "At most {} could be spent: {}.")
            told.append(most.format(words.units(plan.units_max), limit_text(plan.limited_by, vocabulary.language)))
    told += [
        f"{_line(line, vocabulary)} {MINUS}{words.units(units)}."
        for line in decision.lines
        if (units := line.spent.get(currency, 0))
    ]
    if told and any(plan.minor for plan in decision.spend if plan.currency == currency):
        told.append(
            say(
                "Первыми потрачены баллы, которые раньше сгорают.",
                "The points that expire first were spent first.",
            )
        )
    return told


def not_applied(decision: Decision, vocabulary: Vocabulary) -> list[str]:
    """The promotions and rules that were looked at and did nothing, each with its reason, once."""
    say = _chooser(vocabulary)
    told = dict.fromkeys(sentence(reason, vocabulary) for reason in decision.reasons if reason.why not in DID_SOMETHING)
    return [say("Не сработало:", "Did not apply:"), *(f"{text}." for text in told)] if told else []


def explain_returned(returned: ReturnDecision, currency: str, vocabulary: Vocabulary) -> list[str]:
    """What bringing goods back did to the points: taken back, owed, given back, in grace, lapsed."""
    say = _chooser(vocabulary)
    told = [
        say("Возврат: {} × {}, денег {}.", "Returned: {} × {}, money {}.").format(
            quoted(line.name or line.sku, vocabulary.language),
            quantity(line.quantity, vocabulary.language),
            vocabulary.money(line.refund_minor),
        )
        for line in returned.lines
    ]
    for back in returned.points:
        if back.currency == currency:
            told += _points_back(back, vocabulary)
    return told


def explain_expired(
    units: int, currency: str, *, granted: int, starts_at: datetime, expires_at: datetime, vocabulary: Vocabulary
) -> list[str]:
    """`units` of a lot of `granted` were still there when its life ended."""
    say, words = _chooser(vocabulary), vocabulary.currency(currency)
    told = say(
        "Сгорело: {units}. Начислено было {granted} {start}, срок до {end}.",
        "Expired: {units}. {granted} were given on {start}, good until {end}.",
    )
    return [
        told.format(
            units=words.units(units),
            granted=words.units(granted),
            start=day_of(starts_at, vocabulary.zone, vocabulary.language),
            end=moment(expires_at, vocabulary.zone, vocabulary.language),
        )
    ]


def explain_activated(units: int, currency: str, *, granted_at: datetime, vocabulary: Vocabulary) -> list[str]:
    """A pending lot's start came."""
    say, words = _chooser(vocabulary), vocabulary.currency(currency)
    told = say("Стало доступно: {}. Начислено {}.", "Became available: {}. Given on {}.")
    return [told.format(words.units(units), day_of(granted_at, vocabulary.zone, vocabulary.language))]


def explain_adjusted(units: int, currency: str, *, actor: str, reason: str, vocabulary: Vocabulary) -> list[str]:
    """Points given (`units` > 0) or taken by hand."""
    say, words = _chooser(vocabulary), vocabulary.currency(currency)
    told = (
        say("Начислено вручную: {}.", "Given by hand: {}.")
        if units > 0
        else say("Списано вручную: {}.", "Taken by hand: {}.")
    ).format(words.units(abs(units)))
    who = say("Кто: {}.", "By: {}.").format(actor)
    return [told, who, *([say("Причина: {}.", "Reason: {}.").format(reason.rstrip("."))] if reason else [])]


def explain_held(units: int, currency: str, *, until: datetime, vocabulary: Vocabulary) -> list[str]:
    """Points set aside for a purchase that is not final."""
    say, words = _chooser(vocabulary), vocabulary.currency(currency)
    told = say(
        "Отложено для незавершённой покупки: {}. Если её не завершить до {}, баллы вернутся.",
        "Set aside for a purchase that is not final: {}. Unless it is confirmed by {} they come back.",
    )
    return [told.format(words.units(units), moment(until, vocabulary.zone, vocabulary.language))]


def explain_released(units: int, currency: str, vocabulary: Vocabulary) -> list[str]:
    """Points that were set aside and came back."""
    say, words = _chooser(vocabulary), vocabulary.currency(currency)
    told = say("Вернулось из отложенных: {}.", "Came back from those set aside: {}.")
    return [told.format(words.units(units))]


def explain_gift(units: int, currency: str, gift: str, vocabulary: Vocabulary) -> list[str]:
    """Points taken for a gift of the catalogue (`units` < 0), or given back for one that was not collected.

    `gift` empty: a full card turned into its gift.
    """
    say, shown = _chooser(vocabulary), vocabulary.currency(currency).units(abs(units))
    if units > 0:
        told = say("Подарок «{}» не получен, баллы возвращены: {}.", "Gift “{}” was not collected, points back: {}.")
    elif gift:
        told = say("Выбран подарок «{}»: {}.", "Gift “{}” was chosen: {}.")
    else:
        return [say("Заполненная карта стала подарком: {}.", "A full card became a gift: {}.").format(shown)]
    return [told.format(vocabulary.gift(gift), shown)]


def _points_back(back: PointsBack, vocabulary: Vocabulary) -> Iterator[str]:
    say, words = _chooser(vocabulary), vocabulary.currency(back.currency)
    sentences = (
        (back.earned, "Эти товары принесли: {}.", "These goods had earned: {}."),
        (back.taken, "Снято со счёта: {}.", "Taken from the wallet: {}."),
        (back.expired, "Уже сгорело и не снимается: {}.", "Had expired already and is not taken: {}."),
        (back.owed, "Не хватило, записано в долг: {}.", "Was not there and is owed: {}."),
        (back.forgotten, "Не хватило и прощено: {}.", "Was not there and is let go: {}."),
        (back.given, "Возвращено потраченных: {}.", "Spent points given back: {}."),
        (
            back.in_grace,
            "Из них с новым сроком, потому что прежний истёк: {}.",
            "Of these with a new life, for the old one was over: {}.",
        ),
        (back.lapsed, "Из них сгорело сразу, срок истёк: {}.", "Of these expired at once, their life was over: {}."),
    )
    for units, russian, english in sentences:
        if units:
            yield say(russian, english).format(words.units(units))


def _earning(decision: Decision, currency: str, vocabulary: Vocabulary) -> Iterator[str]:
    """What the rules gave in this currency, and the promotions that switched earning off."""
    for reason in decision.reasons:
        if (reason.why in OF_EARNING and reason.detail == currency) or reason.why is Why.EARNING_OFF:
            about = _about_line(reason.line, vocabulary)
            yield f"{about}{sentence(reason, vocabulary)}."


def _about_line(number: int, vocabulary: Vocabulary) -> str:
    """Nothing for a rule that speaks of several lines."""
    return _chooser(vocabulary)("Строка {}. ", "Line {}. ").format(number) if number else ""


def _rounded(decision: Decision, currency: str) -> Iterator[Reason]:
    return (reason for reason in decision.reasons if reason.why is Why.ROUNDED and reason.detail == currency)


def _rounding(reason: Reason, vocabulary: Vocabulary) -> str:
    begun = "Итого" if vocabulary.language is Language.RU else "Sum"
    told = rounding_text(reason.detail, reason.num, reason.den or 1, reason.amount, vocabulary)
    return f"{begun}: {told[:1].lower()}{told[1:]}"


def _line(line: PricedLine, vocabulary: Vocabulary) -> str:
    """What a line cost and how it was paid."""
    say, money = _chooser(vocabulary), vocabulary.money
    told = say(
        "Строка {number}, {name} × {quantity}: цена {net}, баллами {points}, деньгами {paid}.",
        "Line {number}, {name} × {quantity}: price {net}, with points {points}, with money {paid}.",
    )
    return told.format(
        number=line.number,
        name=quoted(line.name or line.sku, vocabulary.language),
        quantity=quantity(line.quantity, vocabulary.language),
        net=money(line.net),
        points=money(line.points),
        paid=money(line.paid),
    )


def _life(lot: LotPlan, vocabulary: Vocabulary) -> str:
    say, language = _chooser(vocabulary), vocabulary.language
    units = vocabulary.currency(lot.currency).units(lot.units)
    if lot.expires_at is None:
        told = say("{}: без срока", "{}: they do not expire").format(units)
    else:
        until = moment(lot.expires_at, vocabulary.zone, language)
        told = say("{}: действуют до {}", "{}: good until {}").format(units, until)
    if lot.pending:
        start = moment(lot.starts_at, vocabulary.zone, language)
        told += say(", доступны с {}", ", available from {}").format(start)
    return f"{told}."


def _chooser(vocabulary: Vocabulary) -> Callable[[str, str], str]:
    return _russian if vocabulary.language is Language.RU else _english


def _russian(russian: str, _english: str) -> str:
    return russian


def _english(_russian: str, english: str) -> str:
    return english
