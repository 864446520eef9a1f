import pytest

from kopilka.engine.fiscal import parts_of
from kopilka.engine.quote import decide
from kopilka.engine.receipt import SpendMode, SpendWish
from kopilka.engine.rulebook import Fiscal, FixedPrice, GiftLine, PercentOff, PointsAs, ZeroGift
from tests.engine.samples import MAX, line, member, paying, play, promotion, receipt, rulebook

COUNTER = Fiscal(points_as=PointsAs.COUNTER_PROVISION)
KOPECK_GIFTS = Fiscal(zero_gift=ZeroGift.MINOR_UNIT)
GIFT = promotion("gift", discount=GiftLine("cup", quantity=2_000))


def printed(decision):
    return [(one.line, one.quantity, one.price, one.total) for one in decision.fiscal]


def spend(units, *lines, **said):
    rules = said.pop("promotions", ())
    said = rulebook(*rules, spending=(paying(),), **said)
    return decide(said, member(1_000), receipt(*lines, spend=SpendWish(SpendMode.AMOUNT, units)))


def test_three_pieces_of_33_33_with_10_points_are_split_to_the_kopeck():
    decision = spend(10, line(1, 3_333, 3))

    assert printed(decision) == [(1, 3_000, 2_999, 8_997)] or sum(total for *_, total in printed(decision)) == 8_999
    assert printed(decision) == [(1, 1_000, 2_999, 2_999), (1, 2_000, 3_000, 6_000)]


def test_a_line_that_divides_stays_whole():
    assert printed(play(lines=(line(1, 5_000, 3, vat=2_000),))) == [(1, 3_000, 5_000, 15_000)]


@pytest.mark.parametrize(
    ("quantity", "total", "parts"),
    [
        (3_000, 100, [(2_000, 33, 66), (1_000, 34, 34)]),
        (7_000, 3, [(4_000, 0, 0), (3_000, 1, 3)]),
        (350, 3_500, [(350, 10_000, 3_500)]),
        (350, 3_501, [(350, 10_003, 3_501)]),
        (1, 7, [(1, 7_000, 7)]),
        (1_500, 150, [(1_500, 100, 150)]),
        (1_500, 151, [(500, 100, 50), (1_000, 101, 101)]),
        (2_500, 251, [(1_500, 100, 150), (1_000, 101, 101)]),
        (5_300, 0, [(5_300, 0, 0)]),
    ],
)
def test_parts_multiply_exactly(quantity, total, parts):
    assert parts_of(quantity, total) == parts


def test_points_as_counter_provision_leave_the_prices_alone():
    decision = spend(10, line(1, 3_333, 3, vat=2_000), line(2, 10_000), fiscal=COUNTER)

    assert printed(decision) == [(1, 3_000, 3_333, 9_999), (2, 1_000, 10_000, 10_000)]
    assert [one.counter for one in decision.fiscal] == [500, 500]
    assert [one.vat for one in decision.fiscal] == [2_000, None]


def test_points_as_counter_provision_are_shared_by_the_parts_of_a_line():
    sale = promotion(discount=PercentOff(1_000))

    decision = spend(10, line(1, 3_333, 3), fiscal=COUNTER, promotions=(sale,))

    assert printed(decision) == [(1, 1_000, 2_999, 2_999), (1, 2_000, 3_000, 6_000)]
    assert [one.counter for one in decision.fiscal] == [333, 667]


def test_a_gift_costs_a_kopeck_each_and_another_line_gives_it():
    decision = play_gift(line(1, 10_000), line(2, 20_000))

    assert printed(decision) == [(1, 1_000, 10_000, 10_000), (2, 1_000, 19_998, 19_998), (3, 2_000, 1, 2)]
    assert [one.gift for one in decision.fiscal] == [False, False, True]
    assert decision.totals.paid == 30_000


def play_gift(*lines, gift=GIFT, **said):
    return decide(rulebook(gift, fiscal=KOPECK_GIFTS, **said), member(1_000), receipt(*lines))


def test_a_gift_is_compensated_on_a_line_of_the_same_tax_first():
    free = promotion("gift", discount=GiftLine("sku-1"))

    decision = play_gift(line(1, 500, vat=1_000), line(2, 20_000, vat=2_000), line(3, 9_000, vat=1_000), gift=free)

    assert printed(decision) == [(1, 1_000, 1, 1), (2, 1_000, 20_000, 20_000), (3, 1_000, 8_999, 8_999)]


def test_a_gift_is_compensated_over_several_lines_down_to_their_minimum():
    gift = promotion("gift", discount=GiftLine("cup", quantity=3_000))

    decision = play_gift(line(1, 2), line(2, 10_001, min_price=1_000_000), gift=gift)

    assert printed(decision) == [(1, 1_000, 0, 0), (2, 1_000, 10_000, 10_000), (3, 3_000, 1, 3)]


def test_a_gift_that_nothing_can_compensate_stays_at_zero():
    decision = play_gift(line(1, 10_000, min_price=1_000_000))

    assert printed(decision) == [(1, 1_000, 10_000, 10_000), (2, 2_000, 0, 0)]


def test_a_gift_by_weight_costs_what_is_least():
    light = play_gift(line(1, 10_000), gift=promotion("gift", discount=GiftLine("cup", quantity=350)))
    heavy = play_gift(line(1, 10_000), gift=promotion("gift", discount=GiftLine("cup", quantity=2_500)))

    assert printed(light)[1] == (2, 350, 3, 1)
    assert printed(heavy)[1] == (2, 2_500, 1, 3)


def test_a_part_of_a_line_given_as_a_gift_is_printed_apart():
    free = promotion("gift", discount=GiftLine("sku-1"))

    decision = play_gift(line(1, 10_000, 3), line(2, 10_000), gift=free)

    assert printed(decision) == [(1, 1_000, 1, 1), (1, 2_000, 10_000, 20_000), (2, 1_000, 9_999, 9_999)]


def test_lines_that_are_paid_with_points_compensate_no_gift():
    said = rulebook(GIFT, spending=(paying(),), fiscal=Fiscal(PointsAs.COUNTER_PROVISION, ZeroGift.MINOR_UNIT))

    decision = decide(said, member(1_000), receipt(line(1, 10_000), spend=MAX))

    assert printed(decision) == [(1, 1_000, 10_000, 10_000), (2, 2_000, 0, 0)]


def test_kopeck_gifts_change_nothing_on_a_receipt_without_gifts():
    decision = play_gift(line(1, 10_000), gift=promotion(discount=FixedPrice(500_000)))

    assert printed(decision) == [(1, 1_000, 5_000, 5_000)]
