"""What is told at the till, in both languages: a privilege to use, a gift that is due (S4.33, S4.39)."""

from datetime import UTC, datetime

import pytest

from kopilka.engine.decision import Hint, Tell
from kopilka.wording.hints import hint_text

MIDNIGHT = datetime(2026, 4, 15, 21, tzinfo=UTC)
"""The end of 15 April in Moscow."""

TELLING = [
    (
        Hint(Tell.PRIVILEGE, "plants", MIDNIGHT, 2),
        "Открыто: «Пятница растений», используйте до 15.04.2026, осталось покупок: 2",
        "Unlocked: “Plant Friday”, use it until 15 Apr 2026, purchases left: 2",
    ),
    (
        Hint(Tell.GIFT_DUE, "exact", count=5, detail="WHISKAS-85"),
        "Ждёт подарок: Бонусы × 5 (WHISKAS-85)",
        "A gift is due: Bonuses × 5 (WHISKAS-85)",
    ),
    (
        Hint(Tell.STAMPS, "coffee", count=3, detail="bonus"),
        "До подарка «coffee» осталось: 3 балла",
        "To the gift “coffee” still missing: 3 points",
    ),
    (
        Hint(Tell.STAMPS, "coffee", detail="bonus"),
        "Карта заполнена, подарок: coffee",
        "The card is full, the gift is: coffee",
    ),
    (
        Hint(Tell.CLUB, "repair"),
        "Только для участников клуба: repair",
        "For members of the club only: repair",
    ),
    (
        Hint(Tell.EXPIRING, until=MIDNIGHT, amount=40, detail="bonus"),
        "Сгорит 15.04.2026: 40 баллов",
        "Expires 15 Apr 2026: 40 points",
    ),
    (
        Hint(Tell.COUPON, "spring", MIDNIGHT, detail="SPRING-7"),
        "У покупателя есть купон SPRING-7: назовите его код на кассе, до 15.04.2026",
        "The buyer has coupon SPRING-7: enter its code at the till, until 15 Apr 2026",
    ),
]


@pytest.mark.parametrize(("hint", "in_russian", "in_english"), TELLING, ids=lambda value: str(value)[:30])
def test_hint_is_told_in_both_languages(russian, english, hint, in_russian, in_english):
    assert hint_text(hint, russian).replace("\u00a0", " ") == in_russian
    assert hint_text(hint, english).replace("\u00a0", " ") == in_english


def test_hint_of_every_kind_but_tiers_is_told_above():
    """What is missing to the next tier has its own tests."""
    assert {hint.tell for hint, _, _ in TELLING} == set(Tell) - {Tell.NEXT_TIER}
