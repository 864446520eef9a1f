"""Purchases: recorded, made final, cancelled, read and listed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from kopilka.api.answers import Answer, answer_of, answer_with
from kopilka.api.calls import Call, KeyUse, read_id
from kopilka.api.examples import purchases as examples
from kopilka.api.naming import bears_code, without_live_codes
from kopilka.api.operations import Opened, operation
from kopilka.api.paging import LIMIT_DEFAULT, Cursor, Limit, bounded, capped, make_cursor, read_cursor
from kopilka.api.rendering import purchase_json
from kopilka.api.requests import optional_id, purchase_request
from kopilka.api.schemas.decisions import PurchaseOut, PurchasesOut
from kopilka.api.schemas.fields import Id, Moment
from kopilka.api.schemas.receipts import PurchaseIn
from kopilka.api.telling import purchase_row_out
from kopilka.bookkeeping.documents import decision_from_text
from kopilka.engine.actor import Capability
from kopilka.queries.purchases import list_purchases, purchase_for_door
from kopilka.services.purchases import PurchaseResult, cancel_open, confirm_open


@operation("POST", "/purchases", needs=Capability.EARN, key=KeyUse.REQUIRED, status=201, told=examples.CREATE)
async def create_purchase(call: Opened, data: JSONBody[PurchaseIn]) -> Answer[PurchaseOut]:
    with call.once():
        if bears_code(data):
            data = await without_live_codes(call, data)
        result = await call.desk.confirm(call.program_id, purchase_request(call, data))
    return await purchase_answer(call, result, explain=data.explain)


@operation(
    "POST", "/purchases/{purchase_id:str}/confirm", needs=Capability.EARN, key=KeyUse.REQUIRED, told=examples.CONFIRM
)
async def confirm_purchase(call: Opened, purchase_id: FromPath[str]) -> Answer[PurchaseOut]:
    return await _end(call, confirm_open, purchase_id)


@operation(
    "POST", "/purchases/{purchase_id:str}/cancel", needs=Capability.EARN, key=KeyUse.REQUIRED, told=examples.CANCEL
)
async def cancel_purchase(call: Opened, purchase_id: FromPath[str]) -> Answer[PurchaseOut]:
    return await _end(call, cancel_open, purchase_id)


async def _end(call: Call, act: Callable[..., PurchaseResult], purchase_id: str) -> Answer[PurchaseOut]:
    with call.once():
        result = await call.desk.write(
            act, program_id=call.program_id, purchase_id=read_id(purchase_id, "purchase"), by=call.actor, at=call.at,
            request=call.request, language=call.language.value, request_id=call.request_id,
        )  # fmt: skip
    return await purchase_answer(call, result)


@operation("GET", "/purchases/{purchase_id:str}", needs=Capability.READ, told=examples.READ)
async def get_purchase(call: Opened, purchase_id: FromPath[str]) -> Answer[PurchaseOut]:
    found = await call.desk.read(purchase_for_door, call.program_id, read_id(purchase_id, "purchase"))
    rulebook = await call.desk.rulebook(call.program_id, found.version)
    row = found.row
    body = purchase_json(
        decision_from_text(found.decision), rulebook, call.language.value, {}, purchase_id=row.id,
        state=row.state, source=row.source, external_id=row.external_id, recorded_at=row.recorded_at,
        explain=True,
    )  # fmt: skip
    return answer_of(body)


@operation("GET", "/purchases", needs=Capability.READ, told=examples.LIST)
async def get_purchases(
    call: Opened,
    member_id: FromQuery[Id | None] = None,
    from_: Annotated[Moment | None, QueryParameter(name="from")] = None,
    until: FromQuery[Moment | None] = None,
    limit: FromQuery[Limit] = LIMIT_DEFAULT,
    cursor: FromQuery[Cursor | None] = None,
) -> Answer[PurchasesOut]:
    listed = f"purchases {member_id} {from_} {until}"
    page = await call.desk.read(
        list_purchases,
        call.program_id,
        member_id=optional_id(member_id, "member"),
        since=bounded(from_, "from"),
        until=bounded(until, "until"),
        before=None if cursor is None else read_cursor(call.program_id, listed, cursor, UUID),
        limit=capped(limit),
    )
    following = None if page.before is None else make_cursor(call.program_id, listed, page.before)
    return answer_with(PurchasesOut(items=[purchase_row_out(row) for row in page.rows], next=following))


async def purchase_answer(call: Call, result: PurchaseResult, *, explain: bool = False) -> Answer[PurchaseOut]:
    """In the language of the first answer, so that a repetition reads the same."""
    desk, version = call.desk, result.decision.version
    rulebook = desk.known_rulebook(call.program_id, version) or await desk.rulebook(call.program_id, version)
    body = purchase_json(
        result.decision, rulebook, result.language, result.balances, purchase_id=result.purchase_id,
        state=result.state, source=result.source, external_id=result.external_id, recorded_at=result.recorded_at,
        explain=explain,
    )  # fmt: skip
    return answer_of(body, status=result.status, replayed=result.replayed)
