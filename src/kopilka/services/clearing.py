"""Clearing of a coalition: what partners owe each other for any period, and acts that settle it once for all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.documents import from_text, to_text
from kopilka.bookkeeping.notes import Asking, keep_answer, told_before
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.shares import Acceptance, ClearingAct
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.clearing import Clearing, clear
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.coalition import (
    ActView,
    Liability,
    act_view,
    clearing_act,
    clearing_acts,
    clearing_lines,
    liabilities,
)


@dataclass(frozen=True, slots=True)
class Act:
    """A numbered act: all up to `until` that no act had settled before, with the rules that name the partners."""

    view: ActView
    clearing: Clearing
    rulebook: Rulebook
    replayed: bool = False


@transaction.atomic(durable=True)
def read_clearing(*, program_id: UUID, by: Actor, since: datetime | None, until: datetime | None) -> Clearing:
    """What partners owe each other for [since, until), settled or not; nothing is written."""
    by.must(Capability.READ)
    enter_program(program_id)
    return clear(clearing_lines(program_id, since=since, until=until))


@transaction.atomic(durable=True)
def read_open_clearing(*, program_id: UUID, by: Actor, until: datetime | None = None) -> Clearing:
    """What the next act would settle."""
    by.must(Capability.READ)
    enter_program(program_id)
    return clear(clearing_lines(program_id, until=until, open_only=True))


def settle_clearing(*, program_id: UUID, until: datetime, asking: Asking) -> Act:
    """Close everything before `until` into the next act; what comes late for it lands in the act after.

    `invalid` (until: in_future, closed_already).
    """
    asking.by.must(Capability.ADJUST)
    try:
        return _settle(program_id, until, asking)
    except IntegrityError:  # two at once took one number
        return _settle(program_id, until, asking)


@transaction.atomic(durable=True)
def read_act(*, program_id: UUID, number: int, by: Actor) -> Act:
    """`not_found`."""
    by.must(Capability.READ)
    enter_program(program_id)
    view = clearing_act(program_id, number)
    return Act(view, from_text(view.document, Clearing), load_rulebook(program_id)[1])


def list_acts(*, program_id: UUID, by: Actor, before: int | None = None, limit: int = 50) -> list[ActView]:
    by.must(Capability.READ)
    return clearing_acts(program_id, before=before, limit=limit)


@transaction.atomic(durable=True)
def read_liabilities(*, program_id: UUID, by: Actor) -> list[Liability]:
    """Points that members hold, by the partner who answers for them."""
    by.must(Capability.READ)
    enter_program(program_id)
    return liabilities(program_id, load_rulebook(program_id)[1])


@transaction.atomic(durable=True)
def _settle(program_id: UUID, until: datetime, asking: Asking) -> Act:
    enter_program(program_id)
    rulebook = load_rulebook(program_id)[1]
    done = told_before(program_id, asking, "clearing_settled", int)
    if done is not None:
        view = clearing_act(program_id, done)
        return Act(view, from_text(view.document, Clearing), rulebook, replayed=True)
    last = ClearingAct.objects.of(program_id).order_by("-number").first()
    if until > asking.at:
        raise Refusal(Code.INVALID, field="until", reason="in_future")
    if last is not None and until <= last.until:
        raise Refusal(Code.INVALID, field="until", reason="closed_already")
    row = ClearingAct.objects.create(
        id=new_id(), program_id=program_id, number=last.number + 1 if last else 1, since=last.until if last else None,
        until=until, made_at=asking.at, made_by=asking.by.name, document="",
    )  # fmt: skip
    Acceptance.objects.of(program_id).filter(act__isnull=True, at__lt=until).update(act_id=row.id)
    clearing = clear(clearing_lines(program_id, act_id=row.id))
    row.document = to_text(clearing)
    row.save(update_fields=["document"])
    record_audit(
        program_id, "clearing_settled", row.id, by=asking.by, at=asking.at, after={"number": row.number},
        request_id=asking.request_id,
    )  # fmt: skip
    keep_answer(program_id, asking, "clearing_settled", row.number, member_id=None, subject_id=row.id)
    return Act(act_view(row), clearing, rulebook)
