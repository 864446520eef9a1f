"""Coupon codes: made, found, bound to a phone, withdrawn."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import Call, KeyUse, read_id
from kopilka.api.examples import coupons as examples
from kopilka.api.operations import Opened, operation
from kopilka.api.paging import LIMIT_DEFAULT, Cursor, Limit, capped, make_cursor, read_cursor
from kopilka.api.schemas.coupons import (
    BatchesOut,
    BatchIn,
    BatchOut,
    BindIn,
    BoundOut,
    CodeState,
    CouponOut,
    CouponsOut,
    WithdrawIn,
    WithdrawnOut,
)
from kopilka.api.schemas.fields import CouponCode, Id
from kopilka.bookkeeping.notes import Asking
from kopilka.engine.actor import Capability
from kopilka.engine.contacts import clean_text
from kopilka.queries.coupons import BatchView, CodeView, batches_of_coupon, codes_for_office
from kopilka.services.coupon_batches import issue_codes, withdraw_batch
from kopilka.services.coupons import bind_coupon, read_coupon, withdraw_coupon

TEXT_MAX = 500

Named = Annotated[str, Meta(max_length=64)]


@operation("POST", "/coupon-batches", needs=Capability.PUBLISH, key=KeyUse.REQUIRED, status=201, told=examples.ISSUE)
async def issue_coupons(call: Opened, data: JSONBody[BatchIn]) -> Answer[BatchOut]:
    note = clean_text(data.note, field="note", length_max=TEXT_MAX)
    with call.once():
        done = await call.desk.write(
            issue_codes, program_id=call.program_id, coupon=data.coupon, count=data.count, note=note,
            asking=_asking(call),
        )  # fmt: skip
    found = await call.desk.read(batches_of_coupon, call.program_id, data.coupon)
    return answer_with(next(_batch(one) for one in found if one.id == done.batch_id), status=201)


@operation("GET", "/coupon-batches", needs=Capability.READ, told=examples.BATCHES)
async def get_coupon_batches(call: Opened, coupon: FromQuery[Named | None] = None) -> Answer[BatchesOut]:
    found = await call.desk.read(batches_of_coupon, call.program_id, coupon or "")
    return answer_with(BatchesOut(items=[_batch(one) for one in found]))


@operation(
    "POST",
    "/coupon-batches/{batch_id:str}/withdraw",
    needs=Capability.ADJUST,
    key=KeyUse.REQUIRED,
    told=examples.WITHDRAW_BATCH,
)
async def withdraw_coupon_batch(
    call: Opened, batch_id: FromPath[str], data: JSONBody[WithdrawIn]
) -> Answer[WithdrawnOut]:
    with call.once():
        done = await call.desk.write(
            withdraw_batch, program_id=call.program_id, batch_id=read_id(batch_id, "coupon_batch"),
            reason=_reason(data), asking=_asking(call),
        )  # fmt: skip
    return answer_with(WithdrawnOut(count=done.count))


@operation("GET", "/coupons", needs=Capability.PUBLISH, told=examples.CODES)
async def get_coupons(
    call: Opened,
    coupon: FromQuery[CouponCode | None] = None,
    state_: Annotated[CodeState | None, QueryParameter(name="state")] = None,
    member_id: FromQuery[Id | None] = None,
    batch_id: FromQuery[Id | None] = None,
    limit: FromQuery[Limit] = LIMIT_DEFAULT,
    cursor: FromQuery[Cursor | None] = None,
) -> Answer[CouponsOut]:
    listed = f"coupons {coupon or ''} {state_ or ''} {member_id or ''} {batch_id or ''}"
    page = await call.desk.read(
        codes_for_office,
        call.program_id,
        at=call.at,
        coupon=coupon or "",
        state=state_ or "",
        member_id=read_id(member_id, "member") if member_id else None,
        batch_id=read_id(batch_id, "coupon_batch") if batch_id else None,
        after="" if cursor is None else read_cursor(call.program_id, listed, cursor, str),
        limit=capped(limit) + 1,
    )
    shown = page[: capped(limit)]
    following = make_cursor(call.program_id, listed, shown[-1].word) if len(page) > len(shown) else None
    return answer_with(CouponsOut(items=[_code(one) for one in shown], next=following))


@operation("GET", "/coupons/{word:str}", needs=Capability.READ, told=examples.READ)
async def get_coupon(call: Opened, word: FromPath[str]) -> Answer[CouponOut]:
    found = await call.desk.write(read_coupon, program_id=call.program_id, word=word, by=call.actor, at=call.at)
    return answer_with(_code(found))


@operation("POST", "/coupons/{word:str}/bind", needs=Capability.ENROL, key=KeyUse.REQUIRED, told=examples.BIND)
async def bind_coupon_code(call: Opened, word: FromPath[str], data: JSONBody[BindIn]) -> Answer[BoundOut]:
    with call.once():
        done = await call.desk.write(
            bind_coupon, program_id=call.program_id, word=word, phone=data.phone, asking=_asking(call)
        )
    told = BoundOut(
        coupon=done.coupon, word=done.word, member_id=done.member_id, valid_until=done.until, enrolled=done.enrolled
    )
    return answer_with(told, replayed=done.replayed)


@operation("POST", "/coupons/{word:str}/withdraw", needs=Capability.ADJUST, key=KeyUse.REQUIRED, told=examples.WITHDRAW)
async def withdraw_coupon_code(call: Opened, word: FromPath[str], data: JSONBody[WithdrawIn]) -> Answer[CouponOut]:
    with call.once():
        done = await call.desk.write(
            withdraw_coupon, program_id=call.program_id, word=word, reason=_reason(data), asking=_asking(call)
        )
    return answer_with(_code(done))


def _asking(call: Call) -> Asking:
    return Asking(call.actor, call.at, call.request, call.request_id)


def _reason(data: WithdrawIn) -> str:
    return clean_text(data.reason, field="reason", length_max=TEXT_MAX)


def _batch(view: BatchView) -> BatchOut:
    return BatchOut(**asdict(view))


def _code(view: CodeView) -> CouponOut:
    values = asdict(view)
    values.pop("id")
    return CouponOut(**values)
