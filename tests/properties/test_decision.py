"""Whatever the rules and the receipt: no money and no point appears or vanishes, and nothing goes beyond its limit."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

from hypothesis import event, given, settings
from hypothesis import strategies as st

from kopilka.engine.decision import FiscalLine
from kopilka.engine.money import half_up
from kopilka.engine.points import round_by
from kopilka.engine.quote import decide
from kopilka.engine.receipt import SpendMode, SpendWish
from kopilka.engine.refusal import Refusal
from kopilka.engine.rulebook import FixedPrice, GiftLine, PointsAs, ZeroGift
from kopilka.engine.standing import Standing
from tests.engine.samples import AT
from tests.properties.sales import members, receipts, rulebooks, wishes

EXAMPLES = settings(max_examples=200)


def money_adds_up_on_every_line_and_in_total(_sale, decision):
    for sold in decision.lines:
        assert sold.amount - sold.manual - sum(off for _, off in sold.discounts) == sold.net
        assert sold.net - sold.points == sold.paid
        assert min(sold.net, sold.points, sold.paid, *(off for _, off in sold.discounts), 0) >= 0
    totals = decision.totals
    assert totals.amount - totals.manual - totals.discount == totals.net == totals.points + totals.paid
    for part in ("amount", "manual", "net", "points", "paid"):
        assert getattr(totals, part) == sum(getattr(sold, part) for sold in decision.lines)


def fiscal_lines_multiply_exactly_and_sum_to_what_is_paid(sale, decision):
    counter = sale[0].fiscal.points_as is PointsAs.COUNTER_PROVISION
    for one in decision.fiscal:
        assert one.price >= 0
        assert one.total == half_up(one.price * one.quantity, 1_000)
        assert 0 <= one.counter <= one.total
    assert sum(one.total for one in decision.fiscal) == (decision.totals.net if counter else decision.totals.paid)
    assert sum(one.counter for one in decision.fiscal) == (decision.totals.points if counter else 0)


def fiscal_lines_keep_the_goods_and_their_tax(sale, decision):
    counter = sale[0].fiscal.points_as is PointsAs.COUNTER_PROVISION
    printed: dict[int, list[FiscalLine]] = {}
    for one in decision.fiscal:
        printed.setdefault(one.line, []).append(one)
    for sold in decision.lines:
        own = printed.get(sold.number, [])
        assert sum(one.quantity for one in own) == sold.quantity
        assert {one.vat for one in own} <= {sold.vat}
        if sale[0].fiscal.zero_gift is ZeroGift.ZERO:
            assert sum(one.total for one in own) == (sold.net if counter else sold.paid)


def no_line_falls_under_its_minimum_unless_the_owner_chose_its_price(sale, decision):
    chosen = {said.code for said in sale[0].promotions if isinstance(said.discount, FixedPrice | GiftLine)}
    for line, sold in zip(sale[2].lines, decision.lines, strict=False):
        if line.min_price and not chosen & {code for code, _ in sold.discounts}:
            least = min(sold.amount - sold.manual, -(-line.min_price * line.quantity // 100_000))
            assert sold.paid >= least


def spending_stays_within_its_limits_and_its_lots(sale, decision):
    said, who, receipt = sale
    for plan in decision.spend:
        rule, currency = said.spending[plan.currency], said.points[plan.currency]
        usable = {lot.id: lot.remaining for lot in who.lots[plan.currency] if lot.usable(AT)}
        drawn = {draw.lot: draw.units for draw in decision.draws if draw.currency == plan.currency}
        assert 0 <= plan.units <= plan.units_max <= sum(usable.values())
        assert plan.minor == currency.money(plan.units)
        assert sum(drawn.values()) == plan.units
        assert all(0 < units <= usable[lot] for lot, units in drawn.items())
        assert sum(sold.spent.get(plan.currency, 0) for sold in decision.lines) == plan.units
        assert plan.units % rule.step == 0
        if plan.units:
            assert plan.units >= rule.units_min
            assert decision.totals.paid >= rule.cash_min
    assert sum(plan.minor for plan in decision.spend) == decision.totals.points
    if receipt.spend.mode is SpendMode.NONE:
        assert decision.totals.points == 0


def switches_hold_on_the_lines_that_were_discounted(sale, decision):
    off = {said.code for said in sale[0].promotions if said.no_spending}
    silent = {said.code for said in sale[0].promotions if said.no_earning}
    for sold in decision.lines:
        codes = {code for code, _ in sold.discounts}
        assert not (codes & off and sold.points)
        assert not (codes & silent and sold.earned)


def points_earned_on_lines_sum_to_the_lots(sale, decision):
    on_lines = Counter()
    for sold in decision.lines:
        on_lines.update(sold.earned)
    assert on_lines == {index: lot.units for index, lot in enumerate(decision.lots)}
    assert all(lot.units > 0 for lot in decision.lots)
    assert all(lot.pending == (lot.starts_at > AT) for lot in decision.lots)
    if sale[1].member_id is None:
        assert decision.lots == decision.spend == decision.carry == []


def points_are_rounded_once_per_lot_and_the_rest_is_kept(sale, decision):
    said, who, _ = sale
    rounded = [reason for reason in decision.reasons if reason.why == "rounded"]
    for reason in rounded:
        currency = said.points[reason.detail]
        if not currency.carry:
            assert reason.amount == round_by(currency.rounding, reason.num, reason.den)
    for kept in decision.carry:
        exact = sum(Fraction(one.num, one.den) for one in rounded if one.detail == kept.currency)
        units = sum(lot.units for lot in decision.lots if lot.currency == kept.currency)
        wallet = who.wallets[kept.currency]
        lost = Fraction(wallet.carry_num, wallet.carry_den) + exact - units - Fraction(kept.num, kept.den)
        assert 0 <= lost < Fraction(len(rounded), 10**9)
        assert -1 < Fraction(kept.num, kept.den) < 1
        assert kept.den <= 10**9


def the_same_sale_is_decided_the_same_in_whatever_order_its_lines_come(sale, decision):
    said, who, receipt = sale
    before = repr(who)
    turned = receipt.lines[1:] + receipt.lines[:1]
    assert decide(said, who, receipt) == decision
    assert decide(said, who, replace(receipt, lines=turned)) == decision
    assert decide(said, who, replace(receipt, lines=receipt.lines[::-1])) == decision
    assert repr(who) == before


PROMISES = (
    money_adds_up_on_every_line_and_in_total,
    fiscal_lines_multiply_exactly_and_sum_to_what_is_paid,
    fiscal_lines_keep_the_goods_and_their_tax,
    no_line_falls_under_its_minimum_unless_the_owner_chose_its_price,
    spending_stays_within_its_limits_and_its_lots,
    switches_hold_on_the_lines_that_were_discounted,
    points_earned_on_lines_sum_to_the_lots,
    points_are_rounded_once_per_lot_and_the_rest_is_kept,
    the_same_sale_is_decided_the_same_in_whatever_order_its_lines_come,
)
"""Kept together over one stream of sales, because making up a sale costs more than deciding it."""


@EXAMPLES
@given(rulebooks(), members() | st.just(Standing(None)), receipts(wishes()))
def test_every_promise_holds_for_any_sale(said, who, receipt):
    sale = (said, who, receipt)
    try:
        decision = decide(*sale)
    except Refusal as refusal:
        event(refusal.code.value)
        return

    for promise in PROMISES:
        promise(sale, decision)


@EXAMPLES
@given(rulebooks(), members(), receipts(st.just(SpendWish(SpendMode.MAX))))
def test_one_currency_pays_no_more_than_its_shares_and_all_that_is_possible(said, who, receipt):
    said = replace(said, spending={"bonus": said.spending["bonus"]})
    rule, tier = said.spending["bonus"], said.tiers[1]

    decision = decide(said, who, receipt)

    share = tier.spending_share if decision.tier == "gold" and tier.spending_share is not None else rule.share_receipt
    assert decision.totals.points <= decision.totals.net * share // 10_000
    for sold in decision.lines:
        assert sold.points <= sold.net * rule.share_line // 10_000
        if sold.points:
            assert sold.paid * 100_000 >= rule.keep_price * sold.quantity
    most = decision.spend[0].units_max
    wish = SpendWish(SpendMode.AMOUNT, most, "bonus")
    assert decide(said, who, replace(receipt, spend=SpendWish())).spend[0].units_max == most
    assert decide(said, who, replace(receipt, spend=wish)).totals == decision.totals
