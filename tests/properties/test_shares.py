"""Shares posted in any order of their events, and taken back in any parts: the books end the same."""

from datetime import timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.deeds import Deed
from kopilka.data.models.shares import ShareState
from kopilka.services.books import check_books
from kopilka.services.deeds import do_due_deeds
from kopilka.services.outbox import handle_events
from kopilka.services.purchases import confirm_purchase
from kopilka.services.returns import return_purchase
from tests.factories import NOON, make_member, make_program
from tests.sharing import SHARING_RULES, balance, set_member
from tests.tills import TILL_1, receipt, request, rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

LATER = NOON + timedelta(days=3)
numbers = count()

prices = st.lists(st.integers(1, 3_000), min_size=1, max_size=3)
steps = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 2)), max_size=5)
orders = st.randoms(use_true_random=False)


@pytest.fixture
def program():
    return make_program(rulebook=SHARING_RULES)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(prices, steps, st.booleans(), orders)
def test_the_order_of_delivery_does_not_change_the_books(program, sold, back, is_full, order):
    in_order = play(program, sold, back, is_full, lambda deeds: deeds)
    shuffled = play(program, sold, back, is_full, lambda deeds: order.sample(deeds, len(deeds)))

    assert in_order == shuffled
    if is_full:
        assert in_order[0] == in_order[1] == (0, 0, 0)
    assert [finding for result in check_books(program_id=program.id) for finding in result.findings] == []


def play(program, sold, back, is_full, arrange):
    """Sell, bring back piece by piece, deliver in the order of `arrange`; what the inviters have then."""
    anna, alexander, artem = (make_member(program, f"+7916{next(numbers):07}") for _ in range(3))
    set_member(program, alexander, inviter_id=anna)
    set_member(program, artem, inviter_id=alexander)
    lines = [(f"A{price}", str(price), 2) for price in sold]
    bought = confirm_purchase(
        program_id=program.id, request=request(artem, receipt(*lines), str(next(numbers)))
    ).purchase_id
    left = dict.fromkeys(range(1, len(sold) + 1), 2)
    for line, pieces in back:
        if 0 < pieces <= left.get(line, 0):
            left[line] -= pieces
            bring(program, bought, {line: pieces * 1000})
    if is_full and any(left.values()):
        bring(program, bought, {line: pieces * 1000 for line, pieces in left.items() if pieces})
    handle_events(program_id=program.id, at=LATER)
    deeds = [key for key, subject in rows(program.id, Deed, "id", "subject") if subject == bought]
    for place, key in enumerate(arrange(deeds)):
        with transaction.atomic():
            enter_program(program.id)
            Deed.objects.of(program.id).filter(id=key).update(due_at=LATER + timedelta(minutes=place))
    for place in range(len(deeds)):
        do_due_deeds(program_id=program.id, at=LATER + timedelta(minutes=place))
    states = [
        row[1:] for row in rows(program.id, ShareState, "purchase_id", "rule", "units", "taken", order="rule")
        if row[0] == bought
    ]  # fmt: skip
    return balance(program.id, anna), balance(program.id, alexander), states


def bring(program, purchase_id, lines):
    return_purchase(
        program_id=program.id, purchase_id=purchase_id, lines=lines, external_id=f"r{next(numbers)}", at=LATER,
        by=TILL_1, source="till:1",
    )  # fmt: skip
