"""Sentences of a decision's trace: what each promotion did on this receipt, or why it did nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kopilka.engine.decision import Limit, Reason, Why
from kopilka.engine.points import Rounding, round_by
from kopilka.wording.amounts import MINUS, exact
from kopilka.wording.facts import fact_name
from kopilka.wording.languages import Language
from kopilka.wording.vocabulary import EarningWords, Vocabulary

Teller = Callable[[Reason, Vocabulary], str]

FIXED: dict[Why, dict[Language, str]] = {
    why: {Language.RU: russian, Language.EN: english}
    for why, russian, english in (
        (
            Why.GIFT_ADDED,
            "{discount}: добавлен по нулевой цене",
            "{discount}: added at zero price",
        ),
        (
            Why.EARNING_OFF,
            "{subject}: на эти товары баллы не начисляются",
            "{subject}: these goods earn no points",
        ),
        (
            Why.SPENDING_OFF,
            "{subject}: эти товары нельзя оплатить баллами",
            "{subject}: these goods cannot be paid with points",
        ),
        (
            Why.SPENDING_CAPPED,
            "{subject}: баллами можно оплатить не больше {share} цены",
            "{subject}: points may pay at most {share} of the price",
        ),
        (
            Why.NOT_IN_TIME,
            "{subject} сейчас не действует",
            "{subject} is not running at this time",
        ),
        (
            Why.NOT_IN_BRANCH,
            "{subject} не действует в этой точке продаж",
            "{subject} is not running in this branch",
        ),
        (
            Why.NO_COUPON,
            "{subject} действует только по купону",
            "{subject} needs a coupon",
        ),
        (
            Why.SWITCHED_OFF,
            "{subject}: временно выключено",
            "{subject} is switched off for now",
        ),
        (
            Why.LOCKED,
            "{subject}: участнику пока не открыто",
            "{subject} is not unlocked for this member",
        ),
        (
            Why.CONDITION,
            "{subject}: не выполнено условие «{fact}»",
            "{subject}: the condition on “{fact}” is not met",
        ),
        (
            Why.NO_LINES,
            "{subject}: в чеке нет подходящих товаров",
            "{subject}: no line of the receipt fits",
        ),
        (
            Why.NO_SETS,
            "{subject}: в чеке не хватает товаров для набора",
            "{subject}: there are not enough items to complete a set",
        ),
        (
            Why.BEATEN,
            "{subject}: в группе сработала другая акция, {other}",
            "{subject}: another one of its group was chosen, {other}",
        ),
        (
            Why.CLOSED_LINES,
            "{subject}: подходящие товары закрыты исключительной акцией",
            "{subject}: the lines it needs are closed by an exclusive promotion",
        ),
        (
            Why.NOTHING_LEFT,
            "{subject}: цена уже снижена до предела",
            "{subject}: the price is already at its lowest",
        ),
        (
            Why.ANONYMOUS,
            "{subject}: баллы получают только участники программы",
            "{subject}: only members of the program get points",
        ),
        (
            Why.LIMIT_REACHED,
            "{subject}: использовано столько раз, сколько можно",
            "{subject} was used as often as it may be",
        ),
        (
            Why.BUDGET_SPENT,
            "{subject}: бюджет исчерпан",
            "{subject}: its budget is used up",
        ),
        (
            Why.HELD_OUT,
            "{subject}: участник в контрольной группе, акция для него не действует",
            "{subject}: the member is in the control group, it does not work for him",
        ),
    )
}
"""Sentences that hold no figure of the receipt: made once per promotion and kept."""

DID_SOMETHING = frozenset(
    {
        Why.DISCOUNTED,
        Why.EARNED,
        Why.MULTIPLIED,
        Why.GIFT_ADDED,
        Why.GIFT_GIVEN,
        Why.EARNING_OFF,
        Why.NOT_GIVEN_HERE,
        Why.SPENDING_OFF,
        Why.SPENDING_CAPPED,
        Why.ROUNDED,
        Why.SPENT,
    }
)
"""What happened, and the sums; in a decision's trace it stands before what did nothing."""

LIMITS: dict[Limit, dict[Language, str]] = {
    limit: {Language.RU: russian, Language.EN: english}
    for limit, russian, english in (
        (Limit.NOTHING, "без ограничений", "no limit"),
        (Limit.WISH, "сколько попросил покупатель", "as much as the buyer asked for"),
        (Limit.BALANCE, "больше баллов на счёте нет", "the wallet holds no more"),
        (Limit.LINE_SHARE, "предел доли каждой строки", "the share allowed on each line"),
        (Limit.RECEIPT_SHARE, "предел доли чека", "the share allowed on the receipt"),
        (Limit.KEEP_PRICE, "минимальная цена товара", "the lowest price of the goods"),
        (Limit.CASH_MIN, "минимальная оплата деньгами", "the least part paid with money"),
        (Limit.RULES, "ограничения акций", "limits of promotions"),
        (Limit.STEP, "баллы тратятся целыми шагами", "points are spent in whole steps"),
        (Limit.UNITS_MIN, "меньше наименьшего списания", "less than the smallest payment"),
    )
}

ROUNDINGS: dict[Rounding, dict[Language, str]] = {
    Rounding.DOWN: {Language.RU: "округлено вниз до", Language.EN: "rounded down to"},
    Rounding.UP: {Language.RU: "округлено вверх до", Language.EN: "rounded up to"},
    Rounding.HALF_UP: {
        Language.RU: "округлено (половина вверх) до",
        Language.EN: "rounded (half up) to",
    },
    Rounding.HALF_EVEN: {
        Language.RU: "округлено (половина к чётному) до",
        Language.EN: "rounded (half to even) to",
    },
}


def sentence(reason: Reason, vocabulary: Vocabulary) -> str:
    """One step of the trace as a sentence, without the number of its line."""
    teller = _TOLD.get(reason.why)
    if teller is not None:
        return teller(reason, vocabulary)
    return vocabulary.keep((reason.why, reason.rule, reason.detail), lambda: _fixed(reason, vocabulary))


def trace(reasons: Iterable[Reason], vocabulary: Vocabulary) -> list[str]:
    """The sentences of a whole trace, in its order."""
    return [sentence(reason, vocabulary) for reason in reasons]


def limit_text(limit: str, language: Language) -> str:
    """Why no more could be spent; an unknown reason is said by its code."""
    known = _LIMITS.get(limit)
    return known[language] if known else limit


def _fixed(reason: Reason, vocabulary: Vocabulary) -> str:
    language = vocabulary.language
    words = vocabulary.promotion(reason.rule)
    return FIXED[reason.why][language].format(
        subject=words.subject if reason.rule else _PROGRAM[language],
        discount=words.discount,
        share=words.share,
        fact=fact_name(reason.detail, language),
        other=vocabulary.promotion(reason.detail).quoted,
    )


def discount_begun(rule: str, vocabulary: Vocabulary) -> str:
    """A sentence about a discount, up to the sum that was taken off."""
    begun = vocabulary.begun.get(rule)
    return vocabulary.begin(rule, f"{vocabulary.promotion(rule).discount}: {MINUS}") if begun is None else begun


def earning_words(rule: str, currency: str, vocabulary: Vocabulary) -> EarningWords:
    """A sentence about points of a rule, in parts between its figures."""
    key = (rule, currency)
    found = vocabulary.earning.get(key)
    return vocabulary.keep_earning(key, _earning(rule, currency, vocabulary)) if found is None else found


def _discounted(reason: Reason, vocabulary: Vocabulary) -> str:
    return discount_begun(reason.rule, vocabulary) + vocabulary.money(reason.amount)


def _earned(reason: Reason, vocabulary: Vocabulary) -> str:
    found = earning_words(reason.rule, reason.detail, vocabulary)
    units = found.currency.exact_units(reason.num, reason.den or 1)
    if found.begun and reason.amount:
        return f"{found.begun}{vocabulary.money(reason.amount)}{found.by}{units}"
    return f"{found.alone}{units}"


def _earning(rule: str, currency: str, vocabulary: Vocabulary) -> EarningWords:
    """The parts that do not change: "5 % от ", " по правилу «X» = "."""
    russian = vocabulary.language is Language.RU
    words = vocabulary.promotion(rule)
    counted = vocabulary.currency(currency)
    earn = words.earns.get(currency)
    if earn is None:
        return EarningWords(f"{'Начислено' if russian else 'Earned'} {words.by}: ", "", "", counted)
    by = f" {words.by} = "
    begun = f"{earn.phrase}{' от ' if russian else ' of '}" if earn.is_share else ""
    return EarningWords(earn.phrase + by, begun, by, counted)


def _multiplied(reason: Reason, vocabulary: Vocabulary) -> str:
    words = vocabulary.promotion(reason.rule)
    times = words.multiplies.get(reason.detail, "×")
    begun = "Начисление" if vocabulary.language is Language.RU else "Points"
    units = vocabulary.currency(reason.detail).exact_units(reason.num, reason.den or 1)
    return f"{begun} {times} {words.by}: +{units}"


def _rounded(reason: Reason, vocabulary: Vocabulary) -> str:
    return rounding_text(reason.detail, reason.num, reason.den or 1, reason.amount, vocabulary)


def rounding_text(currency: str, num: int, den: int, units: int, vocabulary: Vocabulary) -> str:
    """How the exact `num/den` units became `units`, with the way of rounding or the kept remainder named."""
    words = vocabulary.currency(currency)
    russian = vocabulary.language is Language.RU
    if num == units * den:
        return f"Ровно {words.units(units)}" if russian else f"Exactly {words.units(units)}"
    if round_by(words.rounding, num, den) == units:
        return f"{words.exact(num, den)}, {ROUNDINGS[words.rounding][vocabulary.language]} {words.units(units)}"
    kept = "вместе с остатком прошлых покупок это" if russian else "with the remainder of earlier purchases this makes"
    return f"{words.exact(num, den)}, {kept} {words.units(units)}"


def _not_given_here(reason: Reason, vocabulary: Vocabulary) -> str:
    name = vocabulary.currency(reason.detail).name
    if vocabulary.language is Language.RU:
        return f"В этой точке продаж не начисляются: {name}"
    return f"Not earned in this branch: {name}"


def _spent(reason: Reason, vocabulary: Vocabulary) -> str:
    currency, _, limit = reason.detail.partition(":")
    begun = "Оплачено баллами" if vocabulary.language is Language.RU else "Paid with points"
    told = f"{begun}: {vocabulary.currency(currency).units(reason.amount)} = {vocabulary.money(reason.num)}"
    return f"{told} ({limit_text(limit, vocabulary.language)})" if limit else told


def _given(reason: Reason, vocabulary: Vocabulary) -> str:
    russian = vocabulary.language is Language.RU
    pieces = exact(reason.num, reason.den or 1, vocabulary.language)
    told = f"{'Подарок' if russian else 'Gift'} {vocabulary.promotion(reason.rule).quoted} × {pieces}"
    return f"{told}: {MINUS}{vocabulary.money(reason.amount)}" if reason.amount else told


_PROGRAM = {Language.RU: "Программа", Language.EN: "The program"}
_LIMITS = {limit.value: words for limit, words in LIMITS.items()}
_TOLD: dict[Why, Teller] = {
    Why.DISCOUNTED: _discounted,
    Why.EARNED: _earned,
    Why.MULTIPLIED: _multiplied,
    Why.ROUNDED: _rounded,
    Why.NOT_GIVEN_HERE: _not_given_here,
    Why.SPENT: _spent,
    Why.GIFT_GIVEN: _given,
}
WITH_FIGURES = frozenset(_TOLD)
"""Reasons whose sentences hold figures of one receipt: they are made anew for each."""
