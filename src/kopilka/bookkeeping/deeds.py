"""Deeds: what rules owe members, planned with the event that causes it, done later, each exactly once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection

from kopilka.bookkeeping.kernel import store
from kopilka.bookkeeping.kernel.rows import Rows
from kopilka.bookkeeping.loading import Known
from kopilka.bookkeeping.locking import locks_are_on
from kopilka.data.ids import new_id
from kopilka.data.models.deeds import Deed
from kopilka.data.models.members import Member
from kopilka.engine.ledger import Act
from kopilka.engine.rulebook import Rulebook

if TYPE_CHECKING:  # what a purchase writes holds kinds of belongings, and some of those plan deeds
    from kopilka.bookkeeping.purchasing.outcome import Outcome


class DeedKind(StrEnum):
    """PASS_ON: points of an automation for others than the member of its event. TAKE_BACK: after a return."""

    AUTOMATION = "automation"
    PASS_ON = "pass_on"  # noqa: S105 - a kind of deed, no password
    TAKE_BACK = "take_back"
    SHARE = "share"
    BULK = "bulk"
    GIFT = "gift"


class DeedState(StrEnum):
    """How a deed stands; all but DUE are final."""

    DUE = "due"
    DONE = "done"
    NOTHING = "nothing"
    HOLDOUT = "holdout"
    LIMITED = "limited"
    OVER_BUDGET = "over_budget"
    MISSED = "missed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Planned:
    """A deed about to be planned; see the columns of Deed."""

    kind: DeedKind
    rule: str
    cause: str
    member_id: UUID
    due_at: datetime
    about: UUID | None = None
    subject: UUID | None = None
    payload: str = ""
    branch: str = ""


@dataclass(slots=True)
class Due:
    """A planned deed, locked; what its doing writes down is set here."""

    id: UUID
    kind: str
    rule: str
    cause: str
    member_id: UUID
    about: UUID | None
    subject: UUID | None
    payload: str
    due_at: datetime
    planned_at: datetime
    tries: int
    state: DeedState = DeedState.DONE
    told: str = ""
    currency: str = ""
    units: int = 0
    operation_id: UUID | None = None
    branch: str = ""


class Apart(Exception):
    """This deed cannot be done together with others: the whole of them is begun anew, one by one."""


@dataclass(slots=True)
class Doing:
    """One deed being done: its member is locked, with wallets and lots in `standing`.

    What is done goes into `act` (points of this member), `outcome` (everything else that is written) and the deed's
    own columns. `at` is the moment of doing. Deeds that only give are done many in one transaction: then lots were
    not read (`has_lots`), and `shared` is what their kind has read for all of them.
    """

    program_id: UUID
    version: int
    rulebook: Rulebook
    deed: Due
    known: Known
    act: Act
    outcome: Outcome
    at: datetime
    messages: list[str] = field(default_factory=list)
    has_lots: bool = True
    shared: object = None

    def must_have_lots(self) -> None:
        """Raises Apart where they were not read."""
        if not self.has_lots:
            raise Apart


def plan_deeds(program_id: UUID, planned: Iterable[Planned], *, at: datetime | None = None) -> None:
    """Plan these; those planned before stay as they are. Inside the transaction of their cause.

    `at`: the moment of planning; when left out, each one's is the moment it is due.
    """
    rows = [
        Deed(
            id=new_id(), program_id=program_id, kind=one.kind, rule=one.rule, cause=one.cause, member_id=one.member_id,
            about=one.about, subject=one.subject, payload=one.payload, due_at=one.due_at,
            at=at or one.due_at, branch=one.branch,
        )
        for one in planned
    ]  # fmt: skip
    if rows:
        Deed.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def plan_many(program_id: UUID, planned: Sequence[Planned], *, at: datetime) -> None:
    """Plan a great number by one statement. The caller knows that none of them was planned before, and holds a lock
    that keeps others from planning them."""
    with store.together():
        store.insert(
            _DEEDS,
            program_id,
            [
                (
                    new_id(), one.kind, one.rule, one.cause, one.member_id, one.about, one.subject, one.payload,
                    one.branch, one.due_at, at, DeedState.DUE, "", "", 0, 0,
                )
                for one in planned
            ],
        )  # fmt: skip


_ENDS = Rows(Deed, "id", "state", "told", "currency", "units", "operation_id", "done_at")
_DEEDS = Rows(
    Deed,
    "id", "kind", "rule", "cause", "member_id", "about", "subject", "payload", "branch", "due_at", "at", "state",
    "told", "currency", "units", "tries",
)  # fmt: skip


def due_deeds(program_id: UUID, *, at: datetime, limit: int) -> list[tuple[UUID, UUID, str]]:
    """The next deeds that are due, with their members and kinds: the elder first. Nothing is locked."""
    rows = Deed.objects.of(program_id).filter(state=DeedState.DUE, due_at__lte=at).order_by("due_at", "id")
    return list(rows.values_list("id", "member_id", "kind")[:limit])


def lock_deeds(program_id: UUID, deed_ids: Iterable[UUID]) -> list[Due]:
    """Those of these deeds that nobody has done, locked in the order of their ids, after their members."""
    rows = Deed.objects.of(program_id).filter(id__in=list(deed_ids), state=DeedState.DUE).order_by("id")
    if locks_are_on() and connection.vendor == "postgresql":
        rows = rows.select_for_update(no_key=True)
    return [_due(row) for row in rows]


def close_deeds(program_id: UUID, deeds: Sequence[Due], *, at: datetime) -> None:
    """Write down how these ended."""
    with store.together():
        store.update(
            _ENDS,
            program_id,
            [(one.id, one.state, one.told, one.currency, one.units, one.operation_id, at) for one in deeds],
        )


def lock_deed(program_id: UUID, deed_id: UUID) -> Due | None:
    """The deed, locked after its member; None when somebody else has done it."""
    rows = Deed.objects.of(program_id).filter(id=deed_id, state=DeedState.DUE)
    if locks_are_on() and connection.vendor == "postgresql":
        rows = rows.select_for_update(no_key=True)
    row = rows.first()
    return None if row is None else _due(row)


def _due(row: Deed) -> Due:
    return Due(
        row.id, row.kind, row.rule, row.cause, row.member_id, row.about, row.subject, row.payload, row.due_at, row.at,
        row.tries, branch=row.branch,
    )  # fmt: skip


def follow_merged(program_id: UUID, deed_id: UUID, member_id: UUID, *, at: datetime) -> bool:
    """Was the deed planned for a record that has become another one's? Then it is that one's; he is locked."""
    kept = Member.objects.of(program_id).filter(id=member_id).values_list("merged_into_id", flat=True).get()
    if kept is None:
        return False
    row = Deed.objects.of(program_id).filter(id=deed_id, state=DeedState.DUE).first()
    if row is not None:
        twins = Deed.objects.of(program_id).filter(kind=row.kind, rule=row.rule, cause=row.cause, member_id=kept)
        rows = Deed.objects.of(program_id).filter(id=deed_id)
        if twins.exists():
            rows.update(state=DeedState.NOTHING, told="merged", done_at=at)
        else:
            rows.update(member_id=kept, about=kept if row.about == member_id else row.about)
    return True


def close_deed(program_id: UUID, deed: Due, *, at: datetime) -> None:
    """Write down how it ended."""
    Deed.objects.of(program_id).filter(id=deed.id).update(
        state=deed.state, told=deed.told, currency=deed.currency, units=deed.units,
        operation_id=deed.operation_id, payload=deed.payload, done_at=at,
    )  # fmt: skip


def put_off_deed(
    program_id: UUID, deed_id: UUID, *, at: datetime, first: timedelta, doublings_max: int, told: str
) -> None:
    """It failed for a reason that may pass: tried again, each time after twice as long, and seen by whoever looks."""
    rows = Deed.objects.of(program_id).filter(id=deed_id, state=DeedState.DUE)
    row = rows.first()
    if row is not None:
        wait = first * 2 ** min(row.tries, doublings_max)
        rows.update(due_at=at + wait, told=told, tries=row.tries + 1)
