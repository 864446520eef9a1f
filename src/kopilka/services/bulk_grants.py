"""Points given by hand to many members at once, looked at before and undone as a whole."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Sum

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.deeds import DeedKind, DeedState, Doing, Planned, plan_deeds
from kopilka.bookkeeping.idempotency import NO_KEY, Request
from kopilka.bookkeeping.lots import lots_made_by
from kopilka.bookkeeping.notes import Asking, keep_answer, told_before
from kopilka.bookkeeping.scope import enter_program
from kopilka.data.ids import new_id
from kopilka.data.models.balances import BulkGrant
from kopilka.data.models.deeds import Deed
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.contacts import clean_text
from kopilka.engine.ledger import Account, Act
from kopilka.engine.period import Life
from kopilka.engine.points import MAX_POINTS
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import TakeBack
from kopilka.queries.segments import MemberRow, every_id, list_members
from kopilka.services.segments.asking import moment_of, read_condition

GIVE, UNDO = "give", "undo"
BEGUN, UNDONE = "bulk_grant_begun", "bulk_grant_undone"
PLANNED_AT_ONCE = 1_000
REASON_MAX = 500
SAMPLE = 20


@dataclass(frozen=True, slots=True)
class BulkRequest:
    """`when` as a condition in a document (None: everybody); `units` for each, living for `life` (None: as usual)."""

    when: object
    currency: str
    units: int
    reason: str
    by: Actor
    at: datetime
    life: Life | None = None
    request: Request = NO_KEY
    request_id: str = ""

    @property
    def asking(self) -> Asking:
        return Asking(self.by, self.at, self.request, self.request_id)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a bulk grant would do: to how many, how many units in all, and the first of them."""

    members: int
    units: int
    sample: list[MemberRow]


@dataclass(frozen=True, slots=True)
class BulkView:
    """A bulk grant as it stands: `states` counts its deeds by state, `given` and `taken_back` are units."""

    id: UUID
    currency: str
    units: int
    reason: str
    state: str
    members: int
    at: datetime
    by: str
    expires_at: datetime | None
    states: dict[str, int]
    given: int
    taken_back: int
    replayed: bool = False


def preview_bulk_grant(*, program_id: UUID, request: BulkRequest) -> Preview:
    """Who would get the points, before anybody does. Refusals as `grant_to_many`."""
    _must_be_good(request)
    moment = moment_of(program_id, request.at)
    _must_know(moment.rulebook.points, request.currency)
    condition = read_condition(moment, request.when)
    members = sum(1 for _ in every_id(moment, condition))
    sample = list_members(moment, condition, after=None, limit=SAMPLE).rows
    return Preview(members, members * request.units, sample)


def grant_to_many(*, program_id: UUID, request: BulkRequest) -> BulkView:
    """Plan the grant of every member of whom the condition holds now; the worker gives, each exactly once.

    `not_allowed`, `missing` (reason), `out_of_range` (units), `invalid` (currency), `rulebook_invalid` (the condition).
    """
    _must_be_good(request)
    moment = moment_of(program_id, request.at)
    _must_know(moment.rulebook.points, request.currency)
    condition = read_condition(moment, request.when)
    members = list(every_id(moment, condition))
    life = moment.rulebook.points[request.currency].life if request.life is None else request.life
    expires_at = None if life.is_empty else life.after(request.at, moment.rulebook.zone)
    return _begin(program_id, request, members, expires_at)


@transaction.atomic(durable=True)
def _begin(program_id: UUID, asked: BulkRequest, members: list[UUID], expires_at: datetime | None) -> BulkView:
    enter_program(program_id)
    if done := told_before(program_id, asked.asking, BEGUN, BulkView):
        return replace(done, replayed=True)
    row = BulkGrant(
        id=new_id(), program_id=program_id, condition=json.dumps(asked.when, ensure_ascii=False, default=str),
        currency=asked.currency, units=asked.units, expires_at=expires_at, reason=asked.reason, members=len(members),
        at=asked.at, by=asked.by.name,
    )  # fmt: skip
    row.save(force_insert=True)
    _plan(program_id, row, GIVE, members, asked.at)
    view = _view(row, {DeedState.DUE.value: len(members)} if members else {}, 0, 0)
    keep_answer(program_id, asked.asking, BEGUN, view, member_id=None, subject_id=row.id)
    record_audit(
        program_id, "bulk_grant_begun", row.id, by=asked.by, at=asked.at, reason=asked.reason,
        after={"members": len(members), "units": asked.units, "currency": asked.currency}, request_id=asked.request_id,
    )  # fmt: skip
    return view


@transaction.atomic(durable=True)
def undo_bulk_grant(
    *,
    program_id: UUID,
    grant_id: UUID,
    by: Actor,
    at: datetime,
    request: Request = NO_KEY,
    request_id: str = "",
) -> BulkView:
    """Take everything back: what is not given yet never is; what was spent becomes a debt where the rules say so."""
    by.must(Capability.ADJUST)
    enter_program(program_id)
    row = BulkGrant.objects.of(program_id).select_for_update(no_key=True).filter(id=grant_id).first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="bulk_grant")
    asking = Asking(by, at, request, request_id)
    if done := told_before(program_id, asking, UNDONE, BulkView):
        return replace(done, replayed=True)
    if row.state == "granting":
        deeds = Deed.objects.of(program_id).filter(rule=rule_of(row.id), cause=GIVE)
        deeds.filter(state=DeedState.DUE).update(state=DeedState.REFUSED, told="undone", done_at=at)
        members = deeds.filter(state=DeedState.DONE).order_by("member_id").values_list("member_id", flat=True)
        _plan(program_id, row, UNDO, list(members), at)
        row.state, row.undone_at, row.undone_by = "undoing", at, by.name
        row.save(update_fields=["state", "undone_at", "undone_by"])
        record_audit(program_id, "bulk_grant_undone", row.id, by=by, at=at, request_id=request_id)
    view = _view(row, *_figures(program_id, row.id))
    keep_answer(program_id, asking, UNDONE, view, member_id=None, subject_id=row.id)
    return view


def read_bulk_grant(*, program_id: UUID, grant_id: UUID, by: Actor) -> BulkView:
    by.must(Capability.READ)
    with transaction.atomic():
        enter_program(program_id)
        row = BulkGrant.objects.of(program_id).filter(id=grant_id).first()
        if row is None:
            raise Refusal(Code.NOT_FOUND, what="bulk_grant")
        return _view(row, *_figures(program_id, row.id))


def list_bulk_grants(*, program_id: UUID, by: Actor, limit: int = 50) -> list[BulkView]:
    """The latest first."""
    by.must(Capability.READ)
    with transaction.atomic():
        enter_program(program_id)
        rows = BulkGrant.objects.of(program_id).order_by("-at", "-id")[: max(1, min(limit, 200))]
        return [_view(row, *_figures(program_id, row.id)) for row in rows]


def rule_of(grant_id: UUID) -> str:
    """What its deeds name as their rule."""
    return f"bulk:{grant_id}"


def perform(doing: Doing) -> None:
    """The deed of one member: give, or take back what this very grant gave."""
    deed = doing.deed
    row = BulkGrant.objects.of(doing.program_id).get(id=UUID(deed.rule.removeprefix("bulk:")))
    deed.currency = row.currency
    if deed.cause == GIVE:
        _give(doing, row)
    else:
        _take(doing, row)


def _give(doing: Doing, row: BulkGrant) -> None:
    deed = doing.deed
    if doing.known.status != "active":
        deed.state, deed.told = DeedState.NOTHING, doing.known.status
        return
    doing.act.grant(
        row.currency, row.units, starts_at=doing.at, expires_at=row.expires_at, against=Account.ADJUSTED
    )  # fmt: skip
    deed.units = row.units


def _take(doing: Doing, row: BulkGrant) -> None:
    """From the lot it made as far as it goes; the rest by the program's policy on returns."""
    given = Deed.objects.of(doing.program_id).get(rule=doing.deed.rule, cause=GIVE, member_id=doing.deed.member_id)
    act: Act = doing.act
    lots = lots_made_by(doing.program_id, doing.known.standing, row.currency, given.operation_id)
    rest = given.units
    for lot in lots:
        part = min(rest, lot.remaining)
        if part:
            act.take_back(lot, part, against=Account.ADJUSTED)
            rest -= part
        rest -= lot.expired
    rest = max(0, rest)
    doing.deed.units = -(given.units - rest)
    if rest and doing.rulebook.returns.take_back is not TakeBack.CLAMP:
        act.owe(row.currency, rest, against=Account.ADJUSTED)
        doing.deed.units = -given.units


def _must_be_good(asked: BulkRequest) -> None:
    asked.by.must(Capability.ADJUST)
    if not clean_text(asked.reason, field="reason", length_max=REASON_MAX):
        raise Refusal(Code.MISSING, field="reason")
    if not 0 < asked.units <= MAX_POINTS:
        raise Refusal(Code.OUT_OF_RANGE, field="units", minimum=1, maximum=MAX_POINTS)


def _must_know(points: object, currency: str) -> None:
    if not isinstance(points, dict) or currency not in points:
        raise Refusal(Code.INVALID, field="currency", reason="unknown_value")


def _plan(program_id: UUID, row: BulkGrant, cause: str, members: list[UUID], at: datetime) -> None:
    for start in range(0, len(members), PLANNED_AT_ONCE):
        planned = [
            Planned(DeedKind.BULK, rule_of(row.id), cause, member, at, about=member, subject=row.id)
            for member in members[start : start + PLANNED_AT_ONCE]
        ]
        plan_deeds(program_id, planned, at=at)


def _figures(program_id: UUID, grant_id: UUID) -> tuple[dict[str, int], int, int]:
    deeds = Deed.objects.of(program_id).filter(rule=rule_of(grant_id))
    counts = deeds.order_by().values("cause", "state").annotate(n=Count("id"), units=Sum("units"))
    states = {
        (one["state"] if one["cause"] == GIVE else f"undo_{one['state']}"): one["n"] for one in counts.order_by("state")
    }
    given = sum(one["units"] for one in counts if one["cause"] == GIVE)
    return states, given, -sum(one["units"] for one in counts if one["cause"] == UNDO)


def _view(row: BulkGrant, states: dict[str, int], given: int, taken: int) -> BulkView:
    state = row.state
    if state == "granting" and not states.get(DeedState.DUE.value):
        state = "granted"
    if state == "undoing" and not states.get(f"undo_{DeedState.DUE.value}"):
        state = "undone"
    return BulkView(
        row.id, row.currency, row.units, row.reason, state, row.members, row.at, row.by, row.expires_at, states,
        given, taken,
    )  # fmt: skip
