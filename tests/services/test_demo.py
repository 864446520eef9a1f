"""The demo program of a first start."""

import pytest
from django.db import transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.members import Member
from kopilka.data.models.purchases import Purchase
from kopilka.queries.programs import program_by_slug
from kopilka.services.access import find_key
from kopilka.services.demo import create_demo_program
from kopilka.services.members import find_member
from tests.factories import NOON

pytestmark = pytest.mark.django_db(transaction=True)


def test_demo_has_members_who_bought_something():
    made = create_demo_program(at=NOON)

    holder = find_key(made.api_key, at=NOON)
    program = program_by_slug(made.program_slug)
    anna = find_member(program=program, kind="phone", value="8 900 000-00-01", by=holder.actor, at=NOON)
    with transaction.atomic():
        enter_program(program.id)
        assert (program.rulebook_number, Member.objects.of(program.id).count()) == (1, 12)
        assert Purchase.objects.of(program.id).count() == 59
    assert (anna.name, anna.card, anna.purchases, anna.tier) == ("Анна Ёлкина", "1001", 10, "friend")
