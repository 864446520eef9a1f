"""Questions put into SQL once: the same answers as the queryset's own, whatever they are filled with."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.members import Member
from kopilka.data.models.programs import Program
from kopilka.data.prepared import Each, Hole, Prepared
from kopilka.data.scope import ProgramMissing

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def program():
    made = Program.objects.create(slug="prepared", name="Лавка", created_at=NOW)
    enter_program(made.id)
    return made


@pytest.fixture
def members(program):
    rows = [
        Member(id=new_id(), program=program, enrolled_at=NOW - timedelta(days=number), tier=f"tier-{number}")
        for number in range(3)
    ]
    return Member.objects.bulk_create(rows)


def test_rows_of_a_model_are_whole(program, members):
    asked = Prepared(lambda: Member.objects.of(Hole("program_id")).filter(id=Hole("member_id"))[:1])

    found = asked.first(program_id=program.id, member_id=members[1].id)

    same = Member.objects.of(program.id).get(id=members[1].id)
    assert found == same
    assert [getattr(found, one.attname) for one in Member._meta.fields] == [
        getattr(same, one.attname) for one in Member._meta.fields
    ]


def test_chosen_columns_come_as_pythons_values(program, members):
    asked = Prepared(
        lambda: (
            Member.objects.of(Hole("program_id"))
            .filter(enrolled_at__lt=Hole("at"))
            .order_by("-enrolled_at")
            .values_list("id", "tier", "enrolled_at", "agent")
        )
    )

    found = asked.all(program_id=program.id, at=NOW)

    assert found == [(one.id, one.tier, one.enrolled_at, "") for one in members[1:]]


def test_one_column_comes_bare_and_nothing_as_none(program, members):
    asked = Prepared(
        lambda: Member.objects.of(Hole("program_id")).filter(tier=Hole("tier")).values_list("id", flat=True)[:1]
    )

    assert asked.first(program_id=program.id, tier="tier-2") == members[2].id
    assert asked.first(program_id=program.id, tier="none") is None


def test_any_number_of_values_fits(program, members):
    asked = Prepared(
        lambda: (
            Member.objects.of(Hole("program_id"))
            .filter(id__in=Each("ids"), enrolled_at__lte=Hole("at"))
            .order_by("tier")
            .values_list("tier", flat=True)
        )
    )

    for many in (3, 1, 2):
        ids = [one.id for one in members[:many]]
        assert asked.all(program_id=program.id, ids=ids, at=NOW) == [f"tier-{number}" for number in range(many)]


def test_no_values_at_all_ask_nothing(program):
    asked = Prepared(lambda: Member.objects.of(Hole("program_id")).filter(id__in=Each("ids")))

    with CaptureQueriesContext(connection) as seen:
        assert asked.all(program_id=program.id, ids=[]) == []

    assert len(seen) == 0


def test_a_question_about_no_program_is_refused(program):
    asked = Prepared(lambda: Member.objects.filter(id=Hole("member_id")))

    with pytest.raises(ProgramMissing):
        asked.all(member_id=program.id)
