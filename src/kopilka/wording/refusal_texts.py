"""The texts of all refusals, one entry per code, and the words for the codes that stand in their parameters."""

from __future__ import annotations

from dataclasses import dataclass

from kopilka.engine.refusal import Code
from kopilka.wording.languages import Language


@dataclass(frozen=True, slots=True)
class Text:
    """`params`: what a refusal of this code always carries and its details use. `either`: one of these too."""

    params: tuple[str, ...]
    title: dict[Language, str]
    detail: dict[Language, str]
    either: tuple[str, ...] = ()


def text(params: str, title_ru: str, detail_ru: str, title_en: str, detail_en: str, *, either: str = "") -> Text:
    return Text(
        tuple(params.split()),
        {Language.RU: title_ru, Language.EN: title_en},
        {Language.RU: detail_ru, Language.EN: detail_en},
        tuple(either.split()),
    )


TEXTS: dict[str, Text] = {
    Code.INVALID: text(
        "field reason",
        "Значение не принято",
        "Поле «{field}»: {reason}. Исправьте его и отправьте запрос снова.",
        "A value is not accepted",
        "Field “{field}”: {reason}. Correct it and send the request again.",
    ),
    Code.MISSING: text(
        "field",
        "Не хватает поля",
        "В запросе нет обязательного поля «{field}». Добавьте его и отправьте запрос снова.",
        "A field is missing",
        "The request lacks the required field “{field}”. Add it and send the request again.",
    ),
    Code.OUT_OF_RANGE: text(
        "field minimum maximum",
        "Число вне допустимых границ",
        "Поле «{field}» должно быть от {minimum} до {maximum}. Исправьте его и отправьте запрос снова.",
        "A number is out of range",
        "Field “{field}” must be from {minimum} to {maximum}. Correct it and send the request again.",
    ),
    Code.UNKNOWN_FIELD: text(
        "field",
        "Неизвестное поле",
        "Поле «{field}» здесь не предусмотрено. Проверьте название или уберите поле.",
        "Unknown field",
        "Field “{field}” does not belong here. Check its spelling or leave it out.",
    ),
    Code.PHONE_INVALID: text(
        "",
        "Такого номера телефона не бывает",
        "Номер телефона не разобран. Введите его целиком, например +7 916 123-45-67, без добавочного.",
        "Not a phone number",
        "The phone number could not be read. Give it whole, such as +7 916 123-45-67, without an extension.",
    ),
    Code.CURRENCY_MISMATCH: text(
        "expected given",
        "Чек в другой валюте",
        "Программа считает в {expected}, а чек прислан в {given}. Отправьте суммы в {expected}.",
        "The receipt is in another currency",
        "The program counts in {expected}, the receipt came in {given}. Send the amounts in {expected}.",
    ),
    Code.TOO_OLD: text(
        "limit_days",
        "Дата слишком давняя",
        "Касса может прислать чек не старше {limit_days} дн. Более давние чеки вносит импорт.",
        "The date lies too far back",
        "A till may send receipts of the last {limit_days} days. Older ones are booked by an import.",
    ),
    Code.IN_FUTURE: text(
        "limit_minutes",
        "Дата из будущего",
        "Время чека опережает часы сервера больше чем на {limit_minutes} мин. Проверьте часы и часовой пояс кассы.",
        "The date lies in the future",
        "The time of the receipt is over {limit_minutes} minutes ahead of the server. Check the till's clock and zone.",
    ),
    Code.HELD_FOR_REVIEW: text(
        "reason",
        "Продажу должен проверить управляющий",
        "Продажа без сети ждёт управляющего: {reason}. Он посмотрит на неё и проведёт.",
        "A manager must look at this sale",
        "The sale without a network waits for a manager: {reason}. He looks at it and books it.",
    ),
    Code.TOTAL_MISMATCH: text(
        "expected given",
        "Сумма чека не сходится",
        "По строкам получается {expected}, а в чеке указано {given}. Проверьте строки и скидки.",
        "The receipt does not add up",
        "The lines make {expected}, the receipt states {given}. Check lines and discounts.",
    ),
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
    Code.NOT_FOUND: text(
        "what",
        "Не найдено",
        "Не найдено: {what}. Проверьте номер или код.",
        "Not found",
        "Not found: {what}. Check the number or the code.",
    ),
    Code.MEMBER_BLOCKED: text(
        "",
        "Участник заблокирован",
        "Карта участника заблокирована: баллы не начисляются и не тратятся. Обратитесь к администратору программы.",
        "The member is blocked",
        "The member's card is blocked: no points are earned or spent. Ask the administrator of the program.",
    ),
    Code.IDENTIFIER_TAKEN: text(
        "kind",
        "Уже занято другим участником",
        "Этот {kind} уже записан за другим участником. Найдите участника по нему или укажите другой.",
        "Taken by another member",
        "This {kind} already belongs to another member. Find the member by it or give another one.",
    ),
    Code.INSUFFICIENT_POINTS: text(
        "currency available wanted",
        "Не хватает баллов",
        "«{currency}»: на счёте доступно {available}, а нужно {wanted}. Уменьшите списание.",
        "Not enough points",
        "“{currency}”: {available} available, {wanted} wanted. Spend less.",
    ),
    Code.SPEND_LIMIT: text(
        "currency maximum wanted limited_by",
        "Столько баллов потратить нельзя",
        "«{currency}»: в этом чеке можно потратить не больше {maximum} (запрошено {wanted}); ограничение:"
        " {limited_by}. Уменьшите списание.",
        "More points than may be spent",
        "“{currency}”: this receipt takes at most {maximum} ({wanted} asked for); the limit: {limited_by}. Spend less.",
    ),
    Code.CERTIFICATE_UNUSABLE: text(
        "certificate reason",
        "Сертификатом нельзя заплатить",
        "Сертификат {certificate}: {reason}. Проверьте номер или примите оплату иначе.",
        "The certificate cannot be used",
        "Certificate {certificate}: {reason}. Check its number or take another payment.",
    ),
    Code.CERTIFICATE_SHORT: text(
        "certificate available_minor wanted_minor",
        "На сертификате столько нет",
        "Сертификат {certificate} оплатит в этом чеке не больше {available_minor} (запрошено {wanted_minor})."
        " Уменьшите сумму или не указывайте её.",
        "The certificate cannot pay that much",
        "Certificate {certificate} pays at most {available_minor} of this receipt ({wanted_minor} asked for). Ask for"
        " less, or name no amount.",
    ),
    Code.COUPON_UNUSABLE: text(
        "coupon",
        "Купон не действует",
        "Купон «{coupon}» нельзя применить к этой покупке. Проверьте код или проведите покупку без него.",
        "The coupon cannot be used",
        "Coupon “{coupon}” cannot be used for this purchase. Check the code or go on without it.",
    ),
    Code.LINK_UNUSABLE: text(
        "link reason",
        "По ссылке нельзя зарегистрироваться",
        "Ссылка «{link}» не действует: {reason}. Зарегистрируйте участника без неё или возьмите другую.",
        "The link cannot be used",
        "Link “{link}” does not work: {reason}. Enrol the member without it or use another one.",
    ),
    Code.BIRTHDAY_FIXED: text(
        "until",
        "День рождения пока не изменить",
        "День рождения меняют не чаще раза в год и не позже чем за 30 дней до праздника. Это можно будет"
        " сделать {until}. Если в нём ошибка, её исправит сотрудник с правом корректировки.",
        "The birthday cannot be changed yet",
        "A birthday is changed once a year at most, and not within 30 days before it. It will be possible on {until}."
        " If it is a mistake, somebody who may adjust can correct it.",
    ),
    Code.INVITER_REFUSED: text(
        "reason",
        "Этот участник не может быть пригласившим",
        "Пригласившего нельзя записать: {reason}. Оставьте участника без него.",
        "This member cannot be the inviter",
        "The inviter cannot be noted: {reason}. Leave the member without one.",
    ),
    Code.CLUB_ONLY: text(
        "line service",
        "Только для участников клуба",
        "Строка {line}: «{service}» только для участников клуба. Продайте участие или уберите строку.",
        "For members of the club only",
        "Line {line}: “{service}” is for members of the club only. Sell the membership or take the line off.",
    ),
    Code.SERVICE_NOT_OPEN: text(
        "service",
        "Услуга участнику не положена",
        "Услуга «{service}» этому участнику не положена. Проверьте, состоит ли он в клубе.",
        "The service is not for this member",
        "Service “{service}” is not for this member. Check whether he belongs to the club.",
    ),
    Code.SERVICE_USED_UP: text(
        "service maximum",
        "Услуга уже использована",
        "Услуга «{service}» положена {maximum} раз за срок и уже использована. Предложите её за деньги или позже.",
        "The service is used up",
        "Service “{service}” can be used {maximum} times within its period, and has been. Offer it for money or later.",
    ),
    Code.QUOTE_OUTDATED: text(
        "differences",
        "Расчёт изменился",
        "С момента расчёта изменилось: {differences}. Рассчитайте чек заново и покажите покупателю новые суммы.",
        "The quote no longer holds",
        "Changed since the quote: {differences}. Quote the receipt again and show the buyer the new figures.",
    ),
    Code.QUOTE_EXPIRED: text(
        "",
        "Срок расчёта истёк",
        "Расчёт больше не действует. Рассчитайте чек заново.",
        "The quote has expired",
        "The quote is no longer good. Quote the receipt again.",
    ),
    Code.HOLD_EXPIRED: text(
        "",
        "Срок резерва истёк",
        "Отложенные баллы вернулись участнику. Рассчитайте чек и отложите баллы заново.",
        "The hold has expired",
        "The points set aside went back to the member. Quote the receipt and hold the points again.",
    ),
    Code.HOLD_OPEN: text(
        "",
        "Есть отложенные баллы",
        "Часть баллов отложена для незавершённой покупки. Завершите её или отмените и повторите.",
        "Points are set aside",
        "Some points are set aside for a purchase that is not final. End it, then try again.",
    ),
    Code.TRANSFER_CLOSED: text(
        "state",
        "Передача уже закрыта",
        "Эта передача баллов уже закрыта: {state}. Предложите новую.",
        "The transfer is closed",
        "This transfer of points is closed already: {state}. Propose a new one.",
    ),
    Code.NOT_OFFERED: text(
        "what",
        "Программа этого не предлагает",
        "Правила программы этого не предусматривают: {what}. Владелец может добавить это в правила.",
        "The program does not offer it",
        "The program's rules do not provide for it: {what}. Its owner can add it to the rules.",
    ),
    Code.GIFT_UNAVAILABLE: text(
        "gift reason",
        "Подарок сейчас нельзя получить",
        "Подарок «{gift}» сейчас нельзя получить: {reason}. Выберите другой.",
        "The gift cannot be had now",
        "Gift “{gift}” cannot be had now: {reason}. Choose another one.",
    ),
    Code.GIFT_CLOSED: text(
        "state",
        "Подарок уже закрыт",
        "Этот подарок уже нельзя отменить: {state}.",
        "The gift is closed",
        "This gift cannot be cancelled any more: {state}.",
    ),
    Code.HOLD_CLOSED: text(
        "state",
        "Резерв уже закрыт",
        "Этот резерв уже закрыт: {state}. Создайте новый.",
        "The hold is closed",
        "This hold is closed already: {state}. Place a new one.",
    ),
    Code.PURCHASE_FINAL: text(
        "",
        "Покупка уже завершена",
        "Завершённую покупку нельзя отменить или завершить снова. Чтобы вернуть товар, оформите возврат.",
        "The purchase is final",
        "A final purchase can be neither cancelled nor confirmed again. To take goods back, make a return.",
    ),
    Code.PURCHASE_OPEN: text(
        "",
        "Покупка ещё не завершена",
        "Сначала завершите покупку или отмените её: возврат оформляют по завершённой.",
        "The purchase is not final yet",
        "Confirm or cancel the purchase first: returns are made from final ones.",
    ),
    Code.PURCHASE_CANCELLED: text(
        "",
        "Покупка отменена",
        "Покупка отменена, с ней больше ничего нельзя сделать. Проведите чек заново.",
        "The purchase is cancelled",
        "The purchase was cancelled and nothing more can be done with it. Send the receipt anew.",
    ),
    Code.NOT_UNDOABLE: text(
        "reason limit_minutes",
        "Продажу уже не отменить",
        "Отменить продажу нельзя: {reason}. Оформите возврат или позовите управляющего.",
        "The sale cannot be undone",
        "The sale cannot be undone: {reason}. Make a return, or ask the manager.",
    ),
    Code.RECEIPT_EXISTS: text(
        "",
        "Такой чек уже есть",
        "Чек с этим номером этой кассы уже проведён с другим содержанием. Проверьте номер чека.",
        "The receipt exists already",
        "A receipt of this till with this number is booked with other contents. Check the number.",
        either="purchase_id return_id",
    ),
    Code.RETURN_EXCEEDS: text(
        "line returnable",
        "Столько вернуть нельзя",
        "По строке {line} можно вернуть не больше {returnable}. Уменьшите количество.",
        "More than can be returned",
        "Line {line} can be returned up to {returnable}. Return less.",
    ),
    Code.LINE_UNKNOWN: text(
        "line",
        "Такой строки в чеке нет",
        "В покупке нет строки {line}. Проверьте номера строк.",
        "No such line",
        "The purchase has no line {line}. Check the line numbers.",
    ),
    Code.KEY_REUSED: text(
        "",
        "Ключ повтора уже использован",
        "С этим Idempotency-Key уже был другой запрос. Для нового запроса возьмите новый ключ.",
        "The idempotency key was used before",
        "This Idempotency-Key came with another request before. Take a new key for a new request.",
    ),
    Code.KEY_IN_FLIGHT: text(
        "",
        "Такой запрос ещё выполняется",
        "Запрос с этим Idempotency-Key сейчас выполняется. Повторите его через секунду с тем же ключом.",
        "The same request is still running",
        "A request with this Idempotency-Key is running now. Repeat it in a second with the same key.",
    ),
    Code.KEY_MISSING: text(
        "",
        "Нет ключа повтора",
        "Добавьте заголовок Idempotency-Key: свой для каждого действия и тот же при повторе.",
        "The idempotency key is missing",
        "Add the header Idempotency-Key: one of its own for each act, the same one for a repetition.",
    ),
    Code.KEY_INVALID: text(
        "",
        "Ключ повтора не годится",
        "Idempotency-Key: от 1 до 255 видимых знаков ASCII. Подойдёт UUID.",
        "The idempotency key is not usable",
        "An Idempotency-Key has 1 to 255 visible ASCII characters. A UUID will do.",
    ),
    Code.RULEBOOK_INVALID: text(
        "problems",
        "В правилах программы ошибки",
        "Правила не опубликованы: {problems}. Исправьте документ и отправьте его снова.",
        "The rulebook has mistakes",
        "The rulebook was not published: {problems}. Correct the document and send it again.",
    ),
    Code.RULEBOOK_MISSING: text(
        "",
        "У программы нет правил",
        "Правила программы ещё не опубликованы. Опубликуйте их, и можно продавать.",
        "The program has no rulebook",
        "No rulebook of this program is published yet. Publish one, and sales can begin.",
    ),
    Code.APPROVAL_NEEDED: text(
        "",
        "Нужно согласие второго человека",
        "Правила этой программы публикуются вдвоём. Сохраните их как черновик, и пусть его одобрит другой человек.",
        "A second person has to approve",
        "The rules of this program are published by two. Save them as a draft and let somebody else approve it.",
    ),
    Code.APPROVAL_BY_AUTHOR: text(
        "",
        "Свой черновик одобряет другой",
        "Черновик одобряет не тот, кто его писал. Попросите другого человека.",
        "Authors do not approve",
        "Whoever wrote a draft does not approve it. Ask another person.",
    ),
    Code.DRAFT_CLOSED: text(
        "state",
        "Черновик закрыт",
        "Этот черновик уже закрыт: {state}. Сохраните новый.",
        "The draft is closed",
        "This draft is closed: {state}. Save a new one.",
    ),
    Code.ROLLOUT_OPEN: text(
        "number",
        "Часть точек уже работает по новым правилам",
        "Версия {number} действует пока не во всех точках. Включите её везде или отзовите, потом публикуйте следующую.",
        "Some branches are ahead",
        "Version {number} is in force in some branches only. Finish or withdraw that before publishing the next one.",
    ),
    Code.LEDGER_INTEGRITY: text(
        "what",
        "Учёт остановлен",
        "Проверка учёта нашла ошибку ({what}); ничего не записано. Выполните «kopilka books check»"
        " и сообщите администратору.",
        "The books refused",
        "The books found a contradiction ({what}); nothing was written. Run “kopilka books check”"
        " and tell the administrator.",
    ),
    Code.BUSY: text(
        "",
        "Сервер занят",
        "Сейчас слишком много запросов. Повторите через секунду с тем же Idempotency-Key.",
        "The server is busy",
        "There are too many requests right now. Repeat in a second with the same Idempotency-Key.",
    ),
}

ALL_RETURNED = {
    Language.RU: "Из этой покупки уже всё возвращено. Проверьте номер покупки.",
    Language.EN: "Everything of this purchase was returned already. Check which purchase it is.",
}
"""`return_exceeds` of the whole purchase (line 0): nothing of it is left."""
