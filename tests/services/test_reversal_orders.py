"""Reversals, returns, spending and undoing in any order: the books agree, and what is left is what no rule took."""

import random
from datetime import timedelta

import pytest

from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Refusal
from kopilka.services.reversals import reverse_rule, undo_reversal
from tests.factories import NOON, make_member, make_program
from tests.services.test_reversals import RULES, WINDOW, balance, books_are_clean, bring, buy, line

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("seed", range(3))
def test_any_order_ends_with_clean_books_and_nothing_left_of_returned_and_reversed(seed):
    chance = random.Random(seed)
    program = make_program(rulebook=RULES)
    member = make_member(program)
    at = NOON
    bought, done = [], []
    for number in range(14):
        at += timedelta(hours=1)
        act = chance.choice(["buy", "buy", "return", "reverse", "undo"])
        try:
            if act == "buy":
                lines = [line(n, chance.randrange(1_000, 90_000), chance.choice(["tea", ""]), 3_000) for n in (1, 2)]
                spend = chance.choice([0, 0, chance.randrange(1, 40)])
                bought.append(buy(program, member, *lines, at=at, number=str(number), spend=spend))
            elif act == "return" and bought:
                bring(program, chance.choice(bought), {chance.choice([1, 2]): 1_000}, number=f"r{number}", at=at)
            elif act == "reverse":
                rule = chance.choice(["extra", "cashback"])
                done.append(reverse(program, rule, at))
            elif act == "undo" and done:
                undo_reversal(
                    program_id=program.id, reversal_id=chance.choice(done).reversal_id, reason="x", by=SYSTEM_ACTOR,
                    at=at,
                )  # fmt: skip
        except Refusal:
            continue
        assert books_are_clean(program) == [], (seed, number, act)
    spent = sum(plan.units for one in bought for plan in one.decision.spend)
    for number, one in enumerate(bought):
        try:
            bring(program, one, number=f"all{number}", at=at + timedelta(hours=1))
        except Refusal:
            continue
    for rule in ("extra", "cashback"):
        try:
            reverse(program, rule, at + timedelta(hours=2))
        except Refusal:
            continue

    assert balance(program, member) == 0, (seed, spent)
    assert books_are_clean(program) == []


def reverse(program, rule, at):
    return reverse_rule(program_id=program.id, rule=rule, reason="x", by=SYSTEM_ACTOR, at=at, **WINDOW)
