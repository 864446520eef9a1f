"""Questions of the profile: answered at enrolment or later, several per question, checked by their kind (S3.5)."""

import pytest

from kopilka.bookkeeping.answers import Answer
from kopilka.bookkeeping.events import EventKind
from kopilka.bookkeeping.notes import Asking
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.answers import give_answers, read_answers
from tests.factories import NOON, make_member, make_program
from tests.services.automations.town import DAY, deeds, live, points, rules, told
from tests.tills import with_key

pytestmark = pytest.mark.django_db(transaction=True)

RULES = (
    rules("filled: {event: profile_filled, grant: {points: 50}}")
    + """\
profile:
  pets: {name: Питомцы, kind: date, many: yes, required: yes}
  size: {name: Размер, kind: number, required: yes}
  news: {name: Новости, kind: flag}
  coffee: {name: Кофе, kind: choice, choices: [espresso, latte]}
  about: {name: О себе, kind: text}
"""
)


@pytest.fixture
def program():
    return make_program(rulebook=RULES)


def give(program, member_id, request=None, **answers):
    asking = Asking(SYSTEM_ACTOR, NOON, *([request] if request else []))
    given = {
        code: [Answer(*one) if isinstance(one, tuple) else Answer(one) for one in all_]
        for code, all_ in answers.items()
    }
    return give_answers(program_id=program.id, member_id=member_id, answers=given, asking=asking)


def test_profile_is_filled_once_all_required_answers_are_there(program):
    member_id = make_member(program)

    first = give(program, member_id, pets=[("2024-11-20", "Барсик"), ("2020-01-01", "Мурка")])
    second = give(program, member_id, size=["42"])
    live(program.id)

    assert (first.missing, second.missing) == (["size"], [])
    assert second.answers == {
        "pets": [Answer("2024-11-20", "Барсик"), Answer("2020-01-01", "Мурка")], "size": [Answer("42")]
    }  # fmt: skip
    assert points(program.id, member_id) == 50


def test_profile_filled_twice_is_rewarded_once(program):
    member_id = make_member(program)
    give(program, member_id, pets=["2024-11-20"], size=["42"])
    live(program.id)

    give(program, member_id, size=[])
    give(program, member_id, size=["43"])
    live(program.id, NOON + DAY)

    assert len(told(program.id, EventKind.PROFILE_FILLED)) == 2
    assert deeds(program.id) == [("automation", "filled", "done", 50)]


def test_profile_can_be_filled_at_enrolment(program):
    member_id = make_member(program, answers={"pets": [Answer("2024-11-20")], "size": [Answer("42")]})
    live(program.id)

    assert read_answers(program_id=program.id, member_id=member_id, by=SYSTEM_ACTOR).missing == []
    assert points(program.id, member_id) == 50


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({"unknown": ["1"]}, Code.INVALID),
        ({"pets": ["20.11.2024"]}, Code.INVALID),
        ({"pets": ["1024-11-20"]}, Code.OUT_OF_RANGE),
        ({"pets": ["2024-11-20"] * 21}, Code.OUT_OF_RANGE),
        ({"size": ["42", "43"]}, Code.OUT_OF_RANGE),
        ({"size": ["4,2"]}, Code.INVALID),
        ({"size": ["٤٢"]}, Code.INVALID),
        ({"news": ["maybe"]}, Code.INVALID),
        ({"coffee": ["tea"]}, Code.INVALID),
        ({"about": [""]}, Code.MISSING),
        ({"about": ["x" * 501]}, Code.INVALID),
    ],
)
def test_what_is_no_answer_is_refused_and_changes_nothing(program, answers, code):
    member_id = make_member(program)

    with pytest.raises(Refusal) as refused:
        give(program, member_id, **answers)

    assert refused.value.code is code
    assert read_answers(program_id=program.id, member_id=member_id, by=SYSTEM_ACTOR).answers == {}


def test_request_repeated_with_its_key_answers_as_before(program):
    member_id = make_member(program)
    first = give(program, member_id, with_key("k"), size=["42"])
    give(program, member_id, size=["43"])

    again = give(program, member_id, with_key("k"), size=["42"])

    assert (again.answers, again.replayed) == (first.answers, True)
    assert read_answers(program_id=program.id, member_id=member_id, by=SYSTEM_ACTOR).answers == {"size": [Answer("43")]}
