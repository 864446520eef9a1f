"""What an automation does when it gives a coupon."""

from __future__ import annotations

from kopilka.bookkeeping.coupon_stock import IssuedCode, bound_event, end_of_life, hand_over
from kopilka.bookkeeping.deeds import Doing
from kopilka.engine.coupons import normal_word
from kopilka.engine.mechanics import Give
from kopilka.engine.refusal import Code, Refusal


def issue_coupon(doing: Doing, give: Give) -> None:
    """An automation hands over `give.quantity` codes of a series; of a coupon with words the event tells the word."""
    coupon = doing.rulebook.coupons.get(give.coupon)
    member_id = doing.deed.member_id
    if coupon is None:
        raise Refusal(Code.COUPON_UNUSABLE, coupon=give.coupon)
    if coupon.series is None:
        until = end_of_life(doing.rulebook, coupon, doing.at, give.life)
        told = IssuedCode(
            doing.deed.id, coupon.code, normal_word(coupon.words[0]), "bound", member_id, doing.at, until, None,
            doing.at, "",
        )  # fmt: skip
        doing.outcome.events.append(bound_event(told, member_id, doing.at))
        return
    for _ in range(give.quantity):
        code = hand_over(doing.program_id, doing.rulebook, coupon, member_id, at=doing.at, life=give.life)
        doing.outcome.events.append(bound_event(code, member_id, doing.at))
