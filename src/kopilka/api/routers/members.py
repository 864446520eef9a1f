"""Members: enrolled, found, read, changed, given a one-time code."""

from __future__ import annotations

from dataclasses import asdict

import msgspec
from litestar.params import FromPath, FromQuery, JSONBody

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import KeyUse, read_id
from kopilka.api.examples import members as examples
from kopilka.api.faults import Fault, Problem
from kopilka.api.operations import Opened, operation
from kopilka.api.schemas.members import CodeOut, MemberChangeIn, MemberNew, MemberOut, MembersOut
from kopilka.bookkeeping.answers import Answer as Given
from kopilka.engine.actor import Capability
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.members import MemberView
from kopilka.services.codes import issue_code
from kopilka.services.members import MemberAnswer, MemberChange, change_member, enrol_member, find_member, read_member
from kopilka.services.profiles import MemberFacts


@operation("POST", "/members", needs=Capability.ENROL, key=KeyUse.REQUIRED, status=201, told=examples.CREATE)
async def create_member(call: Opened, data: JSONBody[MemberNew]) -> Answer[MemberOut]:
    values = msgspec.structs.asdict(data)
    answers = {code: [Given(one.value, one.name) for one in given] for code, given in data.answers.items()}
    facts = MemberFacts(**values | {"tags": tuple(data.tags), "answers": answers})
    with call.once():
        done = await call.desk.write(
            enrol_member, program_id=call.program_id, facts=facts, request=call.request,
            by=call.actor, at=call.at, request_id=call.request_id,
        )  # fmt: skip
    return _changed(done, 201)


@operation("GET", "/members", needs=Capability.READ, told=examples.FIND)
async def find_members(
    call: Opened,
    phone: FromQuery[str | None] = None,
    card: FromQuery[str | None] = None,
    email: FromQuery[str | None] = None,
    external: FromQuery[str | None] = None,
) -> Answer[MembersOut]:
    named = {"phone": phone, "card": card, "email": email, "external": external}
    given = {kind: value for kind, value in named.items() if value is not None}
    if len(given) != 1:
        raise Problem(Fault.INVALID, field="phone", reason="one_of_phone_card_email_external")
    kind, value = given.popitem()
    try:
        found = await call.desk.read(
            find_member, program=call.program, kind=kind, value=value, by=call.actor, at=call.at
        )
    except Refusal as refused:
        if refused.code is not Code.NOT_FOUND:
            raise
        return answer_with(MembersOut(items=[]))
    return answer_with(MembersOut(items=[member_out(found)]))


@operation("GET", "/members/{member_id:str}", needs=Capability.READ, told=examples.READ)
async def get_member(call: Opened, member_id: FromPath[str]) -> Answer[MemberOut]:
    found = await call.desk.read(
        read_member, program_id=call.program_id, member_id=read_id(member_id, "member"), by=call.actor
    )
    return answer_with(member_out(found))


@operation("PATCH", "/members/{member_id:str}", needs=Capability.ENROL, key=KeyUse.REQUIRED, told=examples.CHANGE)
async def change_member_data(
    call: Opened, member_id: FromPath[str], data: JSONBody[MemberChangeIn]
) -> Answer[MemberOut]:
    given = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not msgspec.UNSET}
    if "tags" in given:
        given["tags"] = tuple(given["tags"])
    with call.once():
        done = await call.desk.write(
            change_member, program_id=call.program_id, member_id=read_id(member_id, "member"),
            change=MemberChange(**given), request=call.request, by=call.actor, at=call.at,
            request_id=call.request_id,
        )  # fmt: skip
    return _changed(done, 200)


@operation("POST", "/members/{member_id:str}/codes", needs=Capability.ISSUE_CODES, status=201, told=examples.ISSUE_CODE)
async def create_code(call: Opened, member_id: FromPath[str]) -> Answer[CodeOut]:
    issued = await call.desk.write(
        issue_code, program_id=call.program_id, member_id=read_id(member_id, "member"), by=call.actor, at=call.at
    )
    return answer_with(CodeOut(code=issued.code, expires_at=issued.expires_at), status=201)


def member_out(view: MemberView) -> MemberOut:
    values = asdict(view)
    return MemberOut(**values | {"tags": list(view.tags), "segments": list(view.segments)})


def _changed(done: MemberAnswer, status: int) -> Answer[MemberOut]:
    return answer_with(member_out(done.member), status=status, replayed=done.replayed)
