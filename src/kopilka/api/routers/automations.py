"""Rules that answer events: what they did; events of the shop's own; answers of members' profiles."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from litestar.params import FromPath, FromQuery, JSONBody

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import Call, KeyUse, read_id
from kopilka.api.examples import automations as examples
from kopilka.api.operations import Opened, operation
from kopilka.api.paging import LIMIT_DEFAULT, Cursor, Limit, capped, make_cursor, read_cursor
from kopilka.api.requests import member_ref
from kopilka.api.schemas.automations import (
    AnswerOut,
    AnswersIn,
    AnswersOut,
    Code,
    DeedOut,
    DeedsOut,
    EventIn,
    EventOut,
    RuleOut,
    RuleReportOut,
    RulesOut,
)
from kopilka.bookkeeping.answers import Answer as Given
from kopilka.bookkeeping.notes import Asking
from kopilka.bookkeeping.purchasing.requests import RefKind
from kopilka.engine.actor import Capability
from kopilka.engine.refusal import Code as Refused
from kopilka.engine.refusal import Refusal
from kopilka.queries.rules import DeedView, deeds_of_member
from kopilka.services.answers import AnswersTold, give_answers, read_answers
from kopilka.services.custom_events import CustomEvent, tell_event
from kopilka.services.members import find_member_id
from kopilka.services.rules import RuleView, list_rules, read_rule
from kopilka.wording.languages import Language


@operation("GET", "/rules", needs=Capability.READ, told=examples.RULES)
async def get_rules(call: Opened) -> Answer[RulesOut]:
    found = await call.desk.read(list_rules, program_id=call.program_id, by=call.actor, at=call.at)
    return answer_with(RulesOut(items=[_rule(one, call.language) for one in found]))


@operation("GET", "/rules/{code:str}", needs=Capability.READ, told=examples.RULE)
async def get_rule(call: Opened, code: FromPath[str]) -> Answer[RuleReportOut]:
    found = await call.desk.read(read_rule, program_id=call.program_id, named=code, by=call.actor, at=call.at)
    done = found.done
    return answer_with(
        RuleReportOut(rule=_rule(found.rule, call.language), deeds=done.states, points=done.units, members=done.members)
    )


@operation("GET", "/members/{member_id:str}/deeds", needs=Capability.READ, told=examples.DEEDS)
async def get_deeds(
    call: Opened,
    member_id: FromPath[str],
    rule: FromQuery[Code | None] = None,
    limit: FromQuery[Limit] = LIMIT_DEFAULT,
    cursor: FromQuery[Cursor | None] = None,
) -> Answer[DeedsOut]:
    member = read_id(member_id, "member")
    listed = f"deeds {member} {rule or ''}"
    before = None if cursor is None else read_cursor(call.program_id, listed, cursor, UUID)
    page = await call.desk.read(
        deeds_of_member, call.program_id, member, rule=rule or "", before=before, limit=capped(limit)
    )
    following = None if page.next_cursor is None else make_cursor(call.program_id, listed, page.next_cursor)
    return answer_with(DeedsOut(items=[_deed(one) for one in page.deeds], next=following))


@operation("GET", "/members/{member_id:str}/answers", needs=Capability.READ, told=examples.ANSWERS)
async def get_answers(call: Opened, member_id: FromPath[str]) -> Answer[AnswersOut]:
    found = await call.desk.read(
        read_answers, program_id=call.program_id, member_id=read_id(member_id, "member"), by=call.actor
    )
    return answer_with(_answers(found))


@operation(
    "PATCH",
    "/members/{member_id:str}/answers",
    needs=Capability.ENROL,
    key=KeyUse.REQUIRED,
    told=examples.ANSWER,
)
async def change_answers(call: Opened, member_id: FromPath[str], data: JSONBody[AnswersIn]) -> Answer[AnswersOut]:
    given = {code: [Given(one.value, one.name) for one in all_] for code, all_ in data.answers.items()}
    with call.once():
        done = await call.desk.write(
            give_answers, program_id=call.program_id, member_id=read_id(member_id, "member"), answers=given,
            asking=asking_of(call),
        )  # fmt: skip
    return answer_with(_answers(done), replayed=done.replayed)


@operation("POST", "/events", needs=Capability.EARN, key=KeyUse.REQUIRED, status=201, told=examples.EVENT)
async def create_event(call: Opened, data: JSONBody[EventIn]) -> Answer[EventOut]:
    ref = member_ref(call, data.member)
    if ref is None or ref.kind is RefKind.CODE:
        raise Refusal(Refused.INVALID, field="member.code", reason="not_here")

    def find() -> CustomEvent:
        member_id = find_member_id(call.program, ref.kind.value, ref.value, at=call.at)
        return CustomEvent(data.name, member_id, data.occurred_at or call.at, data.subject, data.facts)

    with call.once():
        told = await call.desk.write(tell_event, program_id=call.program_id, find=find, asking=asking_of(call))
    out = EventOut(
        id=told.id, name=told.name, member_id=told.member_id, subject=told.subject, occurred_at=told.occurred_at
    )
    return answer_with(out, status=201, replayed=told.replayed)


def asking_of(call: Call) -> Asking:
    return Asking(call.actor, call.at, call.request, call.request_id)


def _rule(view: RuleView, language: Language) -> RuleOut:
    russian = language is Language.RU
    name = (view.name_ru if russian else view.name_en) or view.name_ru or view.name_en or view.code
    return RuleOut(
        path=f"{view.section}.{view.code}", code=view.code, name=name, event=view.event, to=view.to,
        state=view.state.value, money_left_minor=view.minor_left, points_left=view.units_left, currency=view.currency,
    )  # fmt: skip


def _deed(view: DeedView) -> DeedOut:
    return DeedOut(
        id=view.id, kind=view.kind, rule=view.rule, cause=view.cause, state=view.state, told=view.told,
        currency=view.currency, points=view.units, about=view.about, subject_id=view.subject,
        planned_at=view.planned_at, due_at=view.due_at, done_at=view.done_at,
    )  # fmt: skip


def _answers(told: AnswersTold) -> AnswersOut:
    answers = {code: [AnswerOut(**asdict(one)) for one in given] for code, given in told.answers.items()}
    return AnswersOut(member_id=told.member_id, answers=answers, missing=told.missing)
