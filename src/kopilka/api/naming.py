"""Codes that a body bears: a rotating one is exchanged for a one-time code before the kernel is asked."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from kopilka.api.calls import Call
from kopilka.api.schemas.holds import HoldIn
from kopilka.api.schemas.receipts import PurchaseIn, QuoteIn
from kopilka.engine.live_codes import looks_live
from kopilka.services.live_codes import accept_live_code

Body = TypeVar("Body", PurchaseIn, QuoteIn, HoldIn)
"""Bodies that may bear a member's code, by itself or in his name."""


def bears_code(data: PurchaseIn | QuoteIn | HoldIn) -> bool:
    """Does it bear a code at all? Most bodies do not."""
    return data.code is not None or (data.member is not None and data.member.code is not None)


async def without_live_codes(call: Call, data: Body) -> Body:
    """The body with one-time codes in the place of rotating ones."""
    member = data.member
    if member is not None and member.code is not None:
        member = msgspec.structs.replace(member, code=await one_time_code(call, member.code))
    return msgspec.structs.replace(data, member=member, code=await one_time_code(call, data.code))


async def one_time_code(call: Call, code: str | None) -> str | None:
    """What the kernel takes: for a rotating code, which from now on is this key's alone, its proof."""
    if code is None or not looks_live(code):
        return code
    proof = await call.desk.write(accept_live_code, program_id=call.program_id, text=code, by=call.actor, at=call.at)
    return proof.code
