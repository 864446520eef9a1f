"""Shares of a sale: units by line, rounding once, life, who is there, and what a document may say (S4.24 to S4.37)."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from kopilka.bookkeeping.rulebook_text import read_source
from kopilka.engine.decision import SharePlan
from kopilka.engine.quote import decide
from kopilka.engine.receipt import Line, Receipt
from kopilka.engine.standing import Standing
from kopilka.engine.switches import Switches, switched
from tests.engine.samples import AT

HEAD = """
rulebook: 1
program: Shares
money: RUB
timezone: Europe/Moscow
points:
  bonus: {worth: "1.00", life: {days: 30}}
  staff: {decimals: 2, round: half_up}
segments:
  ten: {by: hand}
"""
BUYER = UUID(int=1)
FRIEND = UUID(int=2)
SOMEBODY = Standing(BUYER)


def rules(shares: str):
    read = read_source(HEAD + "shares:\n" + shares)
    assert read.rulebook is not None, read.problems
    return read.rulebook


def problems(shares: str) -> list[tuple[str, str, dict[str, object]]]:
    found = read_source(HEAD + "shares:\n" + shares).problems
    return [(one.path, one.code.value, one.params) for one in found if one.is_error]


def sell(rulebook, *prices: int, standing: Standing = SOMEBODY, **facts: str):
    lines = tuple(Line(n, f"A{n}", 1_000, price * 100, price) for n, price in enumerate(prices, 1))
    return decide(rulebook, standing, Receipt(lines, AT, **facts))


def shared(decision) -> list[SharePlan]:
    return decision.beyond.shares if decision.beyond else []


def test_units_go_to_the_lines_by_largest_remainder_after_one_rounding():
    rulebook = rules("  seller: {to: employee, earn: {percent: 1, in: bonus}}\n")

    (plan,) = shared(sell(rulebook, 15_050, 15_050, 9_900, staff="olga"))

    assert (plan.to, plan.who, plan.currency, plan.units, plan.num, plan.den) == ("employee", "olga", "bonus", 4, 4, 1)
    assert plan.by_line == {1: 2, 2: 1, 3: 1}


def test_a_share_waits_and_ends_as_its_rule_says():
    rulebook = rules("  inviter: {to: inviter, earn: {percent: 1, in: bonus, starts_after: {days: 14}}}\n")

    (plan,) = shared(sell(rulebook, 100_000, standing=Standing(BUYER, inviter=FRIEND)))

    assert plan.who == str(FRIEND)
    assert plan.starts_at - AT == timedelta(days=14)
    assert plan.expires_at - AT == timedelta(days=44)


def test_a_share_bounded_per_receipt_gives_no_more():
    rulebook = rules("  inviter: {to: inviter, earn: {percent: 10, at_most: 30, in: bonus}}\n")

    (plan,) = shared(sell(rulebook, 30_000, 70_000, standing=Standing(BUYER, inviter=FRIEND)))

    assert (plan.units, plan.by_line) == (30, {1: 9, 2: 21})


def test_who_invites_himself_gets_nothing():
    rulebook = rules("  inviter: {to: inviter, earn: {percent: 1, in: bonus}}\n")

    assert shared(sell(rulebook, 100_000, standing=Standing(BUYER, inviter=BUYER))) == []


def test_nobody_unknown_gets_a_share_when_somebody_has_looked():
    rulebook = rules("  seller: {to: employee, earn: {percent: 1, in: bonus}}\n")
    looked = Standing(BUYER, beneficiaries=frozenset({("employee", "olga")}))

    assert [plan.who for plan in shared(sell(rulebook, 10_000, standing=looked, staff="olga"))] == ["olga"]
    assert shared(sell(rulebook, 10_000, standing=looked, staff="ivan")) == []


def test_a_share_switched_off_gives_nothing_and_neither_does_its_split():
    rulebook = rules(
        "  designer: {to: agent, earn: {percent: 15, in: bonus},"
        " splits: {part: {segment: ten, buyer_discount: 10, earn: {percent: 5, in: bonus}}}}\n"
        "  friend: {to: buyer, earn: {percent: 2, in: bonus}}\n"
    )
    off = switched(rulebook, Switches(number=1, rules_off=frozenset({"shares.designer", "shares.friend"})))
    buyer = Standing(BUYER, agent="petr", segments=frozenset({"ten"}))

    on, decided = sell(rulebook, 10_000, standing=buyer), sell(off, 10_000, standing=replace(buyer))

    assert (on.totals.net, [plan.units for plan in shared(on)], sum(lot.units for lot in on.lots)) == (9_000, [4], 1)
    assert (decided.totals.net, shared(decided), decided.lots) == (10_000, [], [])


def test_a_program_whose_earning_is_off_shares_nothing():
    rulebook = rules("  seller: {to: employee, earn: {percent: 1, in: bonus}}\n")

    assert shared(sell(switched(rulebook, Switches(number=1, earning=False)), 10_000, staff="olga")) == []


def test_the_partner_of_the_branch_gets_the_share_that_names_none():
    read = read_source(
        HEAD + "partners:\n  north: {branches: [n1, n2]}\n  south: {branches: [s1]}\n"
        "shares:\n  rent: {to: partner, earn: {percent: 3, in: bonus}, funded_by: south}\n"
    )

    (plan,) = shared(sell(read.rulebook, 10_000, branch="n2"))

    assert (plan.who, plan.units, plan.funded_by) == ("north", 3, "south")
    assert shared(sell(read.rulebook, 10_000, branch="elsewhere")) == []


def test_a_rulebook_without_shares_moves_nothing_beyond():
    assert sell(read_source(HEAD).rulebook, 10_000).beyond is None


@pytest.mark.parametrize(
    ("shares", "found"),
    [
        (
            "  a: {to: agent, earn: {percent: 15, in: bonus},"
            " splits: {much: {segment: ten, buyer_discount: 10, earn: {percent: '5.01', in: bonus}}}}\n",
            ("shares.a.splits.much", "split_too_much", {"split": "much", "percent": "15.01", "limit": "15"}),
        ),
        (
            "  a: {to: employee, earn: {percent: 1, in: bonus}, level: 2}\n",
            ("shares.a.level", "share_key", {"key": "level", "to": "employee"}),
        ),
        (
            "  a: {to: buyer, earn: {percent: 1, in: bonus}, splits: {b: {segment: ten}}}\n",
            ("shares.a.splits", "share_key", {"key": "splits", "to": "buyer"}),
        ),
        ("  a: {to: inviter, earn: {multiply: 2, in: bonus}}\n", ("shares.a.earn", "share_multiplies", {})),
    ],
)
def test_a_document_is_told_where_its_share_is_wrong(shares, found):
    assert problems(shares) == [found]


def test_a_bounded_share_stops_at_its_limit_and_never_oversteps_its_budget():
    rulebook = rules(
        "  seller: {to: employee, earn: {percent: 1, in: bonus}, limit: {times: 2}, budget: {points: 10, in: bonus}}\n"
    )

    decided = sell(rulebook, 30_000, standing=Standing(BUYER), staff="olga")
    third = Standing(BUYER, uses={"shares.seller.limit0": 2})
    nearly_spent = Standing(BUYER, uses={"shares.seller.points": 8})

    assert [(used.rule, used.units) for used in decided.beyond.bounded] == [("shares.seller", 3)]
    assert shared(sell(rulebook, 30_000, standing=third, staff="olga")) == []
    assert shared(sell(rulebook, 30_000, standing=nearly_spent, staff="olga")) == []
    assert [plan.units for plan in shared(sell(rulebook, 20_000, standing=nearly_spent, staff="olga"))] == [2]
