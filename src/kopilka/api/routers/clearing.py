"""Clearing between the partners of a coalition: what is owed, acts, points that are out."""

from __future__ import annotations

from litestar.params import FromPath, FromQuery, JSONBody

from kopilka.api.answers import Answer, answer_with
from kopilka.api.calls import Call, KeyUse
from kopilka.api.examples import clearing as examples
from kopilka.api.operations import Opened, operation
from kopilka.api.paging import LIMIT_DEFAULT, Cursor, Limit, bounded, capped, make_cursor, read_cursor
from kopilka.api.schemas.clearing import (
    ActIn,
    ActOut,
    ActRowOut,
    ActsOut,
    ClearingLineOut,
    ClearingOut,
    LiabilitiesOut,
    LiabilityOut,
    PaymentOut,
)
from kopilka.api.schemas.fields import Moment
from kopilka.bookkeeping.notes import Asking
from kopilka.engine.actor import Capability
from kopilka.engine.clearing import Clearing
from kopilka.engine.refusal import Code, Refusal
from kopilka.services.clearing import (
    Act,
    list_acts,
    read_act,
    read_clearing,
    read_liabilities,
    read_open_clearing,
    settle_clearing,
)
from kopilka.wording.clearing import ActHead, act_csv, act_html

LISTED = "clearing acts"
NUMBER_DIGITS = 12


@operation("GET", "/clearing", needs=Capability.READ, told=examples.CLEARING)
async def get_clearing(
    call: Opened, since: FromQuery[Moment | None] = None, until: FromQuery[Moment | None] = None
) -> Answer[ClearingOut]:
    """Of a period whether settled or not; without a period what the next act would settle."""
    if since is None and until is None:
        found = await call.desk.read(read_open_clearing, program_id=call.program_id, by=call.actor)
    else:
        found = await call.desk.read(
            read_clearing, program_id=call.program_id, by=call.actor, since=bounded(since, "since"),
            until=bounded(until, "until"),
        )  # fmt: skip
    return answer_with(_clearing(found))


@operation("POST", "/clearing/acts", needs=Capability.ADJUST, key=KeyUse.REQUIRED, status=201, told=examples.SETTLE)
async def create_act(call: Opened, data: JSONBody[ActIn]) -> Answer[ActOut]:
    asking = Asking(call.actor, call.at, call.request, call.request_id)
    until = bounded(data.until, "until")
    assert until is not None, "the body must say it"
    with call.once():
        done = await call.desk.write(settle_clearing, program_id=call.program_id, until=until, asking=asking)
    return answer_with(_act(call, done), status=201, replayed=done.replayed)


@operation("GET", "/clearing/acts", needs=Capability.READ, told=examples.ACTS)
async def get_acts(
    call: Opened, limit: FromQuery[Limit] = LIMIT_DEFAULT, cursor: FromQuery[Cursor | None] = None
) -> Answer[ActsOut]:
    before = None if cursor is None else read_cursor(call.program_id, LISTED, cursor, int)
    most = capped(limit)
    found = await call.desk.read(list_acts, program_id=call.program_id, by=call.actor, before=before, limit=most + 1)
    page = found[:most]
    following = make_cursor(call.program_id, LISTED, page[-1].number) if len(found) > most else None
    items = [
        ActRowOut(
            number=one.number, since=one.since, until=one.until, made_at=one.made_at, made_by=one.made_by
        )
        for one in page
    ]  # fmt: skip
    return answer_with(ActsOut(items=items, next=following))


@operation("GET", "/clearing/acts/{number:str}", needs=Capability.READ, told=examples.ACT)
async def get_act(call: Opened, number: FromPath[str]) -> Answer[ActOut]:
    if not (number.isascii() and number.isdigit()) or len(number) > NUMBER_DIGITS:
        raise Refusal(Code.NOT_FOUND, what="clearing_act")
    found = await call.desk.read(read_act, program_id=call.program_id, number=int(number), by=call.actor)
    return answer_with(_act(call, found))


@operation("GET", "/clearing/liabilities", needs=Capability.READ, told=examples.LIABILITIES)
async def get_liabilities(call: Opened) -> Answer[LiabilitiesOut]:
    found = await call.desk.read(read_liabilities, program_id=call.program_id, by=call.actor)
    decimals = await call.decimals()
    items = [
        LiabilityOut(
            issuer=one.issuer, currency=one.currency, decimals=decimals.get(one.currency, 0), points=one.units,
            minor=one.minor,
        )
        for one in found
    ]  # fmt: skip
    return answer_with(LiabilitiesOut(items=items))


def _clearing(found: Clearing) -> ClearingOut:
    return ClearingOut(
        lines=[
            ClearingLineOut(
                issuer=one.issuer, acceptor=one.acceptor, currency=one.currency, points=one.units,
                paid_minor=one.minor, fee_minor=one.fee_minor, owed_minor=one.owed_minor,
            )
            for one in found.lines
        ],
        payments=[PaymentOut(payer=one.payer, payee=one.payee, minor=one.minor) for one in found.payments],
        balances=found.balances,
    )  # fmt: skip


def _act(call: Call, found: Act) -> ActOut:
    view = found.view
    head = ActHead(view.number, view.since, view.until, view.made_at, view.made_by)
    return ActOut(
        number=view.number, since=view.since, until=view.until, made_at=view.made_at, made_by=view.made_by,
        clearing=_clearing(found.clearing), csv=act_csv(found.clearing, found.rulebook, call.language),
        html=act_html(head, found.clearing, found.rulebook, call.language),
    )  # fmt: skip
