"""What the facts of conditions are called in a sentence: "не выполнено условие «уровень»"."""

from __future__ import annotations

from kopilka.wording.languages import Language

FACT_NAMES: dict[str, dict[Language, str]] = {
    name: {Language.RU: russian, Language.EN: english}
    for name, russian, english in (
        ("sku", "артикул", "article code"),
        ("category", "категория", "category"),
        ("brand", "бренд", "brand"),
        ("line_tags", "метки товара", "article tags"),
        ("article", "товар или услуга", "goods or service"),
        ("price", "цена", "price"),
        ("quantity", "количество", "quantity"),
        ("amount", "сумма строки", "line amount"),
        ("discounted", "ручная скидка на строке", "manual discount on the line"),
        ("total", "сумма чека", "receipt total"),
        ("items", "количество товаров в чеке", "number of items"),
        ("branch", "точка продаж", "branch"),
        ("till", "касса", "till"),
        ("origin", "место покупки", "origin of the purchase"),
        ("sold_brand", "бренд магазина", "brand of the shop"),
        ("staff", "сотрудник", "employee"),
        ("agent", "агент", "agent"),
        ("coupon", "купон", "coupon"),
        ("has_lines", "нужный товар в чеке", "a required article on the receipt"),
        ("member", "участник программы", "membership"),
        ("tier", "уровень", "tier"),
        ("segment", "сегмент", "segment"),
        ("tags", "метки участника", "member tags"),
        ("age", "возраст", "age"),
        ("birthday", "день рождения", "birthday"),
        ("enrolled_days", "дней со дня регистрации", "days since registration"),
        ("purchases", "число покупок", "number of purchases"),
        ("spent", "сумма покупок", "sum of purchases"),
        ("last_purchase", "сумма прошлой покупки", "sum of the previous purchase"),
        ("last_purchase_days", "дней с прошлой покупки", "days since the previous purchase"),
        ("referrals", "число приглашённых", "number of invited members"),
        ("invited", "приглашён другим участником", "invited by another member"),
        ("has_agent", "пришёл с агентом", "came with an agent"),
        ("link", "пригласительная ссылка", "invite link"),
        ("largest", "самая крупная покупка", "largest purchase"),
        ("balance", "баллы на счёте", "points available"),
        ("earned", "всего начислено баллов", "points ever earned"),
        ("date", "дата", "date"),
        ("weekday", "день недели", "day of the week"),
        ("hours", "время суток", "time of day"),
    )
}


def fact_name(fact: str, language: Language) -> str:
    """A fact nobody named here is said by its code."""
    known = FACT_NAMES.get(fact)
    return known[language] if known else fact
