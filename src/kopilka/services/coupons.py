"""One coupon code at a time: bound to a phone, shown, withdrawn."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.coupon_guard import Asker, asker_of, must_not_guess, note_misses
from kopilka.bookkeeping.coupon_stock import (
    IssuedCode,
    bound_event,
    end_of_life,
    find_codes,
    hand_over,
    write_codes,
)
from kopilka.bookkeeping.events import EventKind, record, record_all
from kopilka.bookkeeping.locking import lock_members
from kopilka.bookkeeping.members import NewMember, insert_members
from kopilka.bookkeeping.notes import Asking, keep_answer, told_before
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.members import Identifier
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.coupons import normal_word
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.coupons import CodeView, code_by_word
from kopilka.queries.programs import program_by_id
from kopilka.services.profiles import clean_identifier


@dataclass(frozen=True, slots=True)
class Bound:
    """A code is this member's now; `enrolled`: he was not a member before. `until` None: as long as the coupon runs."""

    coupon: str
    word: str
    member_id: UUID
    until: datetime | None
    enrolled: bool
    replayed: bool = False


def bind_coupon(*, program_id: UUID, word: str, phone: str, asking: Asking) -> Bound:
    """Make the code of a link somebody's: of the member with this phone, who is enrolled when nobody has it.

    `word`: a code, or a coupon of which everybody gets a code of his own. Whoever has one already keeps it.
    Raises `coupon_unusable` (somebody else's, used, withdrawn, over, all given away), `too_many_codes`,
    `member_blocked`, `phone_invalid`.
    """
    asking.by.must(Capability.ENROL)
    program = program_by_id(program_id)
    value = clean_identifier(program, "phone", phone)
    try:
        answer = _bind(program_id, word, value, asking)
    except IntegrityError:  # somebody enrolled the same phone at this moment
        answer = _bind(program_id, word, value, asking)
    if isinstance(answer, Refusal):
        raise answer
    return answer


def read_coupon(*, program_id: UUID, word: str, by: Actor, at: datetime) -> CodeView:
    """A code by its word; `not_found`, and `too_many_codes` for who names too many unknown ones."""
    by.must(Capability.READ)
    asker = asker_of(by, at)
    _must_not_guess(program_id, asker)
    try:
        return code_by_word(program_id, word, at=at)
    except Refusal:
        _note_miss(program_id, asker)
        raise


@transaction.atomic(durable=True)
def withdraw_coupon(*, program_id: UUID, word: str, reason: str, asking: Asking) -> CodeView:
    """It can be used no more. `coupon_unusable` when it was used or stands in an open purchase."""
    asking.by.must(Capability.ADJUST)
    if not reason.strip():
        raise Refusal(Code.MISSING, field="reason")
    enter_program(program_id)
    code = _locked(program_id, word)
    if told_before(program_id, asking, "coupon_withdrawn", str) is None:
        if code.state in {"used", "reserved"}:
            raise Refusal(Code.COUPON_UNUSABLE, coupon=code.coupon)
        if code.state != "withdrawn":
            code.state, code.reason, code.changed_at = "withdrawn", reason, asking.at
            write_codes(program_id, [code])
            record_audit(
                program_id, "coupon_withdrawn", code.id, by=asking.by, at=asking.at, reason=reason,
                after={"coupon": code.coupon}, request_id=asking.request_id,
            )  # fmt: skip
        keep_answer(program_id, asking, "coupon_withdrawn", str(code.id), member_id=None, subject_id=code.id)
    return code_by_word(program_id, word, at=asking.at)


@transaction.atomic(durable=True)
def _bind(program_id: UUID, word: str, phone: str, asking: Asking) -> Bound | Refusal:
    """A refusal for an unknown word is handed back: the miss that is written down must stay."""
    enter_program(program_id)
    asker = asker_of(asking.by, asking.at)
    must_not_guess(program_id, asker)
    rulebook = load_rulebook(program_id)[1]
    of_all = rulebook.coupons.get(word.strip().lower())
    known = find_codes(program_id, words=[normal_word(word)])
    if not known and (of_all is None or not of_all.bind):
        note_misses(program_id, [(asker, 1)] if asker else [])
        return Refusal(Code.COUPON_UNUSABLE, coupon=word)
    member_id, enrolled = _member_with(program_id, phone, asking)
    if told := told_before(program_id, asking, "coupon_bound", Bound):
        return Bound(told.coupon, told.word, told.member_id, told.until, told.enrolled, replayed=True)
    code = _code_for(program_id, rulebook, word, member_id, asking.at, is_known=bool(known))
    bound = Bound(code.coupon, code.word, member_id, code.valid_until, enrolled)
    keep_answer(program_id, asking, "coupon_bound", bound, member_id=member_id, subject_id=code.id)
    return bound


def _code_for(
    program_id: UUID, rulebook: Rulebook, word: str, member_id: UUID, at: datetime, *, is_known: bool
) -> IssuedCode:
    """The member is locked; his code is locked after him, or made."""
    if is_known:
        code = _locked(program_id, word)
        if code.state == "bound" and code.member_id == member_id:
            return code
        coupon = rulebook.coupons.get(code.coupon)
        if code.state != "new" or coupon is None or not coupon.bind or not coupon.window.holds(at):
            raise Refusal(Code.COUPON_UNUSABLE, coupon=word)
        code.state, code.member_id, code.bound_at, code.changed_at = "bound", member_id, at, at
        code.valid_until = end_of_life(rulebook, coupon, at)
        write_codes(program_id, [code])
    else:
        coupon = rulebook.coupons[word.strip().lower()]
        own = [one for one in find_codes(program_id, members=[member_id], lock=True) if one.coupon == coupon.code]
        good = next((one for one in own if not one.why_not(member_id, at)), None)
        if good is not None:
            return good
        if not coupon.window.holds(at):
            raise Refusal(Code.COUPON_UNUSABLE, coupon=word)
        code = hand_over(program_id, rulebook, coupon, member_id, at=at)
    record_all(program_id, [bound_event(code, member_id, at)])
    return code


def _member_with(program_id: UUID, phone: str, asking: Asking) -> tuple[UUID, bool]:
    """The member with this phone, locked; a new one where there is none."""
    found = Identifier.objects.of(program_id).filter(kind="phone", value=phone).values_list("member_id", flat=True)
    member_id: UUID | None = found.first()
    if member_id is not None:
        if lock_members(program_id, [member_id])[member_id].status != "active":
            raise Refusal(Code.MEMBER_BLOCKED)
        return member_id, False
    new = NewMember(new_id(), asking.at, {"phone": phone})
    insert_members(program_id, [new], at=asking.at)
    record(
        program_id, EventKind.MEMBER_ENROLLED, member_id=new.id, subject_id=new.id, at=asking.at,
        payload=json.dumps({"door": "coupon"}),
    )  # fmt: skip
    return new.id, True


def _locked(program_id: UUID, word: str) -> IssuedCode:
    found = find_codes(program_id, words=[normal_word(word)], lock=True)
    if not found:
        raise Refusal(Code.NOT_FOUND, what="coupon")
    return found[0]


@transaction.atomic(durable=True)
def _must_not_guess(program_id: UUID, asker: Asker | None) -> None:
    enter_program(program_id)
    must_not_guess(program_id, asker)


@transaction.atomic(durable=True)
def _note_miss(program_id: UUID, asker: Asker | None) -> None:
    enter_program(program_id)
    note_misses(program_id, [(asker, 1)] if asker else [])
