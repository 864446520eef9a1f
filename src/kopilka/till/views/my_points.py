"""What an employee has earned himself, live, and what is missing to his premium (S0.19)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET

from kopilka.services.staff import Progress, read_staff
from kopilka.till.access import TillRequest, at_till
from kopilka.web.requests import words_of
from kopilka.wording.amounts import percent
from kopilka.wording.languages import Language

FULL = 100
"""Hundredths of a way."""


@require_GET
@at_till
def my_points(request: TillRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - the middleware reads the slug
    told = read_staff(program_id=request.program.id, code=request.staff.code, by=request.staff.actor, at=request.at)
    goals = [_goal(request, one) for one in told.goals]
    names = {one.goal.code: name for one, name in zip(told.goals, (goal["name"] for goal in goals), strict=True)}
    reached = [(names.get(one.goal, one.goal), one) for one in told.reached]
    return render(request, "till/desk/my_points.html", {"told": told, "goals": goals, "reached": reached})


def _goal(request: TillRequest, progress: Progress) -> dict[str, Any]:
    """A goal in words: what it asks for, how much is there, what is missing."""
    goal = progress.goal
    russian = request.language is Language.RU
    name = (goal.name_ru if russian else goal.name_en) or goal.name_ru or goal.name_en or goal.code
    parts = list(_parts(request, progress))
    is_there = progress.is_reached or (goal.named_share is None and all(way >= FULL for _, _, way, _ in parts))
    return {"name": name, "progress": progress, "parts": parts, "is_there": is_there}


def _parts(request: TillRequest, progress: Progress) -> Any:
    """(what is there, what is wanted, hundredths of the way, what is missing) of each thing the goal asks for."""
    goal, has = progress.goal, progress.figures
    if goal.units is not None:
        words = words_of(request).currency(goal.currency)
        missing = gettext("%(points)s to go") % {"points": words.units(max(0, goal.units - has.units))}
        yield words.units(has.units), words.units(goal.units), _way(has.units, goal.units), missing
    if goal.enrolments is not None:
        left = max(0, goal.enrolments - has.enrolments)
        missing = ngettext("%(n)s customer to enrol", "%(n)s customers to enrol", left) % {"n": left}
        yield _people(has.enrolments), _people(goal.enrolments), _way(has.enrolments, goal.enrolments), missing
    if goal.named_share is not None:
        now, wanted = percent(has.named_share, request.language), percent(goal.named_share, request.language)
        told = gettext("receipts with a card: %(share)s") % {"share": now}
        missing = gettext("decided when the period is over: at least %(share)s") % {"share": wanted}
        yield told, wanted, _way(has.named_share, goal.named_share), missing


def _people(count: int) -> str:
    return ngettext("%(n)s new customer", "%(n)s new customers", count) % {"n": count}


def _way(has: int, wanted: int) -> int:
    return max(0, min(FULL, FULL * has // wanted)) if wanted else FULL
