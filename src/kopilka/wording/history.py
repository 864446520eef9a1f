"""What an act of the books is called in the history of a card."""

from __future__ import annotations

from kopilka.wording.languages import Language

_TITLES = {
    "purchase": ("Покупка", "Purchase"),
    "confirm": ("Покупка", "Purchase"),
    "return": ("Возврат", "Return"),
    "hold": ("Отложено для покупки", "Set aside for a purchase"),
    "cancel": ("Покупка отменена", "Purchase cancelled"),
    "release": ("Вернулось из отложенного", "Given back from what was set aside"),
    "adjust": ("Исправление", "Correction"),
    "activate": ("Стало доступно", "Became available"),
    "expire": ("Сгорело", "Expired"),
    "move": ("Передача баллов", "Points handed over"),
    "grant": ("От программы", "From the program"),
    "share": ("За покупку друга", "For a friend's purchase"),
    "extend": ("Срок продлён", "Life prolonged"),
    "reverse": ("Отмена начисления", "Taken back by the program"),
    "gift": ("Подарок", "Gift"),
    "gift_back": ("Подарок отменён", "Gift cancelled"),
}


def history_title(kind: str, language: Language) -> str:
    """A kind nobody has named is told as a change."""
    russian, english = _TITLES.get(kind, ("Изменение", "Change"))
    return russian if language is Language.RU else english
