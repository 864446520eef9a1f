"""What a rule gives, as phrases for a customer: "скидка 10 % на услуги", "300 бонусов, срок — 14 дней"."""

from __future__ import annotations

from collections.abc import Iterable

from kopilka.engine.mechanics import Bounds, Grant, Limit, Unlock, Whose
from kopilka.engine.rulebook import AmountOff, FixedPrice, PercentOff, Promotion
from kopilka.engine.rulebook_earn import Earn, Per
from kopilka.wording.amounts import exact, percent
from kopilka.wording.conditions import condition_texts, coupon_text, goods_text
from kopilka.wording.nouns import Noun
from kopilka.wording.promotions import discount_text
from kopilka.wording.speaking import Speaker
from kopilka.wording.times import counted, life_text, window_text

TIMES = (Noun("раз", "раза", "раз"), Noun("time", "times", "times"))
OF_TIMES = (Noun("раза", "раз", "раз"), TIMES[1])
FOR_PURCHASES = (Noun("покупку", "покупки", "покупок"), Noun("purchase", "purchases", "purchases"))
DOUBLE, TRIPLE = 200, 300


def promised(promotion: Promotion, speaker: Speaker) -> list[str]:
    """What a promotion does, without its conditions."""
    told = [_discounted(promotion, speaker)] if promotion.discount else []
    goods = goods_text(promotion.lines, speaker)
    for earn in promotion.earn:
        told += earn_texts(earn, speaker, goods)
    if promotion.discount_max is not None:
        most = speaker.money(promotion.discount_max)
        told.append(speaker.say(f"скидка не больше {most} на чек", f"at most {most} off a receipt"))
    if promotion.spending_share is not None:
        share = percent(promotion.spending_share, speaker.language)
        of = "" if promotion.discount or promotion.earn or not goods else f" ({goods})"
        told.append(speaker.say(f"баллами можно оплатить до {share}", f"points may pay up to {share}") + of)
    return told + _turned_off(promotion, "" if told else goods, speaker)


def terms(promotion: Promotion, speaker: Speaker) -> list[str]:
    """When, where and for whom a promotion works."""
    told = condition_texts(promotion.when, speaker)
    if promotion.coupon:
        told.append(coupon_text(promotion.coupon, speaker))
    told.append(speaker.places(promotion.branches))
    told.append(window_text(promotion.window, speaker.rulebook.zone, speaker.language, speaker.at))
    if not promotion.over_discounted:
        told.append(speaker.say("кроме уже уценённых товаров", "except goods that are reduced already"))
    return [text for text in told if text] + bounds_texts(promotion.bounds, speaker)


def promotion_text(promotion: Promotion, speaker: Speaker, *more: str) -> str:
    """Утренняя скидка на выпечку: скидка 10 % на отдельные товары, с 7:00 до 10:00."""
    name = speaker.say(promotion.name_ru or promotion.name_en, promotion.name_en or promotion.name_ru)
    return sentence(name, [*promised(promotion, speaker), *terms(promotion, speaker), *more])


def _discounted(promotion: Promotion, speaker: Speaker) -> str:
    """скидка 10 % на отдельные товары."""
    phrase = lowered(discount_text(promotion.discount, speaker.language, speaker.money, speaker.words.digits))
    goods = goods_text(promotion.lines, speaker)
    if not goods:
        is_all = isinstance(promotion.discount, PercentOff) and not terms(promotion, speaker)
        return phrase + (speaker.say(" на все покупки", " everything") if is_all else "")
    if isinstance(promotion.discount, PercentOff | AmountOff | FixedPrice):
        return f"{phrase} {speaker.say('на', 'on')} {goods}"
    return f"{phrase} ({goods})"


def earn_texts(earn: Earn, speaker: Speaker, goods: str = "") -> list[str]:
    """кешбэк 5 % на услуги; 10 баллов за каждые 100 ₽; вдвое больше баллов."""
    words = speaker.words.currency(earn.currency)
    on = f" {speaker.say('на', 'on')} {goods}" if goods else ""
    if earn.multiply:
        noun = words.noun.many
        known = {DOUBLE: ("вдвое больше {}", "double {}"), TRIPLE: ("втрое больше {}", "triple {}")}
        ru, en = known.get(earn.multiply, ("в {times} раза больше {}", "{times} times the {}"))
        told = [speaker.say(ru, en).format(noun, times=exact(earn.multiply, 100, speaker.language))]
        told[0] += f" {speaker.say('за', 'for')} {goods}" if goods else ""
    elif earn.percent:
        share = percent(earn.percent, speaker.language)
        told = [speaker.say(f"кешбэк {share}", f"{share} cashback") + on]
    else:
        told = [f"{words.units(earn.units)} {_per(earn, speaker)}" + (f" ({goods})" if goods else "")]
    if earn.units_max is not None:
        most = speaker.of_units(earn.units_max, earn.currency)
        told.append(speaker.say(f"не больше {most} за чек", f"at most {most} a receipt"))
    if earn.life is not None and not earn.life.is_empty:
        told.append(lasting(life_text(earn.life, speaker.language), speaker))
    return told


def _per(earn: Earn, speaker: Speaker) -> str:
    match earn.per:
        case Per.LINE:
            return speaker.say("за каждую строку чека", "for every line of the receipt")
        case Per.UNIT:
            return speaker.say("за каждую штуку", "for each one")
        case Per.AMOUNT:
            each = speaker.money(earn.per_minor)
            is_one = earn.per_minor == int(10**speaker.words.digits)
            return speaker.say(f"за {each}" if is_one else f"за каждые {each}", f"for every {each}")
        case _:
            return speaker.say("за покупку", "for a purchase")


def _turned_off(promotion: Promotion, goods: str, speaker: Speaker) -> list[str]:
    """`goods` are named where nothing before has named them."""
    ways = [
        word
        for word, is_off in (
            (speaker.say("начисляются", "earned"), promotion.no_earning),
            (speaker.say("принимаются", "accepted"), promotion.no_spending),
        )
        if is_off
    ]
    if not ways or not speaker.rulebook.points:
        return []
    told = speaker.say(" и не ", " or ").join(ways)
    if goods:
        return [speaker.say(f"на {goods} баллы не {told}", f"no points are {told} on {goods}")]
    return [speaker.say(f"баллы при этом не {told}", f"no points are {told} with it")]


def grant_text(grant: Grant, speaker: Speaker, of: str) -> str:
    """300 бонусов, срок — 14 дней. `of`: what a percent is counted on, as in "от покупки"."""
    return granted(grant, speaker, of) + grant_life(grant, speaker)


def granted(grant: Grant, speaker: Speaker, of: str) -> str:
    """300 бонусов; 10 % от покупки."""
    units = speaker.words.currency(grant.currency).units(grant.units)
    return f"{percent(grant.percent, speaker.language)} {of}" if grant.percent else units


def grant_life(grant: Grant, speaker: Speaker) -> str:
    """What follows the points with a comma, where they have a life of their own."""
    if grant.life is None or grant.life.is_empty:
        return ""
    return f", {lasting(life_text(grant.life, speaker.language), speaker)}"


def unlock_text(unlock: Unlock, speaker: Speaker) -> str:
    """открывается «20 % на растения»: скидка 20 % на растения, на 30 дней, на 3 покупки."""
    promotion = next((one for one in speaker.rulebook.promotions if one.code == unlock.promotion), None)
    if promotion is None:
        return ""
    parts = [*promised(promotion, speaker), *terms(promotion, speaker)]
    if not unlock.life.is_empty:
        life = life_text(unlock.life, speaker.language)
        parts.append(speaker.say(f"на {life}", f"for {life}"))
    if unlock.times:
        times = counted(unlock.times, *FOR_PURCHASES, speaker.language)
        parts.append(speaker.say(f"на {times}", f"for {times}"))
    told = ", ".join(parts)
    if not (promotion.name_ru or promotion.name_en):
        return speaker.say(f"открывается акция: {told}", f"opens an offer: {told}")
    name = speaker.named(promotion.name_ru, promotion.name_en, promotion.code)
    return speaker.say(f"открывается акция {name}: {told}", f"opens {name}: {told}")


def lasting(life: str, speaker: Speaker) -> str:
    return speaker.say(f"срок — {life}", f"good for {life}")


def bounds_texts(bounds: Bounds, speaker: Speaker) -> list[str]:
    """не больше 2 раз за 12 месяцев. A group kept out to measure a rule is not told of."""
    told = [_limit(limit, speaker) for limit in bounds.limits]
    if bounds.budget is not None:
        told.append(speaker.say("пока хватает бюджета акции", "while its budget lasts"))
    return told


def _limit(limit: Limit, speaker: Speaker) -> str:
    times = counted(limit.times, *OF_TIMES, speaker.language)
    within = life_text(limit.within, speaker.language)
    over = speaker.say(f" за {within}", f" in {within}") if within else ""
    ru, en = {
        Whose.MEMBER: ("не больше {}", "at most {}"),
        Whose.EVERYBODY: ("всего не больше {} на всех", "at most {} for everybody together"),
        Whose.BRANCH: ("не больше {} в каждой точке", "at most {} at each branch"),
        Whose.RECEIPT: ("не больше {} в чеке", "at most {} on a receipt"),
    }[limit.whose]
    return speaker.say(ru, en).format(times) + over


def lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def raised(text: str) -> str:
    return text[:1].upper() + text[1:]


def sentence(subject: str, parts: Iterable[str]) -> str:
    """ "Subject: part, part." """
    told = ", ".join(part for part in parts if part).removesuffix(".")
    if not subject:
        return f"{raised(told)}." if told else ""
    return f"{raised(subject)}: {told}." if told else f"{raised(subject)}."
