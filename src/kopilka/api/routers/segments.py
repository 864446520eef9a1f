"""Segments: members counted and listed by any condition, put into segments and taken out."""

from __future__ import annotations

from dataclasses import asdict
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from litestar.params import FromPath, FromQuery, JSONBody

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import Call, KeyUse, read_id
from kopilka.api.examples import segments as examples
from kopilka.api.operations import Opened, operation
from kopilka.api.paging import LIMIT_DEFAULT, Cursor, Limit, capped, make_cursor, read_cursor
from kopilka.api.schemas.segments import (
    CountIn,
    CountOut,
    ListIn,
    MemberRowOut,
    MemberRowsOut,
    SegmentOut,
    SegmentsOut,
    StayIn,
    StayOut,
    StayRowOut,
    StaysOut,
)
from kopilka.bookkeeping.notes import Asking
from kopilka.bookkeeping.segments import Putting
from kopilka.engine.actor import Capability
from kopilka.queries.segments import MemberPage
from kopilka.services.segments.asking import count_where, list_where, read_segment, size_of_segments
from kopilka.services.segments.putting import StayAnswer, put_member, segments_of_member, take_member_out
from kopilka.wording.languages import Language


@operation("POST", "/segments/count", needs=Capability.READ, told=examples.COUNT)
async def count_members(call: Opened, data: JSONBody[CountIn]) -> Answer[CountOut]:
    found = await call.desk.read(count_where, program_id=call.program_id, when=data.when, by=call.actor, at=call.at)
    return answer_with(CountOut(members=found))


@operation("POST", "/segments/list", needs=Capability.READ, told=examples.LIST)
async def list_members(call: Opened, data: JSONBody[ListIn]) -> Answer[MemberRowsOut]:
    listed = f"members {sha256(msgspec.json.encode(data.when)).hexdigest()}"
    page = await call.desk.read(
        list_where,
        program_id=call.program_id,
        when=data.when,
        by=call.actor,
        at=call.at,
        after=None if data.cursor is None else read_cursor(call.program_id, listed, data.cursor, UUID),
        limit=capped(data.limit),
    )
    return _members(call, listed, page)


@operation("GET", "/segments", needs=Capability.READ, told=examples.ALL)
async def get_segments(call: Opened) -> Answer[SegmentsOut]:
    sizes = await call.desk.read(size_of_segments, program_id=call.program_id, by=call.actor, at=call.at)
    rulebook = await call.rulebook()
    said = rulebook.mechanics.segments if rulebook else {}
    items = [
        SegmentOut(code=code, name=_name(call, said[code]), by=said[code].by or "condition", members=size)
        for code, size in sizes.items()
        if code in said
    ]
    return answer_with(SegmentsOut(items=items))


@operation("GET", "/segments/{code:str}/members", needs=Capability.READ, told=examples.MEMBERS)
async def get_segment_members(
    call: Opened, code: FromPath[str], limit: FromQuery[Limit] = LIMIT_DEFAULT, cursor: FromQuery[Cursor | None] = None
) -> Answer[MemberRowsOut]:
    listed = f"segment {code}"
    page = await call.desk.read(
        read_segment,
        program_id=call.program_id,
        segment=code,
        by=call.actor,
        at=call.at,
        after=None if cursor is None else read_cursor(call.program_id, listed, cursor, UUID),
        limit=capped(limit),
    )
    return _members(call, listed, page)


@operation("GET", "/members/{member_id:str}/segments", needs=Capability.READ, told=examples.STAYS)
async def get_member_segments(call: Opened, member_id: FromPath[str]) -> Answer[StaysOut]:
    found = await call.desk.read(
        segments_of_member,
        program_id=call.program_id,
        member_id=read_id(member_id, "member"),
        by=call.actor,
        at=call.at,
    )
    return answer_with(StaysOut(items=[StayRowOut(**asdict(one)) for one in found]))


@operation(
    "PUT",
    "/members/{member_id:str}/segments/{code:str}",
    needs=Capability.ENROL,
    key=KeyUse.REQUIRED,
    told=examples.PUT_INTO,
)
async def put_into_segment(
    call: Opened, member_id: FromPath[str], code: FromPath[str], data: JSONBody[StayIn]
) -> Answer[StayOut]:
    with call.once():
        done = await call.desk.write(
            put_member,
            program_id=call.program_id,
            member_id=read_id(member_id, "member"),
            putting=Putting(code, data.until, data.next_sale),
            asking=asking(call),
        )
    return _stay(done)


@operation(
    "DELETE",
    "/members/{member_id:str}/segments/{code:str}",
    needs=Capability.ENROL,
    key=KeyUse.REQUIRED,
    told=examples.TAKE_OUT,
)
async def take_out_of_segment(call: Opened, member_id: FromPath[str], code: FromPath[str]) -> Answer[StayOut]:
    with call.once():
        done = await call.desk.write(
            take_member_out,
            program_id=call.program_id,
            member_id=read_id(member_id, "member"),
            segment=code,
            asking=asking(call),
        )
    return _stay(done)


def asking(call: Call) -> Asking:
    return Asking(call.actor, call.at, call.request, call.request_id)


def _name(call: Call, said: Any) -> str:
    """In the reader's language, else in the other one, else the code."""
    ours, other = (said.name_ru, said.name_en) if call.language is Language.RU else (said.name_en, said.name_ru)
    return ours or other or str(said.code)


def _members(call: Call, listed: str, page: MemberPage) -> Answer[MemberRowsOut]:
    following = None if page.after is None else make_cursor(call.program_id, listed, page.after)
    items = [msgspec.convert(row, MemberRowOut, from_attributes=True) for row in page.rows]
    return answer_with(MemberRowsOut(items=items, next=following))


def _stay(done: StayAnswer) -> Answer[StayOut]:
    return answer_with(msgspec.convert(done, StayOut, from_attributes=True), replayed=done.replayed)
