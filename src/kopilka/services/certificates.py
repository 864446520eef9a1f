"""Gift certificates by hand: sold beside a receipt, topped up, blocked, paid out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.certificates import (
    Account,
    Cause,
    CertificateBook,
    Move,
    OwnedCertificate,
    find_certificates,
    forgive_tries,
    normal_number,
    pin_of,
)
from kopilka.bookkeeping.coupon_guard import asker_of, must_not_guess, note_misses
from kopilka.bookkeeping.notes import Asking, keep_answer, told_before
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.certificate_kinds import CertificateKind
from kopilka.engine.certificates import MOST, hidden
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.certificates import CertificateView, certificate_by_number


@dataclass(frozen=True, slots=True)
class SoldCertificate:
    """A certificate just made; `pin` empty: none is asked. Minor units."""

    number: str
    pin: str
    kind: str
    minor: int
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class Moved:
    """Money came onto a certificate or left it; what is on it now."""

    number: str
    minor: int
    balance_minor: int


@transaction.atomic(durable=True)
def sell_certificate(*, program_id: UUID, kind: str, minor: int, reason: str, asking: Asking) -> SoldCertificate:
    """Make one beside any receipt, as for one sold elsewhere. `not_found` (kind), `out_of_range` (amount)."""
    asking.by.must(Capability.ADJUST)
    enter_program(program_id)
    rulebook = load_rulebook(program_id)[1]
    said = _kind(rulebook, kind)
    if told := told_before(program_id, asking, "certificate_sold", SoldCertificate):
        return told
    if not 1 <= minor <= MOST or (said.values and minor not in said.values):
        least, most = (min(said.values), max(said.values)) if said.values else (1, MOST)
        raise Refusal(Code.OUT_OF_RANGE, field="amount_minor", minimum=least, maximum=most)
    book = CertificateBook(program_id)
    made = book.issue(said, minor, rulebook, _cause(asking, reason))
    book.write(asking.at)
    pin = pin_of(program_id, made.number) if said.pin else ""
    sold = SoldCertificate(made.number, pin, kind, minor, made.valid_until)
    _audit(program_id, "certificate_sold", made, minor, reason, asking)
    keep_answer(program_id, asking, "certificate_sold", sold, member_id=None, subject_id=made.id)
    return sold


@transaction.atomic(durable=True)
def top_up_certificate(*, program_id: UUID, number: str, minor: int, reason: str, asking: Asking) -> Moved:
    """Put more money on it. `certificate_unusable` where its kind does not allow it, or it is blocked or over."""
    asking.by.must(Capability.ADJUST)
    enter_program(program_id)
    one = _locked(program_id, number)
    said = _kind(load_rulebook(program_id)[1], one.kind)
    if told := told_before(program_id, asking, "certificate_topped_up", Moved):
        return told
    if not said.top_up:
        raise Refusal(Code.CERTIFICATE_UNUSABLE, certificate=hidden(one.number), reason="no_top_up")
    if why := one.why_not(asking.at):
        raise Refusal(Code.CERTIFICATE_UNUSABLE, certificate=hidden(one.number), reason=why)
    if not 1 <= minor <= MOST - one.balance:
        raise Refusal(Code.OUT_OF_RANGE, field="amount_minor", minimum=1, maximum=MOST - one.balance)
    return _moved(program_id, one, Move.TOP_UP, minor, "certificate_topped_up", reason, asking)


@transaction.atomic(durable=True)
def pay_out_certificate(*, program_id: UUID, number: str, reason: str, asking: Asking) -> Moved:
    """Give back all that is left in money, also when it is over or blocked; it is closed then.

    `certificate_unusable` where its kind is not paid out, it is closed, or an open purchase holds some of it.
    """
    asking.by.must(Capability.ADJUST)
    enter_program(program_id)
    one = _locked(program_id, number)
    said = _kind(load_rulebook(program_id)[1], one.kind)
    if told := told_before(program_id, asking, "certificate_paid_out", Moved):
        return told
    why = "closed" if one.state == "closed" else "held" if one.held else "" if said.refund else "no_refund"
    if why:
        raise Refusal(Code.CERTIFICATE_UNUSABLE, certificate=hidden(one.number), reason=why)
    one.state = "closed"
    return _moved(program_id, one, Move.PAY_OUT, one.balance, "certificate_paid_out", reason, asking)


@transaction.atomic(durable=True)
def block_certificate(*, program_id: UUID, number: str, blocked: bool, reason: str, asking: Asking) -> CertificateView:
    """Nobody can pay with it until it is unblocked; unblocking forgives the wrong PINs."""
    asking.by.must(Capability.ADJUST)
    if not reason.strip():
        raise Refusal(Code.MISSING, field="reason")
    enter_program(program_id)
    one = _locked(program_id, number)
    if told_before(program_id, asking, "certificate_blocked", str) is None:
        if one.state == "closed":
            raise Refusal(Code.CERTIFICATE_UNUSABLE, certificate=hidden(one.number), reason="closed")
        one.state = "blocked" if blocked else "active"
        book = CertificateBook(program_id, {one.id: one})
        book.write(asking.at)
        if not blocked:
            forgive_tries(program_id, one.id)
        _audit(program_id, "certificate_blocked" if blocked else "certificate_unblocked", one, 0, reason, asking)
        keep_answer(program_id, asking, "certificate_blocked", one.state, member_id=None, subject_id=one.id)
    return certificate_by_number(program_id, one.number, at=asking.at)


def read_certificate(*, program_id: UUID, number: str, by: Actor, at: datetime) -> CertificateView:
    """`not_found`, and `too_many_codes` for who names too many unknown numbers."""
    by.must(Capability.READ)
    asker = asker_of(by, at)
    with transaction.atomic():
        enter_program(program_id)
        must_not_guess(program_id, asker)
    try:
        return certificate_by_number(program_id, normal_number(number), at=at)
    except Refusal:
        with transaction.atomic():
            enter_program(program_id)
            note_misses(program_id, [(asker, 1)] if asker else [])
        raise


def _moved(
    program_id: UUID, one: OwnedCertificate, move: Move, minor: int, what: str, reason: str, asking: Asking
) -> Moved:
    book = CertificateBook(program_id, {one.id: one})
    cause = _cause(asking, reason)
    if move is Move.TOP_UP:
        book.move(one, move, Account.BALANCE, Account.SOLD, minor, cause)
    else:
        book.move(one, move, Account.PAID_OUT, Account.BALANCE, minor, cause)
    book.write(asking.at)
    _audit(program_id, what, one, minor, reason, asking)
    told = Moved(hidden(one.number), minor, one.balance)
    keep_answer(program_id, asking, what, told, member_id=None, subject_id=one.id)
    return told


def _kind(rulebook: Rulebook, kind: str) -> CertificateKind:
    found = rulebook.mechanics.certificates.get(kind)
    if found is None:
        raise Refusal(Code.NOT_FOUND, what="certificate_kind")
    return found


def _locked(program_id: UUID, number: str) -> OwnedCertificate:
    found = find_certificates(program_id, numbers=[normal_number(number)], lock=True)
    if not found:
        raise Refusal(Code.NOT_FOUND, what="certificate")
    return found[0]


def _cause(asking: Asking, reason: str) -> Cause:
    return Cause(None, asking.at, asking.at, asking.by.name, reason)


def _audit(program_id: UUID, act: str, one: OwnedCertificate, minor: int, reason: str, asking: Asking) -> None:
    record_audit(
        program_id, act, one.id, by=asking.by, at=asking.at, reason=reason, request_id=asking.request_id,
        after={"kind": one.kind, "minor": minor, "balance": one.balance},
    )  # fmt: skip
