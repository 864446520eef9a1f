"""The texts for what a door refuses before it asks anybody: broken JSON, unknown paths, missing keys.

Keyed by the code as a text: the codes belong to the doors, which this room does not know.
"""

from __future__ import annotations

from kopilka.wording.refusal_texts import Text, text

FAULTS: dict[str, Text] = {
    "json_invalid": text(
        "",
        "Тело запроса не читается",
        "Тело запроса не похоже на JSON. Проверьте скобки, кавычки и запятые.",
        "The body cannot be read",
        "The body of the request is not JSON. Check brackets, quotation marks and commas.",
    ),
    "json_bom": text(
        "",
        "Лишний знак в начале",
        "Тело начинается с метки порядка байтов (BOM). Отправьте UTF-8 без неё.",
        "A byte order mark",
        "The body begins with a byte order mark. Send UTF-8 without it.",
    ),
    "json_encoding": text(
        "",
        "Не та кодировка",
        "Тело запроса не в UTF-8. Отправьте его в UTF-8.",
        "Not the right encoding",
        "The body of the request is not UTF-8. Send it as UTF-8.",
    ),
    "json_duplicate_key": text(
        "field",
        "Поле указано дважды",
        "Поле «{field}» встречается в одном объекте два раза. Оставьте одно.",
        "A field is given twice",
        "Field “{field}” stands twice in one object. Leave one of them.",
    ),
    "json_too_deep": text(
        "maximum",
        "Слишком большая вложенность",
        "В JSON больше {maximum} уровней вложенности. Сделайте его проще.",
        "Nested too deeply",
        "The JSON has more than {maximum} levels. Make it flatter.",
    ),
    "json_character": text(
        "field",
        "Недопустимый знак",
        "В поле «{field}» есть знак, которого не бывает в тексте (нулевой или половина суррогатной пары). Уберите его.",
        "A character that is none",
        "Field “{field}” holds a NUL or half of a surrogate pair. Remove it.",
    ),
    "minus_zero": text(
        "field",
        "Минус ноль",
        "В поле «{field}» стоит -0. Напишите 0.",
        "Minus zero",
        "Field “{field}” holds -0. Write 0.",
    ),
    "query_duplicate": text(
        "field",
        "Параметр указан дважды",
        "Параметр «{field}» встречается в адресе два раза. Оставьте один.",
        "A parameter is given twice",
        "Parameter “{field}” stands twice in the address. Leave one of them.",
    ),
    "query_encoding": text(
        "",
        "Адрес не читается",
        "Параметры адреса закодированы не в UTF-8. Закодируйте их заново.",
        "The address cannot be read",
        "The parameters of the address are not encoded UTF-8. Encode them again.",
    ),
    "cursor_invalid": text(
        "",
        "Закладка списка не подходит",
        "Параметр cursor взят не из этого списка. Начните список сначала.",
        "The cursor does not fit",
        "The cursor does not come from this list. Begin the list anew.",
    ),
    "unauthorized": text(
        "",
        "Нужен ключ API",
        "Добавьте заголовок Authorization: Bearer и действующий ключ API.",
        "An API key is needed",
        "Add the header Authorization: Bearer with a valid API key.",
    ),
    "path_unknown": text(
        "",
        "Такого адреса нет",
        "По этому адресу ничего нет. Список адресов: /api/v1/openapi.json.",
        "No such address",
        "There is nothing at this address. All addresses: /api/v1/openapi.json.",
    ),
    "method_not_allowed": text(
        "",
        "Метод не подходит",
        "Этот адрес не понимает такой метод HTTP. Допустимые названы в заголовке Allow.",
        "The method does not fit",
        "This address does not take this HTTP method. The header Allow names those it takes.",
    ),
    "http_invalid": text(
        "",
        "Это не запрос HTTP",
        "Сервер не разобрал запрос. Проверьте, что программа отправляет HTTP/1.1, а длина тела указана верно.",
        "This is no HTTP request",
        "The server could not read this. Check that the program sends HTTP/1.1 and tells the body's right length.",
    ),
    "head_too_large": text(
        "maximum",
        "Слишком длинные адрес и заголовки",
        "Адрес и заголовки запроса вместе длиннее {maximum} байт, или заголовков больше ста. Сократите их.",
        "The address and headers are too long",
        "The address and headers are longer than {maximum} bytes together, or there are over a hundred. Shorten them.",
    ),
    "unsupported_media_type": text(
        "",
        "Не тот вид содержимого",
        "Отправьте JSON с заголовком Content-Type: application/json.",
        "Not the right content type",
        "Send JSON with the header Content-Type: application/json.",
    ),
    "unsupported_content_encoding": text(
        "",
        "Сжатые запросы не принимаются",
        "Отправьте тело без сжатия, без заголовка Content-Encoding.",
        "Compressed requests are not taken",
        "Send the body uncompressed, without the header Content-Encoding.",
    ),
    "body_too_large": text(
        "maximum",
        "Слишком большой запрос",
        "Тело запроса больше {maximum} байт. Разделите его на части.",
        "The request is too large",
        "The body is larger than {maximum} bytes. Divide it.",
    ),
    "body_timeout": text(
        "",
        "Запрос не дошёл вовремя",
        "Тело запроса пришло не целиком за отведённое время. Повторите запрос.",
        "The request came too slowly",
        "The body did not arrive whole in time. Repeat the request.",
    ),
    "body_cut": text(
        "",
        "Запрос оборвался",
        "Тело запроса пришло не целиком. Повторите запрос.",
        "The request broke off",
        "The body did not arrive whole. Repeat the request.",
    ),
    "overloaded": text(
        "",
        "Сервер перегружен",
        "Сейчас слишком много запросов. Повторите через секунду с тем же Idempotency-Key.",
        "The server is overloaded",
        "There are too many requests right now. Repeat in a second with the same Idempotency-Key.",
    ),
    "unavailable": text(
        "",
        "Сервер временно недоступен",
        "База данных сейчас не отвечает. Повторите позже с тем же Idempotency-Key.",
        "The server is unavailable",
        "The database does not answer right now. Repeat later with the same Idempotency-Key.",
    ),
    "internal_error": text(
        "",
        "Ошибка на сервере",
        "Что-то сломалось у нас. Сообщите администратору номер запроса request_id.",
        "An error on the server",
        "Something broke on our side. Tell the administrator the request_id.",
    ),
}
