"""Returns: of a purchase by line and quantity, or of articles without one; tried first with dry_run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import Call, KeyUse, read_id
from kopilka.api.examples import returns as examples
from kopilka.api.operations import Opened, operation
from kopilka.api.paging import LIMIT_DEFAULT, Cursor, Limit, bounded, capped, make_cursor, read_cursor
from kopilka.api.receipts import clean_label, must_say_something, quantity_of, source_of, till_of
from kopilka.api.requests import member_ref, named_id, optional_id
from kopilka.api.schemas.fields import Id, Moment
from kopilka.api.schemas.receipts import MemberIn
from kopilka.api.schemas.returns import ReturnIn, ReturnOut, ReturnsOut
from kopilka.api.telling import return_out, return_read_out
from kopilka.bookkeeping.purchasing.confirming import FUTURE_MINUTES, PAST_DAYS
from kopilka.engine.actor import Capability
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.returns import list_returns, return_for_door
from kopilka.services.members import find_member_id
from kopilka.services.purchases import RefKind
from kopilka.services.returns import Article, ReturnResult, return_purchase, return_unnamed


@operation(
    "POST", "/returns", needs=Capability.RETURN, key=KeyUse.REQUIRED, status=201, also=(200,), told=examples.CREATE
)
async def create_return(call: Opened, data: JSONBody[ReturnIn]) -> Answer[ReturnOut]:
    work = _of_purchase(call, data) if data.purchase_id is not None else _of_articles(call, data)
    if data.dry_run:
        return await _answer(call, await call.desk.read(work, dry_run=True))
    with call.once():
        return await _answer(call, await call.desk.write(work))


@operation("GET", "/returns/{return_id:str}", needs=Capability.READ, told=examples.READ)
async def get_return(call: Opened, return_id: FromPath[str]) -> Answer[ReturnOut]:
    found = await call.desk.read(return_for_door, call.program_id, read_id(return_id, "return"))
    return answer_with(return_read_out(found, call.program.currency, await call.decimals()))


@operation("GET", "/returns", needs=Capability.READ, told=examples.LIST)
async def get_returns(
    call: Opened,
    member_id: FromQuery[Id | None] = None,
    purchase_id: FromQuery[Id | None] = None,
    from_: Annotated[Moment | None, QueryParameter(name="from")] = None,
    until: FromQuery[Moment | None] = None,
    limit: FromQuery[Limit] = LIMIT_DEFAULT,
    cursor: FromQuery[Cursor | None] = None,
) -> Answer[ReturnsOut]:
    listed = f"returns {member_id} {purchase_id} {from_} {until}"
    page = await call.desk.read(
        list_returns,
        call.program_id,
        member_id=optional_id(member_id, "member"),
        purchase_id=optional_id(purchase_id, "purchase"),
        since=bounded(from_, "from"),
        until=bounded(until, "until"),
        before=None if cursor is None else read_cursor(call.program_id, listed, cursor, UUID),
        limit=capped(limit),
    )
    decimals = await call.decimals()
    following = None if page.before is None else make_cursor(call.program_id, listed, page.before)
    items = [return_read_out(row, call.program.currency, decimals) for row in page.rows]
    return answer_with(ReturnsOut(items=items, next=following))


def _of_purchase(call: Call, data: ReturnIn) -> Callable[..., ReturnResult]:
    if data.articles or data.member is not None:
        raise Refusal(Code.INVALID, field="articles", reason="only_without_purchase_id")
    purchase_id = named_id(data.purchase_id or "", "purchase")
    return partial(return_purchase, purchase_id=purchase_id, lines=_lines(data), **_shared(call, data))


def _of_articles(call: Call, data: ReturnIn) -> Callable[..., ReturnResult]:
    if data.lines is not None:
        raise Refusal(Code.MISSING, field="purchase_id")
    if not data.articles:
        raise Refusal(Code.MISSING, field="articles")
    articles = tuple(
        Article(
            sku=must_say_something(one.sku, f"articles[{place}].sku"),
            quantity=quantity_of(one.quantity, f"articles[{place}].quantity"),
            amount_minor=one.amount_minor,
            name=clean_label(one.name, f"articles[{place}].name"),
        )
        for place, one in enumerate(data.articles)
    )
    find = _finder(call, data.member)
    shared = _shared(call, data)

    def work(*, dry_run: bool = False) -> ReturnResult:
        return return_unnamed(member_id=find(), articles=articles, dry_run=dry_run, **shared)

    return work


def _finder(call: Call, member: MemberIn | None) -> Callable[[], UUID | None]:
    """Finds the member once a thread with a connection runs it."""
    ref = member_ref(call, member)
    if ref is None:
        return lambda: None
    if ref.kind is RefKind.CODE:
        raise Refusal(Code.INVALID, field="member.code", reason="not_here")
    return partial(find_member_id, call.program, ref.kind.value, ref.value, at=call.at)


def _shared(call: Call, data: ReturnIn) -> dict[str, Any]:
    till = till_of(data.till, call.actor)
    return {
        "program_id": call.program_id,
        "source": source_of(till, call.actor),
        "external_id": must_say_something(data.external_id, "external_id"),
        "by": call.actor,
        "at": _moment(call, data.occurred_at),
        "request": call.request,
        "language": call.language.value,
        "request_id": call.request_id,
    }


def _lines(data: ReturnIn) -> Mapping[int, int] | None:
    """Thousandths by line number; None for all that is left."""
    if data.lines is None:
        return None
    lines = {one.line: quantity_of(one.quantity, f"lines[{at}].quantity") for at, one in enumerate(data.lines)}
    if len(lines) != len(data.lines):
        raise Refusal(Code.INVALID, field="lines", reason="line_twice")
    return lines


def _moment(call: Call, told: datetime | None) -> datetime:
    """The same limits as for purchases."""
    if told is None:
        return call.at
    if not call.actor.may(Capability.BACKDATE):
        if told < call.at - timedelta(days=PAST_DAYS):
            raise Refusal(Code.TOO_OLD, limit_days=PAST_DAYS)
        if told > call.at + timedelta(minutes=FUTURE_MINUTES):
            raise Refusal(Code.IN_FUTURE, limit_minutes=FUTURE_MINUTES)
    return told


async def _answer(call: Call, result: ReturnResult) -> Answer[ReturnOut]:
    told = return_out(result, call.program.currency, await call.decimals())
    return answer_with(told, status=result.status if result.return_id else 200, replayed=result.replayed)
