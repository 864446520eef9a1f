"""Raffles: announced with the hash of a secret, closed with a frozen list of tickets, drawn so that anybody can check.

Tickets are points of a currency: rules give them with purchases, returns take them back, each whole point is one.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.bookkeeping.notes import Asking, keep_answer, told_before
from kopilka.bookkeeping.raffles import freeze_list, frozen_list, winners_of
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.raffles import Raffle
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.raffles import Entrant, Win, draw_winners, hash_of, text_of
from kopilka.engine.refusal import Code, Refusal

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class RaffleRecord:
    """All that is published. `secret` and `wins` are empty until it is drawn, `entrants` until it is closed.

    `state`: announced, closed, drawn.
    """

    code: str
    name: str
    currency: str
    prizes: list[str]
    one_each: bool
    state: str
    secret_hash: str
    announced_at: datetime
    closed_at: datetime | None = None
    list_hash: str = ""
    entrants: list[Entrant] = field(default_factory=list)
    drawn_at: datetime | None = None
    secret: str = ""
    wins: list[Win] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class NewRaffle:
    code: str
    name: str
    currency: str
    prizes: tuple[str, ...]
    one_each: bool = True


@transaction.atomic(durable=True)
def announce_raffle(*, program_id: UUID, new: NewRaffle, asking: Asking) -> RaffleRecord:
    """Say that there will be one, with the hash of a secret that is told only when it is drawn.

    `not_found` (currency), `missing` (prizes), `invalid` (code) when there was one of this code.
    """
    asking.by.must(Capability.PUBLISH)
    enter_program(program_id)
    currency = load_rulebook(program_id)[1].points.get(new.currency)
    if told := told_before(program_id, asking, "raffle_announced", RaffleRecord):
        return told
    if currency is None:
        raise Refusal(Code.NOT_FOUND, what="currency")
    if currency.worth_minor:
        raise Refusal(Code.INVALID, field="currency", reason="worth_money")
    if not new.prizes:
        raise Refusal(Code.MISSING, field="prizes")
    if not new.code or Raffle.objects.of(program_id).filter(code=new.code).exists():
        raise Refusal(Code.INVALID, field="code", reason="taken")
    secret = secrets.token_hex(SECRET_BYTES)
    row = Raffle(
        id=new_id(), program_id=program_id, code=new.code, name=new.name, currency=new.currency,
        prizes=msgspec.json.encode(new.prizes).decode(), one_each=new.one_each, secret=secret,
        secret_hash=hash_of(secret), announced_at=asking.at, announced_by=asking.by.name,
    )  # fmt: skip
    row.save(force_insert=True)
    return _done(program_id, row, "raffle_announced", asking)


@transaction.atomic(durable=True)
def close_raffle(*, program_id: UUID, code: str, asking: Asking) -> RaffleRecord:
    """Freeze the list: who has how many tickets now. What is bought or brought back later changes nothing."""
    asking.by.must(Capability.PUBLISH)
    enter_program(program_id)
    row = _locked(program_id, code)
    if told := told_before(program_id, asking, "raffle_closed", RaffleRecord):
        return told
    _must_be(row, "announced")
    scale = load_rulebook(program_id)[1].points[row.currency].scale
    entrants = freeze_list(program_id, row, scale=scale)
    row.state, row.closed_at = "closed", asking.at
    row.tickets, row.list_hash = sum(one.tickets for one in entrants), hash_of(text_of(entrants))
    row.save(update_fields=["state", "closed_at", "tickets", "list_hash"])
    return _done(program_id, row, "raffle_closed", asking)


@transaction.atomic(durable=True)
def draw_raffle(*, program_id: UUID, code: str, asking: Asking) -> RaffleRecord:
    """Tell the secret and who has won; the same list and secret always have the same winners."""
    asking.by.must(Capability.PUBLISH)
    enter_program(program_id)
    row = _locked(program_id, code)
    if told := told_before(program_id, asking, "raffle_drawn", RaffleRecord):
        return told
    _must_be(row, "closed")
    entrants = frozen_list(program_id, row.id)
    wins = draw_winners(row.secret, entrants, msgspec.json.decode(row.prizes), one_each=row.one_each)
    row.state, row.drawn_at = "drawn", asking.at
    row.record = msgspec.json.encode(wins).decode()
    row.save(update_fields=["state", "drawn_at", "record"])
    return _done(program_id, row, "raffle_drawn", asking)


@transaction.atomic(durable=True)
def read_raffle(*, program_id: UUID, code: str) -> RaffleRecord:
    """What is published by now; it needs no right."""
    enter_program(program_id)
    row = Raffle.objects.of(program_id).filter(code=code).first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="raffle")
    return _record(program_id, row)


@transaction.atomic(durable=True)
def raffle_winners(*, program_id: UUID, code: str, by: Actor) -> list[tuple[Win, UUID]]:
    """Who has won, for the organiser alone: the published record names nobody."""
    by.must(Capability.PUBLISH)
    enter_program(program_id)
    row = Raffle.objects.of(program_id).filter(code=code).first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="raffle")
    wins = _record(program_id, row).wins
    members = winners_of(program_id, row.id, [win.mark for win in wins])
    return [(win, members[win.mark]) for win in wins]


def verify_record(record: RaffleRecord) -> list[str]:
    """What of a published record does not hold, by stable names; empty: every winner follows from it."""
    found = []
    if hash_of(record.secret) != record.secret_hash:
        found.append("secret_not_the_announced_one")
    if hash_of(text_of(record.entrants)) != record.list_hash:
        found.append("list_not_the_closed_one")
    if draw_winners(record.secret, record.entrants, record.prizes, one_each=record.one_each) != record.wins:
        found.append("winners_do_not_follow")
    return found


def _must_be(row: Raffle, state: str) -> None:
    if row.state != state:
        raise Refusal(Code.INVALID, field="raffle", reason=f"raffle_{row.state}")


def _locked(program_id: UUID, code: str) -> Raffle:
    rows = Raffle.objects.of(program_id).filter(code=code)
    if locks_are_on():
        rows = rows.select_for_update()
    found: Raffle | None = rows.first()
    if found is None:
        raise Refusal(Code.NOT_FOUND, what="raffle")
    return found


def _done(program_id: UUID, row: Raffle, what: str, asking: Asking) -> RaffleRecord:
    record = _record(program_id, row)
    record_audit(
        program_id, what, row.id, by=asking.by, at=asking.at, request_id=asking.request_id,
        after={"code": row.code, "secret_hash": row.secret_hash, "list_hash": row.list_hash, "tickets": row.tickets},
    )  # fmt: skip
    keep_answer(program_id, asking, what, record, member_id=None, subject_id=row.id)
    return record


def _record(program_id: UUID, row: Raffle) -> RaffleRecord:
    is_drawn = row.state == "drawn"
    return RaffleRecord(
        row.code, row.name, row.currency, msgspec.json.decode(row.prizes), row.one_each, row.state, row.secret_hash,
        row.announced_at, row.closed_at, row.list_hash,
        frozen_list(program_id, row.id) if row.state != "announced" else [], row.drawn_at,
        row.secret if is_drawn else "", msgspec.json.decode(row.record, type=list[Win]) if is_drawn else [],
    )  # fmt: skip
