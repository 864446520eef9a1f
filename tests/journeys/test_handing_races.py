"""One gift handed over at several tills at once: one of them gives it, the others book nothing (S4.39)."""

from itertools import count
from uuid import uuid4

import pytest

from kopilka.bookkeeping.locking import without_locks_for_tests
from kopilka.data.models.purchases import Purchase
from kopilka.services.gifts import ChooseRequest, choose_gift
from kopilka.services.handing import Handing, hand_over
from tests.factories import NOON, make_program
from tests.journeys.test_gift_races import RULES, member_with
from tests.journeys.test_races import at_once, goes_wrong, happened
from tests.tills import TILL_1, books_agree, rows, with_key

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TILLS = 4
NUMBERS = count(1)


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def hand_at_once(program) -> int:
    """How many tills handed over one gift."""
    member_id = member_with(program, "bonus", 1)
    chosen = choose_gift(program_id=program.id, request=ChooseRequest(member_id, "tea", TILL_1, NOON))

    def hand():
        asked = Handing(
            member_id, f"1-g{next(NUMBERS)}", TILL_1, NOON, "01", claim_id=chosen.claim_id,
            request=with_key(str(uuid4())),
        )  # fmt: skip
        return hand_over(program=program, handing=asked)

    return len(happened(at_once([hand for _ in range(TILLS)])))


def test_one_till_hands_it_over_and_the_others_book_nothing_s4_39(program):
    for _ in range(3):
        assert hand_at_once(program) == 1
    assert len(rows(program.id, Purchase, "id")) == 3
    assert books_agree(program.id)


def test_control_without_the_lock_a_gift_is_handed_over_twice(program):
    with without_locks_for_tests():
        assert goes_wrong(lambda: hand_at_once(program) > 1)
