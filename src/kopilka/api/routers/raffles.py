"""Raffles: announced, closed, drawn, read."""

from __future__ import annotations

from dataclasses import asdict

from litestar.params import FromPath, JSONBody

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import KeyUse
from kopilka.api.examples import raffles as examples
from kopilka.api.operations import Opened, operation
from kopilka.api.receipts import clean_label, must_say_something
from kopilka.api.routers.segments import asking
from kopilka.api.schemas.raffles import EntrantOut, RaffleNew, RaffleOut, WinOut
from kopilka.engine.actor import Capability
from kopilka.services.raffles import (
    NewRaffle,
    RaffleRecord,
    announce_raffle,
    close_raffle,
    draw_raffle,
    read_raffle,
)


@operation("POST", "/raffles", needs=Capability.PUBLISH, key=KeyUse.REQUIRED, status=201, told=examples.ANNOUNCE)
async def announce_new_raffle(call: Opened, data: JSONBody[RaffleNew]) -> Answer[RaffleOut]:
    new = NewRaffle(
        must_say_something(data.code, "code"), clean_label(data.name, "name"), data.currency,
        tuple(must_say_something(prize, "prizes") for prize in data.prizes), one_each=data.one_each,
    )  # fmt: skip
    with call.once():
        done = await call.desk.write(announce_raffle, program_id=call.program_id, new=new, asking=asking(call))
    return answer_with(_raffle(done), status=201)


@operation("POST", "/raffles/{code:str}/close", needs=Capability.PUBLISH, key=KeyUse.REQUIRED, told=examples.CLOSE)
async def close_one_raffle(call: Opened, code: FromPath[str]) -> Answer[RaffleOut]:
    with call.once():
        done = await call.desk.write(close_raffle, program_id=call.program_id, code=code, asking=asking(call))
    return answer_with(_raffle(done))


@operation("POST", "/raffles/{code:str}/draw", needs=Capability.PUBLISH, key=KeyUse.REQUIRED, told=examples.DRAW)
async def draw_one_raffle(call: Opened, code: FromPath[str]) -> Answer[RaffleOut]:
    with call.once():
        done = await call.desk.write(draw_raffle, program_id=call.program_id, code=code, asking=asking(call))
    return answer_with(_raffle(done))


@operation("GET", "/raffles/{code:str}", needs=Capability.READ, told=examples.READ)
async def get_raffle(call: Opened, code: FromPath[str]) -> Answer[RaffleOut]:
    return answer_with(_raffle(await call.desk.write(read_raffle, program_id=call.program_id, code=code)))


def _raffle(record: RaffleRecord) -> RaffleOut:
    values = asdict(record)
    values["entrants"] = [EntrantOut(mark=one.mark, tickets=one.tickets) for one in record.entrants]
    values["wins"] = [WinOut(prize=one.prize, ticket=one.ticket, mark=one.mark) for one in record.wins]
    return RaffleOut(**values)
