"""Two returns of one line at once: one succeeds, one is refused; without the lock both would (A6, I12)."""

from collections import Counter
from contextlib import nullcontext
from threading import Barrier, Thread

import pytest
from django.db import connections

from kopilka.bookkeeping.locking import without_locks_for_tests
from kopilka.engine.refusal import Refusal
from kopilka.services.returns import return_purchase
from tests.factories import NOON, make_member, make_program
from tests.tills import FREE_RULES, TILL_1, buy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROUNDS = 12


@pytest.mark.parametrize("known", [True, False], ids=["member", "anonymous"])
def test_two_returns_of_one_line_at_once_never_exceed_it(known):
    program = make_program(rulebook=FREE_RULES)
    member_id = make_member(program) if known else None

    for _ in range(ROUNDS):
        assert both_at_once(program.id, member_id) == {"returned": 1, "return_exceeds": 1}


@pytest.mark.parametrize("known", [True, False], ids=["member", "anonymous"])
def test_without_the_lock_both_returns_would_succeed(known):
    """The control: if this passed quietly, the race above would prove nothing."""
    program = make_program(rulebook=FREE_RULES)
    member_id = make_member(program) if known else None

    assert any(both_at_once(program.id, member_id, locked=False)["returned"] == 2 for _ in range(10 * ROUNDS))


def both_at_once(program_id, member_id, *, locked=True) -> Counter:
    bought = buy(program_id, member_id)
    start, seen = Barrier(2), Counter()

    def bring(number: int) -> None:
        try:
            start.wait()
            return_purchase(
                program_id=program_id, purchase_id=bought.purchase_id, lines={1: 1000}, source="till:1",
                external_id=f"{bought.purchase_id}-{number}", by=TILL_1, at=NOON,
            )  # fmt: skip
            seen["returned"] += 1
        except Refusal as refusal:
            seen[refusal.code.value] += 1
        except Exception as error:  # noqa: BLE001 - without the lock the database may be what notices
            seen[type(error).__name__] += 1
        finally:
            connections.close_all()

    with nullcontext() if locked else without_locks_for_tests():
        threads = [Thread(target=bring, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return seen
