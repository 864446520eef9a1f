"""Whom and what a body names: the member, his proof, the source of a receipt's number."""

from __future__ import annotations

import re
from typing import TypeVar
from uuid import UUID

import msgspec

from kopilka.api.calls import Call
from kopilka.api.schemas.holds import HoldIn
from kopilka.api.schemas.receipts import MemberIn, PurchaseIn, QuoteIn
from kopilka.engine.live_codes import looks_live
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.live_codes import accept_live_code
from kopilka.services.profiles import clean_identifier
from kopilka.services.purchases import NO_PROOF, MemberRef, Proof, RefKind

CODE = "code"
_WRITTEN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def member_ref(call: Call, member: MemberIn | None) -> MemberRef | None:
    """The member as the kernel looks for him: normalised. None for an anonymous receipt."""
    if member is None:
        return None
    if member.id is not None and member == MemberIn(id=member.id):  # what most tills send
        return MemberRef(RefKind.ID, _written_id(member.id))
    given = {name: value for name, value in msgspec.structs.asdict(member).items() if value is not None}
    named = [name for name in given if name != CODE]
    if len(named) > 1 or not given:
        raise Refusal(Code.INVALID, field="member", reason="one_identifier")
    kind = RefKind(named[0] if named else CODE)
    value = given[kind.value]
    if kind is RefKind.ID:
        value = _written_id(value)
    elif kind is not RefKind.CODE:
        value = clean_identifier(call.program, kind.value, value)
    return MemberRef(kind, value)


def _written_id(text: str) -> str:
    """The one way an id is written; most are written so already."""
    return text if _WRITTEN.fullmatch(text) else str(named_id(text, "member"))


def proof_of(member: MemberIn | None, code: str | None) -> Proof:
    """The one-time code, wherever in the body it stands."""
    beside = member.code if member is not None else None
    if code is not None and beside is not None and code != beside:
        raise Refusal(Code.INVALID, field="code", reason="two_codes")
    given = code or beside
    return NO_PROOF if given is None else Proof(code=given)


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


def named_id(text: str, what: str) -> UUID:
    """An id in a body; one that cannot be an id names nothing."""
    try:
        return UUID(text)
    except ValueError:
        raise Refusal(Code.NOT_FOUND, what=what) from None


def optional_id(text: str | None, what: str) -> UUID | None:
    return None if text is None else named_id(text, what)
