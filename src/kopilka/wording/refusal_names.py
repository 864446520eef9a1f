"""Words for the codes that stand in a refusal's parameters: rights, things, kinds, states, reasons."""

from __future__ import annotations

from kopilka.wording.languages import Language


def _names(*names: tuple[str, str, str]) -> dict[str, dict[Language, str]]:
    return {code: {Language.RU: russian, Language.EN: english} for code, russian, english in names}


NAMES: dict[str, dict[str, dict[Language, str]]] = {
    "capability": _names(
        ("read", "чтение", "read"),
        ("enrol", "регистрация участников", "enrol members"),
        ("earn", "начисление баллов", "earn points"),
        ("spend", "списание баллов", "spend points"),
        ("return", "возвраты", "return"),
        ("adjust", "исправление баллов", "adjust points"),
        ("publish", "публикация правил", "publish the rulebook"),
        ("issue_codes", "выдача кодов участникам", "issue member codes"),
        ("backdate", "чеки прошлых лет", "book past receipts"),
    ),
    "what": _names(
        ("program", "программа", "program"),
        ("member", "участник", "member"),
        ("quote", "расчёт", "quote"),
        ("hold", "резерв", "hold"),
        ("purchase", "покупка", "purchase"),
        ("return", "возврат", "return"),
        ("wallet", "счёт", "wallet"),
        ("entry", "запись", "entry"),
        ("operation", "операция", "operation"),
        ("currency", "вид баллов", "points currency"),
        ("version", "версия правил", "rulebook version"),
        ("rulebook", "правила", "rulebook"),
        ("template", "шаблон правил", "rulebook template"),
        ("rule", "правило", "rule"),
        ("draft", "черновик правил", "rulebook draft"),
        ("rollout", "проба правил в части точек", "rollout"),
        ("reversal", "отмена правила", "reversal"),
        ("key", "ключ API", "API key"),
        ("api_key", "ключ API", "API key"),
    ),
    "kind": _names(
        ("phone", "телефон", "phone number"),
        ("card", "номер карты", "card number"),
        ("email", "адрес почты", "e-mail address"),
        ("external", "внешний номер", "external id"),
        ("code", "код", "code"),
    ),
    "state": _names(
        ("open", "открыт", "open"),
        ("captured", "баллы потрачены", "its points were spent"),
        ("released", "баллы возвращены", "its points were given back"),
        ("expired", "срок истёк", "it expired"),
        ("confirmed", "завершена", "confirmed"),
        ("cancelled", "отменена", "cancelled"),
        ("published", "опубликован", "published"),
        ("dropped", "удалён", "dropped"),
        ("undone", "отменена", "undone"),
    ),
    "reason": _names(
        ("empty", "пусто", "it is empty"),
        ("too_long", "слишком длинно", "it is too long"),
        ("unknown", "такого вида нет", "there is no such kind"),
        ("unknown_value", "такого значения нет в списке", "it is not one of the known values"),
        (
            "not_a_code",
            "код состоит из латинских букв, цифр, точки, дефиса и подчёркивания",
            "a code has Latin letters, digits, dots, hyphens and underscores",
        ),
        ("not_a_card_number", "это не номер карты", "it is not a card number"),
        ("not_an_email", "это не адрес почты", "it is not an e-mail address"),
        ("not_utf8", "файл не в UTF-8", "the file is not UTF-8"),
        (
            "not_a_slug",
            "короткое имя: строчные латинские буквы, цифры и дефис",
            "a short name has small Latin letters, digits and hyphens",
        ),
        ("taken", "такое уже есть", "it exists already"),
        (
            "several_of_this_code",
            "такой код есть в нескольких разделах: допишите раздел, например promotions.friday",
            "several sections have this code: write the section too, as in promotions.friday",
        ),
        ("changed_meanwhile", "текст с тех пор изменился, прочитайте его снова", "the text has changed, read it again"),
        ("end_before_start", "конец не позже начала", "the end is not after the start"),
        (
            "one_identifier",
            "назовите участника одним способом: id, phone, card, email, external или code",
            "name the member in one way: id, phone, card, email, external or code",
        ),
        (
            "one_of_phone_card_email_external",
            "назовите одно из phone, card, email, external",
            "give one of phone, card, email, external",
        ),
        ("two_codes", "указаны два разных кода", "two different codes are given"),
        ("not_of_this_key", "ключ API принадлежит другой кассе или точке", "the API key belongs to another one"),
        ("only_with_amount", "указывается только с mode: amount", "it goes with mode amount only"),
        ("line_twice", "номер строки повторяется", "a line number stands twice"),
        (
            "exactly_one_of_source_document",
            "отправьте source или document, одно из двух",
            "send source or document, one of them",
        ),
        ("stand_in_the_quote", "строки уже есть в расчёте", "the lines stand in the quote already"),
        ("open_purchase", "незавершённая покупка откладывает баллы сама", "an open purchase holds points by itself"),
        ("other_than_quoted", "расчёт сделан для другого участника", "the quote was made for another member"),
        (
            "only_without_purchase_id",
            "указывается только без purchase_id",
            "it goes without purchase_id only",
        ),
        ("cannot_pay", "этими баллами нельзя платить", "these points cannot pay"),
        ("not_here", "здесь не принимается", "it is not taken here"),
        ("not_understood", "такого столбца здесь не бывает", "there is no such column"),
        ("no_header", "в файле нет строки с названиями столбцов", "the file has no row with the names of its columns"),
        ("not_one_character", "нужен ровно один знак", "it must be exactly one character"),
        ("unreadable", "файл не читается", "the file cannot be read"),
        ("hidden_character", "есть невидимый знак", "it holds a hidden character"),
        ("too_many_marks", "слишком много надстрочных знаков подряд", "it stacks too many combining marks"),
    ),
}

DIFFERENCES = _names(
    ("pay", "к оплате", "to pay"),
    ("net", "сумма чека", "sum of the receipt"),
    ("points", "оплачено баллами", "paid with points"),
    ("spend", "списание баллов", "points spent"),
    ("earn", "начисление баллов", "points earned"),
    ("coupons", "купоны", "coupons"),
    ("lines", "строки", "lines"),
    ("print", "строки для печати", "lines to print"),
    ("refusal", "покупку так провести нельзя", "the purchase is not possible this way"),
)
"""What may have changed since a quote."""
