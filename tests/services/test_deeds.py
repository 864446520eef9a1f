"""A deed that is refused half-way leaves nothing of what it had begun."""

from datetime import timedelta

import pytest
from django.db import transaction

from kopilka.bookkeeping.deeds import DeedKind, Planned, plan_deeds
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.deeds import Deed
from kopilka.engine.refusal import Code, Refusal
from kopilka.services import deeds
from kopilka.services.deeds import do_due_deeds
from tests.factories import NOON, make_member, make_program
from tests.tills import FREE_RULES, books_agree, buy, rows, wallet

pytestmark = pytest.mark.django_db(transaction=True)

WAITING = FREE_RULES.replace("life: {days: 365}", "life: {days: 365}, starts_after: {days: 1}")


def test_points_given_before_the_refusal_are_not_written(monkeypatch):
    def give_and_refuse(doing):
        doing.act.grant("bonus", 500, starts_at=doing.at, expires_at=None)
        raise Refusal(Code.BUSY)

    program = make_program(rulebook=WAITING)
    member_id = make_member(program)
    buy(program.id, member_id, "100")  # these ten points begin tomorrow, when the deed is done
    monkeypatch.setitem(deeds.DOERS, DeedKind.AUTOMATION, give_and_refuse)
    with transaction.atomic():
        enter_program(program.id)
        plan_deeds(program.id, [Planned(DeedKind.AUTOMATION, "any", "cause", member_id, NOON)], at=NOON)

    done = do_due_deeds(program_id=program.id, at=NOON + timedelta(days=2))

    assert done == 1
    assert rows(program.id, Deed, "state", "told", "operation_id") == [("refused", "busy()", None)]
    assert wallet(program.id, member_id) == (0, 10, 0, 0)
    assert books_agree(program.id)
