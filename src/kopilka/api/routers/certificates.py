"""Gift certificates: made, read, topped up, paid out, blocked."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from litestar.params import FromPath, JSONBody

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import KeyUse, read_id
from kopilka.api.examples import certificates as examples
from kopilka.api.operations import Opened, operation
from kopilka.api.routers.segments import asking
from kopilka.api.schemas.certificates import (
    BlockIn,
    CertificateMadeOut,
    CertificateMovedOut,
    CertificateNew,
    CertificateOut,
    CertificateSoldByOut,
    CertificatesOut,
    TopUpIn,
    WhyIn,
)
from kopilka.bookkeeping.certificates import pin_of
from kopilka.engine.actor import Capability
from kopilka.engine.contacts import clean_text
from kopilka.queries.certificates import CertificateView, certificates_of_purchase
from kopilka.services.certificates import (
    Moved,
    block_certificate,
    pay_out_certificate,
    read_certificate,
    sell_certificate,
    top_up_certificate,
)

REASON_MAX = 500


@operation("POST", "/certificates", needs=Capability.ADJUST, key=KeyUse.REQUIRED, status=201, told=examples.SELL)
async def make_certificate(call: Opened, data: JSONBody[CertificateNew]) -> Answer[CertificateMadeOut]:
    with call.once():
        done = await call.desk.write(
            sell_certificate, program_id=call.program_id, kind=data.kind, minor=data.amount_minor,
            reason=_reason(data.reason), asking=asking(call),
        )  # fmt: skip
    told = CertificateMadeOut(
        number=done.number, pin=done.pin, kind=done.kind, amount_minor=done.minor, valid_until=done.valid_until
    )
    return answer_with(told, status=201)


@operation("GET", "/certificates/{number:str}", needs=Capability.READ, told=examples.READ)
async def get_certificate(call: Opened, number: FromPath[str]) -> Answer[CertificateOut]:
    found = await call.desk.write(
        read_certificate, program_id=call.program_id, number=number, by=call.actor, at=call.at
    )
    return answer_with(CertificateOut(**_values(found)))


@operation("GET", "/purchases/{purchase_id:str}/certificates", needs=Capability.EARN, told=examples.SOLD)
async def get_sold_certificates(call: Opened, purchase_id: FromPath[str]) -> Answer[CertificatesOut]:
    found = await call.desk.read(
        certificates_of_purchase, call.program_id, read_id(purchase_id, "purchase"), at=call.at
    )
    items = [
        CertificateSoldByOut(**_values(one), pin=pin_of(call.program_id, one.number) if one.asks_pin else "")
        for one in found
    ]
    return answer_with(CertificatesOut(items=items))


@operation(
    "POST", "/certificates/{number:str}/top-ups", needs=Capability.ADJUST, key=KeyUse.REQUIRED, told=examples.TOP_UP
)
async def top_up(call: Opened, number: FromPath[str], data: JSONBody[TopUpIn]) -> Answer[CertificateMovedOut]:
    with call.once():
        done = await call.desk.write(
            top_up_certificate, program_id=call.program_id, number=number, minor=data.amount_minor,
            reason=_reason(data.reason), asking=asking(call),
        )  # fmt: skip
    return answer_with(_moved(done))


@operation(
    "POST", "/certificates/{number:str}/pay-out", needs=Capability.ADJUST, key=KeyUse.REQUIRED, told=examples.PAY_OUT
)
async def pay_out(call: Opened, number: FromPath[str], data: JSONBody[WhyIn]) -> Answer[CertificateMovedOut]:
    with call.once():
        done = await call.desk.write(
            pay_out_certificate, program_id=call.program_id, number=number, reason=_reason(data.reason),
            asking=asking(call),
        )  # fmt: skip
    return answer_with(_moved(done))


@operation(
    "POST", "/certificates/{number:str}/block", needs=Capability.ADJUST, key=KeyUse.REQUIRED, told=examples.BLOCK
)
async def block_one(call: Opened, number: FromPath[str], data: JSONBody[BlockIn]) -> Answer[CertificateOut]:
    with call.once():
        done = await call.desk.write(
            block_certificate, program_id=call.program_id, number=number, blocked=data.blocked,
            reason=_reason(data.reason), asking=asking(call),
        )  # fmt: skip
    return answer_with(CertificateOut(**_values(done)))


def _reason(text: str) -> str:
    return clean_text(text, field="reason", length_max=REASON_MAX)


def _values(view: CertificateView) -> dict[str, Any]:
    values = asdict(view)
    values.pop("id")
    return values


def _moved(done: Moved) -> CertificateMovedOut:
    return CertificateMovedOut(number=done.number, amount_minor=done.minor, balance_minor=done.balance_minor)
