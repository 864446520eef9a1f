"""What a customer is told beside his points: levels, gifts, promotions, events, friends, the club, partners."""

from __future__ import annotations

from collections.abc import Iterable

from kopilka.engine.compiling.shares import SHARES
from kopilka.engine.mechanics import Automation, Bounds, On, Person
from kopilka.engine.mechanics_things import Gift
from kopilka.engine.rulebook import Coupon, Promotion, Stacking, Tier
from kopilka.engine.switches import path_of
from kopilka.wording.amounts import percent
from kopilka.wording.conditions import condition_texts, coupon_text, entry_text, goods_text, tests_of
from kopilka.wording.program_points import base_promotions, is_base, is_plain, own_promotions, tier_of, told_now
from kopilka.wording.promises import (
    bounds_texts,
    earn_texts,
    grant_text,
    lasting,
    promised,
    promotion_text,
    sentence,
    terms,
    unlock_text,
)
from kopilka.wording.speaking import Speaker
from kopilka.wording.times import DAY, life_text, listed, span_text, time_text, window_text

RULES_OF_TIERS = "tiers."

EVENTS = {
    On.ENROLLED: ("За регистрацию", "For joining"),
    On.PROFILE_FILLED: ("За заполненную анкету", "For filling in your profile"),
    On.PURCHASE: ("За покупку", "For a purchase"),
    On.FIRST_PURCHASE: ("За первую покупку", "For your first purchase"),
    On.TIER_RAISED: ("За новый уровень", "For a new level"),
    On.GIFT_COLLECTED: ("За полученный подарок", "For a gift you collected"),
    On.COUPON_USED: ("За использованный купон", "For a coupon you used"),
    On.COUPON_BOUND: ("За привязанный купон", "For a coupon you made yours"),
    On.MESSAGE_ANSWERED: ("За ответ на сообщение", "For answering a message"),
    On.CUSTOM: ("За особое событие", "For a special event"),
    On.CALENDAR: ("К празднику", "For a special day"),
    On.DATE: ("К памятной дате", "For a day you remember"),
}
"""Events a customer would count on; what answers others is not told of."""

_DATES = {
    "birthday": ("На день рождения", "For your birthday"),
    "enrolment": ("На годовщину регистрации", "For a year with us"),
}
_OWN_NAME_FIRST = frozenset({On.CUSTOM, On.CALENDAR, On.DATE})


# --- levels -----------------------------------------------------------------------------------------------------------
def tier_sentences(speaker: Speaker) -> list[str]:
    told = [_tier(tier, speaker) for tier in speaker.rulebook.tiers]
    told += [text for tier in speaker.rulebook.tiers for text in _keeping(tier, speaker)]
    wait = life_text(speaker.rulebook.counting.after, speaker.language)
    if told and wait:
        told.append(speaker.say(f"Покупка идёт в зачёт через {wait}.", f"A purchase counts {wait} after it was made."))
    return told


def _tier(tier: Tier, speaker: Speaker) -> str:
    """Золотой — сумма покупок больше 10 000 ₽: кешбэк 5 %."""
    name = speaker.words.tiers[tier.code]
    if tier.enter is None:
        how = speaker.say("с первого дня", "from the first day")
    else:
        how = " ".join(
            part for part in (entry_text(tier.enter, speaker), span_text(tier.within, speaker.language)) if part
        )
    perks = [perk for one in speaker.rulebook.promotions if is_of_tiers(one) for perk in _perks(one, tier, speaker)]
    if tier.spending_share is not None:
        share = percent(tier.spending_share, speaker.language)
        perks.append(speaker.say(f"баллами до {share} чека", f"points pay up to {share} of the receipt"))
    return sentence(f"{name} — {how}", perks)


def is_of_tiers(promotion: Promotion) -> bool:
    """Is being on a tier all it asks for?"""
    return bool(tier_of(promotion)) and is_plain(promotion)


def _perks(promotion: Promotion, tier: Tier, speaker: Speaker) -> list[str]:
    if tier.code not in tier_of(promotion):
        return []
    if promotion.code.startswith(RULES_OF_TIERS):
        return promised(promotion, speaker)
    base = {earn.currency for one in base_promotions(speaker) for earn in one.earn if earn.percent}
    told = promised(promotion, speaker) if promotion.discount else []
    if told:
        return told
    for earn in promotion.earn:
        if earn.percent and earn.currency in base:
            share = percent(earn.percent, speaker.language)
            told.append(speaker.say(f"+{share} к кешбэку", f"{share} more cashback"))
        else:
            told += earn_texts(earn, speaker)
    return told


def _keeping(tier: Tier, speaker: Speaker) -> list[str]:
    if tier.keep is None:
        return []
    name = speaker.quote(speaker.words.tiers[tier.code])
    what = entry_text(tier.keep.when, speaker)
    span = span_text(tier.keep.within, speaker.language)
    told = f"{span} {what}" if speaker.is_russian and span else f"{what} {span}".strip()
    return [speaker.say(f"Уровень {name} сохраняется, если {told}.", f"You keep tier {name} with {told}.")]


# --- gifts ------------------------------------------------------------------------------------------------------------
def gift_sentences(speaker: Speaker) -> list[str]:
    told = []
    for gift in speaker.rulebook.mechanics.gifts.values():
        over = speaker.at is not None and gift.window.end is not None and gift.window.end <= speaker.at
        if f"gifts.{gift.code}" not in speaker.rulebook.rules_off and not over and gift.prices:
            told.append(_gift(gift, speaker))
    return told


def _gift(gift: Gift, speaker: Speaker) -> str:
    name = speaker.named(gift.name_ru, gift.name_en, speaker.names.articles.get(gift.sku, gift.code))
    cost = [speaker.words.currency(code).units(units) for code, units in gift.prices.items()]
    if gift.auto:
        told = speaker.say(
            f"{listed(cost, speaker.language)} — и подарок ваш: {name}",
            f"{listed(cost, speaker.language)}, and {name} is yours",
        )
    else:
        cost += [speaker.money(gift.cash_minor)] if gift.cash_minor else []
        told = f"{name} — {listed(cost, speaker.language)}"
    parts = [told]
    if not gift.life.is_empty:
        life = life_text(gift.life, speaker.language)
        parts.append(speaker.say(f"забрать — за {life}", f"collect it within {life}"))
    parts += [
        speaker.tiers(gift.tiers) if gift.tiers else "",
        speaker.places(gift.branches),
        window_text(gift.window, speaker.rulebook.zone, speaker.language, speaker.at),
    ]
    return f"{', '.join(part for part in parts if part)}."


# --- promotions -------------------------------------------------------------------------------------------------------
def promotion_sentences(speaker: Speaker) -> list[str]:
    listed_ones = [one for one in speaker.rulebook.promotions if _is_told(one, speaker)]
    told = [_promotion(one, speaker) for one in listed_ones]
    groups = [one.group for one in listed_ones if one.group]
    best = {code for code, mode in speaker.rulebook.groups.items() if mode in {Stacking.BEST, Stacking.EXCLUSIVE}}
    if any(groups.count(group) > 1 for group in best):
        told.append(
            speaker.say(
                "Если подходят несколько скидок, действует самая выгодная.",
                "Where several discounts fit, the best one counts.",
            )
        )
    return told


def _is_told(one: Promotion, speaker: Speaker) -> bool:
    """Is it a promotion that runs or will run, gives something, can be had, and is not said elsewhere?"""
    if not told_now(one, speaker) or is_of_tiers(one) or not promised(one, speaker):
        return False
    if one.earn and not one.discount and is_base(one):
        return False
    if path_of(one).startswith(SHARES) and (asks(one, "invited") or asks(one, "has_agent")):
        return False
    mechanics = speaker.rulebook.mechanics
    elsewhere = {unlock.promotion for rule in mechanics.automations.values() for unlock in rule.unlocks}
    elsewhere |= {own.code for earn in one.earn for own in own_promotions(earn.currency, speaker)}
    return one.code not in elsewhere


def _promotion(one: Promotion, speaker: Speaker) -> str:
    opened = speaker.say("для тех, кому её открыли", "for those it was opened for")
    return promotion_text(one, speaker, *([opened] if one.locked else []))


# --- events -----------------------------------------------------------------------------------------------------------
def automation_sentences(speaker: Speaker) -> list[str]:
    """What is given for events other than inviting friends."""
    return [told for rule in automations(speaker) if not asks(rule, "invited") and (told := _automation(rule, speaker))]


def automations(speaker: Speaker) -> Iterable[Automation]:
    """Those that are on and not over."""
    for rule in speaker.rulebook.mechanics.automations.values():
        is_over = speaker.at is not None and rule.window.end is not None and rule.window.end <= speaker.at
        if f"automations.{rule.code}" not in speaker.rulebook.rules_off and not is_over:
            yield rule


def _automation(rule: Automation, speaker: Speaker) -> str:
    """За регистрацию: 500 баллов, срок — 14 дней."""
    gives = _given(rule, speaker)
    if not gives or rule.trigger.on not in EVENTS:
        return ""
    return sentence(_event(rule, speaker), [*gives, *_when(rule, speaker)])


def _event(rule: Automation, speaker: Speaker) -> str:
    on = rule.trigger.on
    if on is On.DATE and rule.trigger.name in _DATES and rule.trigger.age is None:
        return speaker.say(*_DATES[rule.trigger.name])
    if on in _OWN_NAME_FIRST and (rule.name_ru or rule.name_en):
        return speaker.say(rule.name_ru or rule.name_en, rule.name_en or rule.name_ru)
    told = speaker.say(*EVENTS[on])
    if on is On.PURCHASE and rule.lines is not None:
        goods = goods_text(rule.lines, speaker, of=True)
        return speaker.say(f"{told} {goods}", f"For buying {goods}")
    return told


def _given(rule: Automation, speaker: Speaker) -> list[str]:
    """What the member himself gets."""
    of = speaker.say("от покупки", "of the purchase")
    grants = [grant_text(grant, speaker, of) for grant in rule.grants if grant.to is Person.MEMBER]
    return grants + things_given(rule, speaker)


def things_given(rule: Automation, speaker: Speaker) -> list[str]:
    """All but points."""
    told = [unlock_text(unlock, speaker) for unlock in rule.unlocks]
    for give in rule.gives:
        if give.gift:
            gift = speaker.words.gift(give.gift)
            told.append(speaker.say(f"подарок {speaker.quote(gift)}", f"the gift {speaker.quote(gift)}"))
        elif give.coupon and (coupon := speaker.rulebook.coupons.get(give.coupon)):
            name = speaker.named(coupon.name_ru, coupon.name_en, coupon.code)
            told.append(speaker.say(f"купон {name}", f"coupon {name}"))
    if rule.tier:
        tier = speaker.quote(speaker.words.tiers.get(rule.tier, rule.tier))
        told.append(speaker.say(f"уровень {tier}", f"tier {tier}"))
    return [text for text in told if text]


def _when(rule: Automation, speaker: Speaker) -> list[str]:
    told = []
    if rule.trigger.on is On.DATE and rule.trigger.days:
        days = time_text(abs(rule.trigger.days), DAY, speaker.language)
        before = rule.trigger.days < 0
        told.append(
            speaker.say(f"за {days} до этого дня", f"{days} before the day")
            if before
            else speaker.say(f"{days} спустя", f"{days} after the day")
        )
    if rule.trigger.on is On.CALENDAR and rule.trigger.day is not None:
        on = rule.trigger.day
        told.append(f"{on.day:02d}.{on.month:02d}.{on.year}" if speaker.is_russian else on.strftime("%-d %b %Y"))
    told += condition_texts(rule.when, speaker)
    if not rule.wait.is_empty:
        wait = life_text(rule.wait, speaker.language)
        told.append(speaker.say(f"через {wait}", f"{wait} later"))
    told += [
        speaker.places(rule.branches),
        window_text(rule.window, speaker.rulebook.zone, speaker.language, speaker.at),
    ]
    return [text for text in told if text] + bounds_texts(rule.bounds, speaker)


# --- coupons --------------------------------------------------------------------------------------------------------
def coupon_sentences(coupon: Coupon, speaker: Speaker) -> list[str]:
    """What the promotions of a coupon give, and how long its code is good."""
    told = coupon_promises(coupon.code, speaker)
    if coupon.series is not None and not coupon.series.life.is_empty:
        life = life_text(coupon.series.life, speaker.language)
        told.append(speaker.say(f"Действует {life} с момента получения.", f"Good for {life} once it is yours."))
    if window := window_text(coupon.window, speaker.rulebook.zone, speaker.language, speaker.at):
        told.append(speaker.say(f"Действует {window}.", f"It works {window}."))
    return told


def coupon_promises(code: str, speaker: Speaker) -> list[str]:
    """What the promotions of a coupon give, for somebody who holds it: that it takes the coupon is not said."""
    named = coupon_text(code, speaker)
    return [
        sentence(
            _named(one, speaker), [*promised(one, speaker), *(part for part in terms(one, speaker) if part != named)]
        )
        for one in speaker.rulebook.promotions
        if one.coupon == code and told_now(one, speaker)
    ]


def _named(one: Promotion, speaker: Speaker) -> str:
    return speaker.say(one.name_ru or one.name_en, one.name_en or one.name_ru)


def asks(rule: Automation | Promotion, fact: str) -> bool:
    """Must this be so?"""
    return any(test.fact == fact and test.value == (True,) for test in tests_of(rule.when))


# --- club, partners, certificates -------------------------------------------------------------------------------------
def club_sentences(speaker: Speaker) -> list[str]:
    told = []
    for one in speaker.rulebook.mechanics.club.values():
        name = speaker.say(one.name_ru or one.name_en, one.name_en or one.name_ru) or one.code
        parts = [*condition_texts(one.when, speaker), *bounds_texts(Bounds(limits=one.limits), speaker)]
        told.append(sentence(name, parts))
    return told


def partner_sentences(speaker: Speaker) -> list[str]:
    partners = speaker.rulebook.mechanics.partners.values()
    both = [one for one in partners if one.gives and one.takes]
    told = []
    for russian, english, some in (
        ("Начисляют и принимают", "These give and take points", both),
        ("Начисляют", "These give points", [one for one in partners if one.gives and not one.takes]),
        ("Принимают", "These take points", [one for one in partners if one.takes and not one.gives]),
    ):
        names = [speaker.named(one.name_ru, one.name_en, one.code) for one in some]
        if names:
            told.append(f"{speaker.say(russian, english)}: {listed(names, speaker.language)}.")
    return told


def certificate_sentences(speaker: Speaker) -> list[str]:
    told = []
    for one in speaker.rulebook.mechanics.certificates.values():
        parts = (
            [listed([speaker.money(value) for value in one.values], speaker.language)]
            if one.values
            else [speaker.say("на любую сумму", "for any sum")]
        )
        if not one.life.is_empty:
            parts.append(lasting(life_text(one.life, speaker.language), speaker))
        name = speaker.say(one.name_ru or one.name_en, one.name_en or one.name_ru)
        told.append(sentence(name or speaker.say("Подарочный сертификат", "Gift certificate"), parts))
    return told
