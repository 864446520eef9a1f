"""Answers to the questions of the rulebook's profile: checked, written, and which are still missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kopilka.data.ids import new_id
from kopilka.data.models.automations import ProfileAnswer
from kopilka.engine.contacts import clean_name, clean_text
from kopilka.engine.mechanics_things import Question
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook

MANY_MAX = 20
TEXT_MAX = 500
YEARS = (1900, 2200)
FLAGS = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as typed; `name` of whom it is, such as a child or a pet."""

    value: str
    name: str = ""


Answers = Mapping[str, Sequence[Answer]]
"""By question; an empty list takes the answers away."""


def clean_answers(rulebook: Rulebook, typed: Answers) -> dict[str, list[Answer]]:
    """In one form. `invalid` (answers.<question>), `out_of_range`: an unknown question, or no answer to it."""
    found: dict[str, list[Answer]] = {}
    for code, given in typed.items():
        question = rulebook.mechanics.profile.get(code)
        field = f"answers.{code[:64]}"
        if question is None:
            raise Refusal(Code.INVALID, field=field, reason="unknown_value")
        most = MANY_MAX if question.many else 1
        if len(given) > most:
            raise Refusal(Code.OUT_OF_RANGE, field=field, minimum=0, maximum=most)
        found[code] = [
            Answer(_clean(question, one.value, field), clean_name(one.name, field=field) if one.name else "")
            for one in given
        ]
    return found


def write_answers(program_id: UUID, rulebook: Rulebook, member_id: UUID, answers: Mapping[str, list[Answer]]) -> bool:
    """Put these in the place of the earlier ones, under the member's lock. Has the profile been filled by it?"""
    was_filled = not missing_answers(program_id, rulebook, member_id)
    mine = ProfileAnswer.objects.of(program_id).filter(member_id=member_id)
    for code, given in sorted(answers.items()):
        mine.filter(question=code).delete()
        by_date = rulebook.mechanics.profile[code].kind == "date"
        ProfileAnswer.objects.bulk_create(
            ProfileAnswer(
                id=new_id(), program_id=program_id, member_id=member_id, question=code, number=number,
                text=one.value, day=date.fromisoformat(one.value) if by_date else None, name=one.name, same=same,
            )
            for number, one, same in _numbered(given)
        )  # fmt: skip
    return not was_filled and not missing_answers(program_id, rulebook, member_id)


def missing_answers(program_id: UUID, rulebook: Rulebook, member_id: UUID) -> list[str]:
    """Required questions without an answer; where none is required, all without one."""
    asked = rulebook.mechanics.profile.values()
    required = [one.code for one in asked if one.required] or [one.code for one in asked]
    rows = ProfileAnswer.objects.of(program_id).filter(member_id=member_id, question__in=required)
    answered = set(rows.values_list("question", flat=True))
    return [code for code in required if code not in answered]


def answers_of(program_id: UUID, member_id: UUID) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    rows = ProfileAnswer.objects.of(program_id).filter(member_id=member_id).order_by("question", "number")
    for code, text, name in rows.values_list("question", "text", "name"):
        found.setdefault(code, []).append(Answer(text, name))
    return found


def _numbered(given: Sequence[Answer]) -> Iterator[tuple[int, Answer, int]]:
    """With its number, and which of several that are the very same it is."""
    seen: dict[tuple[str, str], int] = {}
    for number, one in enumerate(given, 1):
        key = (one.value, one.name.casefold())
        seen[key] = seen.get(key, -1) + 1
        yield number, one, seen[key]


def _clean(question: Question, value: str, field: str) -> str:
    text = clean_text(value, field=field, length_max=TEXT_MAX)
    match question.kind:
        case "date":
            return str(_date(text, field))
        case "number":
            return _number(text, field)
        case "flag":
            return _one_of(text, FLAGS, field)
        case "choice":
            return _one_of(text, question.choices, field)
    if not text:
        raise Refusal(Code.MISSING, field=field)
    return text


def _date(text: str, field: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refusal(Code.INVALID, field=field, reason="not_a_date") from None
    if not YEARS[0] <= day.year <= YEARS[1]:
        raise Refusal(Code.OUT_OF_RANGE, field=field, minimum=YEARS[0], maximum=YEARS[1])
    return day


def _number(text: str, field: str) -> str:
    whole, point, part = text.removeprefix("-").partition(".")
    digits = whole + part
    if not (whole and digits.isascii() and digits.isdecimal()) or (point and not part):
        raise Refusal(Code.INVALID, field=field, reason="not_a_number")
    return text


def _one_of(text: str, known: Sequence[str], field: str) -> str:
    if text not in known:
        raise Refusal(Code.INVALID, field=field, reason="unknown_value")
    return text
