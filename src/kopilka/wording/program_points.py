"""What a customer is told of a kind of points: how they are earned, what they are worth, how long they last."""

from __future__ import annotations

from math import gcd

from kopilka.engine.compiling.shares import SHARES
from kopilka.engine.conditions import Op, Test
from kopilka.engine.mechanics import Person, To
from kopilka.engine.money import PRICE_SCALE
from kopilka.engine.points import PointsCurrency
from kopilka.engine.rulebook import EarnBase, Promotion, Proof, Spending
from kopilka.engine.rulebook_earn import Earn
from kopilka.engine.switches import EARNING, SPENDING
from kopilka.wording.amounts import percent, price
from kopilka.wording.promises import earn_texts, promotion_text, raised
from kopilka.wording.speaking import Speaker
from kopilka.wording.times import life_text

FULL = 10_000
EXAMPLE = 1_000
"""What of a purchase of so many whole units of money comes back is said as an example."""


def public_currencies(speaker: Speaker) -> list[str]:
    """Those a customer can get or spend; points of employees alone are nobody else's business."""
    rules, mechanics = speaker.rulebook, speaker.rulebook.mechanics
    mine = {To.BUYER, To.INVITER, To.AGENT}
    used = {earn.currency for promotion in rules.promotions for earn in promotion.earn}
    used |= {earn.currency for share in mechanics.shares.values() if share.to in mine for earn in share.earns}
    used |= {currency for gift in mechanics.gifts.values() for currency in gift.prices}
    used |= {
        grant.currency
        for automation in mechanics.automations.values()
        for grant in automation.grants
        if grant.to in {Person.MEMBER, Person.INVITER}
    }
    return [code for code in rules.points if code in used or code in rules.spending]


def points_sentences(code: str, speaker: Speaker) -> list[str]:
    currency = speaker.rulebook.points[code]
    spending = None if _is_off(SPENDING, speaker) else speaker.rulebook.spending.get(code)
    told, is_counted = ([], False) if _is_off(EARNING, speaker) else _earning(currency, speaker)
    told += _worth(currency, spending, speaker)
    if spending is not None:
        told.append(_paying(spending, speaker))
    told += _living(currency, spending, speaker)
    if spending is not None:
        told += [*_proving(speaker), *(_counting(speaker) if is_counted else ())]
        if any(_earns(one, code) for one in speaker.rulebook.promotions):
            told.append(_returning(speaker))
    return told


def is_base(promotion: Promotion) -> bool:
    """Does it work for every member on every purchase?"""
    return is_plain(promotion) and promotion.when in {None, Test("member", Op.ONE_OF, (True,))}


def is_plain(promotion: Promotion) -> bool:
    """Does nothing but its condition narrow it?"""
    return not (
        promotion.is_off or promotion.lines or promotion.branches or promotion.coupon or promotion.locked
        or promotion.window.start or promotion.window.end or promotion.no_earning or promotion.no_spending
        or promotion.spending_share is not None or promotion.discount_max is not None
        or promotion.bounds.limits or promotion.bounds.budget or not promotion.over_discounted
    ) and promotion.code not in {EARNING, SPENDING}  # fmt: skip


def base_promotions(speaker: Speaker) -> list[Promotion]:
    return [one for one in speaker.rulebook.promotions if one.earn and is_base(one)]


def own_promotions(code: str, speaker: Speaker) -> list[Promotion]:
    """Those that are the only ways to earn these points, where nothing earns them always."""
    ways = [one for one in speaker.rulebook.promotions if _earns(one, code)]
    if any(is_base(one) for one in ways) or _by_tier(speaker.rulebook.points[code], speaker):
        return []
    return [
        one for one in ways if not (one.discount or one.locked or one.coupon or tier_of(one)) and told_now(one, speaker)
    ]


def told_now(promotion: Promotion, speaker: Speaker) -> bool:
    """Is it on, and not over?"""
    is_over = speaker.at is not None and promotion.window.end is not None and promotion.window.end <= speaker.at
    return not promotion.is_off and not is_over and promotion.code not in {EARNING, SPENDING}


def _earns(promotion: Promotion, code: str) -> bool:
    is_share = promotion.code.startswith(SHARES)
    return not is_share and any(earn.currency == code and not earn.multiply for earn in promotion.earn)


def tier_of(promotion: Promotion) -> tuple[str, ...]:
    """The tiers a promotion is for when that is its only condition."""
    when = promotion.when
    return tuple(str(code) for code in when.value) if isinstance(when, Test) and when.fact == "tier" else ()  # type: ignore[attr-defined]


def _is_off(switch: str, speaker: Speaker) -> bool:
    return any(promotion.code == switch for promotion in speaker.rulebook.promotions)


def _earning(currency: PointsCurrency, speaker: Speaker) -> tuple[list[str], bool]:
    """The ways to earn, and whether any of them counts money."""
    earns = [earn for one in base_promotions(speaker) for earn in one.earn if earn.currency == currency.code]
    plain = [earn for earn in earns if not earn.multiply]
    told = [_earned(earn, currency, speaker) for earn in plain]
    by_tier = "" if plain else _by_tier(currency, speaker)
    told += [by_tier] if by_tier else []
    own = own_promotions(currency.code, speaker)
    told += [promotion_text(one, speaker) for one in own]
    plain += [earn for one in own for earn in one.earn]
    of_money = any(earn.percent or earn.per_minor for earn in plain) or by_tier
    return told, bool(of_money)


def _counting(speaker: Speaker) -> list[str]:
    """On what percents are counted, where points may pay a part."""
    if not speaker.rulebook.spending or speaker.rulebook.earn_base is not EarnBase.PAID_WITH_MONEY:
        return []
    return [speaker.say("Начисляется за то, что оплачено деньгами.", "Points are given for what you pay with money.")]


def _earned(earn: Earn, currency: PointsCurrency, speaker: Speaker) -> str:
    """Кешбэк 5 % с каждой покупки: за 1 000 ₽ — 50 баллов."""
    first, *more = earn_texts(earn, speaker)
    if not earn.percent:
        return f"{raised(', '.join([first, *more]))}."
    told = raised(first) + speaker.say(" с каждой покупки", " on every purchase")
    if example := _example(earn.percent, currency, speaker):
        told += f": {example}"
    return f"{', '.join([told, *more])}."


def _example(hundredths: int, currency: PointsCurrency, speaker: Speaker) -> str:
    minor = EXAMPLE * int(10**speaker.words.digits)
    worth = currency.worth_minor or int(10**speaker.words.digits)
    units, rest = divmod(minor * hundredths * currency.scale, FULL * worth)
    if rest or not units:
        return ""
    shown = speaker.words.currency(currency.code).units(units)
    return speaker.say(f"за {speaker.money(minor)} — {shown}", f"{shown} for {speaker.money(minor)}")


def _by_tier(currency: PointsCurrency, speaker: Speaker) -> str:
    """Where every tier has a cashback of its own."""
    shares = [
        earn.percent
        for one in speaker.rulebook.promotions
        if tier_of(one) and is_plain(one)
        for earn in one.earn
        if earn.currency == currency.code and earn.percent
    ]
    if len(shares) < len(speaker.rulebook.tiers) or not shares:
        return ""
    least, most = percent(min(shares), speaker.language), percent(max(shares), speaker.language)
    if least == most:
        return speaker.say(f"Кешбэк {least} с каждой покупки.", f"{least} cashback on every purchase.")
    return speaker.say(
        f"Кешбэк от {least} до {most} с каждой покупки: чем выше уровень, тем больше.",
        f"{least} to {most} cashback on every purchase: the higher the level, the more.",
    )


def _worth(currency: PointsCurrency, spending: Spending | None, speaker: Speaker) -> list[str]:
    words = speaker.words.currency(currency.code)
    if currency.gift_sku:
        name = speaker.names.articles.get(currency.gift_sku, "")
        thing = speaker.quote(name) if name else speaker.say("один товар", "one article")
        return [
            speaker.say(
                f"{words.units(currency.scale)} — {thing} бесплатно.",
                f"{words.units(currency.scale)}: {thing} for free.",
            )
        ]
    if spending is None or not currency.worth_minor:
        return []
    unit = int(10**speaker.words.digits)
    number = unit // gcd(unit, currency.worth_minor) if currency.worth_minor < unit else 1
    return [f"{words.units(number * currency.scale)} = {speaker.money(number * currency.worth_minor)}."]


def _paying(spending: Spending, speaker: Speaker) -> str:
    """Оплатить можно до 50 % чека, хотя бы 1 ₽ — деньгами."""
    words, language = speaker.words.currency(spending.currency), speaker.language
    shares = []
    if spending.share_line < FULL:
        share = percent(spending.share_line, language)
        shares.append(
            speaker.say(
                f"до {share} цены каждого товара и услуги", f"up to {share} of the price of each article or service"
            )
        )
    if spending.share_receipt < FULL:
        share = percent(spending.share_receipt, language)
        shares.append(speaker.say(f"до {share} чека", f"up to {share} of the receipt"))
    told = speaker.say("Оплатить можно ", "You can pay ")
    told += speaker.say(" и ", " and ").join(shares) or speaker.say("весь чек", "for a whole receipt")
    more = []
    if spending.cash_min:
        more.append(
            speaker.say(
                f"хотя бы {speaker.money(spending.cash_min)} — деньгами",
                f"at least {speaker.money(spending.cash_min)} with money",
            )
        )
    if spending.keep_price >= PRICE_SCALE:
        least = price(spending.keep_price, speaker.money, speaker.words.digits, language)
        more.append(speaker.say(f"товар не становится дешевле {least}", f"nothing becomes cheaper than {least}"))
    if spending.step > words.scale:
        more.append(
            speaker.say(f"списываются по {words.plain(spending.step)}", f"in steps of {words.plain(spending.step)}")
        )
    if spending.units_min:
        more.append(
            speaker.say(
                f"от {words.plain(spending.units_min)} за раз", f"from {words.plain(spending.units_min)} at a time"
            )
        )
    return ", ".join([told, *more]) + "."


def _living(currency: PointsCurrency, spending: Spending | None, speaker: Speaker) -> list[str]:
    language, life = speaker.language, life_text(currency.life, speaker.language)
    parts = []
    if spending is not None:
        wait = life_text(currency.starts_after, language)
        parts.append(
            speaker.say(f"тратить можно через {wait} после начисления", f"you can spend them {wait} after you get them")
            if wait
            else speaker.say("тратить можно сразу", "you can spend them at once")
        )
    parts.append(
        speaker.say(f"срок действия — {life}", f"they last {life}")
        if life
        else speaker.say("срока действия нет", "they never expire")
    )
    told = [f"{raised(', '.join(parts))}."]
    if not currency.idle.is_empty:
        idle = life_text(currency.idle, language)
        told.append(
            speaker.say(
                f"Если за {idle} не было ни одной покупки, всё сгорает.",
                f"Without any purchase in {idle} all of them expire.",
            )
        )
    return told


def _proving(speaker: Speaker) -> list[str]:
    proof = speaker.rulebook.proof
    if proof.by is not Proof.CODE:
        return []
    if proof.free_up_to:
        free = speaker.money(proof.free_up_to)
        return [
            speaker.say(
                f"До {free} можно потратить без кода, больше — с кодом с карты.",
                f"Up to {free} can be spent without a code, more with the code on your card.",
            )
        ]
    return [speaker.say("Чтобы потратить, покажите код на карте.", "To spend them, show the code on your card.")]


def _returning(speaker: Speaker) -> str:
    if speaker.rulebook.returns.give_back and speaker.rulebook.spending:
        return speaker.say(
            "Вернёте покупку — начисленное за неё снимется, потраченное вернётся.",
            "Bring a purchase back: what it earned goes, what you spent comes back.",
        )
    return speaker.say(
        "Вернёте покупку — начисленное за неё снимется.", "Bring a purchase back, and what it earned goes."
    )


def sharing_sentences(speaker: Speaker) -> list[str]:
    """Points from hand to hand, and families."""
    mechanics, told = speaker.rulebook.mechanics, []
    if transfers := mechanics.transfers:
        for code in transfers.currencies:
            words = speaker.words.currency(code)
            parts = [
                speaker.say(
                    f"{speaker.quote(words.name)}: можно передать другому участнику",
                    f"{speaker.quote(words.name)} can be handed to another member",
                )
            ]
            if transfers.units_min > words.scale:
                parts.append(
                    speaker.say(
                        f"от {words.plain(transfers.units_min)} за раз",
                        f"from {words.plain(transfers.units_min)} at a time",
                    )
                )
            if transfers.units_a_day:
                parts.append(
                    speaker.say(
                        f"не больше {words.plain(transfers.units_a_day)} в день",
                        f"at most {words.plain(transfers.units_a_day)} a day",
                    )
                )
            if transfers.fee:
                parts.append(
                    speaker.say(
                        f"комиссия {percent(transfers.fee, speaker.language)}",
                        f"the fee is {percent(transfers.fee, speaker.language)}",
                    )
                )
            told.append(f"{', '.join(parts)}.")
    if family := mechanics.family:
        told.append(
            speaker.say(
                f"Семья до {family.size} человек может копить и тратить на одном счёте.",
                f"A family of up to {family.size} can earn and spend on one account.",
            )
        )
    return told
