"""Whatever the rules and the receipt: gifts are given exactly, never twice, and the money adds up (S4.39, S4.40)."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kopilka.engine.decision import Decision, Why
from kopilka.engine.mechanics import Mechanics
from kopilka.engine.mechanics_things import Gift
from kopilka.engine.points import PointsCurrency
from kopilka.engine.quote import decide
from kopilka.engine.refusal import Refusal
from kopilka.engine.standing import Claim, Lot, WalletState
from tests.engine.samples import AT
from tests.properties.sales import SKUS, members, receipts, rulebooks, wishes
from tests.properties.test_decision import (
    fiscal_lines_keep_the_goods_and_their_tax,
    fiscal_lines_multiply_exactly_and_sum_to_what_is_paid,
    money_adds_up_on_every_line_and_in_total,
)

DUE = "packs"


@st.composite
def sales_with_gifts(draw):
    rulebook, standing, receipt = draw(rulebooks()), draw(members()), draw(receipts(wishes()))
    assume(standing.member_id is not None)
    whole = draw(st.booleans())
    due = PointsCurrency(DUE, "", "", worth_minor=0, gift_sku=draw(st.sampled_from(SKUS)), gift_whole=whole)
    gift = Gift("any", "a")
    rulebook = replace(
        rulebook, fingerprint=str(draw(st.uuids())), points={**rulebook.points, DUE: due},
        mechanics=Mechanics(gifts={"any": gift}),
    )  # fmt: skip
    units = draw(st.integers(0, 9))
    standing.wallets[DUE] = WalletState(DUE, available=units)
    standing.lots[DUE] = [Lot(UUID(int=700), DUE, units, units, AT - timedelta(1), None)] if units else []
    standing.claims = {word: draw(claims(number)) for number, word in enumerate(("ONE", "TWO"), 800)}
    named = draw(st.lists(st.sampled_from(["one", "TWO", "three"]), unique=True).map(tuple))
    return rulebook, standing, replace(receipt, codes=named)


def claims(number):
    return st.builds(
        Claim,
        st.just(UUID(int=number)),
        st.just(f"gift-{number}"),
        st.sampled_from((*SKUS, "cup")),
        st.integers(1, 4),
        cash_minor=st.sampled_from([0, 0, 1, 999]),
        by_code=st.booleans(),
    )


def pieces(decision: Decision, rule: str) -> int:
    """Thousandths given away under a name."""
    return sum(reason.num for reason in decision.reasons if reason.why is Why.GIFT_GIVEN and reason.rule == rule)


@settings(max_examples=200)
@given(sales_with_gifts())
def test_gifts_are_exact_and_the_money_adds_up(sale):
    try:
        decision = decide(*sale)
    except Refusal:
        return

    rulebook, standing, receipt = sale
    money_adds_up_on_every_line_and_in_total(sale, decision)
    fiscal_lines_multiply_exactly_and_sum_to_what_is_paid(sale, decision)
    fiscal_lines_keep_the_goods_and_their_tax(sale, decision)
    spent = sum(plan.units for plan in decision.spend if plan.currency == DUE)
    due = sum(lot.remaining for lot in standing.lots[DUE])
    assert pieces(decision, f"points.{DUE}") == spent * 1_000
    assert spent == sum(draw.units for draw in decision.draws if draw.currency == DUE)
    assert spent == sum(line.spent.get(DUE, 0) for line in decision.lines) <= due
    assert not rulebook.points[DUE].gift_whole or spent in {0, due}
    collected = decision.beyond.claims if decision.beyond else []
    assert len(collected) == len(set(collected))
    named = {code.upper() for code in receipt.codes}
    for word, claim in standing.claims.items():
        given_away = pieces(decision, f"gifts.{claim.gift}")
        assert given_away == (claim.quantity * 1_000 if claim.id in collected else 0)
        assert claim.id in collected or word not in named
        assert claim.id not in collected or word in named or not claim.by_code


@settings(max_examples=100)
@given(sales_with_gifts())
def test_same_values_give_the_same_decision(sale):
    try:
        first = decide(*sale)
    except Refusal:
        return

    assert decide(*sale) == first
