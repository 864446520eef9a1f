"""Stored texts: nothing is lost on the way out and back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from kopilka.bookkeeping.documents import (
    Balance,
    PurchaseAnswer,
    WrittenReceipt,
    decision_from_text,
    from_text,
    receipt_fingerprint,
    receipt_from_text,
    to_bytes,
    to_text,
)
from kopilka.engine.decision import (
    Beyond,
    BoundedUse,
    Carry,
    CertificatePlan,
    CertificateSale,
    Decision,
    DrawPlan,
    FiscalLine,
    Hint,
    Limit,
    LotPlan,
    PricedLine,
    Reason,
    SharePlan,
    SpendPlan,
    Tell,
    Totals,
    Why,
)
from kopilka.engine.receipt import ArticleKind, Line, Origin, Receipt, SpendMode, SpendWish

AT = datetime(2026, 3, 2, 9, 0, 0, 125, tzinfo=UTC)
MEMBER = UUID("01a200a5-cfe8-7a3a-961a-df8a1cb563ad")
LOT = UUID("01a200a5-cfed-7be3-8791-bc75bb8a92e0")

SOLD = PricedLine(
    1, "TEA", "Чай «Ассам»", 1_500, 990_000, 14_850, 50, 12_000, 2_000, 10_000, 2_000, gift=False,
    discounts=[("spring", 2_800)], spent={"bonus": 20}, earned={0: 10, 1: 3},
)  # fmt: skip
PRINTED = FiscalLine(1, "TEA", "Чай «Ассам»", 1_500, 8_000, 12_000, 0, 2_000, gift=False)
DECISION = Decision(
    version=3,
    fingerprint="f" * 64,
    at=AT,
    member=MEMBER,
    tier="gold",
    totals=Totals(14_850, 50, 2_800, 12_000, 2_000, 10_000),
    lines=[SOLD, replace(SOLD, number=2, vat=None, gift=True)],
    fiscal=[PRINTED, replace(PRINTED, line=2, name="Подарок: чай", gift=True), replace(PRINTED, line=3, sku="X")],
    spend=[SpendPlan("bonus", 20, 2_000, 60, Limit.WISH)],
    draws=[DrawPlan(LOT, "bonus", 20)],
    lots=[LotPlan("bonus", 10, AT, AT + timedelta(days=365), pending=False, num=21, den=2)],
    carry=[Carry("bonus", -1, 2)],
    coupons=["spring"],
    coupons_refused=["ЗИМА"],
    prompts=["ask"],
    reasons=[
        Reason(Why.DISCOUNTED, "spring", 1, 2_800, "", 14_000, 1),
        Reason(Why.NO_LINES, "a"),
        Reason(Why.NO_LINES, "b"),
        Reason(Why.CONDITION, "c", detail="total"),
        Reason(Why.CONDITION, "d", detail="tier"),
        Reason(Why.NO_LINES, "e"),
        Reason(Why.ROUNDED, "", 0, 10, "bonus", 21, 2),
        Reason(Why.NO_LINES, "f"),
    ],
    tier_after="platinum",
)
RECEIPT = Receipt(
    (
        Line(
            1, "TEA", 1_500, 990_000, 14_850, 50, "Чай", "food/tea", "Ассам", ("new", "hot"), ArticleKind.SERVICE,
            2_000, 7_000, 100,
        ),
        Line(2, "X", 1_000, 10_000, 100),
    ),
    AT, "center", "1", "anna", "agent", "brand", Origin.ONLINE, ("ВЕСНА",), SpendWish(SpendMode.AMOUNT, 20, "bonus"),
)  # fmt: skip


def test_decision_comes_back_as_it_was():
    assert decision_from_text(to_text(DECISION)) == DECISION


def test_anonymous_decision_comes_back_as_it_was():
    nothing = replace(DECISION, member=None, tier="", lots=[], reasons=[], fiscal=[], tier_after="")

    assert decision_from_text(to_text(nothing)) == nothing


def test_same_decision_is_the_same_text():
    assert to_text(decision_from_text(to_text(DECISION))) == to_text(DECISION)


def test_promotions_that_did_nothing_stand_together():
    text = to_text(replace(DECISION, reasons=[Reason(Why.NO_LINES, f"rule-{n}") for n in range(3)]))

    assert text.endswith('[["no_lines","",["rule-0","rule-1","rule-2"]]],"platinum",null]')


def test_steps_of_one_reason_stand_together_with_their_figures():
    """Those that did nothing among them are their codes alone."""
    steps = [
        Reason(Why.EARNED, "a", 1, 100, "bonus", 1, 2),
        Reason(Why.EARNED, "b", detail="bonus"),
        Reason(Why.EARNED, "c", 2, 200, "bonus", 3, 1),
        Reason(Why.EARNED, "d", 2, 200, "miles", 3, 1),
    ]
    decision = replace(DECISION, reasons=steps)

    text = to_text(decision)

    assert '[["earned","bonus",[["a",1,100,1,2],"b",["c",2,200,3,1]]],["earned","miles",[["d",2,200,3,1]]]]' in text
    assert decision_from_text(text) == decision


def test_of_what_else_a_purchase_moves_only_what_there_is_is_stored():
    hint = Hint(Tell.NEXT_TIER, "gold", amount=855_001, detail="spent")
    decision = replace(DECISION, beyond=Beyond(privileges=[LOT], hints=[hint]))
    bare = replace(DECISION, beyond=Beyond())

    text = to_text(decision)

    assert decision_from_text(text) == decision
    assert decision_from_text(to_text(bare)) == bare
    assert text.endswith(
        f',{{"privileges":["{LOT}"],"hints":[{{"tell":"next_tier","code":"gold","amount":855001,"detail":"spent"}}]}}]'
    )


def test_whatever_else_a_purchase_moves_comes_back_under_its_name():
    hint = Hint(Tell.PRIVILEGE, "vip", AT, 2, 3, "sku")
    beyond = Beyond(
        [SharePlan("ref", "agent", "A1", "bonus", 5, 5, 1, AT, None)], [LOT], [MEMBER], [LOT, MEMBER], ["vip"],
        [CertificatePlan(LOT, 500)], [hint], [BoundedUse("tea", 100)], {"x": "used"},
        [CertificateSale(1, "gift", 2, 300)],
    )  # fmt: skip

    assert decision_from_text(to_text(replace(DECISION, beyond=beyond))).beyond == beyond


def test_receipt_comes_back_as_it_was():
    assert receipt_from_text(to_text(RECEIPT)) == RECEIPT


def test_answer_comes_back_as_it_was():
    answer = PurchaseAnswer("open", {"bonus": Balance(1, 2, 3, 4)})

    assert to_text(answer) == '{"state":"open","balances":{"bonus":{"available":1,"pending":2,"held":3,"debt":4}}}'
    assert from_text(to_text(answer), PurchaseAnswer) == answer


def test_fingerprint_is_of_what_was_sold_to_whom():
    known = receipt_fingerprint(RECEIPT, MEMBER, final=True)

    assert len(known) == 32
    assert receipt_fingerprint(replace(RECEIPT, at=AT + timedelta(hours=1)), MEMBER, final=True) == known
    for other in (
        receipt_fingerprint(replace(RECEIPT, lines=RECEIPT.lines[:1]), MEMBER, final=True),
        receipt_fingerprint(replace(RECEIPT, codes=()), MEMBER, final=True),
        receipt_fingerprint(replace(RECEIPT, spend=SpendWish()), MEMBER, final=True),
        receipt_fingerprint(RECEIPT, None, final=True),
        receipt_fingerprint(RECEIPT, MEMBER, final=False),
    ):
        assert other != known


def test_text_and_fingerprint_are_the_same_made_together():
    for receipt in (RECEIPT, replace(RECEIPT, lines=(), codes=())):
        written = WrittenReceipt(receipt)

        assert written.text == to_bytes(receipt)
        for _ in range(2):  # what is remembered is of the same member
            for member_id, final in ((MEMBER, True), (MEMBER, False), (None, True), (UUID(int=7), True)):
                known = receipt_fingerprint(receipt, member_id, final=final)
                assert written.fingerprint(member_id, final=final) == known
                assert written.fingerprint(member_id, final=final) == known
