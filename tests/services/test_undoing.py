"""Undoing a sale: by whom, how long, once."""

from datetime import timedelta

import pytest
from django.db import transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.events import AuditRecord
from kopilka.engine.actor import MANAGER, TILL, Actor, ActorKind
from kopilka.engine.refusal import Refusal
from kopilka.services.purchases import confirm_purchase
from kopilka.services.undoing import undo_sale
from tests.factories import NOON, make_member, make_program
from tests.tills import RULES, TILL_1, books_agree, bread, request, wallet

pytestmark = pytest.mark.django_db(transaction=True)

OTHER = Actor(ActorKind.STAFF, TILL_1.id, "Рита", TILL, till="2")
MANAGING = Actor(ActorKind.STAFF, TILL_1.id, "Мира", MANAGER, till="2")


@pytest.fixture
def sale():
    program = make_program(rulebook=RULES)
    member = make_member(program)
    asked = request(member, bread("100", till="1"))
    return program, member, confirm_purchase(program_id=program.id, request=asked).purchase_id


def undone(sale, *, by=TILL_1, minutes_later=5, reason="не та сумма"):
    program, _, purchase_id = sale
    return undo_sale(
        program_id=program.id, purchase_id=purchase_id, reason=reason, minutes=15, by=by,
        at=NOON + timedelta(minutes=minutes_later),
    )  # fmt: skip


def trail(program):
    with transaction.atomic():
        enter_program(program.id)
        told = AuditRecord.objects.of(program.id).filter(act="sale_undone")
        return list(told.values_list("actor_name", "reason"))


def test_everything_comes_back_and_the_reason_stays(sale):
    program, member, _ = sale

    done = undone(sale)

    assert (done.refund_minor, done.external_id.endswith("-undo")) == (10000, True)
    assert wallet(program.id, member) == (0, 0, 0, 0)
    assert trail(program) == [("касса 1", "не та сумма")]
    assert books_agree(program.id)


def test_undone_twice_is_undone_once(sale):
    first, again = undone(sale), undone(sale)

    assert (again.return_id, again.replayed) == (first.return_id, True)
    assert len(trail(sale[0])) == 1


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"by": OTHER}, "other_till"),
        ({"minutes_later": 16}, "too_late"),
        ({"by": MANAGING, "minutes_later": 16}, "too_late"),
    ],
)
def test_too_late_and_another_tills_sale_are_refused(sale, given, reason):
    with pytest.raises(Refusal) as refused:
        undone(sale, **given)

    assert (refused.value.code, refused.value.params) == ("not_undoable", {"reason": reason, "limit_minutes": 15})
    assert wallet(sale[0].id, sale[1])[0] == 10


def test_manager_undoes_what_another_till_has_sold(sale):
    assert undone(sale, by=MANAGING).refund_minor == 10000


@pytest.mark.parametrize(("reason", "code"), [("", "missing"), ("  ", "missing"), ("x" * 201, "invalid")])
def test_reason_is_asked_for(sale, reason, code):
    with pytest.raises(Refusal) as refused:
        undone(sale, reason=reason)

    assert refused.value.code == code
