"""Points between members and for many members at once."""

from __future__ import annotations

from litestar.params import FromPath, JSONBody

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import KeyUse, read_id
from kopilka.api.examples import balances as examples
from kopilka.api.naming import one_time_code
from kopilka.api.operations import Opened, operation
from kopilka.api.receipts import must_say_something
from kopilka.api.rendering import balances_out
from kopilka.api.schemas.balances import (
    BulkGrantIn,
    BulkGrantOut,
    BulkGrantsOut,
    ExtendedLotOut,
    ExtendIn,
    ExtendOut,
    FamilyOut,
    JoinIn,
    LeaveIn,
    MergeIn,
    MergeOut,
    TransferCodeIn,
    TransferIn,
    TransferOut,
)
from kopilka.engine.actor import Capability
from kopilka.engine.contacts import clean_text
from kopilka.engine.period import Life
from kopilka.services.bulk_grants import (
    BulkRequest,
    BulkView,
    Preview,
    grant_to_many,
    list_bulk_grants,
    preview_bulk_grant,
    read_bulk_grant,
    undo_bulk_grant,
)
from kopilka.services.families import FamilyView, join_family, leave_family, read_family
from kopilka.services.lots import ExtendRequest, extend_lots
from kopilka.services.merging import merge_members
from kopilka.services.transfers import (
    Signed,
    TransferView,
    accept_transfer,
    decline_transfer,
    propose_transfer,
    read_transfer,
)

REASON_MAX = 500


@operation(
    "POST", "/members/{member_id:str}/transfers", needs=Capability.SPEND, key=KeyUse.REQUIRED, status=201,
    told=examples.PROPOSE,
)  # fmt: skip
async def create_transfer(call: Opened, member_id: FromPath[str], data: JSONBody[TransferIn]) -> Answer[TransferOut]:
    with call.once():
        view = await call.desk.write(
            propose_transfer, program_id=call.program_id, giver=read_id(member_id, "member"), taker=data.to_member_id,
            currency=must_say_something(data.currency, "currency"), units=data.points,
            reason=clean_text(data.reason, field="reason", length_max=REASON_MAX),
            signed=await _signed(call, data.code),
        )  # fmt: skip
    return await _transfer(call, view, status=201)


@operation("GET", "/transfers/{transfer_id:str}", needs=Capability.READ, told=examples.TRANSFER)
async def get_transfer(call: Opened, transfer_id: FromPath[str]) -> Answer[TransferOut]:
    view = await call.desk.read(
        read_transfer, program_id=call.program_id, transfer_id=read_id(transfer_id, "transfer"), by=call.actor
    )
    return await _transfer(call, view)


@operation(
    "POST", "/transfers/{transfer_id:str}/accept", needs=Capability.SPEND, key=KeyUse.REQUIRED, told=examples.ACCEPT
)
async def accept(call: Opened, transfer_id: FromPath[str], data: JSONBody[TransferCodeIn]) -> Answer[TransferOut]:
    with call.once():
        view = await call.desk.write(
            accept_transfer, program_id=call.program_id, transfer_id=read_id(transfer_id, "transfer"),
            signed=await _signed(call, data.code),
        )  # fmt: skip
    return await _transfer(call, view)


@operation(
    "POST", "/transfers/{transfer_id:str}/decline", needs=Capability.SPEND, key=KeyUse.REQUIRED, told=examples.DECLINE
)
async def decline(call: Opened, transfer_id: FromPath[str], data: JSONBody[TransferCodeIn]) -> Answer[TransferOut]:
    with call.once():
        view = await call.desk.write(
            decline_transfer, program_id=call.program_id, transfer_id=read_id(transfer_id, "transfer"),
            signed=await _signed(call, data.code),
        )  # fmt: skip
    return await _transfer(call, view)


@operation("GET", "/members/{member_id:str}/family", needs=Capability.READ, told=examples.FAMILY)
async def get_family(call: Opened, member_id: FromPath[str]) -> Answer[FamilyOut]:
    head = read_id(member_id, "member")
    return _family(await call.desk.read(read_family, program_id=call.program_id, head=head, by=call.actor))


@operation(
    "POST", "/members/{member_id:str}/family/join", needs=Capability.SPEND, key=KeyUse.REQUIRED, told=examples.JOIN
)
async def join(call: Opened, member_id: FromPath[str], data: JSONBody[JoinIn]) -> Answer[FamilyOut]:
    with call.once():
        view = await call.desk.write(
            join_family, program_id=call.program_id, head=read_id(member_id, "member"), joining=data.member_id,
            head_code=await one_time_code(call, data.head_code), signed=await _signed(call, data.code),
        )  # fmt: skip
    return _family(view)


@operation(
    "POST", "/members/{member_id:str}/family/leave", needs=Capability.SPEND, key=KeyUse.REQUIRED, told=examples.LEAVE
)
async def leave(call: Opened, member_id: FromPath[str], data: JSONBody[LeaveIn]) -> Answer[FamilyOut]:
    with call.once():
        view = await call.desk.write(
            leave_family, program_id=call.program_id, head=read_id(member_id, "member"), leaving=data.member_id,
            signed=await _signed(call, data.code),
        )  # fmt: skip
    return _family(view)


@operation(
    "POST", "/members/{member_id:str}/merge", needs=Capability.ADJUST, key=KeyUse.REQUIRED, told=examples.MERGE
)  # fmt: skip
async def merge(call: Opened, member_id: FromPath[str], data: JSONBody[MergeIn]) -> Answer[MergeOut]:
    with call.once():
        done = await call.desk.write(
            merge_members, program_id=call.program_id, kept=read_id(member_id, "member"), gone=data.gone_id,
            reason=data.reason, by=call.actor, at=call.at, dry_run=data.dry_run, request=call.request,
            request_id=call.request_id,
        )  # fmt: skip
    decimals = await call.decimals()
    told = MergeOut(
        id=done.operation_id, kept_id=done.kept, gone_id=done.gone, moved=balances_out(done.moved, decimals),
        balances=balances_out(done.balances, decimals), recorded_at=done.at,
    )  # fmt: skip
    return answer_with(told, replayed=done.replayed)


@operation(
    "POST", "/members/{member_id:str}/extensions", needs=Capability.ADJUST, key=KeyUse.REQUIRED, status=201,
    told=examples.EXTEND,
)  # fmt: skip
async def create_extension(call: Opened, member_id: FromPath[str], data: JSONBody[ExtendIn]) -> Answer[ExtendOut]:
    asked = ExtendRequest(
        read_id(member_id, "member"), must_say_something(data.currency, "currency"), Life(days=data.days),
        clean_text(data.reason, field="reason", length_max=REASON_MAX), call.actor, call.at, tuple(data.lots),
        data.before, call.request, call.request_id,
    )  # fmt: skip
    with call.once():
        done = await call.desk.write(extend_lots, program_id=call.program_id, request=asked)
    told = ExtendOut(
        id=done.operation_id, member_id=done.member_id, currency=done.currency,
        decimals=(await call.decimals()).get(done.currency, 0), reason=done.reason, recorded_at=done.at,
        lots=[
            ExtendedLotOut(lot_id=one.lot, points=one.units, before=one.before, after=one.after) for one in done.lots
        ],
    )  # fmt: skip
    return answer_with(told, status=201, replayed=done.replayed)


@operation(
    "POST", "/bulk-grants", needs=Capability.ADJUST, key=KeyUse.REQUIRED, status=201, also=(200,), told=examples.BULK
)
async def create_bulk_grant(call: Opened, data: JSONBody[BulkGrantIn]) -> Answer[BulkGrantOut]:
    asked = BulkRequest(
        data.when, must_say_something(data.currency, "currency"), data.points,
        clean_text(data.reason, field="reason", length_max=REASON_MAX), call.actor, call.at,
        None if data.life_days is None else Life(days=data.life_days), call.request, call.request_id,
    )  # fmt: skip
    if data.dry_run:
        found = await call.desk.read(preview_bulk_grant, program_id=call.program_id, request=asked)
        return answer_with(_preview(asked, found, await call.decimals()), status=200)
    with call.once():
        view = await call.desk.write(grant_to_many, program_id=call.program_id, request=asked)
    return answer_with(_bulk(view, await call.decimals()), status=201, replayed=view.replayed)


@operation("GET", "/bulk-grants", needs=Capability.READ, told=examples.BULKS)
async def get_bulk_grants(call: Opened) -> Answer[BulkGrantsOut]:
    found = await call.desk.read(list_bulk_grants, program_id=call.program_id, by=call.actor)
    decimals = await call.decimals()
    return answer_with(BulkGrantsOut(items=[_bulk(one, decimals) for one in found]))


@operation("GET", "/bulk-grants/{grant_id:str}", needs=Capability.READ, told=examples.BULK_READ)
async def get_bulk_grant(call: Opened, grant_id: FromPath[str]) -> Answer[BulkGrantOut]:
    found = await call.desk.read(
        read_bulk_grant, program_id=call.program_id, grant_id=read_id(grant_id, "bulk_grant"), by=call.actor
    )
    return answer_with(_bulk(found, await call.decimals()))


@operation(
    "POST", "/bulk-grants/{grant_id:str}/undo", needs=Capability.ADJUST, key=KeyUse.REQUIRED, told=examples.BULK_UNDO
)
async def undo_bulk(call: Opened, grant_id: FromPath[str]) -> Answer[BulkGrantOut]:
    with call.once():
        view = await call.desk.write(
            undo_bulk_grant, program_id=call.program_id, grant_id=read_id(grant_id, "bulk_grant"), by=call.actor,
            at=call.at, request=call.request, request_id=call.request_id,
        )  # fmt: skip
    return answer_with(_bulk(view, await call.decimals()), replayed=view.replayed)


async def _signed(call: Opened, code: str | None) -> Signed:
    return Signed(await one_time_code(call, code), call.actor, call.at, call.request, call.request_id)


async def _transfer(call: Opened, view: TransferView, *, status: int = 200) -> Answer[TransferOut]:
    told = TransferOut(
        id=view.id, from_member_id=view.giver, to_member_id=view.taker, currency=view.currency,
        decimals=(await call.decimals()).get(view.currency, 0), points=view.units, fee=view.fee, state=view.state,
        reason=view.reason, created_at=view.created_at, expires_at=view.expires_at, ended_at=view.ended_at,
    )  # fmt: skip
    return answer_with(told, status=status, replayed=view.replayed)


def _family(view: FamilyView) -> Answer[FamilyOut]:
    return answer_with(FamilyOut(head_id=view.head, member_ids=list(view.members)), replayed=view.replayed)


def _bulk(view: BulkView, decimals: dict[str, int]) -> BulkGrantOut:
    return BulkGrantOut(
        id=view.id, currency=view.currency, decimals=decimals.get(view.currency, 0), points=view.units,
        reason=view.reason, state=view.state, members=view.members, states=view.states, given=view.given,
        taken_back=view.taken_back, sample=[], recorded_at=view.at, expires_at=view.expires_at,
    )  # fmt: skip


def _preview(asked: BulkRequest, found: Preview, decimals: dict[str, int]) -> BulkGrantOut:
    return BulkGrantOut(
        id=None, currency=asked.currency, decimals=decimals.get(asked.currency, 0), points=asked.units,
        reason=asked.reason, state="preview", members=found.members, states={}, given=0, taken_back=0,
        sample=[row.id for row in found.sample], recorded_at=asked.at, expires_at=None,
    )  # fmt: skip
