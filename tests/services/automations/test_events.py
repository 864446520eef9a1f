"""Events are answered by automations: once, by their conditions, within their bounds (S0.6, S4.26, S4.27)."""

from datetime import timedelta

import pytest

from kopilka.bookkeeping.events import EventKind
from kopilka.services.expiry import settle_due_lots
from tests.factories import NOON, make_member, make_program
from tests.services.automations.town import (
    DAY,
    bring_back,
    change_member,
    deeds,
    happen,
    live,
    points,
    rules,
    states,
    told,
)
from tests.tills import books_agree, buy, confirm_purchase, receipt, request

pytestmark = pytest.mark.django_db(transaction=True)


def test_welcome_points_of_five_hundred_on_registration_s0_6():
    program = make_program(rulebook=rules("welcome: {event: enrolled, grant: {points: 500, life: {days: 14}}}"))
    member_id = make_member(program)

    live(program.id)
    live(program.id)

    assert points(program.id, member_id) == 500
    assert deeds(program.id) == [("automation", "welcome", "done", 500)]
    assert books_agree(program.id)


def test_invited_gets_500_instead_of_300_and_his_inviter_50_s4_27():
    program = make_program(
        rulebook=rules("""
welcome: {event: enrolled, when: {invited: no}, grant: {points: 300, life: {days: 14}}}
welcome-invited: {event: enrolled, when: {invited: yes}, grant: {points: 500, life: {days: 14}}}
thank-inviter: {event: enrolled, when: {invited: yes}, grant: {points: 50, to: inviter}}
""")
    )
    alexander = make_member(program, "+79160000001")
    artem = make_member(program, "+79160000002")
    change_member(program.id, artem, inviter_id=alexander)

    live(program.id)

    assert (points(program.id, alexander), points(program.id, artem)) == (300 + 50, 500)
    assert books_agree(program.id)


def test_levels_above_get_theirs_s4_26():
    program = make_program(
        rulebook=rules("""
chain: {event: purchase, grant: [{percent: 5, to: inviter}, {percent: 1, to: inviter, level: 2}, {points: 10}]}
""")
    )
    top, middle, buyer = (make_member(program, f"+791600000{n}0") for n in range(3))
    change_member(program.id, middle, inviter_id=top)
    change_member(program.id, buyer, inviter_id=middle)

    buy(program.id, buyer, "1000")
    live(program.id)

    assert [points(program.id, one) for one in (top, middle, buyer)] == [10, 50, 10]


def test_first_purchase_thanks_the_inviter_once():
    program = make_program(rulebook=rules("first: {event: first_purchase, grant: {points: 100, to: inviter}}"))
    inviter, buyer = make_member(program, "+79160000001"), make_member(program, "+79160000002")
    change_member(program.id, buyer, inviter_id=inviter)

    buy(program.id, buyer)
    buy(program.id, buyer, at=NOON + DAY)
    live(program.id, NOON + DAY)
    buy(program.id, buyer, at=NOON + 2 * DAY)
    live(program.id, NOON + 2 * DAY)

    assert points(program.id, inviter) == 100


def test_percent_is_counted_on_the_lines_asked_for():
    program = make_program(rulebook=rules("aquarium: {event: purchase, lines: {sku: AQUA}, grant: {percent: 10}}"))
    member_id = make_member(program)
    sold = receipt(("AQUA", "3000", 1), ("FISH", "500", 2))

    confirm_purchase(program_id=program.id, request=request(member_id, sold))
    buy(program.id, member_id, number="no aquarium")
    live(program.id)

    assert points(program.id, member_id) == 300
    assert deeds(program.id) == [("automation", "aquarium", "done", 300)]


@pytest.mark.parametrize(
    "parts", [[3000], [1000, 1000, 1000], [2000, 1000], [1000, 2000]], ids=lambda parts: "+".join(map(str, parts))
)
@pytest.mark.parametrize("worked_before", [True, False], ids=["granted first", "returned first"])
def test_return_takes_back_a_percent_in_any_partition(parts, worked_before):
    program = make_program(rulebook=rules("share: {event: purchase, grant: [{percent: 7}, {percent: 3, to: inviter}]}"))
    inviter, buyer = make_member(program, "+79160000001"), make_member(program, "+79160000002")
    change_member(program.id, buyer, inviter_id=inviter)
    sold = confirm_purchase(program_id=program.id, request=request(buyer, receipt(("CUP", "333.33", 3))))
    if worked_before:
        live(program.id)

    got = []
    for number, part in enumerate(parts):
        bring_back(program.id, sold.purchase_id, str(number), {1: part}, NOON + timedelta(hours=1))
        if worked_before:
            live(program.id, NOON + timedelta(hours=1))
            got.append((points(program.id, buyer), points(program.id, inviter)))
    live(program.id, NOON + timedelta(hours=1))

    assert (points(program.id, buyer), points(program.id, inviter)) == (0, 0)
    assert got == sorted(got, reverse=True)
    assert books_agree(program.id)


def test_return_of_spent_points_leaves_a_debt():
    program = make_program(
        rulebook=rules("share: {event: purchase, grant: {percent: 10}}") + "spending: {bonus: {share_of_receipt: 50}}\n"
    )
    member_id = make_member(program)
    sold = buy(program.id, member_id, "1000")
    live(program.id)
    buy(program.id, member_id, "120", spend=60, at=NOON + timedelta(minutes=1))
    live(program.id, NOON + timedelta(minutes=1))

    bring_back(program.id, sold.purchase_id, "1", None, NOON + DAY)
    live(program.id, NOON + DAY)

    assert points(program.id, member_id) == 100 - 60 + 6 - 100
    assert books_agree(program.id)


@pytest.mark.parametrize(("word", "left"), [("keep", 200), ("take_back", 0)])
def test_fixed_points_stay_or_go_back_with_the_goods(word, left):
    program = make_program(rulebook=rules(f"gift: {{event: purchase, on_return: {word}, grant: {{points: 200}}}}"))
    member_id = make_member(program)
    sold = buy(program.id, member_id, "1000")
    live(program.id)

    bring_back(program.id, sold.purchase_id, "1", None, NOON + DAY)
    live(program.id, NOON + DAY)

    assert points(program.id, member_id) == left


def test_conditions_see_the_member_as_he_stood_before_the_purchase():
    program = make_program(rulebook=rules("second: {event: purchase, when: {purchases: 1}, grant: {points: 70}}"))
    member_id = make_member(program)

    for day in range(3):
        buy(program.id, member_id, at=NOON + day * DAY)
    live(program.id, NOON + 3 * DAY)

    assert points(program.id, member_id) == 70
    assert sorted(states(program.id)) == ["done", "nothing", "nothing"]


def test_receipt_is_unknown_where_there_is_none():
    program = make_program(
        rulebook=rules("""
here: {event: enrolled, when: {branch: center}, grant: {points: 1}}
dear: {event: enrolled, when: {total: {at_least: "1.00"}}, grant: {points: 2}}
soap: {event: enrolled, when: {has: {sku: SOAP}}, grant: {points: 4}}
word: {event: enrolled, when: {any: [{coupon: spring}, {member: yes}]}, grant: {points: 8}}
""")
        + "coupons: {spring: {words: [SPRING]}}\n"
    )
    member_id = make_member(program)

    live(program.id)

    assert points(program.id, member_id) == 8


@pytest.mark.parametrize(
    ("kind", "event", "facts"),
    [
        (EventKind.PROFILE_FILLED, "profile_filled", {}),
        (EventKind.PURCHASE_RETURNED, "return", {}),
        (EventKind.MEMBER_INVITED, "member_invited", {}),
        (EventKind.POINTS_EXPIRED, "points_expired", {}),
        (EventKind.GIFT_GRANTED, "gift_granted", {"gift": "mug"}),
        (EventKind.GIFT_COLLECTED, "gift_collected", {"gift": "mug"}),
        (EventKind.COUPON_BOUND, "coupon_bound", {}),
        (EventKind.COUPON_USED, "coupon_used", {}),
        (EventKind.GOAL_REACHED, "goal_reached", {"goal": "sales"}),
        (EventKind.GOODS_ARRIVED, "goods_arrived", {}),
        (EventKind.TIER_CHANGED, "tier_raised", {"before": "bronze", "after": "gold"}),
        (EventKind.TIER_CHANGED, "tier_lowered", {"before": "gold", "after": "bronze"}),
        (EventKind.SEGMENT_ENTERED, "{entered_segment: loved}", {"segment": "loved"}),
        (EventKind.SEGMENT_LEFT, "{left_segment: loved}", {"segment": "loved"}),
        (EventKind.CUSTOM, "{custom: review}", {"name": "review"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_event_is_answered(kind, event, facts):
    program = make_program(
        rulebook=rules(f"answer: {{event: {event}, grant: {{points: 5}}}}")
        + "tiers: {bronze: {}, gold: {enter: {spent: {above: '100.00'}}}}\nsegments: {loved: {by: hand}}\n"
    )
    member_id = make_member(program)

    happen(program.id, kind, member_id, **facts)
    live(program.id)

    assert points(program.id, member_id) == 5


def test_other_names_and_moves_are_not_answered():
    program = make_program(
        rulebook=rules("""
review: {event: {custom: review}, grant: {points: 5}}
raised: {event: tier_raised, grant: {points: 5}}
""")
        + "tiers: {bronze: {}, gold: {enter: {spent: {above: '100.00'}}}}\n"
    )
    member_id = make_member(program)

    happen(program.id, EventKind.CUSTOM, member_id, name="subscribed")
    happen(program.id, EventKind.TIER_CHANGED, member_id, before="gold", after="bronze")
    live(program.id)

    assert deeds(program.id) == []


def test_what_an_import_brings_sets_off_nothing():
    program = make_program(rulebook=rules("welcome: {event: enrolled, grant: {points: 500}}"))
    make_member(program, door="import")
    live(program.id)

    assert deeds(program.id) == []


def test_points_that_expire_are_told_and_answered():
    program = make_program(
        rulebook=rules("""
welcome: {event: enrolled, grant: {points: 500, life: {days: 14}}}
sorry: {event: points_expired, grant: {points: 5}, send: burnt}
""")
    )
    member_id = make_member(program)
    live(program.id)

    settle_due_lots(program_id=program.id, at=NOON + 14 * DAY)
    live(program.id, NOON + 14 * DAY)

    assert points(program.id, member_id) == 5
    assert told(program.id, EventKind.POINTS_EXPIRED) == [{"points": {"bonus": 500}}]
    assert [one["message"] for one in told(program.id, EventKind.MESSAGE_REQUESTED)] == ["burnt"]
