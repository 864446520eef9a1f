"""The record of a request (I14)."""

from uuid import UUID

import pytest
from django.db import transaction

from kopilka.bookkeeping.idempotency import NO_KEY, NOBODY, Answered, Request, find_answered
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.ledger import Kind
from kopilka.engine.refusal import Code, Refusal
from tests.factories import NOON, make_program
from tests.tills import with_key

pytestmark = pytest.mark.django_db(transaction=True)

SUBJECT = UUID(int=5)


@pytest.fixture
def program():
    return make_program()


def write(program, request, answer='"done"'):
    written = Written(Kind.CHANGE, None, SUBJECT, NOON, NOON, SYSTEM_ACTOR, request=request, answer=answer, status=200)
    with transaction.atomic():
        enter_program(program.id)
        write_acts(program.id, [written])
    return written.id


def find(program, request):
    with transaction.atomic():
        return find_answered(program.id, request)


def test_known_key_gives_what_was_answered(program):
    operation_id = write(program, with_key("k1"))

    assert find(program, with_key("k1")) == Answered(operation_id, "change", SUBJECT, None, 200, '"done"', "ru")


def test_unknown_key_and_no_key_give_nothing(program):
    write(program, with_key("k1"))

    assert find(program, with_key("k2")) is None
    assert find(program, NO_KEY) is None


def test_key_for_other_content_is_refused(program):
    write(program, with_key("k1"))

    with pytest.raises(Refusal) as caught:
        find(program, with_key("k1", "other"))

    assert (caught.value.code, caught.value.params) == (Code.KEY_REUSED, {"key": "k1"})


def test_key_of_another_program_is_unknown(program):
    write(program, with_key("k1"))

    assert find(make_program("other"), with_key("k1")) is None


def test_key_without_an_owner_is_recognised_too(program):
    request = Request(None, "k1", b"f" * 32)
    operation_id = write(program, request)

    assert request.owner == NOBODY
    assert find(program, request).operation_id == operation_id
