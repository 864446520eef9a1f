"""Answers are put together from kept JSON: to the byte what their schemas would be encoded to."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
import pytest

from kopilka.api.answers import encode
from kopilka.api.rendering import purchase_json, quote_json
from kopilka.api.schemas.decisions import PurchaseOut, QuoteOut
from kopilka.bookkeeping.documents import Balance
from kopilka.engine.decision import (
    Beyond,
    CertificatePlan,
    CertificateSale,
    Decision,
    FiscalLine,
    Hint,
    Limit,
    LotPlan,
    PricedLine,
    Reason,
    SpendPlan,
    Tell,
    Totals,
    Why,
)
from kopilka.engine.points import PointsCurrency
from kopilka.engine.rulebook import AmountOff, PercentOff, Promotion, Rulebook
from kopilka.engine.rulebook_earn import Earn
from kopilka.wording.languages import Language
from kopilka.wording.reasons import sentence
from kopilka.wording.vocabulary import vocabulary_of

NOON = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2027, 3, 2, tzinfo=ZoneInfo("Europe/Moscow"))
SOME = UUID(int=7)

RULEBOOK = Rulebook(
    fingerprint="rendering-tests",
    name="Лавка",
    currency="RUB",
    zone=ZoneInfo("Europe/Moscow"),
    points={
        "bonus": PointsCurrency("bonus", 'Баллы "Плюс"', 'Points "Plus"'),
        "exact": PointsCurrency("exact", "Бонусы", "Bonuses", decimals=2),
    },
    promotions=(
        Promotion("fish", 'Рыба "\\" недели', 'Fish "\\" week', discount=PercentOff(1000), prompt_ru='Скажите: "да"'),
        Promotion("less", "Минус", "Less", discount=AmountOff(30_000)),
        Promotion("back", 'Кешбэк\t"5"', 'Cashback\t"5"', earn=(Earn("bonus", percent=500), Earn("exact", units=3))),
        Promotion("idle", "Пусто\n", "Idle\n", discount=PercentOff(500)),
    ),
)

REASONS = [
    Reason(Why.DISCOUNTED, "fish", 1, 123_456_789),
    Reason(Why.DISCOUNTED, "less", 150, 99),
    Reason(Why.DISCOUNTED, "gone", 0, 5),
    Reason(Why.EARNED, "back", 1, 75_050, "bonus", 15_011, 4),
    Reason(Why.EARNED, "back", 2, 2_000_00, "bonus", 20, 2),
    Reason(Why.EARNED, "back", 2, 0, "bonus", -1_234, 1),
    Reason(Why.EARNED, "back", 2, 0, "exact", 1_000_000, 3),
    Reason(Why.EARNED, "gone", 0, 100, "lost", 5, 1),
    Reason(Why.SPENT, "", 0, 300, "bonus:receipt_share", 30_000),
    Reason(Why.ROUNDED, "", 0, 4, "bonus", 37, 8),
    Reason(Why.NO_LINES, "idle", 0),
    Reason(Why.CONDITION, "idle", 3, 0, "total"),
]


def line(number: int, name: str, **facts: object) -> PricedLine:
    sold = {"quantity": 1_000, "price": 990_000, "amount": 9_900, "manual": 0, "net": 9_900, "points": 0, "paid": 9_900}
    return PricedLine(number, f"SKU-{number}", name, **{**sold, **facts})


def printed(number: int, name: str, **facts: object) -> FiscalLine:
    told = {"quantity": 1_000, "price": 9_900, "total": 9_900}
    return FiscalLine(number, f"SKU-{number}", name, **{**told, **facts})


DECISION = Decision(
    version=3, fingerprint="rendering-tests", at=NOON, member=SOME, tier="", tier_after="",
    totals=Totals(40_000, 100, 5_000, 34_900, 4_900, 30_000),
    lines=[
        line(1, 'Чай "Утро" \\ 100 г', vat=2_000, discounts=[("fish", 990), ("gone", 1)], earned={0: 5, 1: 123_456}),
        line(2, "Рыба", quantity=1_234_567, price=12_345_678, manual=100, points=4_900, paid=4_900, vat=1_667,
             spent={"bonus": 49, "lost": 1}),
        line(3, "Пакет\u2028", quantity=0, gift=True, price=50),
    ],
    fiscal=[
        printed(1, 'Чай "Утро" \\ 100 г', vat=2_000, counter=7),
        printed(3, "Пакет\u2028", gift=True, total=0),
        printed(2, "Рыба", quantity=1_234_567, vat=1_667),
    ],
    spend=[SpendPlan("bonus", 49, 4_900, 60, Limit.WISH)],
    draws=[],
    lots=[LotPlan("bonus", 5, NOON, LATER, True, 5, 1), LotPlan("exact", 123_456, NOON, None, False, 1, 3)],
    carry=[], coupons=["TEA"], coupons_refused=['NO"PE'], prompts=["fish"], reasons=REASONS,
    beyond=Beyond(
        privileges=[SOME], refused={'NO"PE': "unknown"},
        certificates=[CertificatePlan(SOME, 500, {1: 500}, "1234")],
        certificates_sold=[CertificateSale(2, "gift", 1, 5)],
        hints=[Hint(Tell.EXPIRING, "", LATER, 0, 5_000_000, "bonus"), Hint(Tell.CLUB, 'SKU "1"')],
    ),
)  # fmt: skip
NOTHING = Totals(0, 0, 0, 0, 0, 0)
BARE = Decision(1, "rendering-tests", NOON, None, "", NOTHING, [], [], [], [], [], [], [], [], [], [])
BALANCES = {"exact": Balance(1_234_567, 1, 2, 3), "bonus": Balance(-5, 0, 0, 0)}


def purchase(decision: Decision, language: Language, *, explain: bool) -> bytes:
    return purchase_json(
        decision, RULEBOOK, language.value, BALANCES, purchase_id=SOME, state="confirmed", source='till:"1"',
        external_id="чек\\1", recorded_at=NOON, explain=explain,
    )  # fmt: skip


def quote(decision: Decision, language: Language, *, explain: bool) -> bytes:
    return quote_json(
        decision, RULEBOOK, language.value, BALANCES, quote_id=None, expires_at=LATER, explain=explain
    )  # fmt: skip


@pytest.mark.parametrize("decision", [DECISION, BARE], ids=["full", "bare"])
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(("rendered", "schema"), [(purchase, PurchaseOut), (quote, QuoteOut)])
def test_answer_is_what_its_schema_would_be(decision, language, rendered, schema):
    for explain in (True, False):
        body = rendered(decision, language, explain=explain)

        assert encode(msgspec.json.decode(body, type=schema, strict=True)) == body


@pytest.mark.parametrize("language", Language)
def test_every_step_says_its_sentence(language):
    told = msgspec.json.decode(purchase(DECISION, language, explain=True), type=PurchaseOut)

    words = vocabulary_of(RULEBOOK, language)
    assert [(step.code, step.promotion, step.line, step.text) for step in told.trace] == [
        (reason.why.value, reason.rule, reason.line, sentence(reason, words)) for reason in REASONS
    ]


def test_lines_say_their_figures_and_names():
    told = msgspec.json.decode(purchase(DECISION, Language.EN, explain=False), type=PurchaseOut)

    assert [(one.name, one.quantity, one.price, one.vat, one.gift) for one in told.lines] == [
        ('Чай "Утро" \\ 100 г', "1", 9_900, "20", False),
        ("Рыба", "1234.567", 123_457, "16.67", False),
        ("Пакет\u2028", "0", 1, None, True),
    ]
    assert [(one.promotion, one.name, one.amount_minor) for one in told.lines[0].discounts] == [
        ("fish", 'Fish "\\" week', 990),
        ("gone", "gone", 1),
    ]
    assert [(one.currency, one.decimals, one.points) for one in told.lines[0].earned] == [
        ("bonus", 0, 5),
        ("exact", 2, 123_456),
    ]
    assert [(one.currency, one.points) for one in told.lines[1].spent] == [("bonus", 49), ("lost", 1)]
    assert [(one.line, one.quantity, one.counter_provision_minor) for one in told.fiscal_lines] == [
        (1, "1", 7),
        (3, "1", 0),
        (2, "1234.567", 0),
    ]
