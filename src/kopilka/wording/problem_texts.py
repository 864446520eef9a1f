"""The sentences for every problem of a rulebook document, by its code."""

from __future__ import annotations

from kopilka.engine.document.problems import ProblemCode as P
from kopilka.wording.languages import Language


def _said(ru: str, en: str) -> dict[Language, str]:
    return {Language.RU: ru, Language.EN: en}


SENTENCES: dict[str, dict[Language, str]] = {
    # the text itself
    P.NOT_UTF8: _said(
        "Файл записан не в UTF-8. Сохраните его в этой кодировке.",
        "The file is not UTF-8. Save it in that encoding.",
    ),
    P.TOO_LARGE: _said(
        "Документ больше допустимого: не более {limit} байт.",
        "The document is too large: at most {limit} bytes.",
    ),
    P.TOO_DEEP: _said("Вложено глубже {limit} уровней.", "Nested deeper than {limit} levels."),
    P.SYNTAX: _said("Здесь текст нельзя прочитать: {what}.", "The text cannot be read here: {what}."),
    P.TAB: _said(
        "В строке есть знак табуляции. Отступы делаются пробелами.",
        "The line holds a tab. Indent with spaces.",
    ),
    P.DUPLICATE_KEY: _said("Ключ «{key}» встречается здесь дважды.", "The key “{key}” stands here twice."),
    P.ANCHOR: _said("Якоря YAML (&имя) не допускаются.", "YAML anchors (&name) are not allowed."),
    P.ALIAS: _said("Ссылки YAML (*имя) не допускаются.", "YAML aliases (*name) are not allowed."),
    P.TAG: _said("Теги YAML ({tag}) не допускаются.", "YAML tags ({tag}) are not allowed."),
    P.MERGE_KEY: _said("Слияние YAML (<<) не допускается.", "YAML merge keys (<<) are not allowed."),
    P.SEVERAL_DOCUMENTS: _said(
        "В файле несколько документов. Оставьте один, без «---» между частями.",
        "The file holds several documents. Keep one, without “---” between parts.",
    ),
    P.EMPTY_DOCUMENT: _said("Документ пуст.", "The document is empty."),
    P.KEY_NOT_TEXT: _said("Ключом может быть только текст.", "A key can only be a text."),
    P.NULL: _said(
        "Здесь пусто (null). Уберите ключ или впишите значение.",
        "Nothing (null) stands here. Take the key away or give a value.",
    ),
    P.FLOAT: _said(
        "Число с плавающей точкой потеряло точность. Передайте его текстом.",
        "A floating point number has lost its exact digits. Pass it as text.",
    ),
    # one place in the document
    P.NOT_INSTALLED: _said(
        "«{key}» добавляет расширение «{extension}», а оно здесь не установлено.",
        "“{key}” is added by the extension “{extension}”, which is not installed here.",
    ),
    P.UNKNOWN_KEY: _said("Неизвестный ключ «{key}».", "Unknown key “{key}”."),
    P.MISSING_KEY: _said("Не хватает ключа «{key}».", "The key “{key}” is missing."),
    P.NOT_A_MAPPING: _said(
        "Здесь нужны пары «ключ: значение».",
        "Pairs of “key: value” are needed here.",
    ),
    P.NOT_A_LIST: _said("Здесь нужен список.", "A list is needed here."),
    P.NOT_A_VALUE: _said("Здесь нужно одно значение.", "One single value is needed here."),
    P.EMPTY: _said("Здесь пусто. Впишите значение или уберите ключ.", "Empty. Give a value or take the key away."),
    P.TOO_MANY: _said("Слишком много: не более {limit}.", "Too many: at most {limit}."),
    P.TOO_LONG: _said("Слишком длинный текст: не более {limit} знаков.", "Too long: at most {limit} characters."),
    P.CONTROL_CHARACTER: _said(
        "В тексте есть невидимый управляющий знак.", "The text holds an invisible control character."
    ),
    P.NOT_A_CODE: _said(
        "«{text}» не годится как код: маленькие латинские буквы, цифры, дефис и подчёркивание, до 64 знаков.",
        "“{text}” cannot be a code: small Latin letters, digits, hyphen and underscore, up to 64 characters.",
    ),
    P.NOT_A_WORD: _said("«{text}» здесь не подходит. Можно: {words}.", "“{text}” does not fit here. Allowed: {words}."),
    P.NOT_A_NUMBER: _said(
        "«{text}» не число. Пишите цифрами, с точкой, без пробелов и лишних нулей: 12.50.",
        "“{text}” is not a number. Write digits and a point, no spaces, no leading zeros: 12.50.",
    ),
    P.NOT_WHOLE: _said("«{text}»: нужно целое число.", "“{text}”: a whole number is needed."),
    P.TOO_FINE: _said(
        "«{text}»: не более {digits} знаков после точки.", "“{text}”: at most {digits} digits after the point."
    ),
    P.OUT_OF_RANGE: _said(
        "«{text}» вне пределов: от {minimum} до {maximum}.", "“{text}” is out of range: {minimum} to {maximum}."
    ),
    P.NOT_A_FLAG: _said("«{text}»: нужно yes или no.", "“{text}”: yes or no is needed."),
    P.NOT_A_DATE: _said("«{text}» не дата. Пишите так: 2026-01-31.", "“{text}” is not a date. Write 2026-01-31."),
    P.NOT_A_MOMENT: _said(
        "«{text}» не дата со временем. Пишите так: 2026-01-31 18:00.",
        "“{text}” is not a date with a time. Write 2026-01-31 18:00.",
    ),
    P.UNTIL_WITHOUT_TIME: _said(
        "«{text}»: допишите время. «{text} 00:00» кончится до начала этого дня.",
        "“{text}”: add the time. “{text} 00:00” ends before that day begins.",
    ),
    P.NOT_A_CRON: _said(
        "«{text}» — не расписание: нужны пять полей (минута, час, день, месяц, день недели), например 0 10 * * fri.",
        "“{text}” is no schedule: five fields are needed (minute, hour, day, month, weekday), as in 0 10 * * fri.",
    ),
    P.NOT_A_TIME: _said("«{text}» не время. Пишите так: 18:00.", "“{text}” is not a time. Write 18:00."),
    P.NOT_A_CURRENCY: _said("Валюта «{text}» неизвестна. Можно: {known}.", "Unknown money “{text}”. Allowed: {known}."),
    P.NOT_A_ZONE: _said(
        "Часовой пояс «{text}» неизвестен. Пример: Europe/Moscow.",
        "Unknown time zone “{text}”. An example: Europe/Moscow.",
    ),
    P.VERSION_UNKNOWN: _said(
        "Версия формата «{text}» неизвестна. Можно: {known}.", "Unknown version “{text}” of the format. Known: {known}."
    ),
    P.LIFE_EMPTY: _said(
        "Срок равен нулю. Если срока нет, уберите ключ.", "The length is zero. Where there is none, take the key away."
    ),
    P.EXACTLY_ONE: _said("Нужен ровно один ключ из: {keys}.", "Exactly one of these keys is needed: {keys}."),
    P.AT_MOST_ONE: _said("Вместе не сочетаются: {given}.", "These do not go together: {given}."),
    P.AT_LEAST_ONE: _said("Нужен хотя бы один ключ из: {keys}.", "At least one of these keys is needed: {keys}."),
    P.DUPLICATE_VALUE: _said("«{text}» повторяется.", "“{text}” is repeated."),
    P.LINE_SHAPE: _said(
        "Короткая строка чека: [артикул, цена] или [артикул, цена, количество].",
        "A short line of a receipt is [article, price] or [article, price, quantity].",
    ),
    # conditions
    P.UNKNOWN_FACT: _said(
        "Условие спрашивает о неизвестном: «{fact}».", "The condition asks about an unknown “{fact}”."
    ),
    P.FACT_OF_LINES: _said(
        "«{fact}» относится к строке чека: место ему в lines или в has.",
        "“{fact}” speaks of a line of the receipt: it belongs under lines or under has.",
    ),
    P.FACT_NOT_OF_LINES: _said(
        "«{fact}» не относится к строке чека: место ему в when.",
        "“{fact}” does not speak of a line of the receipt: it belongs under when.",
    ),
    P.FACT_NOT_HERE: _said("О «{fact}» здесь спросить нельзя.", "“{fact}” cannot be asked about here."),
    P.COMPARISON_UNKNOWN: _said(
        "Для «{fact}» нет «{comparison}». Можно: {allowed}.", "“{fact}” has no “{comparison}”. Allowed: {allowed}."
    ),
    P.BOUNDS_CROSSED: _said(
        "Нижняя граница выше верхней: условие никогда не выполнится.",
        "The lower bound is above the upper one: this can never hold.",
    ),
    # how places fit together
    P.UNKNOWN_CODE: _said("В разделе {section} нет «{text}».", "There is no “{text}” in {section}."),
    P.CURRENCY_UNSAID: _said(
        "В программе несколько видов баллов. Допишите «in»: {known}.",
        "The program has several kinds of points. Add “in”: {known}.",
    ),
    P.END_BEFORE_START: _said(
        "Конец ({end}) не позже начала ({start}).", "The end ({end}) is not after the start ({start})."
    ),
    P.POINTS_TOO_FINE: _said(
        "«{text}»: у баллов «{currency}» знаков после точки не более {digits}.",
        "“{text}”: points “{currency}” have at most {digits} digits after the point.",
    ),
    P.CARRY_NEEDS_DOWN: _said(
        "Остаток переносится только при округлении вниз.", "A fraction can wait only where rounding goes down."
    ),
    P.WORTHLESS: _said(
        "Баллы «{currency}» ничего не стоят (нет worth), платить ими нельзя.",
        "Points “{currency}” are worth nothing (no worth), they cannot pay.",
    ),
    P.TIERS_SAME: _said(
        "Порог такой же, как у уровня «{other}».", "The threshold is the same as that of tier “{other}”."
    ),
    P.TIERS_UNORDERED: _said(
        "Порог ниже, чем у уровня «{other}», который стоит раньше. Уровни идут от низшего к высшему.",
        "The threshold is below that of tier “{other}”, which stands before. Tiers go from the lowest to the highest.",
    ),
    P.FIRST_TIER_ENTER: _said(
        "С первого уровня начинают все: условия входа у него нет.",
        "Everybody starts on the first tier: it has no entry condition.",
    ),
    P.FIRST_TIER_LOST: _said(
        "Первый уровень у всех: его нельзя потерять, и окно ему не нужно.",
        "The first tier is everybody's: it cannot be lost, and needs no stretch of time.",
    ),
    P.WITHIN_OF_NOTHING: _said(
        "Срок within ограничивает только покупки (spent, purchases, largest), а условие о них не спрашивает.",
        "within bounds only what is bought (spent, purchases, largest), and the condition asks for none of it.",
    ),
    P.REVIEW_OF_PERIOD: _said(
        "Календарный период ({period}) проверяется в его конце; review: daily — только для последних месяцев или дней.",
        "A calendar period ({period}) is looked at when it ends; review: daily is for the last months or days.",
    ),
    P.GRACE_WITHOUT_WITHIN: _said(
        "Отсрочка grace возможна, когда есть срок within или дни проверки.",
        "grace needs a stretch of time (within) or days of review.",
    ),
    P.KEEP_AGAINST_ENTER: _said(
        "Кто достиг уровня «{tier}», не может его сохранить: keep противоречит enter.",
        "Whoever reaches tier “{tier}” cannot keep it: keep contradicts enter.",
    ),
    P.TIER_UNREACHABLE: _said(
        "Условие уровня «{tier}» не может выполниться никогда: границы исключают друг друга.",
        "The condition of tier “{tier}” can never hold: its bounds exclude each other.",
    ),
    P.COUNTS_AT_ONCE: _said(
        "При counting.after последняя покупка (last_purchase) считалась бы сразу. Для крупного чека есть largest.",
        "With counting.after the last purchase (last_purchase) would still count at once. For a big receipt: largest.",
    ),
    P.COUNTS_WITH_EDGE: _said(
        "Для counting.after укажите дни, часы или месяцы, без to_end_of.",
        "For counting.after give days, hours or months, without to_end_of.",
    ),
    P.KEEP_ABOVE_ENTER: _said(
        "Чтобы сохранить уровень «{tier}», нужно купить больше, чем чтобы достичь его.",
        "To keep tier “{tier}” one must buy more than to reach it.",
    ),
    P.TIER_WITHOUT_ENTER: _said(
        "У уровня «{tier}» нет условия входа (enter).", "Tier “{tier}” has no entry condition (enter)."
    ),
    P.COUPON_WORD_TAKEN: _said(
        "Слово «{word}» уже занято купоном «{other}».", "The word “{word}” already belongs to coupon “{other}”."
    ),
    P.NEEDS_SERIES: _said(
        "У купона «{coupon}» нет серии (series): слово одно на всех, привязать к участнику нечего.",
        "Coupon “{coupon}” has no series: its words are for everybody, there is nothing to bind to a member.",
    ),
    P.SEGMENT_CIRCLE: _said(
        "Условия сегментов ссылаются друг на друга по кругу: {segments}.",
        "The conditions of segments ask about each other in a circle: {segments}.",
    ),
    P.NOT_PUT_INTO: _said(
        "У сегмента «{segment}» есть условие: в него нельзя добавить.",
        "Segment “{segment}” has a condition: nobody can be put into it.",
    ),
    P.LIFE_OF_LIVE: _said(
        "У сегмента «{segment}» есть условие: срок (life) пишется только у составленных вручную и по ссылке.",
        "Segment “{segment}” has a condition: only those put together by hand or by link have a life.",
    ),
    P.SHARE_KEY: _said(
        "Ключ «{key}» не подходит к доле для «{to}».",
        "The key “{key}” does not go with a share to “{to}”.",
    ),
    P.SHARE_MULTIPLIES: _said(
        "Доля не умножает чужие баллы: нужны percent или points.",
        "A share multiplies nobody else's points: percent or points is needed.",
    ),
    P.SPLIT_TOO_MUCH: _said(
        "Деление «{split}» раздаёт {percent} %, а сама доля только {limit} %.",
        "The split “{split}” gives away {percent} %, while the share itself is {limit} %.",
    ),
    # what its own tests say
    P.TEST_FAILED: _said(
        "Тест «{test}», {place}: ожидалось {expected}, получилось {got}.",
        "Test “{test}”, {place}: expected {expected}, got {got}.",
    ),
    # how a document fits the books of its program
    P.OTHER_MONEY: _said(
        "Программа считает в {expected}, документ — в {given}.",
        "The program counts in {expected}, the document in {given}.",
    ),
    P.POINTS_IN_USE: _said(
        "Эти баллы есть у участников: их нельзя убрать или сменить число знаков после точки.",
        "Members hold these points: they cannot go or change their number of decimals.",
    ),
    P.POINTS_AHEAD: _said(
        "Правила для части точек не могут ввести новые баллы: в остальных точках их не знают.",
        "Rules for some branches cannot bring new points: the other branches do not know them.",
    ),
    # advice
    P.NO_RETURN_WINDOW: _said(
        "Баллы «{currency}» можно потратить сразу, раньше, чем товар могут вернуть. Подумайте о starts_after.",
        "Points “{currency}” can be spent at once, before goods may come back. Think of starts_after.",
    ),
    P.CANNOT_BE_SPENT: _said(
        "Баллы «{currency}» чего-то стоят, но раздел spending о них молчит: платить ими нельзя.",
        "Points “{currency}” have a worth, but spending does not name them: they cannot pay.",
    ),
    P.COUPON_UNUSED: _said("Купон «{coupon}» ни одной акции не открывает.", "Coupon “{coupon}” unlocks no promotion."),
    P.SERIES_GUESSABLE: _said(
        "Коды купона «{coupon}» легко угадать, и выпустить их не получится: при такой длине (length) их может быть не"
        " больше {limit}, а не {count}. Сделайте их длиннее.",
        "Codes of coupon “{coupon}” could be guessed and will not be issued: of this length there may be {limit},"
        " not {count}. Make them longer.",
    ),
    P.GROUP_UNUSED: _said("В группе «{group}» нет ни одной акции.", "No promotion belongs to group “{group}”."),
}
