"""Two members name each other's friends as their inviters at once: no circle closes; without the locks one would."""

from contextlib import nullcontext
from threading import Barrier, Thread

import pytest
from django.db import connections

from kopilka.bookkeeping.locking import without_locks_for_tests
from kopilka.bookkeeping.notes import Asking
from kopilka.data.models.members import Member
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Refusal
from kopilka.services.referral import issue_referral_code, name_inviter
from tests.factories import NOON, make_member, make_program
from tests.sharing import SHARING_RULES, set_member
from tests.tills import rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

ROUNDS = 8
ASKING = Asking(SYSTEM_ACTOR, NOON)


def test_two_who_would_close_a_circle_at_once_do_not():
    program = make_program(rulebook=SHARING_RULES)

    for number in range(ROUNDS):
        done, is_circle = both_at_once(program, number)
        assert (done, is_circle) == (1, False)


def test_without_the_locks_a_circle_would_close():
    """The control: if this passed quietly, the race above would prove nothing."""
    program = make_program(rulebook=SHARING_RULES)

    assert any(both_at_once(program, number, locked=False)[1] for number in range(20 * ROUNDS))


def both_at_once(program, number, *, locked=True):
    """Anna's friend and Boris's friend: Anna names the latter as her inviter, Boris the former."""
    anna, boris, of_anna, of_boris = (make_member(program, f"+7916{number:05}{n:02}") for n in range(4))
    set_member(program, of_anna, inviter_id=anna)
    set_member(program, of_boris, inviter_id=boris)
    codes = {
        one: issue_referral_code(program_id=program.id, member_id=one, asking=ASKING).code
        for one in (of_anna, of_boris)
    }
    start, done = Barrier(2), []

    def name(member_id, inviter):
        try:
            start.wait()
            name_inviter(program_id=program.id, member_id=member_id, invited_by=codes[inviter], asking=ASKING)
            done.append(member_id)
        except Refusal:
            pass
        except Exception:  # noqa: BLE001 - without the locks the database may be what notices
            pass
        finally:
            connections.close_all()

    with nullcontext() if locked else without_locks_for_tests():
        threads = [Thread(target=name, args=pair) for pair in ((anna, of_boris), (boris, of_anna))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    above = dict(rows(program.id, Member, "id", "inviter_id"))
    return len(done), above[anna] is not None and above[boris] is not None
