"""The texts of refusals about who is asking: rights, codes, PINs, his own card."""

from __future__ import annotations

from kopilka.engine.refusal import Code
from kopilka.wording.refusal_shape import Text, text

ABOUT_WHO_ASKS: dict[str, Text] = {
    Code.NOT_ALLOWED: text(
        "capability",
        "Недостаточно прав",
        "Для этого нужно право «{capability}». Возьмите ключ с этим правом или обратитесь к администратору программы.",
        "Not allowed",
        "This needs the right “{capability}”. Use a key that has it or ask the administrator of the program.",
    ),
    Code.CONFIRMATION_REQUIRED: text(
        "",
        "Нужен код участника",
        "Чтобы потратить баллы, участник называет одноразовый код. Запросите код и повторите с ним;"
        " без списания баллов покупка пройдёт и так.",
        "The member's code is needed",
        "To spend points the member tells a one-time code. Ask for the code and repeat with it;"
        " without spending the purchase goes through as it is.",
    ),
    Code.CODE_WRONG: text(
        "tries_left",
        "Код не подошёл",
        "Код неверный. Осталось попыток: {tries_left}. Проверьте цифры или выдайте новый код.",
        "The code is wrong",
        "The code does not fit. Tries left: {tries_left}. Check the digits or issue a new code.",
    ),
    Code.CODE_EXPIRED: text(
        "",
        "Код больше не действует",
        "Код устарел, уже использован или исчерпал попытки. Выдайте новый код.",
        "The code is no longer good",
        "The code is too old, was used already or has no tries left. Issue a new code.",
    ),
    Code.TOO_MANY_CODES: text(
        "retry_after_seconds",
        "Слишком много кодов подряд",
        "Участнику уже выдано несколько кодов. Новый можно запросить через {retry_after_seconds} с.",
        "Too many codes in a row",
        "This member was given several codes already. A new one can be asked for in {retry_after_seconds} s.",
    ),
    Code.TOO_MANY_TRIES: text(
        "retry_after_seconds",
        "Слишком много попыток",
        "Столько неверных попыток подряд, что нужна пауза. Попробуйте снова через {retry_after_seconds} с.",
        "Too many tries",
        "There were so many wrong tries that a pause is needed. Try again in {retry_after_seconds} s.",
    ),
    Code.DEVICE_CODE_WRONG: text(
        "",
        "Код устройства не подошёл",
        "Такого кода нет, он уже использован или устарел: код действует 15 минут и один раз."
        " Проверьте буквы или попросите управляющего о новом.",
        "The device code does not fit",
        "There is no such code, or it was used already or is too old: a code is good for 15 minutes and once."
        " Check its letters or ask the manager for a new one.",
    ),
    Code.OWN_CARD: text(
        "",
        "Это карта самого кассира",
        "Сотрудник не обслуживает на кассе самого себя и свою семью. Пусть чек проведёт коллега.",
        "This is the cashier's own card",
        "Nobody serves himself or his family at the till. Let a colleague ring up this receipt.",
    ),
}
