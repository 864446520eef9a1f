"""Employees: goals judged by the calendar, premiums paid out, reports, and what each sees of himself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from kopilka.bookkeeping.audit import record_audit
from kopilka.bookkeeping.events import EventKind, record
from kopilka.bookkeeping.locking import lock_members
from kopilka.bookkeeping.notes import Asking, keep_answer, told_before
from kopilka.bookkeeping.rulebooks import load_rulebook
from kopilka.bookkeeping.scope import enter_program
from kopilka.bookkeeping.sharing.people import beneficiary_of
from kopilka.data.ids import new_id
from kopilka.data.models.deeds import Beneficiary
from kopilka.data.models.shares import GoalReached
from kopilka.engine.actor import Actor, Capability
from kopilka.engine.goals import Period, StaffFigures, is_reached, period_before, period_of
from kopilka.engine.mechanics import Goal
from kopilka.engine.money import MAX_MINOR
from kopilka.engine.refusal import Code, Refusal
from kopilka.engine.rulebook import Rulebook
from kopilka.queries.beneficiaries import BeneficiaryView, view_of
from kopilka.queries.staff import Reached, balances_of_staff, figures_of_staff, goals_reached, points_of_staff

STRAGGLERS = timedelta(days=7)
"""So long a period that is over is still judged: receipts of tills that were cut off come late."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an employee is with a goal in the period that runs now; `figures` since counting began."""

    goal: Goal
    period: Period
    figures: StaffFigures
    is_reached: bool


@dataclass(frozen=True, slots=True)
class StaffView:
    """What an employee sees of himself. `balances`: available, pending and debt by points currency."""

    employee: BeneficiaryView
    today: StaffFigures
    balances: dict[str, tuple[int, int, int]]
    goals: tuple[Progress, ...]
    reached: tuple[Reached, ...]


@dataclass(frozen=True, slots=True)
class StaffReport:
    """What an employee did in [since, until), with points by currency, less what was taken back."""

    code: str
    name: str
    figures: StaffFigures
    points: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Payout:
    """The premium of a goal was handed out."""

    reached: Reached
    replayed: bool = False


def judge_goals(*, program_id: UUID, at: datetime, progress: Callable[[int], None] | None = None) -> int:
    """Write down who has reached which goal by now, each once; how many did."""
    found = 0
    for goal, period, people in _to_judge(program_id, at):
        for code, figures in people:
            found += _reach(program_id, goal, period, code, figures, at)
            if progress:
                progress(1)
    return found


@transaction.atomic(durable=True)
def read_staff(*, program_id: UUID, code: str, by: Actor, at: datetime) -> StaffView:
    """His points live, his goals, what he is still to be paid; `not_found` (employee)."""
    by.must(Capability.READ)
    enter_program(program_id)
    rulebook = load_rulebook(program_id)[1]
    row = beneficiary_of(program_id, "employee", code)
    midnight = at.astimezone(rulebook.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    until = at + timedelta(minutes=5)  # a till's clock may be ahead by as much
    today = figures_of_staff(program_id, [code], currency="", since=midnight, until=until)[code]
    goals = []
    for goal in _goals_of(rulebook, row.branch):
        period = period_of(goal.each, at, rulebook.zone)
        known = GoalReached.objects.of(program_id).filter(beneficiary_id=row.id, goal=goal.code, period=period.day)
        figures = figures_of_staff(
            program_id, [code], currency=goal.currency, since=_since(program_id, goal, period, row.id), until=period.end
        )[code]
        goals.append(Progress(goal, period, figures, known.exists()))
    return StaffView(
        view_of(row), today, balances_of_staff(program_id, row.account_id), tuple(goals),
        tuple(goals_reached(program_id, staff=code)),
    )  # fmt: skip


@transaction.atomic(durable=True)
def report_on_staff(
    *, program_id: UUID, by: Actor, since: datetime, until: datetime, codes: Iterable[str] = ()
) -> list[StaffReport]:
    """Every employee, or those named, in the order of their codes."""
    by.must(Capability.READ)
    enter_program(program_id)
    named = list(codes)
    rows = Beneficiary.objects.of(program_id).filter(kind="employee").order_by("code")
    if named:
        rows = rows.filter(code__in=named)
    people = list(rows)
    figures = figures_of_staff(program_id, [row.code for row in people], currency="", since=since, until=until)
    return [
        StaffReport(
            row.code, row.name, figures[row.code],
            points_of_staff(program_id, row.account_id, since=since, until=until),
        )
        for row in people
    ]  # fmt: skip


@transaction.atomic(durable=True)
def pay_out_goal(
    *, program_id: UUID, code: str, goal: str, period: date, paid_minor: int, note: str, asking: Asking
) -> Payout:
    """Mark the premium of a reached goal as paid: by whom, when, how much. `not_found` (employee, goal), `invalid`."""
    asking.by.must(Capability.ADJUST)
    if not 0 <= paid_minor <= MAX_MINOR:
        raise Refusal(Code.OUT_OF_RANGE, field="paid_minor", minimum=0, maximum=MAX_MINOR)
    enter_program(program_id)
    employee = beneficiary_of(program_id, "employee", code)
    lock_members(program_id, [employee.account_id])
    rows = GoalReached.objects.of(program_id).filter(beneficiary_id=employee.id, goal=goal, period=period)
    row = rows.first()
    if row is None:
        raise Refusal(Code.NOT_FOUND, what="goal")
    done = told_before(program_id, asking, "goal_paid", UUID)
    if done is None:
        if row.paid_at is not None:
            raise Refusal(Code.INVALID, field="goal", reason="paid_already")
        rows.update(paid_at=asking.at, paid_minor=paid_minor, paid_by=asking.by.name, note=note)
        record_audit(
            program_id, "goal_paid", row.id, by=asking.by, at=asking.at, after={"paid_minor": paid_minor}, reason=note,
            request_id=asking.request_id,
        )  # fmt: skip
        keep_answer(program_id, asking, "goal_paid", row.id, member_id=employee.account_id, subject_id=row.id)
    paid = next(one for one in goals_reached(program_id, staff=code) if (one.goal, one.period) == (goal, period))
    return Payout(paid, replayed=done is not None)


def goals_to_pay(*, program_id: UUID, by: Actor) -> list[Reached]:
    """Premiums that nobody has marked as paid."""
    by.must(Capability.READ)
    return goals_reached(program_id, unpaid=True)


Judged = tuple[Goal, Period, list[tuple[str, StaffFigures]]]


@transaction.atomic(durable=True)
def _to_judge(program_id: UUID, at: datetime) -> list[Judged]:
    """Employees whose figures are enough, by goal and period, and of whom it is not written down yet."""
    enter_program(program_id)
    try:
        rulebook = load_rulebook(program_id)[1]
    except Refusal:  # members of the staff may be added before any rules are published
        return []
    found: list[Judged] = []
    for goal in rulebook.mechanics.goals.values():
        now = period_of(goal.each, at, rulebook.zone)
        before = period_before(goal.each, now, rulebook.zone)
        for period in [now, *([before] if at < before.end + STRAGGLERS else [])]:
            people = _not_yet(program_id, goal, period)
            if people:
                enough = [
                    (code, figures)
                    for code, figures in _figures(program_id, goal, period, people).items()
                    if is_reached(goal, figures, is_over=period.end <= at)
                ]
                found.append((goal, period, enough))
    return found


def _not_yet(program_id: UUID, goal: Goal, period: Period) -> dict[str, UUID]:
    rows = Beneficiary.objects.of(program_id).filter(kind="employee", active=True).order_by("code")
    if goal.branches:
        rows = rows.filter(branch__in=goal.branches)
    done = GoalReached.objects.of(program_id).filter(goal=goal.code, period=period.day)
    return dict(rows.exclude(id__in=done.values("beneficiary_id")).values_list("code", "id"))


def _figures(program_id: UUID, goal: Goal, period: Period, people: dict[str, UUID]) -> dict[str, StaffFigures]:
    if goal.reset:
        return figures_of_staff(program_id, people, currency=goal.currency, since=period.start, until=period.end)
    return {
        code: figures_of_staff(
            program_id, [code], currency=goal.currency, since=_since(program_id, goal, period, row_id), until=period.end
        )[code]
        for code, row_id in people.items()
    }


def _since(program_id: UUID, goal: Goal, period: Period, beneficiary_id: UUID) -> datetime | None:
    """Counting begins with the period, or goes on since the goal was reached last."""
    if goal.reset:
        return period.start
    rows = GoalReached.objects.of(program_id).filter(beneficiary_id=beneficiary_id, goal=goal.code)
    last: datetime | None = (
        rows.filter(period__lt=period.day).order_by("-period").values_list("reached_at", flat=True).first()
    )
    return last


@transaction.atomic(durable=True)
def _reach(program_id: UUID, goal: Goal, period: Period, code: str, figures: StaffFigures, at: datetime) -> int:
    enter_program(program_id)
    employee = beneficiary_of(program_id, "employee", code)
    lock_members(program_id, [employee.account_id])
    known = GoalReached.objects.of(program_id).filter(beneficiary_id=employee.id, goal=goal.code, period=period.day)
    if known.exists():
        return 0
    told = {"units": figures.units, "enrolments": figures.enrolments, "named": figures.named,
            "receipts": figures.receipts}  # fmt: skip
    row = GoalReached.objects.create(
        id=new_id(), program_id=program_id, goal=goal.code, beneficiary_id=employee.id, period=period.day,
        premium_minor=goal.premium_minor, figures=json.dumps(told), reached_at=at,
    )  # fmt: skip
    record(
        program_id, EventKind.GOAL_REACHED, member_id=employee.account_id, subject_id=row.id, at=at,
        payload=json.dumps({"goal": goal.code, "period": period.day.isoformat()}),
    )  # fmt: skip
    return 1


def _goals_of(rulebook: Rulebook, branch: str) -> list[Goal]:
    return [goal for goal in rulebook.mechanics.goals.values() if not goal.branches or branch in goal.branches]
