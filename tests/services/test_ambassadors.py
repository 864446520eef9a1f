"""Members ranked by whom they have brought (S4.12)."""

from datetime import timedelta

import pytest
from django.db import transaction

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.members import Member
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Refusal
from kopilka.services.ambassadors import ambassadors
from tests.factories import NOON, make_member, make_program
from tests.tills import RULES, buy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def bring(program, inviter, *numbers):
    people = [make_member(program, f"+7916000{number:04d}") for number in numbers]
    with transaction.atomic():
        enter_program(program.id)
        Member.objects.of(program.id).filter(id__in=people).update(inviter_id=inviter)
    return people


def test_ambassadors_are_ranked_by_those_they_brought_s4_12(program):
    anna = make_member(program, name="Анна")
    boris = make_member(program, "+79161234568")
    first, _, _ = bring(program, anna, 1, 2, 3)
    rich, other = bring(program, boris, 4, 5)
    buy(program.id, first, "100")
    buy(program.id, rich, "900")
    buy(program.id, rich, "100", at=NOON + timedelta(hours=1))
    buy(program.id, other, "50")

    def ranked(rank, **asked):
        found = ambassadors(program_id=program.id, by=SYSTEM_ACTOR, rank=rank, **asked)
        return [(one.member_id, one.brought, one.buyers, one.receipts, one.revenue_minor) for one in found]

    assert ranked("brought") == [(anna, 3, 1, 1, 10_000), (boris, 2, 2, 3, 105_000)]
    assert ranked("buyers", limit=1) == [(boris, 2, 2, 3, 105_000)]
    assert [one[0] for one in ranked("revenue")] == [boris, anna]
    assert ranked("revenue", until=NOON + timedelta(minutes=1)) == [
        (boris, 2, 2, 2, 95_000),
        (anna, 3, 1, 1, 10_000),
    ]
    assert ranked("brought", since=NOON + timedelta(days=1)) == []
    assert ambassadors(program_id=program.id, by=SYSTEM_ACTOR)[0].name == "Анна"


def test_rank_that_does_not_exist_is_refused(program):
    with pytest.raises(Refusal):
        ambassadors(program_id=program.id, by=SYSTEM_ACTOR, rank="loud")
