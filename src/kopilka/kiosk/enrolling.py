"""The end of a visit: a new member, or one known by this phone, stands on the receipt of the till beside."""

from __future__ import annotations

import hashlib
from uuid import UUID

from kopilka.bookkeeping.idempotency import Request
from kopilka.engine.consents import Given
from kopilka.engine.refusal import Code, Refusal
from kopilka.kiosk.access import KioskRequest, actor_of
from kopilka.queries.devices import till_beside
from kopilka.queries.open_receipts import open_receipt
from kopilka.services.enrolling import find_by_phone
from kopilka.services.kiosk_visits import Done, Person, claim_visit, finish_visit
from kopilka.services.member_sessions import make_card_link
from kopilka.services.members import enrol_member
from kopilka.services.open_receipts import How, name_member
from kopilka.services.profiles import MemberFacts


def enrol_visitor(request: KioskRequest, given: tuple[Given, ...]) -> None:
    """Once, however often the last button was pressed. A member known before is changed in nothing: the phone alone
    proves nobody. Refusals are those of `enrol_member`; the visit is open again then."""
    visit, device = request.visit, request.device
    if not claim_visit(program_id=request.program.id, device_id=device.id, visit_id=visit.id, at=request.at):
        return
    done = None
    try:
        done = _enrol(request, given)
    finally:
        finish_visit(
            program_id=request.program.id, device_id=device.id, visit_id=visit.id, done=done, at=request.at
        )  # fmt: skip


def _enrol(request: KioskRequest, given: tuple[Given, ...]) -> Done:
    member_id, is_new = _new_or_known(request, given)
    token = ""
    if is_new:
        token = make_card_link(
            program_id=request.program.id, member_id=member_id, by=actor_of(request.device), at=request.at
        )
    return Done(member_id, token, _put_on_receipt(request, member_id))


def _new_or_known(request: KioskRequest, given: tuple[Given, ...]) -> tuple[UUID, bool]:
    by = actor_of(request.device)
    person = request.visit.person or Person()
    facts = MemberFacts(
        phone=request.visit.phone, name=person.name, birth_date=person.birth_date, language=request.language.value,
        door="kiosk", answers=person.answers, consents=given, evidence=f"{request.device.name}, ticked by himself",
    )  # fmt: skip
    asked = Request(request.device.id, f"kiosk {request.visit.id}", hashlib.sha256(repr(facts).encode()).digest())
    try:
        done = enrol_member(program_id=request.program.id, facts=facts, request=asked, by=by, at=request.at)
    except Refusal as refusal:
        if refusal.code is not Code.IDENTIFIER_TAKEN:
            raise
        known = find_by_phone(program=request.program, phone=request.visit.phone, by=by)
        if known is None:
            raise
        return known, False
    return done.member.id, True


def _put_on_receipt(request: KioskRequest, member_id: UUID) -> bool:
    """Of the till beside, unless the cashier has named somebody there already: that one stays."""
    till = till_beside(request.program.id, request.device)
    if till is None:
        return False
    receipt = open_receipt(request.program.id, till.id)
    if receipt is not None and receipt.member_id not in (None, member_id):
        return False
    name_member(program_id=request.program.id, device_id=till.id, member_id=member_id, how=How.KIOSK, at=request.at)
    return True
