"""Taking back everything one rule gave between two moments: previewed, done once for ever, resumable, undone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.db.models import Q

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.idempotency import CREATED, NO_KEY, Request, find_answered
from kopilka.bookkeeping.idempotency import DONE as DONE_STATUS
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.bookkeeping.publishing import NOTE_LENGTH_MAX, lock_program
from kopilka.bookkeeping.purchasing.transactions import try_again
from kopilka.bookkeeping.reversing import (
    KINDS,
    Reverser,
    Section,
    Target,
    Undone,
    document_of,
    targets_of,
    undone_of,
    write_changed,
)
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.writing import Written, write_acts
from kopilka.data.ids import new_id
from kopilka.data.models.publishing import Reversal, ReversalItem
from kopilka.engine.actor import SYSTEM_ACTOR, Actor, Capability
from kopilka.engine.contacts import clean_text
from kopilka.engine.ledger import Act, Kind
from kopilka.engine.refusal import Code, Refusal

RUNNING, DONE, UNDOING, UNDONE = "running", "done", "undoing", "undone"

Progress = Callable[[int], None]


@dataclass(slots=True)
class Sums:
    """Units of one currency. `given` by the rule; of them `taken` from lots, `expired` before, `owed` or `forgotten`.

    What is owed or forgotten is what the members had spent already. A part that returns had taken before is `returned`.
    """

    given: int = 0
    taken: int = 0
    expired: int = 0
    owed: int = 0
    forgotten: int = 0
    returned: int = 0


@dataclass(slots=True)
class Reversed:
    """How a reversal went, or (`reversal_id` None) would go. `rule`: its path; `items`: purchases, shares or events."""

    reversal_id: UUID | None
    rule: str
    state: str
    members: int = 0
    items: int = 0
    sums: dict[str, Sums] = field(default_factory=dict)
    replayed: bool = False


def preview_reversal(
    *, program_id: UUID, rule: str, since: datetime, until: datetime, by: Actor, at: datetime
) -> Reversed:
    """What reversing would do, worked out like the real thing and written nowhere."""
    by.must(Capability.ADJUST)
    section, code, targets = _found(program_id, rule, since, until)
    told = Reversed(None, f"{section}.{code}", "preview")
    for member_id, of_member in _by_member(targets):
        with transaction.atomic(durable=True):
            enter_program(program_id)
            done = _reverse_member(program_id, None, section, code, member_id, of_member, at, by)
            transaction.set_rollback(True)
        _count(told, [undone for _, undone in done])
    return told


def reverse_rule(
    *,
    program_id: UUID,
    rule: str,
    since: datetime,
    until: datetime,
    reason: str,
    request: Request = NO_KEY,
    by: Actor,
    at: datetime,
    request_id: str = "",
    members_max: int | None = None,
    told: Progress = lambda _done: None,
) -> Reversed:
    """Take back everything `rule` gave in [since, until), member by member, each in a transaction of its own.

    Whatever was taken back before, by this reversal or another one, is left alone; goods that are returned later take
    back only what is left. Interrupted, it goes on where it was: by the same command, or by the worker. `members_max`
    bounds what is done at once. `missing` (reason), `not_found` (rule), `invalid` (until, rule).
    """
    by.must(Capability.ADJUST)
    if not reason.strip():
        raise Refusal(Code.MISSING, field="reason")
    section, code, _ = _found(program_id, rule, since, until)
    begun, replayed = _begin(program_id, f"{section}.{code}", since, until, reason, request, by, at, request_id)
    _go_on(program_id, begun, at=at, by=by, members_max=members_max, told=told)
    result = reversal_view(program_id, begun)
    result.replayed = replayed
    return result


def undo_reversal(
    *,
    program_id: UUID,
    reversal_id: UUID,
    reason: str,
    request: Request = NO_KEY,
    by: Actor,
    at: datetime,
    request_id: str = "",
    members_max: int | None = None,
    told: Progress = lambda _done: None,
) -> Reversed:
    """Give back what a reversal took, to the very lots; a debt it made is forgiven. `not_found` (reversal).

    Undoing twice changes nothing more. Points whose life has ended meanwhile end at once.
    """
    by.must(Capability.ADJUST)
    replayed = False
    with transaction.atomic(durable=True):
        lock_program(program_id)
        replayed = find_answered(program_id, request) is not None
        rows = Reversal.objects.of(program_id).filter(id=reversal_id)
        state = rows.values_list("state", flat=True).first()
        if state is None:
            raise Refusal(Code.NOT_FOUND, what="reversal")
        if state in {RUNNING, DONE}:
            rows.update(state=UNDOING)
            record_audit(
                program_id, "reversal_undone", reversal_id, by=by, at=at, reason=reason, request_id=request_id
            )  # fmt: skip
        if not replayed:
            written = Written(
                Kind.REVERSE, None, reversal_id, at, at, by, request=request, request_id=request_id, status=DONE_STATUS,
                reason=reason,
            )  # fmt: skip
            write_acts(program_id, [written])
    _go_on(program_id, reversal_id, at=at, by=by, members_max=members_max, told=told)
    result = reversal_view(program_id, reversal_id)
    result.replayed = replayed
    return result


def continue_reversals(
    *, program_id: UUID, at: datetime, members_max: int = 500, progress: Progress = lambda _done: None
) -> int:
    """Go on with whatever a crash or a bounded request left; how many members were done. For the worker."""
    with transaction.atomic(durable=True):
        enter_program(program_id)
        open_ = list(
            Reversal.objects.of(program_id)
            .filter(state__in=(RUNNING, UNDOING))
            .order_by("at", "id")
            .values_list("id", flat=True)
        )
    return sum(_go_on(program_id, one, at=at, by=SYSTEM_ACTOR, members_max=members_max, told=progress) for one in open_)


def reversal_view(program_id: UUID, reversal_id: UUID) -> Reversed:
    """How a reversal stands by now; `not_found`."""
    with transaction.atomic(durable=True):
        enter_program(program_id)
        row = Reversal.objects.of(program_id).filter(id=reversal_id).first()
        if row is None:
            raise Refusal(Code.NOT_FOUND, what="reversal")
        section = Section(row.rule.partition(".")[0])
        view = Reversed(reversal_id, row.rule, row.state)
        items = ReversalItem.objects.of(program_id).filter(reversal_id=reversal_id).order_by("member_id", "id")
        for _, of_member in groupby(items.iterator(), key=lambda item: item.member_id):
            _count(view, [undone_of(section, item.given, item.document) for item in of_member])
    return view


def _found(program_id: UUID, rule: str, since: datetime, until: datetime) -> tuple[Section, str, list[Target]]:
    """The section, code and targets of a rule named by its path or bare code."""
    if until <= since:
        raise Refusal(Code.INVALID, field="until", reason="end_before_start")
    name, dot, code = rule.partition(".")
    if dot and name in set(Section):
        return Section(name), code, _targets(program_id, Section(name), code, since, until)
    found = [(section, _targets(program_id, section, rule, since, until)) for section in Section]
    found = [(section, targets) for section, targets in found if targets]
    if not found:
        raise Refusal(Code.NOT_FOUND, what="rule")
    if len(found) > 1:
        raise Refusal(Code.INVALID, field="rule", reason="several_of_this_code")
    return found[0][0], rule, found[0][1]


def _targets(program_id: UUID, section: Section, code: str, since: datetime, until: datetime) -> list[Target]:
    with transaction.atomic(durable=True):
        enter_program(program_id)
        return list(targets_of(program_id, section, code, since=since, until=until))


def _by_member(targets: Sequence[Target]) -> list[tuple[UUID, list[UUID]]]:
    return [
        (member_id, [target.subject_id for target in group])
        for member_id, group in groupby(targets, key=lambda target: target.member_id)
    ]


def _begin(
    program_id: UUID, path: str, since: datetime, until: datetime, reason: str, request: Request, by: Actor,
    at: datetime, request_id: str,
) -> tuple[UUID, bool]:  # fmt: skip
    """The reversal to go on with: that of this very request, one that was left running, or a new one."""
    with transaction.atomic(durable=True):
        lock_program(program_id)
        if done := find_answered(program_id, request):
            return UUID(msgspec.json.decode(done.answer or "")), True
        rows = Reversal.objects.of(program_id).filter(rule=path, since=since, until=until, state=RUNNING)
        running: UUID | None = rows.values_list("id", flat=True).first()
        reversal_id = running or new_id()
        if running is None:
            text = clean_text(reason, field="reason", length_max=NOTE_LENGTH_MAX)
            Reversal(
                id=reversal_id, program_id=program_id, rule=path, since=since, until=until, reason=text, at=at,
                by=by.name,
            ).save(force_insert=True)  # fmt: skip
            after = {"rule": path, "from": since.isoformat(), "until": until.isoformat()}
            record_audit(
                program_id, "rule_reversed", reversal_id, by=by, at=at, after=after, reason=text, request_id=request_id
            )  # fmt: skip
        written = Written(
            Kind.REVERSE, None, reversal_id, at, at, by, request=request, request_id=request_id, status=CREATED,
            reason=path, answer=msgspec.json.encode(str(reversal_id)).decode() if request.key else None,
        )  # fmt: skip
        write_acts(program_id, [written])
    return reversal_id, False


def _go_on(
    program_id: UUID, reversal_id: UUID, *, at: datetime, by: Actor, members_max: int | None = None,
    told: Progress = lambda _done: None,
) -> int:  # fmt: skip
    """Do what is left of a reversal or of its undoing, at most so many members; how many were done."""
    with transaction.atomic(durable=True):
        enter_program(program_id)
        row = Reversal.objects.of(program_id).get(id=reversal_id)
    section, code = Section(row.rule.partition(".")[0]), row.rule.partition(".")[2]
    if row.state not in {RUNNING, UNDOING}:
        return 0
    work = _undo_one if row.state == UNDOING else _reverse_one
    left = _left(program_id, row, section, code)
    for member_id, subjects in left[:members_max]:
        try_again(lambda who=member_id, of=subjects: work(program_id, row.id, section, code, who, of, at, by))  # type: ignore[misc]
        told(1)
    if members_max is None or len(left) <= members_max:
        with transaction.atomic(durable=True):
            enter_program(program_id)
            final = DONE if row.state == RUNNING else UNDONE
            Reversal.objects.of(program_id).filter(id=reversal_id, state=row.state).update(state=final)
    return len(left[:members_max])


def _left(program_id: UUID, row: Reversal, section: Section, code: str) -> list[tuple[UUID, list[UUID]]]:
    """Members with what of theirs has not been reversed, or not been undone, yet."""
    with transaction.atomic(durable=True):
        enter_program(program_id)
        items = ReversalItem.objects.of(program_id).filter(reversal_id=row.id)
        if row.state == UNDOING:
            rows = items.filter(undo_operation_id__isnull=True).order_by("member_id", "-id")
            return _by_member([Target(*one) for one in rows.values_list("member_id", "subject_id")])
        done = set(items.values_list("subject_id", flat=True))
        targets = targets_of(program_id, section, code, since=row.since, until=row.until)
        ahead = (target for target in targets if row.position is None or target.member_id > row.position)
        return _by_member([target for target in ahead if target.subject_id not in done])


def _reverse_one(
    program_id: UUID, reversal_id: UUID, section: Section, code: str, member_id: UUID, subjects: Iterable[UUID],
    at: datetime, by: Actor,
) -> None:  # fmt: skip
    with transaction.atomic(durable=True):
        enter_program(program_id)
        if _locked_state(program_id, reversal_id) == RUNNING:
            _reverse_member(program_id, reversal_id, section, code, member_id, subjects, at, by)
            rows = Reversal.objects.of(program_id).filter(id=reversal_id)
            rows.filter(Q(position=None) | Q(position__lt=member_id)).update(position=member_id)


def _reverse_member(
    program_id: UUID, reversal_id: UUID | None, section: Section, code: str, member_id: UUID,
    subjects: Iterable[UUID], at: datetime, by: Actor,
) -> list[tuple[UUID, Undone]]:  # fmt: skip
    """Take the rule back on all of one member's targets; `reversal_id` None keeps no record."""
    reverser = Reverser(program_id, section, code, member_id, at=at)
    done: list[tuple[UUID, Undone]] = []
    for subject_id in subjects:
        act = Act(reverser.standing, at, new_id)
        undone = reverser.reverse(subject_id, act)
        if undone is None:
            continue
        done.append((subject_id, undone))
        if reversal_id is None:
            continue
        operation = _operation(program_id, member_id, subject_id, f"{section}.{code}", act, by, at)
        ReversalItem(
            id=new_id(), program_id=program_id, reversal_id=reversal_id, kind=KINDS[section], subject_id=subject_id,
            member_id=member_id, operation_id=operation, given=json.dumps(undone.given),
            document=document_of(section, undone),
        ).save(force_insert=True)  # fmt: skip
    write_changed(program_id, reverser.changed())
    return done


def _undo_one(
    program_id: UUID, reversal_id: UUID, section: Section, code: str, member_id: UUID, subjects: Iterable[UUID],
    at: datetime, by: Actor,
) -> None:  # fmt: skip
    with transaction.atomic(durable=True):
        enter_program(program_id)
        _locked_state(program_id, reversal_id)
        reverser = Reverser(program_id, section, code, member_id, at=at)
        for subject_id in subjects:
            items = ReversalItem.objects.of(program_id).filter(reversal_id=reversal_id, subject_id=subject_id)
            item = items.filter(undo_operation_id__isnull=True).first()
            if item is None:
                continue
            act = Act(reverser.standing, at, new_id)
            undone = reverser.restore(subject_id, undone_of(section, item.given, item.document), act)
            operation = _operation(program_id, member_id, subject_id, f"undo {section}.{code}", act, by, at)
            items.update(undo_operation_id=operation, undo_document=document_of(section, undone))
        write_changed(program_id, reverser.changed())


def _operation(
    program_id: UUID, member_id: UUID, subject_id: UUID, reason: str, act: Act, by: Actor, at: datetime
) -> UUID:
    written = Written(Kind.REVERSE, member_id, subject_id, at, at, by, act, reason=reason)
    write_acts(program_id, [written])
    return written.id


def _locked_state(program_id: UUID, reversal_id: UUID) -> str:
    """Locked before its members: whoever goes on with a reversal does not overtake whoever undoes it."""
    rows = Reversal.objects.of(program_id).filter(id=reversal_id)
    if locks_are_on() and connection.vendor == "postgresql":
        rows = rows.select_for_update(no_key=True)
    state: str = rows.values_list("state", flat=True).get()
    return state


def _count(told: Reversed, done: Sequence[Undone]) -> None:
    """Add what was done to one member."""
    told.members += bool(done)
    told.items += len(done)
    for undone in done:
        for currency, units in undone.given.items():
            told.sums.setdefault(currency, Sums()).given += units
        for back in undone.points:
            sums = told.sums.setdefault(back.currency, Sums())
            sums.taken += back.taken
            sums.expired += back.expired
            sums.owed += back.owed
            sums.forgotten += back.forgotten
            sums.returned += undone.given.get(back.currency, 0) - back.earned
