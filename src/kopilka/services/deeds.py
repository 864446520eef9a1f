"""Doing what rules owe, exactly once however often the worker dies.

Each deed has a transaction of its own, but for those that only give to many different members, such as the shares of
a day's sales: of these some are done together, and one by one when anything is unusual about one of them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from django.db import DatabaseError, transaction

from kopilka.bookkeeping.deeds import (
    Apart,
    DeedKind,
    DeedState,
    Doing,
    Due,
    close_deed,
    close_deeds,
    due_deeds,
    follow_merged,
    lock_deed,
    lock_deeds,
    put_off_deed,
)
from kopilka.bookkeeping.gifts import do_cards, plan_cards_after
from kopilka.bookkeeping.loading import load_known, load_several
from kopilka.bookkeeping.purchasing.due import settle_due
from kopilka.bookkeeping.purchasing.outcome import Outcome
from kopilka.bookkeeping.purchasing.transactions import act_once
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.sharing.posting import post_share, read_sales
from kopilka.bookkeeping.writing import Written
from kopilka.data.ids import new_id
from kopilka.engine.actor import SYSTEM_ACTOR
from kopilka.engine.ledger import Act, Kind
from kopilka.engine.refusal import Refusal
from kopilka.services import bulk_grants
from kopilka.services.automations.doing import do_automation, pass_on
from kopilka.services.automations.taking_back import take_back
from kopilka.services.automations.together import crowd_of

AT_ONCE = 200
FIRST_WAIT = timedelta(minutes=1)
DOUBLINGS_MAX = 10
"""A deed that fails is tried again after one minute, then two, then four, at last every 17 hours."""

Doer = Callable[[Doing], None]


class _Refused(Exception):
    """A doer said no; no Refusal, after which what was gathered would be written."""


class Shared(Protocol):
    """What one kind of deed has read for a batch of them, and writes for all of them."""

    def is_unusual(self, deed: Due) -> bool: ...

    def write(self, program_id: UUID) -> None: ...


DOERS: Mapping[DeedKind, Doer] = {
    DeedKind.AUTOMATION: do_automation,
    DeedKind.PASS_ON: pass_on,
    DeedKind.TAKE_BACK: take_back,
    DeedKind.SHARE: post_share,
    DeedKind.BULK: bulk_grants.perform,
    DeedKind.GIFT: do_cards,
}
"""By kind of deed: decides and fills the doing's act, outcome and deed.

One that cannot be done raises Refusal; then nothing of what it had begun is written.
"""

TOGETHER: Mapping[DeedKind, Callable[[UUID, Sequence[Due]], Shared]] = {
    DeedKind.SHARE: read_sales,
    DeedKind.AUTOMATION: crowd_of,
}
"""Kinds of which many are done in one transaction, with what is read for all of them at once."""

KINDS = {
    DeedKind.AUTOMATION: Kind.GRANT,
    DeedKind.PASS_ON: Kind.GRANT,
    DeedKind.TAKE_BACK: Kind.GRANT,
    DeedKind.SHARE: Kind.SHARE,
    DeedKind.BULK: Kind.ADJUST,
    DeedKind.GIFT: Kind.GIFT,
}
"""What the operation of each kind of deed is called in the books."""

_log = logging.getLogger(__name__)


def do_due_deeds(*, program_id: UUID, at: datetime, progress: Callable[[int], None] | None = None) -> int:
    """Do everything that is due; how many deeds ended. One that fails is tried again later and stops nobody else."""
    done = 0
    while batch := _due(program_id, at):
        for kind in TOGETHER:
            some = [one for one in batch if one[2] == kind]
            ended = _do_together(program_id, kind, some, at) if len(some) > 1 else set()
            batch = [one for one in batch if one[0] not in ended]
            done += len(ended)
            if progress and ended:
                progress(len(ended))
        for deed_id, member_id, _ in batch:
            done += _do(program_id, deed_id, member_id, at)
            if progress:
                progress(1)
    return done


@transaction.atomic(durable=True)
def _due(program_id: UUID, at: datetime) -> list[tuple[UUID, UUID, str]]:
    """Behind PostgreSQL's second wall there is nothing to be seen without entering the program."""
    enter_program(program_id)
    return due_deeds(program_id, at=at, limit=AT_ONCE)


def _do_together(program_id: UUID, kind: DeedKind, batch: Sequence[tuple[UUID, UUID, str]], at: datetime) -> set[UUID]:
    """Which of them have ended; the others are to be done one by one."""
    try:
        return act_once(program_id, lambda outcome: _do_many(outcome, program_id, kind, batch, at))
    except (Apart, DatabaseError):
        return set()


def _do_many(
    outcome: Outcome, program_id: UUID, kind: DeedKind, batch: Sequence[tuple[UUID, UUID, str]], at: datetime
) -> set[UUID]:
    enter_program(program_id)
    known = load_several(program_id, {member for _, member, _ in batch}, lots=False)
    deeds = lock_deeds(program_id, [key for key, _, _ in batch])
    version, rulebook = load_rulebook(program_id)
    shared = TOGETHER[kind](program_id, deeds)
    strangers = {one.standing.member_id for one in known.values() if one.status == "merged"}
    usual = [
        deed
        for deed in deeds
        if deed.member_id in known and deed.member_id not in strangers and not shared.is_unusual(deed)
    ]
    for deed in usual:
        one = known[deed.member_id]
        act = Act(one.standing, at, new_id)
        doing = Doing(
            program_id, version, rulebook, deed, one, act, outcome, at, has_lots=False, shared=shared
        )  # fmt: skip
        try:
            DOERS[kind](doing)
        except Refusal as refusal:
            raise Apart from refusal
        _write_down(doing)
    shared.write(program_id)
    close_deeds(program_id, usual, at=at)
    return {deed.id for deed in usual} | {key for key, _, _ in batch} - {deed.id for deed in deeds}


def _do(program_id: UUID, deed_id: UUID, member_id: UUID, at: datetime) -> int:
    try:
        return act_once(program_id, lambda outcome: _do_once(outcome, program_id, deed_id, member_id, at))
    except _Refused as refused:
        return _refuse(program_id, deed_id, member_id, at, str(refused))
    except Exception as error:  # noqa: BLE001 - one deed must not stop the others
        _log.exception("A deed could not be done")
        _put_off(program_id, deed_id, at, str(error))
        return 0


def _do_once(outcome: Outcome, program_id: UUID, deed_id: UUID, member_id: UUID, at: datetime) -> int:
    enter_program(program_id)
    known = load_known(program_id, member_id)
    if known.status == "merged" and follow_merged(program_id, deed_id, member_id, at=at):
        return 0
    deed = lock_deed(program_id, deed_id)
    if deed is None or deed.member_id != member_id:
        return 0
    version, rulebook = load_rulebook(program_id)
    outcome.written.extend(settle_due(known.standing, at=at, recorded_at=at))
    doing = Doing(program_id, version, rulebook, deed, known, Act(known.standing, at, new_id), outcome, at)
    try:
        DOERS[DeedKind(deed.kind)](doing)
    except Refusal as refusal:
        raise _Refused(str(refusal)) from refusal
    _write_down(doing)
    close_deed(program_id, deed, at=at)
    return 1


def _refuse(program_id: UUID, deed_id: UUID, member_id: UUID, at: datetime, told: str) -> int:
    """End it as refused, in a transaction of its own: of what its doing had begun in memory nothing may be written."""

    def refuse(_outcome: Outcome) -> int:
        enter_program(program_id)
        load_known(program_id, member_id)
        deed = lock_deed(program_id, deed_id)
        if deed is None:
            return 0
        deed.state, deed.told = DeedState.REFUSED, told
        close_deed(program_id, deed, at=at)
        return 1

    return act_once(program_id, refuse)


def _write_down(doing: Doing) -> None:
    deed, act = doing.deed, doing.act
    if act.postings or act.wallets:
        deed.operation_id = new_id()
        doing.outcome.written.append(
            Written(
                KINDS[DeedKind(deed.kind)], deed.member_id, deed.id, doing.at, doing.at, SYSTEM_ACTOR, act,
                reason=deed.rule, id=deed.operation_id,
            )
        )  # fmt: skip
        plan_cards_after(doing)


def _put_off(program_id: UUID, deed_id: UUID, at: datetime, told: str) -> None:
    def put_off(_outcome: Outcome) -> None:
        enter_program(program_id)
        put_off_deed(program_id, deed_id, at=at, first=FIRST_WAIT, doublings_max=DOUBLINGS_MAX, told=told[:500])

    act_once(program_id, put_off)
