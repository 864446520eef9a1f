"""Holds: points set aside for a purchase to come, and let go."""

from __future__ import annotations

from litestar.params import FromPath, JSONBody

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import Call, KeyUse, read_id
from kopilka.api.examples import purchases as examples
from kopilka.api.naming import bears_code, without_live_codes
from kopilka.api.operations import Opened, operation
from kopilka.api.requests import member_ref, proof_of
from kopilka.api.schemas.holds import HoldDoneOut, HoldIn, HoldOut
from kopilka.api.telling import hold_done_out, hold_out
from kopilka.engine.actor import Capability
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.holds import hold_for_door
from kopilka.services.holds import HoldRequest, HoldResult, place_hold, release_hold


@operation("POST", "/holds", needs=Capability.SPEND, key=KeyUse.REQUIRED, status=201, told=examples.HOLD)
async def create_hold(call: Opened, data: JSONBody[HoldIn]) -> Answer[HoldDoneOut]:
    if bears_code(data):
        data = await without_live_codes(call, data)
    member = member_ref(call, data.member)
    if member is None:
        raise Refusal(Code.MISSING, field="member")
    request = HoldRequest(
        member=member,
        currency=data.currency or await _only_currency(call),
        units=data.points,
        by=call.actor,
        at=call.at,
        life_minutes=data.life_minutes,
        proof=proof_of(data.member, data.code),
        request=call.request,
        language=call.language.value,
        request_id=call.request_id,
    )
    with call.once():
        result = await call.desk.write(place_hold, program_id=call.program_id, request=request)
    return await _answer(call, result)


@operation("POST", "/holds/{hold_id:str}/release", needs=Capability.SPEND, key=KeyUse.REQUIRED, told=examples.RELEASE)
async def release(call: Opened, hold_id: FromPath[str]) -> Answer[HoldDoneOut]:
    with call.once():
        result = await call.desk.write(
            release_hold, program_id=call.program_id, hold_id=read_id(hold_id, "hold"), by=call.actor, at=call.at,
            request=call.request, language=call.language.value, request_id=call.request_id,
        )  # fmt: skip
    return await _answer(call, result)


@operation("GET", "/holds/{hold_id:str}", needs=Capability.READ, told=examples.HOLD_READ)
async def get_hold(call: Opened, hold_id: FromPath[str]) -> Answer[HoldOut]:
    found = await call.desk.read(hold_for_door, call.program_id, read_id(hold_id, "hold"))
    return answer_with(hold_out(found, await call.decimals()))


async def _answer(call: Call, result: HoldResult) -> Answer[HoldDoneOut]:
    told = hold_done_out(result, await call.decimals())
    return answer_with(told, status=result.status, replayed=result.replayed)


async def _only_currency(call: Call) -> str:
    found = await call.decimals()
    if len(found) != 1:
        raise Refusal(Code.MISSING, field="currency")
    return next(iter(found))
