"""Bounds of promotions: limits, budgets, control groups; counted with every purchase and given back (S3.14)."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from kopilka.data.models.coupons import RuleCount
from kopilka.engine.bounds import is_held_out
from kopilka.services.purchases import cancel_open, confirm_purchase, confirm_purchases
from kopilka.services.quotes import QuoteRequest, quote_purchase
from kopilka.services.returns import ALL, return_purchase
from tests.factories import NOON, make_member, make_program
from tests.tills import TILL_1, bread, by_id, receipt, request, rows

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = """\
rulebook: 1
program: Лавка
money: RUB
timezone: Europe/Moscow
points:
  bonus: {name: Бонусы, worth: "1.00"}
promotions:
"""


def shop(*promotions: str):
    return make_program(rulebook=HEAD + "".join(f"  {one}\n" for one in promotions))


def sell(program, member_id, price="100", number="1", at=NOON, branch="center", **facts):
    sold = bread(price, at=at, branch=branch)
    return confirm_purchase(program_id=program.id, request=request(member_id, sold, number, at=at, **facts))


def why(done) -> list[str]:
    return [reason.why.value for reason in done.decision.reasons]


def paid(*sold) -> list[int]:
    return [one.decision.totals.paid for one in sold]


def bring_back(program, bought, number="r1", lines=ALL):
    return return_purchase(
        program_id=program.id, purchase_id=bought.purchase_id, lines=lines, external_id=number, source="till:1",
        by=TILL_1, at=NOON,
    )  # fmt: skip


def counts(program) -> list[tuple]:
    return rows(program.id, RuleCount, "rule", "whose", "span", "uses", "minor", "units", order="whose")


def test_a_limit_of_each_member_counts_his_purchases_only():
    program = shop("welcome: {discount: {percent: 10}, limit: {times: 1}}")
    first, second = make_member(program), make_member(program, "+79160000000")

    done = [sell(program, first), sell(program, first, number="2"), sell(program, second, number="3")]

    assert paid(*done) == [9_000, 10_000, 9_000]
    assert why(done[1]) == ["limit_reached"]
    assert paid(sell(program, None, number="4")) == [10_000]


def test_a_limit_for_everybody_holds_over_members_and_strangers():
    program = shop("first_two: {discount: {percent: 10}, limit: {times: 2, each: everybody}}")

    done = [sell(program, None, number=str(number)) for number in range(3)]

    assert paid(*done) == [9_000, 9_000, 10_000]


def test_a_limit_of_each_branch():
    program = shop("opening: {discount: {percent: 10}, limit: {times: 1, each: branch}}")

    done = [sell(program, None, number=place, branch=place[:1]) for place in ("a1", "a2", "b1")]

    assert paid(*done) == [9_000, 10_000, 9_000]


def test_a_limit_of_each_receipt_takes_the_dearest_lines():
    program = shop("one_a_day: {discount: {percent: 50}, limit: {times: 1, each: receipt}}")
    sold = receipt(("A", "100", 1), ("B", "300", 1), ("C", "200", 1))

    decision = quote_purchase(program_id=program.id, request=QuoteRequest(sold, TILL_1, NOON)).decision

    assert [line.net for line in decision.lines] == [10_000, 15_000, 20_000]


def test_a_limit_within_days_begins_anew():
    program = shop("daily: {discount: {percent: 10}, limit: {times: 1, within: {days: 7}}}")
    member_id = make_member(program)

    done = [sell(program, member_id, number=str(days), at=NOON + timedelta(days=days)) for days in (0, 1, 6, 7, 8)]

    assert paid(*done) == [9_000, 10_000, 10_000, 9_000, 10_000]


def test_a_limit_of_a_calendar_month_begins_with_the_month():
    program = shop("monthly: {discount: {percent: 10}, limit: {times: 1, within: {to_end_of: month}}}")
    member_id = make_member(program)

    done = [sell(program, member_id, number=str(days), at=NOON + timedelta(days=days)) for days in (0, 29, 30)]

    assert paid(*done) == [9_000, 10_000, 9_000]


def test_a_budget_of_money_is_never_overstepped_by_a_kopeck():
    program = shop('sale: {discount: {percent: 10}, budget: {money: "25.00"}}')

    done = [sell(program, None, price, number=price) for price in ("100", "200", "150", "0.10")]

    assert paid(*done) == [9_000, 20_000, 13_500, 10]
    assert why(done[1]) == ["budget_spent"]
    assert counts(program) == [("sale", "", "", 2, 2_500, 0)]


def test_the_best_of_a_group_wins_when_the_better_one_has_no_budget_left():
    program = make_program(
        rulebook=HEAD.replace("promotions:", "groups: {one: best}\npromotions:")
        + '  big: {discount: {percent: 30}, group: one, budget: {money: "20.00"}}\n'
        + "  small: {discount: {percent: 10}, group: one}\n"
    )

    done = sell(program, None)

    assert paid(done) == [9_000]
    assert [(reason.rule, reason.why) for reason in done.decision.reasons] == [
        ("small", "discounted"), ("big", "budget_spent")
    ]  # fmt: skip


def test_a_budget_of_points_counts_what_is_given():
    program = shop("gift: {earn: {points: 40}, budget: {points: 100}}")
    member_id = make_member(program)

    done = [sell(program, member_id, number=str(number)) for number in range(3)]

    assert [sum(lot.units for lot in one.decision.lots) for one in done] == [40, 40, 0]
    assert counts(program) == [("gift", "", "", 2, 0, 80)]


def test_a_share_of_members_is_kept_out():
    program = shop("test: {discount: {percent: 10}, holdout: 50}")
    members = [make_member(program, f"+791600000{number:02}") for number in range(20)]

    done = [sell(program, member_id, number=str(number)) for number, member_id in enumerate(members)]

    held = [is_held_out("test", member_id, 5_000) for member_id in members]
    assert paid(*done) == [10_000 if out else 9_000 for out in held]
    assert 0 < sum(held) < 20
    assert why(done[held.index(True)]) == ["held_out"]


def test_the_share_kept_out_is_as_large_as_said():
    ids = [UUID(int=number) for number in range(20_000)]

    held = sum(is_held_out("rule", one, 1_000) for one in ids)

    assert 1_800 < held < 2_200


def test_an_open_purchase_counts_and_a_cancelled_one_does_not():
    program = shop("once: {discount: {percent: 10}, limit: {times: 1, each: everybody}}")

    opened = sell(program, None, final=False)
    meanwhile = sell(program, None, number="2")
    cancel_open(program_id=program.id, purchase_id=opened.purchase_id, by=TILL_1, at=NOON)

    assert paid(opened, meanwhile, sell(program, None, number="3")) == [9_000, 10_000, 9_000]


def test_a_full_return_in_parts_leaves_counts_as_before():
    program = shop('sale: {discount: {percent: 10}, limit: {times: 1}, budget: {money: "100.00", within: {days: 1}}}')
    member_id = make_member(program)
    sold = receipt(("A", "33.33", 3), ("B", "10", 1), branch="center")
    bought = confirm_purchase(program_id=program.id, request=request(member_id, sold))

    assert counts(program)[:2] == [("sale", "", "", 1, 1_100, 0), ("sale", "", "2026-03-02", 1, 1_100, 0)]
    bring_back(program, bought, "r1", {1: 1_000})
    assert counts(program)[0] == ("sale", "", "", 1, 767, 0)
    bring_back(program, bought, "r2", {1: 2_000})
    bring_back(program, bought, "r3")

    assert {row[3:] for row in counts(program)} == {(0, 0, 0)}
    assert paid(sell(program, member_id, number="9")) == [9_000]


def test_two_purchases_of_one_batch_see_each_other():
    program = shop("once: {discount: {percent: 10}, limit: {times: 1}}")
    member_id = make_member(program)
    sold = [request(member_id, bread("100"), str(number)) for number in range(2)]

    answers = confirm_purchases(program_id=program.id, requests=sold)

    assert paid(*answers) == [9_000, 10_000]


def test_a_quote_tells_what_a_purchase_would_find():
    program = shop("once: {discount: {percent: 10}, limit: {times: 1}}")
    member_id = make_member(program)
    asked = QuoteRequest(bread("100", branch="center"), TILL_1, NOON, member=by_id(member_id))

    before = quote_purchase(program_id=program.id, request=asked)
    sell(program, member_id)
    after = quote_purchase(program_id=program.id, request=replace(asked, keep=False))

    assert paid(before, after) == [9_000, 10_000]
