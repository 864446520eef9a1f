"""Invite links: made, listed, shown as QR codes, looked at, and what they have brought."""

from __future__ import annotations

from base64 import b64encode
from typing import Annotated

import msgspec
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import Call, KeyUse
from kopilka.api.examples import links as examples
from kopilka.api.operations import Opened, operation
from kopilka.api.paging import LIMIT_DEFAULT, Cursor, Limit, bounded, capped, make_cursor, read_cursor
from kopilka.api.routers.segments import asking
from kopilka.api.schemas.fields import Label, Moment
from kopilka.api.schemas.links import (
    AllLinkFiguresOut,
    LinkFiguresOut,
    LinkIn,
    LinkOut,
    LinkQrOut,
    LinksOut,
    ViewIn,
    ViewOut,
)
from kopilka.engine.actor import Capability
from kopilka.queries.links import LinkRow
from kopilka.services.links import (
    NewLink,
    close_link,
    count_view,
    create_link,
    link_figures,
    links_of_program,
    read_link,
)
from kopilka.wording.languages import Language
from kopilka.wording.qr import qr_png, qr_svg

Page = Annotated[
    str, Meta(min_length=1, max_length=500, pattern="^https?://", description="Page of enrolment; the slug is added.")
]


@operation("POST", "/links", needs=Capability.PUBLISH, key=KeyUse.REQUIRED, status=201, told=examples.CREATE)
async def make_link(call: Opened, data: JSONBody[LinkIn]) -> Answer[LinkOut]:
    values = msgspec.structs.asdict(data)
    lists = {name: tuple(values[name]) for name in ("labels", "tags_on", "tags_off")}
    with call.once():
        done = await call.desk.write(
            create_link, program_id=call.program_id, new=NewLink(**values | lists), asking=asking(call)
        )
    return answer_with(_link(call, done.link), status=201, replayed=done.replayed)


@operation("GET", "/links", needs=Capability.READ, told=examples.ALL)
async def get_links(
    call: Opened, limit: FromQuery[Limit] = LIMIT_DEFAULT, cursor: FromQuery[Cursor | None] = None
) -> Answer[LinksOut]:
    page = await call.desk.write(
        links_of_program,
        program_id=call.program_id,
        by=call.actor,
        at=call.at,
        after=None if cursor is None else read_cursor(call.program_id, "links", cursor, str),
        limit=capped(limit),
    )
    following = None if page.after is None else make_cursor(call.program_id, "links", page.after)
    return answer_with(LinksOut(items=[_link(call, row) for row in page.rows], next=following))


@operation("GET", "/links/figures", needs=Capability.READ, told=examples.FIGURES)
async def get_link_figures(
    call: Opened,
    from_: Annotated[Moment | None, QueryParameter(name="from")] = None,
    until: FromQuery[Moment | None] = None,
    code: FromQuery[Label | None] = None,
) -> Answer[AllLinkFiguresOut]:
    found = await call.desk.write(
        link_figures,
        program_id=call.program_id,
        by=call.actor,
        at=call.at,
        since=bounded(from_, "from"),
        until=bounded(until, "until"),
        codes=(code,) if code else (),
    )
    items = [msgspec.convert(one, LinkFiguresOut, from_attributes=True) for one in found]
    return answer_with(AllLinkFiguresOut(items=items))


@operation("GET", "/links/{code:str}", needs=Capability.READ, told=examples.READ)
async def get_link(call: Opened, code: FromPath[str]) -> Answer[LinkOut]:
    return answer_with(_link(call, await _read(call, code)))


@operation("GET", "/links/{code:str}/qr", needs=Capability.READ, told=examples.QR)
async def get_link_qr(call: Opened, code: FromPath[str], page: FromQuery[Page]) -> Answer[LinkQrOut]:
    address = page + (await _read(call, code)).slug
    png = b64encode(qr_png(address)).decode()
    return answer_with(LinkQrOut(address=address, svg=qr_svg(address), png=png))


@operation("POST", "/links/{code:str}/views", needs=Capability.READ, status=201, told=examples.VIEW)
async def view_link(call: Opened, code: FromPath[str], data: JSONBody[ViewIn]) -> Answer[ViewOut]:
    done = await call.desk.write(
        count_view, program_id=call.program_id, code=code, visitor=data.visitor, by=call.actor, at=call.at
    )
    return answer_with(ViewOut(code=done.code, is_new=done.is_new), status=201)


@operation("POST", "/links/{code:str}/close", needs=Capability.PUBLISH, key=KeyUse.REQUIRED, told=examples.CLOSE)
async def end_link(call: Opened, code: FromPath[str]) -> Answer[LinkOut]:
    with call.once():
        done = await call.desk.write(close_link, program_id=call.program_id, code=code, asking=asking(call))
    return answer_with(_link(call, done.link), replayed=done.replayed)


async def _read(call: Call, code: str) -> LinkRow:
    return await call.desk.write(read_link, program_id=call.program_id, code=code, by=call.actor, at=call.at)


def _link(call: Call, row: LinkRow) -> LinkOut:
    said = row.said
    ours, other = (said.name_ru, said.name_en) if call.language is Language.RU else (said.name_en, said.name_ru)
    return LinkOut(
        id=row.id, code=said.code, slug=row.slug, name=ours or other, labels=list(row.labels), partner=said.partner,
        segment=said.segment, tags_on=list(said.tags_on), tags_off=list(said.tags_off), starts_at=said.window.start,
        expires_at=said.window.end, limit=said.limit, cost_minor=said.cost_minor, in_rulebook=row.in_rulebook,
        created_at=row.created_at, created_by=row.created_by,
    )  # fmt: skip
