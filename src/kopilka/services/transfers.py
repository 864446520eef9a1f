"""Points handed from one member to another: off unless the rules allow it, and with the consent of both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from kopilka.bookkeeping.codes import check_code, hash_code
from kopilka.bookkeeping.documents import from_text, to_text
from kopilka.bookkeeping.events import EventKind, Happened
from kopilka.bookkeeping.idempotency import CREATED, DONE, NO_KEY, Request, find_answered
from kopilka.bookkeeping.loading import Known, load_several
from kopilka.bookkeeping.notes import Asking
from kopilka.bookkeeping.purchasing.due import settle_due
from kopilka.bookkeeping.purchasing.outcome import Outcome
from kopilka.bookkeeping.purchasing.spending import read_codes
from kopilka.bookkeeping.purchasing.transactions import act_once
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.writing import Written
from kopilka.data.ids import new_id
from kopilka.data.models.balances import Transfer
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.ledger import Act, Kind, draw_order
from kopilka.engine.mechanics_things import Transfers
from kopilka.engine.money import PERCENT_SCALE
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook

WAITS = timedelta(days=3)
"""So long the taker can agree."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Who asks in whose name: `code` is the one-time code of the member; `by` may vouch with the right to adjust."""

    code: str | None
    by: Actor
    at: datetime
    request: Request = NO_KEY
    request_id: str = ""

    @property
    def asking(self) -> Asking:
        return Asking(self.by, self.at, self.request, self.request_id)


@dataclass(frozen=True, slots=True)
class TransferView:
    """A transfer as it stands; `units` leave the giver, `fee` of them stay with the program."""

    id: UUID
    giver: UUID
    taker: UUID
    currency: str
    units: int
    fee: int
    state: str
    reason: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    replayed: bool = False


def propose_transfer(
    *, program_id: UUID, giver: UUID, taker: UUID, currency: str, units: int, reason: str = "", signed: Signed
) -> TransferView:
    """The giver proves himself; nothing moves until the taker agrees.

    `not_offered` where the rules have no transfers of these points, `out_of_range` (units), `insufficient_points`,
    `code_wrong`, `confirmation_required`, `member_blocked`, `not_found`.
    """
    signed.by.must(Capability.SPEND)
    if giver == taker:
        raise Refusal(Code.INVALID, field="taker", reason="same_member")

    def work(outcome: Outcome) -> TransferView:
        enter_program(program_id)
        known = load_several(program_id, [giver, taker])
        if done := _answered(program_id, signed):
            return done
        rulebook = load_rulebook(program_id)[1]
        said = _offered(rulebook, currency)
        for one in known.values():
            one.must_be_active()
        _must_fit(program_id, said, giver, currency, units, signed.at, rulebook)
        _must_have(known[giver], currency, units, signed.at)
        prove_member(outcome, program_id, giver, signed)
        fee = units * said.fee // PERCENT_SCALE
        row = Transfer(
            id=new_id(), program_id=program_id, giver_id=giver, taker_id=taker, currency=currency, units=units, fee=fee,
            reason=reason, created_at=signed.at, expires_at=signed.at + WAITS,
        )  # fmt: skip
        row.save(force_insert=True)
        view = _view(row)
        outcome.written.append(_note(view, giver, signed, CREATED))
        return view

    return act_once(program_id, work)


def accept_transfer(*, program_id: UUID, transfer_id: UUID, signed: Signed) -> TransferView:
    """The taker proves himself and has the points, with the lives they had, soonest to expire first.

    `transfer_closed` (state) when it has ended or waited too long; `insufficient_points` when the giver has spent them.
    """
    signed.by.must(Capability.SPEND)

    def work(outcome: Outcome) -> TransferView:
        row, known = _locked(program_id, transfer_id)
        if done := _answered(program_id, signed):
            return done
        _must_be_open(row, signed.at)
        _offered(load_rulebook(program_id)[1], row.currency)
        for one in known.values():
            one.must_be_active()
            outcome.written.extend(settle_due(one.standing, at=signed.at, recorded_at=signed.at))
        _must_have(known[row.giver_id], row.currency, row.units, signed.at)
        prove_member(outcome, program_id, row.taker_id, signed)
        leaving, coming = _move(row, known, signed.at)
        view = _end(row, "done", signed.at)
        given = Written(Kind.MOVE, row.giver_id, row.id, signed.at, signed.at, signed.by, leaving, reason=row.reason)
        taken = _note(view, row.taker_id, signed, DONE, coming)
        outcome.written += [given, taken]
        for member_id in (row.giver_id, row.taker_id):
            outcome.events.append(Happened(EventKind.POINTS_ADJUSTED, member_id, row.id, signed.at))
        return view

    return act_once(program_id, work)


def decline_transfer(*, program_id: UUID, transfer_id: UUID, signed: Signed) -> TransferView:
    """Either of the two does not want it any more. Again: the same answer."""
    signed.by.must(Capability.SPEND)

    def work(outcome: Outcome) -> TransferView:
        row, _ = _locked(program_id, transfer_id)
        if row.state == "declined":
            return _view(row)
        _must_be_open(row, signed.at)
        view = _end(row, "declined", signed.at)
        outcome.written.append(_note(view, row.taker_id, signed, DONE))
        return view

    return act_once(program_id, work)


@transaction.atomic
def read_transfer(*, program_id: UUID, transfer_id: UUID, by: Actor) -> TransferView:
    by.must(Capability.READ)
    enter_program(program_id)
    row = Transfer.objects.of(program_id).filter(id=transfer_id).first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="transfer")
    return _view(row)


def _locked(program_id: UUID, transfer_id: UUID) -> tuple[Transfer, dict[UUID, Known]]:
    """The transfer under the locks of both members, read after they are held."""
    enter_program(program_id)
    rows = Transfer.objects.of(program_id).filter(id=transfer_id)
    seen = rows.first()
    if seen is None:
        raise Refusal(Code.NOT_FOUND, what="transfer")
    known = load_several(program_id, [seen.giver_id, seen.taker_id])
    row = rows.get()
    return row, known


def _offered(rulebook: Rulebook, currency: str) -> Transfers:
    said = rulebook.mechanics.transfers
    if said is None or currency not in said.currencies:
        raise Refusal(Code.NOT_OFFERED, what="transfer")
    return said


def _must_fit(
    program_id: UUID, said: Transfers, giver: UUID, currency: str, units: int, at: datetime, rulebook: Rulebook
) -> None:
    local = at.astimezone(rulebook.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Transfer.objects.of(program_id).filter(giver_id=giver, currency=currency, created_at__gte=midnight)
    today = rows.exclude(state__in=["declined", "expired"]).aggregate(total=Sum("units"))["total"] or 0
    most = None if said.units_a_day is None else said.units_a_day - today
    if units < said.units_min or (most is not None and units > most):
        raise Refusal(Code.OUT_OF_RANGE, field="units", minimum=said.units_min, maximum=max(0, most or 0))


def _must_have(giver: Known, currency: str, units: int, at: datetime) -> None:
    lots = giver.standing.lots.get(currency, ())
    usable = sum(lot.remaining for lot in lots if lot.usable(at))
    if units > usable:
        raise Refusal(Code.INSUFFICIENT_POINTS, currency=currency, available=usable, wanted=units)


def prove_member(outcome: Outcome, program_id: UUID, member_id: UUID, signed: Signed) -> None:
    """His one-time code, used up with success; without it whoever may adjust answers for it."""
    if signed.code is None:
        if not signed.by.may(Capability.ADJUST):
            raise Refusal(Code.CONFIRMATION_REQUIRED)
        return
    codes = read_codes(program_id, member_id)
    try:
        found = check_code(codes, hash_code(program_id, signed.code), at=signed.at)
    except Refusal:
        outcome.codes.update({code.id: code for code in codes})
        raise
    found.used_at = signed.at
    outcome.codes[found.id] = found


def _move(row: Transfer, known: dict[UUID, Known], at: datetime) -> tuple[Act, Act]:
    """Both halves; the fee is taken from what would expire last, so that the taker gets what is most urgent."""
    leaving, coming = Act(known[row.giver_id].standing, at, new_id), Act(known[row.taker_id].standing, at, new_id)
    lots = [lot for lot in known[row.giver_id].standing.lots.get(row.currency, ()) if lot.active and lot.usable(at)]
    rest = row.units
    left_for_taker = row.units - row.fee
    for lot in sorted(lots, key=draw_order):
        part = min(rest, lot.remaining)
        handed = min(part, left_for_taker)
        if handed:
            leaving.move_out(lot, handed)
            coming.move_in(row.currency, handed, starts_at=lot.starts_at, expires_at=lot.expires_at)
        rest -= part
        left_for_taker -= handed
        if not rest:
            break
    if row.fee:
        leaving.adjust_down(row.currency, row.fee)
    return leaving, coming


def _must_be_open(row: Transfer, at: datetime) -> None:
    if row.state != "proposed":
        raise Refusal(Code.TRANSFER_CLOSED, state=row.state)
    if row.expires_at <= at:
        raise Refusal(Code.TRANSFER_CLOSED, state="expired")


def _end(row: Transfer, state: str, at: datetime) -> TransferView:
    row.state, row.ended_at = state, at
    row.save(update_fields=["state", "ended_at"])
    return _view(row)


def _note(view: TransferView, member_id: UUID, signed: Signed, status: int, act: Act | None = None) -> Written:
    return Written(
        Kind.MOVE, member_id, view.id, signed.at, signed.at, signed.by, act, reason=view.reason,
        request=signed.request, request_id=signed.request_id, status=status,
        answer=to_text(view) if signed.request.key else None,
    )  # fmt: skip


def _view(row: Transfer) -> TransferView:
    return TransferView(
        row.id, row.giver_id, row.taker_id, row.currency, row.units, row.fee, row.state, row.reason, row.created_at,
        row.expires_at, row.ended_at,
    )  # fmt: skip


def _answered(program_id: UUID, signed: Signed) -> TransferView | None:
    found = find_answered(program_id, signed.request)
    if found is None:
        return None
    if found.kind != Kind.MOVE or found.answer is None:
        raise Refusal(Code.KEY_REUSED, key=signed.request.key)
    view = from_text(found.answer, TransferView)
    return TransferView(
        view.id, view.giver, view.taker, view.currency, view.units, view.fee, view.state, view.reason,
        view.created_at, view.expires_at, view.ended_at, replayed=True,
    )  # fmt: skip
