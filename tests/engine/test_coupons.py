from datetime import timedelta

import pytest

from kopilka.engine.coupons import normal_word
from kopilka.engine.period import Window
from kopilka.engine.quote import decide
from kopilka.engine.rulebook import Coupon, PercentOff
from kopilka.engine.standing import CouponState, Standing
from tests.engine.samples import AT, asks, line, member, priced, promotion, receipt, rulebook

SALE = promotion(discount=PercentOff(1_000), coupon="spring")


def redeem(*codes, coupon=None, who=None, promotions=(SALE,), lines=()):
    coupon = coupon or Coupon("spring", ("SPRING", "Весна-26"))
    said = rulebook(*promotions, coupons={coupon.code: coupon})
    return decide(said, who or member(), receipt(*lines, codes=codes))


@pytest.mark.parametrize("typed", ["spring", " Spring ", "ＳＰＲＩＮＧ", "весна-26"])
def test_a_coupon_is_known_however_its_word_is_typed(typed):
    decision = redeem(typed)

    assert priced(decision) == [9_000]
    assert (decision.coupons, decision.coupons_refused) == (["spring"], [])


def test_words_are_compared_in_one_spelling():
    assert normal_word(" ﬁve ") == "FIVE"


def test_two_words_of_one_coupon_count_once():
    assert redeem("spring", "SPRING", "весна-26").coupons == ["spring"]


@pytest.mark.parametrize(
    ("coupon", "state"),
    [
        (Coupon("spring", ("OTHER",)), CouponState()),
        (Coupon("spring", ("SPRING",), uses=10), CouponState(used=10)),
        (Coupon("spring", ("SPRING",), uses_each=1), CouponState(used=1, used_by_member=1)),
        (Coupon("spring", ("SPRING",), window=Window(AT + timedelta(seconds=1), None)), CouponState()),
    ],
)
def test_a_coupon_that_is_not_good_is_refused_without_saying_why(coupon, state):
    who = member()
    who.coupons["spring"] = state

    decision = redeem("Spring", coupon=coupon, who=who)

    assert priced(decision) == [10_000]
    assert (decision.coupons, decision.coupons_refused) == ([], ["Spring"])
    assert [reason.why for reason in decision.reasons] == ["no_coupon"]


def test_a_coupon_with_uses_left_is_good():
    who = member()
    who.coupons["spring"] = CouponState(used=9, used_by_member=1)

    assert redeem("spring", coupon=Coupon("spring", ("SPRING",), uses=10, uses_each=2), who=who).coupons == ["spring"]


def test_a_coupon_bounded_per_member_is_not_for_an_anonymous_buyer():
    each = Coupon("spring", ("SPRING",), uses_each=1)

    assert redeem("spring", coupon=each, who=Standing(None)).coupons == []
    assert redeem("spring", who=Standing(None)).coupons == ["spring"]


def test_a_coupon_that_changed_nothing_is_not_used_up():
    decision = redeem("spring", lines=(line(1, 10_000, min_price=1_000_000),))

    assert (decision.coupons, decision.coupons_refused) == ([], ["spring"])


def test_a_coupon_asked_for_by_a_condition_is_used_up_by_what_it_opened():
    asked = promotion(when=asks("coupon", "spring"), discount=PercentOff(1_000))

    assert redeem("spring", promotions=(asked,)).coupons == ["spring"]
