"""Points that a rule gave for an event, told in sentences: which rule, which event, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kopilka.wording.amounts import moment
from kopilka.wording.languages import Language
from kopilka.wording.promotions import quoted
from kopilka.wording.vocabulary import Vocabulary

EVENTS: dict[str, tuple[str, str]] = {
    "enrolled": ("регистрация", "registration"),
    "profile_filled": ("анкета заполнена", "the profile was filled in"),
    "purchase": ("покупка", "a purchase"),
    "first_purchase": ("первая покупка", "the first purchase"),
    "return": ("возврат", "a return"),
    "tier_raised": ("уровень повышен", "a higher tier"),
    "tier_lowered": ("уровень понижен", "a lower tier"),
    "entered_segment": ("вход в сегмент", "came into a segment"),
    "left_segment": ("выход из сегмента", "left a segment"),
    "gift_granted": ("назначен подарок", "a gift was granted"),
    "gift_collected": ("подарок получен", "a gift was collected"),
    "coupon_used": ("применён купон", "a coupon was used"),
    "coupon_bound": ("купон привязан", "a coupon was bound"),
    "member_invited": ("пришёл приглашённый", "somebody invited has joined"),
    "goods_arrived": ("товар поступил", "goods have arrived"),
    "goal_reached": ("цель достигнута", "a goal was reached"),
    "points_expired": ("баллы сгорели", "points have expired"),
    "message_answered": ("ответ на сообщение", "a message was answered"),
    "custom": ("событие", "an event"),
    "date": ("памятная дата", "a day that comes round"),
    "calendar": ("день календаря", "a day of the calendar"),
    "quiet": ("давно не было покупок", "no purchase for a while"),
    "expiring": ("баллы скоро сгорят", "points are about to expire"),
}
NAMED: dict[str, tuple[str, str]] = {
    "birthday": ("день рождения", "a birthday"),
    "enrolment": ("годовщина регистрации", "the day of registration"),
}
ACTION_NAMES: dict[str, dict[Language, str]] = {}
"""Actions that extensions have added, by key."""


@dataclass(frozen=True, slots=True)
class DeedWords:
    """A rule by its name, the `event` of the document with the name of what it was about, and when it happened.

    `actions` of extensions that it does, by key; `is_taken`: what is gone was taken by one of these.
    """

    rule: str
    event: str
    name: str
    at: datetime
    actions: tuple[str, ...] = ()
    is_taken: bool = False


def explain_deed(units: int, currency: str, deed: DeedWords, vocabulary: Vocabulary) -> list[str]:
    """Points given for an event (`units` > 0), taken by an action, or taken back with goods that were brought back."""
    language, words = vocabulary.language, vocabulary.currency(currency)
    russian = language is Language.RU
    rule, amount = quoted(deed.rule, language), words.units(abs(units))
    if units < 0 and not deed.is_taken:
        told = "Товар вернули, и начисленное за него снято: {}." if russian else "Goods came back, and so did: {}."
        return [told.format(amount), ("Правило: {}." if russian else "Rule: {}.").format(rule)]
    if units < 0:
        told = "Списано по правилу {}: {}." if russian else "Taken by the rule {}: {}."
    else:
        told = "Начислено по правилу {}: {}." if russian else "Given by the rule {}: {}."
    event = event_text(deed.event, deed.name, language)
    when = moment(deed.at, vocabulary.zone, language)
    cause = ("За что: {}, {}." if russian else "For: {}, {}.").format(event, when)
    return [told.format(rule, amount), *([cause] if deed.event else []), *_actions(deed, language)]


def _actions(deed: DeedWords, language: Language) -> list[str]:
    names = [ACTION_NAMES[key][language] for key in deed.actions if key in ACTION_NAMES]
    told = "Сделано: {}." if language is Language.RU else "Done: {}."
    return [told.format(", ".join(names))] if names else []


def event_text(event: str, name: str, language: Language) -> str:
    """An event of the document in words; with what it was about."""
    place = 0 if language is Language.RU else 1
    if event == "date" and name in NAMED:
        return NAMED[name][place]
    text = EVENTS.get(event, (event, event))[place]
    return f"{text} {quoted(name, language)}" if name else text
