"""What a member tells about himself: the answers to the questions of the program's profile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.answers import Answer, Answers, answers_of, clean_answers, missing_answers, write_answers
from kopilka.bookkeeping.events import EventKind, record
from kopilka.bookkeeping.locking import lock_members
from kopilka.bookkeeping.notes import Asking, keep_answer, told_before
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.models.members import Member
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.refusal import Code, Refusal


@dataclass(frozen=True, slots=True)
class AnswersTold:
    """A member's answers by question; `missing` are the questions still to be asked."""

    member_id: UUID
    answers: dict[str, list[Answer]]
    missing: list[str]
    replayed: bool = False


@transaction.atomic(durable=True)
def read_answers(*, program_id: UUID, member_id: UUID, by: Actor) -> AnswersTold:
    by.must(Capability.READ)
    enter_program(program_id)
    if not Member.objects.of(program_id).filter(id=member_id).exists():
        raise Refusal(Code.NOT_FOUND, what="member")
    return _told(program_id, member_id)


@transaction.atomic(durable=True)
def give_answers(*, program_id: UUID, member_id: UUID, answers: Answers, asking: Asking) -> AnswersTold:
    """Keep these in the place of earlier ones to the same questions; an empty list takes them away.

    `not_found` (member), `invalid` and `out_of_range` (answers.<question>). Once nothing required is missing any more,
    the profile is filled.
    """
    asking.by.must(Capability.ENROL)
    enter_program(program_id)
    lock_members(program_id, [member_id])
    done = told_before(program_id, asking, "answers", AnswersTold)
    if done is not None:
        return replace(done, replayed=True)
    rulebook = load_rulebook(program_id)[1]
    if write_answers(program_id, rulebook, member_id, clean_answers(rulebook, answers)):
        record(program_id, EventKind.PROFILE_FILLED, member_id=member_id, subject_id=member_id, at=asking.at)
    told = _told(program_id, member_id)
    keep_answer(program_id, asking, "answers", told, member_id=member_id, subject_id=member_id)
    return told


def _told(program_id: UUID, member_id: UUID) -> AnswersTold:
    rulebook = load_rulebook(program_id)[1]
    return AnswersTold(member_id, answers_of(program_id, member_id), missing_answers(program_id, rulebook, member_id))
