"""What somebody reads about his share of a sale."""

from datetime import UTC, datetime

import pytest

from kopilka.engine.decision import SharePlan
from kopilka.wording.shares import ShareNames, explain_share

AT = datetime(2026, 3, 6, 9, tzinfo=UTC)
PLAN = SharePlan(
    "designer", "agent", "petr", "bonus", 6, 13, 2, AT, datetime(2027, 3, 6, 9, tzinfo=UTC), {1: 6}, split="x"
)


def plain(told):
    return [text.replace("\u00a0", " ") for text in told]


def test_a_share_is_explained_in_russian(russian):
    assert plain(explain_share([PLAN], 6, "bonus", ShareNames("Дизайнер", "Клиенту 10"), russian)) == [
        "Доля агента с покупки его клиента по правилу «Дизайнер»: +6 баллов.",
        "6,5, округлено вниз до 6 баллов.",
        "Действовало деление «Клиенту 10».",
        "Доступны с 06.03.2026 12:00.",
        "Действуют до 06.03.2027 12:00.",
    ]


def test_a_share_is_explained_in_english(english):
    plan = SharePlan("up", "inviter", "", "bonus", 5, 5, 1, AT, None, level=2)

    assert plain(explain_share([plan], 5, "bonus", ShareNames("up"), english)) == [
        "Your part of a purchase at level 2 of your network by rule “up”: +5 points.",
        "Available from 6 Mar 2026 12:00.",
    ]


@pytest.mark.parametrize(
    ("plans", "told"),
    [
        (
            [PLAN],
            [
                "Доля агента с покупки его клиента по правилу «Дизайнер»: −2 балла.",
                "Товары вернули; всего за покупку было: 6 баллов.",
            ],
        ),
        ([], ["−2 балла по правилу «Дизайнер»."]),
    ],
)
def test_a_share_taken_back_is_explained(russian, plans, told):
    assert plain(explain_share(plans, -2, "bonus", ShareNames("Дизайнер"), russian)) == told
