"""From the body of a purchase or a quote to what the kernel is asked; compiled with what a purchase passes."""

from __future__ import annotations

import re
from uuid import UUID

import msgspec

from kopilka.api.opening import Call
from kopilka.api.receipts import must_say_something, receipt_of, source_of, till_of
from kopilka.api.schemas.receipts import MemberIn, PurchaseIn, QuoteIn
from kopilka.bookkeeping.idempotency import Request
from kopilka.bookkeeping.purchasing.requests import NO_PROOF, MemberRef, Proof, PurchaseRequest, QuoteRequest, RefKind
from kopilka.engine.receipt import Receipt
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.profiles import clean_identifier

CODE = "code"
_WRITTEN = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def purchase_request(call: Call, data: PurchaseIn) -> PurchaseRequest:
    holder = call.holder
    receipt = _receipt(call, data)
    till = receipt.till if receipt is not None else till_of(data.till, holder.actor)
    request = PurchaseRequest(
        source=source_of(till, holder.actor),
        external_id=must_say_something(data.external_id, "external_id"),
        by=holder.actor,
        at=call.at,
        receipt=receipt,
        member=member_ref(call, data.member),
        quote_id=optional_id(data.quote_id, "quote"),
        hold_id=optional_id(data.hold_id, "hold"),
        final=data.final,
        life_minutes=data.life_minutes,
        proof=proof_of(data.member, data.code),
        request=Request(holder.key_id if call.key else None, call.key, call.fingerprint),
        language=call.language.value,
        request_id=call.request_id,
    )
    request.prepare()
    return request


def quote_request(call: Call, data: QuoteIn) -> QuoteRequest:
    holder = call.holder
    receipt = receipt_of(data, currency=holder.program.currency, by=holder.actor, at=call.at)
    return QuoteRequest(
        receipt=receipt, by=holder.actor, at=call.at, member=member_ref(call, data.member), keep=data.keep
    )


def _receipt(call: Call, data: PurchaseIn) -> Receipt | None:
    """None where the quote's own receipt is meant: a receipt is sent whole or not at all."""
    if data.quote_id is None:
        return receipt_of(data, currency=call.holder.program.currency, by=call.holder.actor, at=call.at)
    if data.lines:
        raise Refusal(Code.INVALID, field="lines", reason="stand_in_the_quote")
    return None


def member_ref(call: Call, member: MemberIn | None) -> MemberRef | None:
    """The member as the kernel looks for him: normalised. None for an anonymous receipt."""
    if member is None:
        return None
    by_id, phone, card, email, external, code = msgspec.structs.astuple(member)
    if by_id is not None and phone is card is email is external is code is None:  # what most tills send
        return MemberRef(RefKind.ID, _written_id(by_id))
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


def named_id(text: str, what: str) -> UUID:
    """An id in a body; one that cannot be an id names nothing."""
    try:
        return UUID(text)
    except ValueError:
        raise Refusal(Code.NOT_FOUND, what=what) from None


def optional_id(text: str | None, what: str) -> UUID | None:
    return None if text is None else named_id(text, what)
