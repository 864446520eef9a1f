"""Conditions as a customer reads them: "по пятницам", "при покупке от 1 000 ₽", "для уровня «Золотой»".

What a customer cannot know of himself (segments, tags, tills) is said as "для отдельных участников".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import cast

from kopilka.engine.conditions import All, Any, Condition, Not, Op, Test
from kopilka.engine.period import Hours
from kopilka.wording.amounts import SPACE, day, price, quantity
from kopilka.wording.nouns import Noun
from kopilka.wording.speaking import Speaker, is_name
from kopilka.wording.times import DAY, counted, hours_text, listed, time_text, weekdays_text

PURCHASES = (Noun("покупка", "покупки", "покупок"), Noun("purchase", "purchases", "purchases"))
YEARS = (Noun("года", "лет", "лет"), Noun("year", "years", "years"))
FRIENDS_OF = (Noun("друга", "друзей", "друзей"), Noun("friend", "friends", "friends"))

_OF_MEMBERS = frozenset({"segment", "tags", "link", "has_agent", "agent", "staff", "till"})
_OF_TILL = frozenset({"discounted", "line_tags"})


# --- goods ------------------------------------------------------------------------------------------------------------
def goods_text(lines: Condition | None, speaker: Speaker, *, of: bool = False) -> str:
    """Which goods, in the accusative ("отдельные товары"), with `of` in the genitive; empty: all of them."""
    if lines is None:
        return ""
    tests = list(_flat(lines))
    if any(not isinstance(one, Test) for one in tests):
        return _goods(speaker, "", of=of, is_some=True, is_service=False)
    told, is_some, is_service = "", False, False
    for one in cast("list[Test]", tests):
        if one.fact == "sku" and (named := _named_articles(one, speaker)):
            return named
        if one.fact == "article":
            is_service = one.value == ("service",)
            is_some = is_some or "certificate" in cast("Sequence[str]", one.value)
        elif words := _goods_part(one, speaker):
            told += f" {words}"
        else:
            is_some = True
    return _goods(speaker, told, of=of, is_some=is_some, is_service=is_service)


def _goods(speaker: Speaker, told: str, *, of: bool, is_some: bool, is_service: bool) -> str:
    if speaker.is_russian:
        thing = ("услуг" if of else "услуги") if is_service else ("товаров" if of else "товары")
        some = ("отдельных " if of else "отдельные ") if is_some else ""
    else:
        thing, some = ("services" if is_service else "goods"), ("selected " if is_some else "")
    return f"{some}{thing}{told}"


def _named_articles(one: Test, speaker: Speaker) -> str:
    codes = cast("Sequence[str]", one.value)
    names = [speaker.quote(speaker.names.articles[code]) for code in codes if code in speaker.names.articles]
    return listed(names, speaker.language) if len(names) == len(codes) else ""


def _goods_part(one: Test, speaker: Speaker) -> str:
    """After the word for goods; empty where there is no name for it."""
    if one.fact in {"price", "amount"} and one.op is not Op.ONE_OF:
        amount = cast("int", one.value)
        digits = speaker.words.digits
        shown = price(amount, speaker.money, digits, speaker.language) if one.fact == "price" else speaker.money(amount)
        return bound(one.op, shown, speaker)
    if one.fact not in {"brand", "category"} or one.op is not Op.ONE_OF:
        return ""
    values = cast("Sequence[str]", one.value)
    if one.fact == "category" and not all(is_name(value) and speaker.can_read(value) for value in values):
        return ""
    names = listed([speaker.quote(value) for value in values], speaker.language)
    if one.fact == "brand":
        return speaker.say("марки " if len(values) == 1 else "марок ", "by ") + names
    return speaker.say("категории " if len(values) == 1 else "категорий ", "of ") + names


# --- when -------------------------------------------------------------------------------------------------------------
def condition_texts(condition: Condition | None, speaker: Speaker) -> list[str]:
    """A phrase for each thing that must hold, each once; they follow each other with commas."""
    if condition is None:
        return []
    told = [_part(part, speaker) for part in _flat(condition)]
    return list(dict.fromkeys(text for text in told if text))


def tests_of(condition: Condition | None) -> Iterator[Test]:
    """The comparisons that must all hold; those under any and not are left out."""
    if condition is not None:
        yield from (part for part in _flat(condition) if isinstance(part, Test))


def bound(op: Op, shown: str, speaker: Speaker) -> str:
    """от 3 000 ₽."""
    ru, en = {
        Op.ABOVE: ("больше {}", "over {}"),
        Op.AT_LEAST: ("от {}", "from {}"),
        Op.BELOW: ("меньше {}", "under {}"),
        Op.AT_MOST: ("до {}", "up to {}"),
    }.get(op, ("{}", "{}"))
    return speaker.say(ru, en).format(shown)


def _flat(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, All):
        for part in condition.parts:
            yield from _flat(part)
    else:
        yield condition


def _part(part: Condition, speaker: Speaker) -> str:
    match part:
        case Test():
            return _test(part, speaker)
        case Any(parts=parts):
            ways = [listed(condition_texts(one, speaker), speaker.language) for one in parts]
            return listed(list(dict.fromkeys(ways)), speaker.language, speaker.say("или", "or")) if all(ways) else ""
        case Not(part=Test() as inner) if told := _test(inner, speaker):
            return speaker.say(f"кроме случаев: {told}", f"except {told}")
    return _particular(speaker)


def _particular(speaker: Speaker) -> str:
    return speaker.say("для отдельных участников", "for selected members")


def _test(one: Test, speaker: Speaker) -> str:
    if one.fact in _OF_MEMBERS:
        return _particular(speaker)
    told = _TOLD.get(one.fact)
    return told(one, speaker) if told else speaker.say("на особых условиях", "on special terms")


def _number(one: Test) -> int:
    return one.value if isinstance(one.value, int) else cast("Sequence[int]", one.value)[0]


def _values(one: Test) -> Sequence[str]:
    return cast("Sequence[str]", one.value)


def _is_true(one: Test) -> bool:
    return one.value == (True,)


def _total(one: Test, speaker: Speaker) -> str:
    return speaker.say("при покупке ", "on a purchase ") + bound(one.op, speaker.money(_number(one)), speaker)


def _items(one: Test, speaker: Speaker) -> str:
    shown = quantity(_number(one), speaker.language)
    if speaker.is_russian:
        return f"если в чеке {bound(one.op, shown, speaker)}{SPACE}шт."
    than = {Op.ABOVE: "more than ", Op.AT_LEAST: "at least ", Op.BELOW: "fewer than ", Op.AT_MOST: "at most "}
    return f"with {than.get(one.op, '')}{shown} items on the receipt"


def _branch(one: Test, speaker: Speaker) -> str:
    return speaker.places(_values(one))


def _origin(one: Test, speaker: Speaker) -> str:
    if _values(one) == ("online",):
        return speaker.say("в интернет-магазине", "online")
    return speaker.say("в магазине", "in the shop") if _values(one) == ("till",) else ""


def _sold_brand(one: Test, speaker: Speaker) -> str:
    if not all(is_name(value) for value in _values(one)):
        return speaker.say("в отдельных магазинах", "at selected shops")
    names = listed([speaker.quote(value) for value in _values(one)], speaker.language)
    return speaker.say(f"в магазинах {names}", f"at {names}")


def _coupon(one: Test, speaker: Speaker) -> str:
    return coupon_text(_values(one)[0], speaker)


def coupon_text(code: str, speaker: Speaker) -> str:
    """с купоном «Купон по ссылке»."""
    coupon = speaker.rulebook.coupons.get(code)
    if coupon is None or not (coupon.name_ru or coupon.name_en):
        return speaker.say("с купоном", "with a coupon")
    name = speaker.named(coupon.name_ru, coupon.name_en, code)
    return speaker.say(f"с купоном {name}", f"with coupon {name}")


def _has_lines(one: Test, speaker: Speaker) -> str:
    goods = goods_text(cast("Condition", one.value), speaker)
    return speaker.say(f"если в чеке есть {goods}", f"with {goods} on the receipt")


def _member(one: Test, speaker: Speaker) -> str:
    return "" if _is_true(one) else speaker.say("для покупателей без карты", "for buyers without a card")


def _tier(one: Test, speaker: Speaker) -> str:
    return speaker.tiers(_values(one))


def _age(one: Test, speaker: Speaker) -> str:
    shown = counted(_number(one), *YEARS, speaker.language)
    return speaker.say(
        f"для тех, кому {bound(one.op, shown, speaker)}", f"for people {bound(one.op, shown, speaker)} of age"
    )


def _birthday(one: Test, speaker: Speaker) -> str:
    before, after = cast("tuple[int, int]", one.value)
    of, to = speaker.language, speaker.say
    if not before and not after:
        return to("в день рождения", "on your birthday")
    if not after:
        return to("за {} до дня рождения и в сам день", "from {} before your birthday").format(
            time_text(before, DAY, of)
        )
    if not before:
        return to("в день рождения и {} после", "on your birthday and {} after").format(time_text(after, DAY, of))
    told = to("за {} до дня рождения и {} после", "from {} before your birthday to {} after")
    return told.format(time_text(before, DAY, of), time_text(after, DAY, of))


def _enrolled_days(one: Test, speaker: Speaker) -> str:
    shown = time_text(_number(one), DAY, speaker.language)
    if one.op in {Op.AT_MOST, Op.BELOW}:
        return speaker.say(f"{shown} с регистрации", f"for {shown} after you join")
    return speaker.say(f"через {shown} после регистрации", f"{shown} after you join")


def _purchases(one: Test, speaker: Speaker) -> str:
    number = _number(one)
    if one.op in {Op.AT_MOST, Op.BELOW, Op.ONE_OF}:
        last = number if one.op is Op.BELOW else number + 1
        if last <= 1 or (one.op is Op.ONE_OF and number == 0):
            return speaker.say("с первой покупки", "on the first purchase")
        if one.op is Op.ONE_OF:
            return speaker.say(f"с {last}-й покупки", f"on purchase number {last}")
        return speaker.say(f"с первых {last} покупок", f"on the first {last} purchases")
    done = number + (one.op is Op.ABOVE)
    return speaker.say(f"начиная с {done + 1}-й покупки", f"from purchase number {done + 1} on")


def _spent(one: Test, speaker: Speaker) -> str:
    told = bound(one.op, speaker.money(_number(one)), speaker)
    return speaker.say(f"если сумма ваших покупок {told}", f"if you have spent {told}")


def _last_purchase(one: Test, speaker: Speaker) -> str:
    told = bound(one.op, speaker.money(_number(one)), speaker)
    return speaker.say(f"если прошлая покупка {told}", f"if your last purchase was {told}")


def _last_purchase_days(one: Test, speaker: Speaker) -> str:
    shown = time_text(_number(one), DAY, speaker.language)
    if one.op in {Op.AT_MOST, Op.BELOW}:
        return speaker.say(
            f"если с прошлой покупки прошло не больше {_days_of(one)}", f"within {shown} of your last purchase"
        )
    return speaker.say(
        f"если с прошлой покупки прошло не меньше {_days_of(one)}", f"{shown} after your last purchase or later"
    )


def _days_of(one: Test) -> str:
    """The genitive: 1 дня, 30 дней."""
    number = _number(one)
    ends_in_one = number % 10 == 1 and number % 100 != 11  # noqa: PLR2004 - eleven has its own form
    return f"{number}{SPACE}{'дня' if ends_in_one else 'дней'}"


def _referrals(one: Test, speaker: Speaker) -> str:
    told = bound(one.op, counted(_number(one), *FRIENDS_OF, speaker.language), speaker)
    return speaker.say(f"если вы пригласили {told}", f"if you have invited {told}")


def _invited(one: Test, speaker: Speaker) -> str:
    return speaker.say("для приглашённых друзьями", "for those a friend invited") if _is_true(one) else ""


def _date(one: Test, speaker: Speaker) -> str:
    language = speaker.language
    if one.op is Op.WITHIN:
        first, end = cast("tuple[date, date]", one.value)
        last = end - timedelta(days=1)
        if first == last:
            return day(first, language)
        return speaker.say(
            f"с {day(first, language)} по {day(last, language)}",
            f"from {day(first, language)} through {day(last, language)}",
        )
    if one.op is Op.ONE_OF:
        return listed([day(on, language) for on in cast("Sequence[date]", one.value)], language)
    on = cast("date", one.value)
    if one.op in {Op.ABOVE, Op.AT_LEAST}:
        first = on + timedelta(days=1) if one.op is Op.ABOVE else on
        return speaker.say(f"с {day(first, language)}", f"from {day(first, language)}")
    last = on - timedelta(days=1) if one.op is Op.BELOW else on
    return speaker.say(f"по {day(last, language)}", f"through {day(last, language)}")


def _weekday(one: Test, speaker: Speaker) -> str:
    return weekdays_text(cast("Sequence[int]", one.value), speaker.language)


def _hours(one: Test, speaker: Speaker) -> str:
    return hours_text(cast("Hours", one.value), speaker.language)


_TOLD: dict[str, Callable[[Test, Speaker], str]] = {
    "total": _total,
    "items": _items,
    "branch": _branch,
    "origin": _origin,
    "sold_brand": _sold_brand,
    "coupon": _coupon,
    "has_lines": _has_lines,
    "member": _member,
    "tier": _tier,
    "age": _age,
    "birthday": _birthday,
    "enrolled_days": _enrolled_days,
    "purchases": _purchases,
    "spent": _spent,
    "last_purchase": _last_purchase,
    "last_purchase_days": _last_purchase_days,
    "referrals": _referrals,
    "invited": _invited,
    "date": _date,
    "weekday": _weekday,
    "hours": _hours,
}


# --- how a tier is reached --------------------------------------------------------------------------------------------
def entry_text(condition: Condition, speaker: Speaker) -> str:
    """сумма покупок от 30 000 ₽ или по приглашению."""
    match condition:
        case All(parts=parts):
            return listed(list(dict.fromkeys(entry_text(part, speaker) for part in parts)), speaker.language)
        case Any(parts=parts):
            ways = list(dict.fromkeys(entry_text(part, speaker) for part in parts))
            return listed(ways, speaker.language, speaker.say("или", "or"))
        case Test() as one if one.fact in _ENTRIES and isinstance(one.value, int):
            ru, en = _ENTRIES[one.fact]
            return speaker.say(ru, en).format(bound(one.op, _entry_figure(one, speaker), speaker))
        case Test(fact="tags" | "segment" | "link"):
            return speaker.say("по приглашению", "by invitation")
    return speaker.say("по особым условиям", "on special terms")


_ENTRIES = {
    "spent": ("сумма покупок {}", "purchases {} in all"),
    "largest": ("одна покупка {}", "one purchase {}"),
    "last_purchase": ("одна покупка {}", "one purchase {}"),
    "purchases": ("покупок: {}", "purchases: {}"),
    "referrals": ("приглашённых друзей: {}", "friends invited: {}"),
    "balance": ("на счёте {}", "{} on the account"),
    "earned": ("всего накоплено {}", "{} collected in all"),
}


def _entry_figure(one: Test, speaker: Speaker) -> str:
    number = _number(one)
    if one.fact in {"spent", "largest", "last_purchase"}:
        return speaker.money(number)
    if one.of:
        return speaker.of_units(number, one.of)
    return str(number)
