"""The gift catalogue, gifts that are somebody's, and privileges."""

from __future__ import annotations

from uuid import UUID

from litestar.params import FromPath, FromQuery, JSONBody

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import Call, KeyUse, read_id
from kopilka.api.examples import gifts as examples
from kopilka.api.naming import one_time_code
from kopilka.api.operations import Opened, operation
from kopilka.api.paging import LIMIT_DEFAULT, Cursor, Limit, bounded, capped, make_cursor, read_cursor
from kopilka.api.schemas.fields import Label, Moment
from kopilka.api.schemas.gifts import (
    ChooseIn,
    ClaimDoneOut,
    ClaimOut,
    MemberGiftsOut,
    OfferedGiftsOut,
    PrivilegesFiguresOut,
    PrivilegesOut,
)
from kopilka.api.telling_gifts import claim_done_out, claim_out, figures_out, offered_out, privilege_out, words_of
from kopilka.engine.actor import Capability
from kopilka.queries.gifts import claim_for_till, claims_of_member
from kopilka.queries.privileges import privilege_figures, privileges_of_member
from kopilka.services.gifts import ChooseRequest, ClaimResult, cancel_gift, choose_gift, list_gifts
from kopilka.services.purchases import NO_PROOF, Proof
from kopilka.wording.vocabulary import Vocabulary


@operation("GET", "/gifts", needs=Capability.READ, told=examples.CATALOGUE)
async def get_gifts(call: Opened, branch: FromQuery[Label | None] = None) -> Answer[OfferedGiftsOut]:
    offered = await call.desk.read(
        list_gifts, program_id=call.program_id, member_id=None, by=call.actor, at=call.at, branch=branch or ""
    )
    words, decimals = await _words(call), await call.decimals()
    return answer_with(OfferedGiftsOut(items=[offered_out(one, words, decimals) for one in offered]))


@operation("GET", "/members/{member_id:str}/gifts", needs=Capability.READ, told=examples.OF_MEMBER)
async def get_member_gifts(
    call: Opened,
    member_id: FromPath[str],
    branch: FromQuery[Label | None] = None,
    limit: FromQuery[Limit] = LIMIT_DEFAULT,
    cursor: FromQuery[Cursor | None] = None,
) -> Answer[MemberGiftsOut]:
    member = read_id(member_id, "member")
    listed = f"gifts {member}"
    before = None if cursor is None else read_cursor(call.program_id, listed, cursor, UUID)
    offered = await call.desk.read(
        list_gifts, program_id=call.program_id, member_id=member, by=call.actor, at=call.at, branch=branch or ""
    )
    claims, following = await call.desk.read(
        claims_of_member, call.program_id, member, before=before, limit=capped(limit)
    )
    words, decimals = await _words(call), await call.decimals()
    return answer_with(
        MemberGiftsOut(
            offered=[offered_out(one, words, decimals) for one in offered],
            claims=[claim_out(one, words, decimals) for one in claims],
            next=None if following is None else make_cursor(call.program_id, listed, following),
        )
    )


@operation(
    "POST",
    "/members/{member_id:str}/gifts",
    needs=Capability.SPEND,
    key=KeyUse.REQUIRED,
    status=201,
    told=examples.CHOOSE,
)
async def create_gift(call: Opened, member_id: FromPath[str], data: JSONBody[ChooseIn]) -> Answer[ClaimDoneOut]:
    code = await one_time_code(call, data.code)
    request = ChooseRequest(
        member_id=read_id(member_id, "member"),
        gift=data.gift,
        by=call.actor,
        at=call.at,
        branch=data.branch,
        proof=NO_PROOF if code is None else Proof(code=code),
        request=call.request,
        language=call.language.value,
        request_id=call.request_id,
    )
    with call.once():
        done = await call.desk.write(choose_gift, program_id=call.program_id, request=request)
    return await _done(call, done)


@operation("POST", "/claims/{claim_id:str}/cancel", needs=Capability.SPEND, key=KeyUse.REQUIRED, told=examples.CANCEL)
async def cancel_claim(call: Opened, claim_id: FromPath[str]) -> Answer[ClaimDoneOut]:
    with call.once():
        done = await call.desk.write(
            cancel_gift, program_id=call.program_id, claim_id=read_id(claim_id, "gift"), by=call.actor, at=call.at,
            request=call.request, language=call.language.value, request_id=call.request_id,
        )  # fmt: skip
    return await _done(call, done)


@operation("GET", "/claims/{code:str}", needs=Capability.READ, told=examples.CLAIM)
async def get_claim(call: Opened, code: FromPath[str]) -> Answer[ClaimOut]:
    found = await call.desk.read(claim_for_till, call.program_id, code)
    return answer_with(claim_out(found, await _words(call), await call.decimals()))


@operation("GET", "/members/{member_id:str}/privileges", needs=Capability.READ, told=examples.PRIVILEGES)
async def get_member_privileges(call: Opened, member_id: FromPath[str]) -> Answer[PrivilegesOut]:
    found = await call.desk.read(privileges_of_member, call.program_id, read_id(member_id, "member"), at=call.at)
    words = await _words(call)
    return answer_with(PrivilegesOut(items=[privilege_out(one, words) for one in found]))


@operation("GET", "/privileges", needs=Capability.READ, told=examples.FIGURES)
async def get_privileges(
    call: Opened, from_: FromQuery[Moment | None] = None, until: FromQuery[Moment | None] = None
) -> Answer[PrivilegesFiguresOut]:
    found = await call.desk.read(
        privilege_figures, call.program_id, since=bounded(from_, "from"), until=bounded(until, "until")
    )
    words = await _words(call)
    return answer_with(PrivilegesFiguresOut(items=[figures_out(one, words) for one in found]))


async def _words(call: Call) -> Vocabulary:
    return words_of(await call.rulebook(), call.language)


async def _done(call: Call, done: ClaimResult) -> Answer[ClaimDoneOut]:
    told = claim_done_out(done, await _words(call), await call.decimals())
    return answer_with(told, status=done.status, replayed=done.replayed)
