"""Wallets of a member, and changing them by hand."""

from __future__ import annotations

from litestar.params import FromPath, JSONBody

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import KeyUse, read_id
from kopilka.api.examples import wallets as examples
from kopilka.api.operations import Opened, operation
from kopilka.api.receipts import must_say_something
from kopilka.api.schemas.members import AdjustmentIn, AdjustmentOut, OneWalletOut, WalletsOut
from kopilka.api.telling import adjustment_out, wallet_out
from kopilka.engine.actor import Capability
from kopilka.engine.contacts import clean_text
from kopilka.engine.period import Life
from kopilka.queries.wallets import wallet_of_program, wallets_of_member
from kopilka.services.wallets import AdjustRequest, adjust_points

REASON_MAX = 500


@operation("GET", "/members/{member_id:str}/wallets", needs=Capability.READ, told=examples.WALLETS)
async def get_wallets(call: Opened, member_id: FromPath[str]) -> Answer[WalletsOut]:
    member = read_id(member_id, "member")
    found = await call.desk.read(wallets_of_member, call.program_id, member, at=call.at)
    rulebook = await call.rulebook()
    return answer_with(
        WalletsOut(member_id=member, wallets=[wallet_out(one, rulebook, call.language) for one in found])
    )


@operation("GET", "/wallets/{wallet_id:str}", needs=Capability.READ, told=examples.WALLET)
async def get_wallet(call: Opened, wallet_id: FromPath[str]) -> Answer[OneWalletOut]:
    member, found = await call.desk.read(wallet_of_program, call.program_id, read_id(wallet_id, "wallet"), at=call.at)
    told = wallet_out(found, await call.rulebook(), call.language)
    return answer_with(OneWalletOut(member_id=member, wallet=told))


@operation(
    "POST",
    "/members/{member_id:str}/adjustments",
    needs=Capability.ADJUST,
    key=KeyUse.REQUIRED,
    status=201,
    told=examples.ADJUST,
)
async def create_adjustment(
    call: Opened, member_id: FromPath[str], data: JSONBody[AdjustmentIn]
) -> Answer[AdjustmentOut]:
    request = AdjustRequest(
        member_id=read_id(member_id, "member"),
        currency=must_say_something(data.currency, "currency"),
        units=data.points,
        reason=clean_text(data.reason, field="reason", length_max=REASON_MAX),
        by=call.actor,
        at=call.at,
        life=None if data.life_days is None else Life(days=data.life_days),
        request=call.request,
        language=call.language.value,
        request_id=call.request_id,
    )
    with call.once():
        result = await call.desk.write(adjust_points, program_id=call.program_id, request=request)
    told = adjustment_out(result, await call.decimals())
    return answer_with(told, status=result.status, replayed=result.replayed)
