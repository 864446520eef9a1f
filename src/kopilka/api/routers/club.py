"""The club, goods that members have asked for, and who recommends most."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import KeyUse, read_id
from kopilka.api.examples import club as examples
from kopilka.api.operations import Opened, operation
from kopilka.api.paging import LIMIT_DEFAULT, Cursor, Limit, bounded, capped, make_cursor, read_cursor
from kopilka.api.receipts import quantity_of
from kopilka.api.requests import named_id, optional_id
from kopilka.api.routers.segments import asking
from kopilka.api.schemas.club import (
    AllGoodsOut,
    AmbassadorOut,
    AmbassadorsOut,
    ArrivalIn,
    ArrivalOut,
    EconomicsOut,
    GoodsIn,
    GoodsOut,
    ServiceOut,
    ServicesOut,
    ServiceUseIn,
    ServiceUseOut,
)
from kopilka.api.schemas.fields import Id, Label, Moment
from kopilka.engine.actor import Capability
from kopilka.services.ambassadors import ambassadors
from kopilka.services.club.economics import club_economics
from kopilka.services.club.uses import services_of_member, use_service
from kopilka.services.goods import Asked, GoodsAnswer, goods_arrived, goods_requests, request_goods, withdraw_request
from kopilka.wording.languages import Language

State = Literal["open", "arrived", "bought", "withdrawn"]
Rank = Literal["brought", "buyers", "revenue"]
Sku = Annotated[str, Meta(max_length=100)]


@operation("GET", "/members/{member_id:str}/club", needs=Capability.READ, told=examples.SERVICES)
async def get_services(call: Opened, member_id: FromPath[str]) -> Answer[ServicesOut]:
    found = await call.desk.read(
        services_of_member,
        program_id=call.program_id,
        member_id=read_id(member_id, "member"),
        by=call.actor,
        at=call.at,
    )
    russian = call.language is Language.RU
    items = [
        ServiceOut(
            code=one.code,
            name=(one.name_ru if russian else one.name_en) or one.name_ru or one.name_en or one.code,
            is_open=one.is_open,
            left=one.left,
        )
        for one in found
    ]
    return answer_with(ServicesOut(items=items))


@operation(
    "POST",
    "/members/{member_id:str}/club/{service:str}/uses",
    needs=Capability.EARN,
    key=KeyUse.REQUIRED,
    status=201,
    told=examples.USE,
)
async def use_club_service(
    call: Opened, member_id: FromPath[str], service: FromPath[str], data: JSONBody[ServiceUseIn]
) -> Answer[ServiceUseOut]:
    with call.once():
        done = await call.desk.write(
            use_service,
            program_id=call.program_id,
            member_id=read_id(member_id, "member"),
            service=service,
            branch=data.branch or call.actor.branch,
            asking=asking(call),
        )
    told = msgspec.convert(done, ServiceUseOut, from_attributes=True)
    return answer_with(told, status=201, replayed=done.replayed)


@operation("GET", "/club/economics", needs=Capability.READ, told=examples.ECONOMICS)
async def get_economics(
    call: Opened,
    segment: FromQuery[Label],
    from_: Annotated[Moment | None, QueryParameter(name="from")] = None,
    until: FromQuery[Moment | None] = None,
) -> Answer[EconomicsOut]:
    found = await call.desk.read(
        club_economics,
        program_id=call.program_id,
        segment=segment,
        by=call.actor,
        at=call.at,
        since=bounded(from_, "from"),
        until=bounded(until, "until"),
    )
    return answer_with(msgspec.convert(found, EconomicsOut, from_attributes=True))


@operation("POST", "/goods/requests", needs=Capability.ENROL, key=KeyUse.REQUIRED, status=201, told=examples.ASK)
async def ask_for_goods(call: Opened, data: JSONBody[GoodsIn]) -> Answer[GoodsOut]:
    asked = Asked(
        data.sku, data.name, quantity_of(data.quantity, "quantity"), data.branch or call.actor.branch, data.staff,
        data.note,
    )  # fmt: skip
    with call.once():
        done = await call.desk.write(
            request_goods,
            program_id=call.program_id,
            member_id=named_id(data.member_id, "member"),
            asked=asked,
            asking=asking(call),
        )
    return _goods(done, 201)


@operation("GET", "/goods/requests", needs=Capability.READ, told=examples.ASKED)
async def get_goods_requests(
    call: Opened,
    state_: Annotated[State | None, QueryParameter(name="state")] = None,
    sku: FromQuery[Sku | None] = None,
    member_id: FromQuery[Id | None] = None,
    limit: FromQuery[Limit] = LIMIT_DEFAULT,
    cursor: FromQuery[Cursor | None] = None,
) -> Answer[AllGoodsOut]:
    listed = f"goods {state_} {sku} {member_id}"
    page = await call.desk.read(
        goods_requests,
        program_id=call.program_id,
        by=call.actor,
        state=state_,
        sku=sku,
        member_id=optional_id(member_id, "member"),
        after=None if cursor is None else read_cursor(call.program_id, listed, cursor, UUID),
        limit=capped(limit),
    )
    following = None if page.after is None else make_cursor(call.program_id, listed, page.after)
    items = [msgspec.convert(row, GoodsOut, from_attributes=True) for row in page.rows]
    return answer_with(AllGoodsOut(items=items, next=following))


@operation(
    "POST",
    "/goods/requests/{request_id:str}/withdraw",
    needs=Capability.ENROL,
    key=KeyUse.REQUIRED,
    told=examples.WITHDRAW,
)
async def withdraw_goods_request(call: Opened, request_id: FromPath[str]) -> Answer[GoodsOut]:
    with call.once():
        done = await call.desk.write(
            withdraw_request,
            program_id=call.program_id,
            request_id=read_id(request_id, "request"),
            asking=asking(call),
        )
    return _goods(done, 200)


@operation("POST", "/goods/arrivals", needs=Capability.ENROL, key=KeyUse.REQUIRED, status=201, told=examples.ARRIVED)
async def tell_of_arrival(call: Opened, data: JSONBody[ArrivalIn]) -> Answer[ArrivalOut]:
    with call.once():
        done = await call.desk.write(
            goods_arrived,
            program_id=call.program_id,
            skus=data.skus,
            branch=data.branch,
            message=data.message,
            asking=asking(call),
        )
    return answer_with(ArrivalOut(told=done.told), status=201, replayed=done.replayed)


@operation("GET", "/ambassadors", needs=Capability.READ, told=examples.AMBASSADORS)
async def get_ambassadors(
    call: Opened,
    from_: Annotated[Moment | None, QueryParameter(name="from")] = None,
    until: FromQuery[Moment | None] = None,
    rank: FromQuery[Rank] = "brought",
    limit: FromQuery[Limit] = LIMIT_DEFAULT,
) -> Answer[AmbassadorsOut]:
    found = await call.desk.read(
        ambassadors,
        program_id=call.program_id,
        by=call.actor,
        since=bounded(from_, "from"),
        until=bounded(until, "until"),
        rank=rank,
        limit=capped(limit),
    )
    items = [msgspec.convert(one, AmbassadorOut, from_attributes=True) for one in found]
    return answer_with(AmbassadorsOut(items=items))


def _goods(done: GoodsAnswer, status: int) -> Answer[GoodsOut]:
    told = msgspec.convert(done.request, GoodsOut, from_attributes=True)
    return answer_with(told, status=status, replayed=done.replayed)
