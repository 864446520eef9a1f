"""The sentences for everything the linter finds, by its code."""

from __future__ import annotations

from kopilka.engine.linting.findings import FindingCode as F
from kopilka.engine.linting.findings import Severity
from kopilka.wording.languages import Language


def _said(ru: str, en: str) -> dict[Language, str]:
    return {Language.RU: ru, Language.EN: en}


SEVERITIES: dict[str, dict[Language, str]] = {
    Severity.ERROR: _said("ошибка", "error"),
    Severity.WARNING: _said("внимание", "warning"),
    Severity.ADVICE: _said("совет", "advice"),
}

SENTENCES: dict[str, dict[Language, str]] = {
    F.STACK_OVER_HUNDRED: _said(
        "Скидки складываются: {rules} вместе обещают {percent} %. Из {price} покупатель платит {pays}.",
        "Discounts add up: {rules} together promise {percent}%. Of {price} the buyer pays {pays}.",
    ),
    F.SOLD_BELOW_COST: _said(
        "«{sku}» продаётся дешевле себестоимости: покупатель платит {pays}, товар стоит {cost}. Правила: {rules}.",
        "“{sku}” is sold below cost: the buyer pays {pays}, it costs {cost}. Rules: {rules}.",
    ),
    F.SOLD_BELOW_MINIMUM: _said(
        "«{sku}» продаётся ниже минимальной цены: {pays} вместо {minimum}. Правила: {rules}.",
        "“{sku}” is sold below its lowest price: {pays} instead of {minimum}. Rules: {rules}.",
    ),
    F.LOSS_WITH_POINTS: _said(
        "«{sku}» с баллами продаётся в убыток: покупатель платит {pays} и получает баллов на {points}, товар стоит"
        " {cost}.",
        "“{sku}” is sold at a loss once points count: the buyer pays {pays} and gets points worth {points}, it costs"
        " {cost}.",
    ),
    F.EARNS_TOO_MUCH: _said(
        "Начисления складываются: {rules} вместе дают {percent} %. Программа с более чем {limit} % редко окупается.",
        "Points add up: {rules} together give {percent}%. A program that gives more than {limit}% seldom pays.",
    ),
    F.EARNS_OVER_AVERAGE: _said(
        "Обычная покупка приносит {percent} % баллами. В среднем хорошим программам хватает {limit} %.",
        "An ordinary purchase brings {percent}% in points. On average good programs do with {limit}%.",
    ),
    F.TIER_NEVER_REACHED: _said(
        "На уровень «{tier}» нельзя попасть: его условие никогда не выполнится.",
        "Tier “{tier}” cannot be reached: its condition can never hold.",
    ),
    F.TIER_SKIPPED: _said(
        "На уровне «{tier}» никто не останется: кто до него дошёл, сразу получает «{other}».",
        "Nobody stays on tier “{tier}”: whoever reaches it has reached “{other}” too.",
    ),
    F.NEVER_WORKS: _said(
        "Правило никогда не сработает: условия противоречат друг другу ({fact}).",
        "The rule can never work: its conditions contradict each other ({fact}).",
    ),
    F.OVER_ALREADY: _said(
        "Срок правила кончился {until}. Его можно убрать.",
        "The time of this rule was over on {until}. It can be taken away.",
    ),
    F.NEVER_UNLOCKED: _said(
        "Правило закрыто (locked), и открыть его нечему: нет автоматизации с unlock.",
        "The rule is locked and nothing opens it: no automation unlocks it.",
    ),
    F.COUPON_OUT_OF_REACH: _said(
        "Купон «{coupon}» не может быть ни у кого, пока правило действует.",
        "Nobody can have coupon “{coupon}” while the rule is running.",
    ),
    F.TIER_OUT_OF_REACH: _said(
        "Правило для уровня «{tier}», на который нельзя попасть.",
        "The rule is for tier “{tier}”, which cannot be reached.",
    ),
    F.ALWAYS_HOLDS: _said(
        "Условие выполняется всегда ({fact}): оно ничего не меняет.",
        "The condition always holds ({fact}): it changes nothing.",
    ),
    F.CYCLIC_UNLOCK: _said(
        "Замкнутый круг: {chain}. Каждое правило ждёт другого, и начать никто не может.",
        "A closed circle: {chain}. Each rule waits for another, and nobody can begin.",
    ),
    F.EARNING_TAKEN_AWAY: _said(
        "Баллы по этому правилу никто не получит: «{other}» выключает начисление на тех же товарах.",
        "Nobody gets points by this rule: “{other}” turns earning off on the same goods.",
    ),
    F.SPENDING_SHARE_IDLE: _said(
        "Доля оплаты баллами ничего не значит: «{other}» запрещает платить баллами за те же товары.",
        "The share that points may pay means nothing: “{other}” forbids points on the same goods.",
    ),
    F.NEVER_WINS: _said(
        "В группе «{group}» это правило никогда не победит: там, где оно действует, всегда выгоднее «{other}».",
        "In group “{group}” this rule never wins: wherever it works, “{other}” comes first.",
    ),
    F.LINES_CLOSED: _said(
        "Скидка никогда не сработает: все её товары забирает исключительная акция «{other}».",
        "The discount never works: the exclusive promotion “{other}” takes all its goods.",
    ),
    F.NOTHING_TO_MULTIPLY: _said(
        "Умножать нечего: ни одно другое правило не даёт баллов «{currency}».",
        "There is nothing to multiply: no other rule gives points “{currency}”.",
    ),
    F.ODD_PERCENT: _said(
        "{percent} % трудно посчитать в уме. Люди легко считают 1, 2, 3, 5, 10, 15, 20, 25, 50.",
        "{percent}% is hard to work out in one's head. People take 1, 2, 3, 5, 10, 15, 20, 25, 50.",
    ),
    F.ODD_WORTH: _said(
        "Один балл стоит {worth}. Понятнее, когда он стоит 1 или 10.",
        "One point is worth {worth}. It is clearer when it is worth 1 or 10.",
    ),
    F.MANY_RULES: _said(
        "На один товар действуют {count} правил сразу: {rules}. Больше {limit} никто не удержит в голове.",
        "{count} rules touch one article at once: {rules}. Nobody keeps more than {limit} in his head.",
    ),
    F.FINE_PRINT: _said(
        "В правиле {count} оговорок «но». Больше {limit} — уже мелкий шрифт.",
        "The rule has {count} “buts”. More than {limit} is fine print.",
    ),
    F.HARD_ARITHMETIC: _said(
        "Программу трудно посчитать в уме: {score} при пределе {limit}. Сложите меньше правил, возьмите круглые числа.",
        "The program is hard to work out in one's head: {score}, with a limit of {limit}. Take fewer rules, round"
        " figures.",
    ),
    F.WELCOME_LIFE: _said(
        "Приветственные баллы живут не от {minimum} до {maximum} дней. Короткий срок приводит покупателя снова.",
        "Welcome points do not live {minimum} to {maximum} days. A short life brings the buyer back.",
    ),
    F.THRESHOLD_STALE: _said(
        "Порог не меняли с {since}: {days} дней. Проверьте, подходит ли он ещё.",
        "The threshold has not changed since {since}: {days} days. See whether it still fits.",
    ),
    F.THRESHOLD_EATEN: _said(
        "С {since} цены съели {percent} % порога {threshold}. Теперь ему соответствует {worth}.",
        "Since {since} prices have eaten {percent}% of the threshold {threshold}. Today {worth} would be the same.",
    ),
    F.SEARCH_LIMITED: _said(
        "Правил много: сочетания искали от {tried} самых весомых из {of}.",
        "There are many rules: combinations were searched from the {tried} heaviest of {of}.",
    ),
}
