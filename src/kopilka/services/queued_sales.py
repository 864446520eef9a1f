"""Sales made without a network: signed by the browser of a till, sent later, booked exactly once.

What arrives is written down first, then booked. What cannot be booked waits for a person; nothing is lost.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Sum

from kopilka.bookkeeping.idempotency import Request
from kopilka.bookkeeping.locking import locks_are_on, reading_before_writing
from kopilka.bookkeeping.purchasing.batch import confirm_batch
from kopilka.bookkeeping.purchasing.quoting import quote_all
from kopilka.bookkeeping.purchasing.requests import MemberRef, PurchaseRequest, QuoteRequest, RefKind
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.doors import Device, PageSettings, QueuedSale, StaffSession
from kopilka.data.scope import ProgramScoped
from kopilka.engine.actor import TILL, Actor, ActorKind
from kopilka.engine.live_codes import looks_live
from kopilka.engine.receipt import Receipt
from kopilka.engine.refusal import Code, Refusal
from kopilka.queries.devices import DeviceView
from kopilka.queries.open_receipts import OpenReceiptView
from kopilka.queries.programs import ProgramView
from kopilka.queries.queued_sales import ARRIVED, BOOKED, OPEN, WAITING, Sale, read_sale
from kopilka.queries.scope import reading
from kopilka.services.live_codes import member_by_live_code
from kopilka.services.lost_answers import close_receipt, draft_of, is_other, receipt_behind, request_of_receipt
from kopilka.services.recognising import MemberFound, Several, recognise
from kopilka.services.staff_access import own_members
from kopilka.services.till_sales import receipt_of

SLACK = timedelta(minutes=5)
"""So far the clocks of a till and of the server may differ."""
ALONE = timedelta(hours=24)
"""So long a cashier goes on without the server having seen him."""
AGAIN, FORGED = "again", "forged"
"""What else a browser is told of a sale: to send it once more, or that nobody signed in at this till has made it."""


@dataclass(frozen=True, slots=True)
class SentSale:
    """`document` is the very text whose HMAC-SHA256 under the session's key is `signature`."""

    document: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """`state`: booked, waiting, dropped (by a person), again, forged. The browser keeps a sale of the last two."""

    key: str
    state: str


@dataclass(frozen=True, slots=True)
class Cashier:
    """Who made a sale, by the session it was signed with. `own` are memberships he earns with himself."""

    code: str
    actor: Actor
    own: frozenset[UUID]


def queue_key(*, program_id: UUID, session_id: UUID) -> bytes:
    """What a browser signs its sales with while this person works at this device: 32 bytes, stored nowhere here.

    Made of the secrets of both, so only a browser that was let in and signed in can be given it.
    """
    with reading(program_id):
        session = StaffSession.objects.of(program_id).select_related("device").filter(id=session_id).first()
    if session is None:
        raise Refusal(Code.NOT_FOUND, what="session")
    return _key_of(session)


def take_sales(
    *, program: ProgramView, device: DeviceView, sent: Sequence[SentSale], language: str, at: datetime
) -> list[Taken]:
    """Book what a till brings, one answer for each in its order. Sent again, a sale is answered as it stands."""
    return [_take(program, device, one, language, at) for one in sent]


def _take(program: ProgramView, device: DeviceView, sent: SentSale, language: str, at: datetime) -> Taken:
    read = _signed(program.id, device, sent)
    if read is None:
        return Taken("", FORGED)
    sale, session = read
    row = _known(program.id, device.id, sale.key)
    if row is None or row.state == ARRIVED:
        row = _take_new(program, device, sale, sent.document, session, language, at)
    if row is None:
        return Taken(sale.key, AGAIN)
    return Taken(sale.key, row.state if row.document == sent.document else FORGED)


def _take_new(
    program: ProgramView,
    device: DeviceView,
    sale: Sale,
    document: str,
    session: StaffSession,
    language: str,
    at: datetime,
) -> QueuedSale | None:
    """None where the database was busy: the browser sends it again."""
    cashier = cashier_of(session, device.till, device.branch)
    request, worth = None, 0
    refusal = _not_at_work(session, sale)
    try:
        request = request_of(program, device.id, sale, document, cashier, language, at)
        worth = _worth(program, request)
    except Refusal as refused:
        refusal = refusal or refused
    row = _arrive(program, device.id, sale, document, cashier.code, worth, refusal, at)
    if row.state != ARRIVED or request is None or row.document != document:
        return row
    done = confirm_batch(program.id, [request])[0]
    if isinstance(done, Refusal):
        if done.code is Code.BUSY:
            return None
        return settle_row(program.id, row.id, refusal=done)
    close_receipt(program.id, device.id, sale, done.purchase_id, by=request.by, at=at)
    if is_other(sale, request, done):
        return settle_row(program.id, row.id, refusal=Refusal(Code.HELD_FOR_REVIEW, reason="booked_otherwise"))
    return settle_row(program.id, row.id, purchase_id=done.purchase_id)


def request_of(
    program: ProgramView, device_id: UUID, sale: Sale, document: str, cashier: Cashier, language: str, at: datetime
) -> PurchaseRequest:
    """The purchase as the kernel books it, once for each key. `not_found` (member), `own_card`, `invalid` (member)."""
    receipt = receipt_behind(program.id, device_id, sale)
    member_id = _whom(program, sale, receipt, cashier.actor, at)
    if member_id in cashier.own:
        raise Refusal(Code.OWN_CARD)
    number, asked = f"offline {sale.key}", Request(device_id, sale.key, hashlib.sha256(document.encode()).digest())
    if receipt is not None:
        number, asked = request_of_receipt(receipt)
    draft = draft_of(program, sale, receipt)
    return PurchaseRequest(
        source=f"till:{cashier.actor.till}",
        external_id=number,
        by=cashier.actor,
        at=at,
        receipt=receipt_of(program, draft, staff=cashier.code, by=cashier.actor, at=sale.occurred_at),
        member=MemberRef(RefKind.ID, str(member_id)),
        request=asked,
        language=language,
    )


@transaction.atomic(durable=True)
def settle_row(
    program_id: UUID, row_id: UUID, *, purchase_id: UUID | None = None, refusal: Refusal | None = None
) -> QueuedSale:
    """Note how a sale ended. What was booked stays booked, whatever a slower sender of the same sale was told."""
    enter_program(program_id)
    rows = QueuedSale.objects.of(program_id).filter(id=row_id)
    if purchase_id is not None:
        rows.filter(state__in=OPEN).update(state=BOOKED, purchase_id=purchase_id)
    elif refusal is not None:
        rows.filter(state=ARRIVED).update(state=WAITING, worth=0, **_told(refusal))
    row: QueuedSale = rows.get()
    return row


def cashier_of(session: StaffSession, till: str, branch: str) -> Cashier:
    employee = session.employee
    actor = Actor(ActorKind.STAFF, employee.id, employee.name or employee.code, TILL, till=till, branch=branch)
    with reading(session.program_id):
        return Cashier(employee.code, actor, own_members(session.program_id, employee.person_id))


def session_of(program_id: UUID, session_id: UUID, device_id: UUID) -> StaffSession | None:
    with reading(program_id):
        sessions = StaffSession.objects.of(program_id).select_related("device", "employee")
        return sessions.filter(id=session_id, device_id=device_id).first()


def _signed(program_id: UUID, device: DeviceView, sent: SentSale) -> tuple[Sale, StaffSession] | None:
    """What was signed, by whom; None when nobody at this device has. A sale of training counts as nobody's."""
    try:
        sale = read_sale(sent.document)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None
    session = session_of(program_id, sale.session, device.id)
    if session is None or session.training:
        return None
    expected = hmac.digest(_key_of(session), sent.document.encode(), "sha256")
    return (sale, session) if hmac.compare_digest(expected, sent.signature) else None


def _key_of(session: StaffSession) -> bytes:
    secrets = bytes(session.device.token_hash) + bytes(session.token_hash)
    return hmac.digest(settings.SECRET_KEY.encode(), b"queued sales" + session.id.bytes + secrets, "sha256")


def _known(program_id: UUID, device_id: UUID, key: str) -> QueuedSale | None:
    with reading(program_id):
        return QueuedSale.objects.of(program_id).filter(device_id=device_id, key=key).first()


def _not_at_work(session: StaffSession, sale: Sale) -> Refusal | None:
    """A sale before he came or after he left is not his; one long after the server has seen him, perhaps not."""
    last = session.ended_at or session.seen_at + ALONE
    if session.started_at - SLACK <= sale.occurred_at <= last + SLACK:
        return None
    return Refusal(Code.HELD_FOR_REVIEW, reason="not_signed_in_then")


def _whom(program: ProgramView, sale: Sale, receipt: OpenReceiptView | None, by: Actor, at: datetime) -> UUID:
    if receipt is not None and receipt.member_id is not None and not sale.member:
        return receipt.member_id
    digits = sale.member.replace(" ", "")
    if looks_live(digits):
        return member_by_live_code(program_id=program.id, text=digits, at=sale.occurred_at)
    found = recognise(program=program, text=sale.member, by=by, at=at)
    if isinstance(found, Several):
        raise Refusal(Code.INVALID, field="member", reason="several_members")
    if not isinstance(found, MemberFound):
        raise Refusal(Code.NOT_FOUND, what="member")
    return found.member_id


def _worth(program: ProgramView, request: PurchaseRequest) -> int:
    """Minor units of money the points of this sale would be worth."""
    receipt, member = request.receipt, request.member
    assert isinstance(receipt, Receipt)
    (answer,) = quote_all(program.id, [QuoteRequest(receipt, request.by, request.at, member, keep=False)])
    if isinstance(answer, Refusal):
        raise answer
    with reading(program.id):
        points = load_rulebook(program.id)[1].points
    return sum(points[lot.currency].money(lot.units) for lot in answer.decision.lots)


@transaction.atomic(durable=True)
def _arrive(
    program: ProgramView,
    device_id: UUID,
    sale: Sale,
    document: str,
    staff: str,
    worth: int,
    refusal: Refusal | None,
    at: datetime,
) -> QueuedSale:
    """Write it down, once; what is beyond the limits of its day waits. The device's row is the lock of its limits."""
    enter_program(program.id)
    with reading_before_writing():
        devices = Device.objects.of(program.id).filter(id=device_id)
        (devices.select_for_update() if locks_are_on() else devices).get()
        mine = QueuedSale.objects.of(program.id).filter(device_id=device_id)
        known: QueuedSale | None = mine.filter(key=sale.key).first()
        if known is None and refusal is None and _is_beyond(program, mine, sale.occurred_at, worth):
            refusal = Refusal(Code.HELD_FOR_REVIEW, reason="too_much_offline")
    if known is not None:
        return known
    made: QueuedSale = QueuedSale.objects.create(
        id=new_id(), program_id=program.id, device_id=device_id, key=sale.key, staff=staff, document=document,
        occurred_at=sale.occurred_at, arrived_at=at, state=ARRIVED if refusal is None else WAITING,
        worth=worth if refusal is None else 0, **(_told(refusal) if refusal else {}),
    )  # fmt: skip
    return made


def _is_beyond(program: ProgramView, mine: ProgramScoped, occurred_at: datetime, worth: int) -> bool:
    limits = PageSettings.objects.of(program.id).first() or PageSettings()
    local = occurred_at.astimezone(ZoneInfo(program.timezone))
    begins = local.replace(hour=0, minute=0, second=0, microsecond=0)
    day = mine.filter(occurred_at__gte=begins, occurred_at__lt=begins + timedelta(days=1), state__in=(ARRIVED, BOOKED))
    used = day.aggregate(sales=Count("id"), worth=Sum("worth"))
    return bool(used["sales"] >= limits.offline_sales or (used["worth"] or 0) + worth > limits.offline_worth)


def _told(refusal: Refusal) -> dict[str, str]:
    return {"refused": refusal.code.value, "told": json.dumps(refusal.params, ensure_ascii=False)}
