"""Why a coupon's word did nothing, told to the cashier. Whose it is he never learns."""

from __future__ import annotations

from kopilka.engine.coupons import Refused
from kopilka.wording.languages import Language

REFUSED: dict[str, dict[Language, str]] = {
    code.value: {Language.RU: russian, Language.EN: english}
    for code, russian, english in (
        (Refused.UNKNOWN, "такого кода нет", "there is no such code"),
        (Refused.NOT_YET, "ещё не действует", "it is not valid yet"),
        (Refused.OVER, "срок действия закончился", "its time is over"),
        (Refused.USED_UP, "использован столько раз, сколько можно", "it was used as often as it may be"),
        (
            Refused.USED_BY_MEMBER,
            "участник уже использовал его столько раз, сколько можно",
            "the member has used it as often as he may",
        ),
        (Refused.MEMBERS_ONLY, "нужно назвать участника", "name the member first"),
        (Refused.OF_ANOTHER, "он не этого участника", "it is not this member's"),
        (Refused.RESERVED, "он в другой, незавершённой покупке", "it stands in another purchase that is not final"),
        (Refused.USED, "уже использован", "it was used already"),
        (Refused.WITHDRAWN, "отозван", "it was withdrawn"),
        (Refused.EXPIRED, "срок действия закончился", "its time is over"),
        (Refused.ONE_IS_ENOUGH, "на чек хватит одного такого купона", "one such coupon is enough for a receipt"),
        (Refused.NOTHING_FITS, "в чеке нет подходящих товаров", "nothing on the receipt fits it"),
    )
}


def refused_text(word: str, why: str, language: Language) -> str:
    """One sentence without a full stop; an unknown reason is left out."""
    told = "Купон «{}» не сработал" if language is Language.RU else "Coupon “{}” did not apply"
    reason = REFUSED.get(why)
    return told.format(word) + (f": {reason[language]}" if reason else "")
