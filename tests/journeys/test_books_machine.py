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

from kopilka.services.books import check_books
from tests.journeys.machine.agreeing import books_agree, books_hold
from tests.journeys.machine.model import BONUS, GOLD, RULES, Line
from tests.journeys.machine.shop import Ask, Shop, Wish, seen

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

STEPS_EACH = 50
EXAMPLES = 60
PEOPLE_MAX = 3

SKUS = st.sampled_from(["A", "B", "C"])
LINES = st.lists(
    st.builds(
        Line,
        SKUS,
        st.sampled_from([1, 49, 100, 999, 10_000, 33_333, 75_000]) | st.integers(1, 90_000),
        st.sampled_from([500, 1_000, 1_000, 2_000, 3_000]),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
BIG = st.builds(Line, SKUS, st.integers(30_000, 90_000), st.sampled_from([1_000, 2_000]))
CODES = st.sampled_from([BONUS, BONUS, GOLD])
UNITS = st.integers(1, 40) | st.integers(1, 2_000)
SHARES = st.sampled_from([10, 50, 90, 100, 100, 150])
PARTS = st.dictionaries(
    st.sampled_from([1, 1, 1, 1, 2, 2, 3, 4]), st.sampled_from([250, 500, 1_000]), min_size=1, max_size=2
)
WISHES = st.builds(Wish, CODES, st.none() | st.none() | UNITS)
NUMBER = st.integers(0, 10_000)


def pick(things, number):
    names = list(things)
    return names[number % len(names)]


class BooksMachine(RuleBasedStateMachine):
    steps = 0

    @initialize()
    def open_shop(self):
        self.shop = Shop()
        self.enrol()

    def who(self, number):
        return pick(self.shop.ids, number)

    @precondition(lambda self: len(self.shop.ids) < PEOPLE_MAX)
    @rule()
    def enrol(self):
        """With a first purchase: who has no points cannot get into much."""
        self.shop.buy(Ask(self.shop.enrol(), (Line("A", 75_000, 2_000), Line("B", 33_333, 3_000))))

    @rule(who=NUMBER, lines=LINES, coupon=st.booleans())
    def buy(self, who, lines, coupon):
        self.shop.buy(Ask(self.who(who), lines, coupon))

    @rule(lines=LINES, coupon=st.booleans(), wish=st.none() | WISHES)
    def buy_as_nobody(self, lines, coupon, wish):
        self.shop.buy(Ask(None, lines, coupon, wish))

    @rule(who=NUMBER, lines=LINES, coupon=st.booleans(), wish=WISHES)
    def pay_with_points(self, who, lines, coupon, wish):
        self.shop.buy(Ask(self.who(who), lines, coupon, wish))

    @rule(who=NUMBER, line=BIG)
    def pay_with_all_bonuses(self, who, line):
        self.shop.buy(Ask(self.who(who), (line,), wish=Wish(BONUS, None)))

    @rule(who=NUMBER, lines=LINES, coupon=st.booleans(), wish=st.none() | WISHES)
    def buy_twice_at_once(self, who, lines, coupon, wish):
        self.shop.buy(Ask(self.who(who), lines, coupon, wish), twice=True)

    @rule(
        first=NUMBER, second=NUMBER, lines=LINES, others=LINES, coupon=st.booleans(),
        wish=st.none() | WISHES, other=st.none() | WISHES,
    )  # fmt: skip
    def two_purchases_at_once(self, first, second, lines, others, coupon, wish, other):
        self.shop.buy(Ask(self.who(first), lines, coupon, wish), Ask(self.who(second), others, coupon, other))

    @rule(who=NUMBER, lines=LINES, coupon=st.booleans(), wish=st.none() | WISHES)
    def open_purchase(self, who, lines, coupon, wish):
        self.shop.buy(Ask(self.who(who), lines, coupon, wish, final=False))

    @precondition(lambda self: self.shop.opened)
    @rule(number=NUMBER)
    def confirm(self, number):
        self.shop.confirm(pick(self.shop.opened, number))

    @precondition(lambda self: self.shop.opened)
    @rule(number=NUMBER)
    def cancel(self, number):
        self.shop.cancel(pick(self.shop.opened, number))

    @rule(who=NUMBER, code=CODES, share=SHARES)
    def hold(self, who, code, share):
        name = self.who(who)
        usable = sum(lot.left for lot in self.shop.books.people[name].usable(code, self.shop.at))
        self.shop.hold(name, code, max(1, usable * share // 100))

    @precondition(lambda self: self.shop.holds)
    @rule(number=NUMBER, lines=LINES, coupon=st.booleans())
    def pay_from_hold(self, number, lines, coupon):
        key = pick(self.shop.holds, number)
        self.shop.buy(Ask(self.shop.books.holds[key].who, lines, coupon, hold=key))

    @precondition(lambda self: self.shop.holds)
    @rule(number=NUMBER)
    def release(self, number):
        self.shop.release(pick(self.shop.holds, number))

    @precondition(lambda self: self.shop.purchases)
    @rule(number=NUMBER)
    def bring_all_back(self, number):
        self.shop.bring_back(pick(self.shop.purchases, number), None)

    @precondition(lambda self: self.shop.purchases)
    @rule(number=NUMBER, whole=st.booleans(), lines=PARTS)
    def bring_back(self, number, whole, lines):
        self.shop.bring_back(pick(self.shop.purchases, -1 - number % 6), None if whole else lines)

    @rule(who=NUMBER, sku=SKUS, quantity=st.sampled_from([500, 1_000, 4_000]))
    def bring_articles(self, who, sku, quantity):
        self.shop.bring_articles(self.who(who), sku, quantity)

    @rule(who=NUMBER, code=CODES, units=st.integers(-60, 90).filter(bool), days=st.sampled_from([0, 1, 7, 30, 400]))
    def adjust(self, who, code, units, days):
        self.shop.adjust(self.who(who), code, units, days)

    @rule()
    def settle_due(self):
        self.shop.settle_due()

    @rule()
    def end_holds(self):
        self.shop.end_holds()

    @rule(number=NUMBER)
    def repeat(self, number):
        self.shop.repeat(number)

    @rule(number=NUMBER)
    def repeat_otherwise(self, number):
        self.shop.repeat_otherwise(number)

    @rule(
        step=st.sampled_from([timedelta(seconds=1), timedelta(minutes=60), timedelta(hours=12)])
        | st.sampled_from([timedelta(days=days) for days in (1, 1, 3, 3, 3, 7, 7, 30, 90)])
    )
    def pass_time(self, step):
        self.shop.pass_time(step)

    @precondition(lambda self: self.shop.moments())
    @rule(number=NUMBER)
    def pass_to_a_moment(self, number):
        """The very moment at which a lot begins or ends, or a hold ends."""
        self.shop.pass_time(pick(self.shop.moments(), number) - self.shop.at)

    def teardown(self):
        if hasattr(self, "shop"):
            found = [one for check in check_books(program_id=self.shop.program_id) for one in check.findings]
            assert found == []

    @invariant()
    def books_are_right(self):
        if hasattr(self, "shop"):
            BooksMachine.steps += 1
            books_hold(self.shop.tables)
            books_agree(self.shop)


def test_books_agree_with_a_model_whatever_happens():
    wanted = int(os.environ.get("TRUST_STEPS", "0"))
    hurried = os.environ.get("TRUST_HURRIED") == "1"  # to see whether there is a mistake, not to understand it
    examples = -(-wanted // STEPS_EACH) or EXAMPLES
    began = time.monotonic()
    run_state_machine_as_test(
        BooksMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS_EACH,
            deadline=None,
            database=None,
            derandomize=not wanted,
            phases=(Phase.generate,) if hurried else (Phase.generate, Phase.shrink),
            print_blob=True,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    place = os.environ.get("TRUST_FIGURES")
    if place:
        seconds = round(time.monotonic() - began, 1)
        Path(place).write_text(json.dumps({"steps": BooksMachine.steps, "seconds": seconds, "seen": dict(seen)}))


def test_cancelling_gives_back_only_the_uses_that_were_counted():
    """The coupon had no limit when the purchase was opened; it has one when the purchase is cancelled."""
    shop = Shop(RULES.replace(", uses: 4, uses_each: 2", ""))
    who, other = shop.enrol(), shop.enrol()
    shop.buy(Ask(who, (Line("A", 75_000, 1_000),), coupon=True, final=False))
    shop.publish(RULES)
    shop.buy(Ask(other, (Line("A", 75_000, 1_000),), coupon=True))
    assert shop.tables.coupons == 1

    shop.cancel(pick(shop.opened, 0))

    assert shop.tables.coupons == 1
