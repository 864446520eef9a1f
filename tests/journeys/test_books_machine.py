"""Random shops: hundreds of purchases, returns, holds and days in any order, each checked against a model by hand."""

import json
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.journeys.machine.agreeing import books_agree, books_hold
from tests.journeys.machine.model import BONUS, GOLD, Line
from tests.journeys.machine.shop import Ask, Shop, Wish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

STEPS_EACH = 50
EXAMPLES = 60
PEOPLE_MAX = 3

LINES = st.lists(
    st.builds(
        Line,
        st.sampled_from(["A", "B", "C"]),
        st.sampled_from([1, 49, 100, 999, 10_000, 33_333, 75_000]) | st.integers(1, 90_000),
        st.sampled_from([500, 1_000, 1_000, 2_000, 3_000]),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
CODES = st.sampled_from([BONUS, BONUS, GOLD])
UNITS = st.integers(1, 40) | st.integers(1, 2_000)
WISHES = st.builds(Wish, CODES, st.none() | UNITS)
NUMBER = st.integers(0, 10_000)


class BooksMachine(RuleBasedStateMachine):
    steps = 0

    @initialize()
    def open_shop(self):
        self.shop = Shop()
        self.shop.enrol()

    def who(self, number):
        names = list(self.shop.ids)
        return names[number % len(names)]

    @precondition(lambda self: len(self.shop.ids) < PEOPLE_MAX)
    @rule()
    def enrol(self):
        self.shop.enrol()

    @rule(who=NUMBER, lines=LINES, coupon=st.booleans())
    def buy(self, who, lines, coupon):
        self.shop.buy(Ask(self.who(who), lines, coupon))

    @rule(lines=LINES, coupon=st.booleans(), wish=st.none() | WISHES)
    def buy_as_nobody(self, lines, coupon, wish):
        self.shop.buy(Ask(None, lines, coupon, wish))

    @rule(who=NUMBER, lines=LINES, coupon=st.booleans(), wish=WISHES)
    def pay_with_points(self, who, lines, coupon, wish):
        self.shop.buy(Ask(self.who(who), lines, coupon, wish))

    @rule(who=NUMBER, lines=LINES, coupon=st.booleans(), wish=st.none() | WISHES)
    def buy_twice_at_once(self, who, lines, coupon, wish):
        self.shop.buy(Ask(self.who(who), lines, coupon, wish), twice=True)

    @rule(
        first=NUMBER, second=NUMBER, lines=LINES, others=LINES, coupon=st.booleans(),
        wish=st.none() | WISHES, other=st.none() | WISHES,
    )  # fmt: skip
    def two_purchases_at_once(self, first, second, lines, others, coupon, wish, other):
        self.shop.buy(Ask(self.who(first), lines, coupon, wish), Ask(self.who(second), others, coupon, other))

    @rule(number=NUMBER)
    def repeat(self, number):
        self.shop.repeat(number)

    @rule(number=NUMBER)
    def repeat_otherwise(self, number):
        self.shop.repeat_otherwise(number)

    @rule(
        step=st.sampled_from([timedelta(seconds=1), timedelta(hours=7), timedelta(days=1), timedelta(days=3)])
        | st.sampled_from([timedelta(days=7), timedelta(days=30), timedelta(days=90)])
    )
    def pass_time(self, step):
        self.shop.pass_time(step)

    @invariant()
    def books_are_right(self):
        if hasattr(self, "shop"):
            BooksMachine.steps += 1
            books_hold(self.shop.tables)
            books_agree(self.shop)


def test_books_agree_with_a_model_whatever_happens():
    wanted = int(os.environ.get("TRUST_STEPS", "0"))
    examples = -(-wanted // STEPS_EACH) or EXAMPLES
    began = time.monotonic()
    run_state_machine_as_test(
        BooksMachine,
        settings=settings(
            max_examples=examples, stateful_step_count=STEPS_EACH, deadline=None, database=None,
            derandomize=not wanted, phases=(Phase.generate, Phase.shrink), print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    place = os.environ.get("TRUST_FIGURES")
    if place:
        seconds = round(time.monotonic() - began, 1)
        Path(place).write_text(json.dumps({"steps": BooksMachine.steps, "seconds": seconds}))
